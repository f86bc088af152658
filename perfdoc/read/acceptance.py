"""`review.yaml` beside an assessment → what people accepted, with the place of every entry."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from perfdoc.checks.acceptance import Review
from perfdoc.core.diagnostics import Diagnostic, Place, any_error
from perfdoc.core.source import Mapping
from perfdoc.read import text
from perfdoc.read.decode import MISSING, decode, fault
from perfdoc.read.folder import ABSENT, REVIEW, Inputs, Origin
from perfdoc.read.yaml import nodes


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """A review as it was read; an empty one where there is no file or it is at fault."""

    review: Review
    origin: Origin
    diagnostics: tuple[Diagnostic, ...]
    inputs: Inputs


def open_review(root: Path, folder: Path) -> OpenedReview:
    """Read `review.yaml` of an assessment's folder; that there is none is no fault."""
    path = folder / REVIEW
    shown = path.relative_to(root).as_posix()
    empty = Origin(Mapping((), Place(shown)))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return OpenedReview(Review(), empty, (), {path: ABSENT})
    except OSError as error:
        unread = fault("P202", Place(shown), f"读不了这个文件（{error.strerror}）。", "请核对权限。")
        return OpenedReview(Review(), empty, (unread,), {path: ABSENT})
    inputs = {path: hashlib.sha256(data).hexdigest()}
    words, faults = text.decode(data, shown)
    if words is None or any_error(faults):
        return OpenedReview(Review(), empty, tuple(faults), inputs)
    node, notation = nodes.parse(words, shown)
    found = [*faults, *notation]
    if node is None:
        return OpenedReview(Review(), empty, tuple(found), inputs)
    review = decode(node, Review, found)
    return OpenedReview(Review() if review is MISSING else review, Origin(node), tuple(found), inputs)
