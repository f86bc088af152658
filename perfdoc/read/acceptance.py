"""`review.yaml` beside an assessment → what people accepted, with the place of every entry."""

from dataclasses import dataclass
from pathlib import Path

from perfdoc.checks.acceptance import Review
from perfdoc.core.diagnostics import Diagnostic, Place
from perfdoc.core.source import Mapping
from perfdoc.read import parse
from perfdoc.read.decode import MISSING, decode
from perfdoc.read.file import Inputs
from perfdoc.read.folder import REVIEW, Origin


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
    read = parse.yaml(root, path)
    if read.value is None:
        empty = Origin(Mapping((), Place(path.relative_to(root).as_posix())), Review)
        return OpenedReview(Review(), empty, read.diagnostics, read.inputs)
    found = list(read.diagnostics)
    review = decode(read.value, Review, found)
    known = Review() if review is MISSING else review
    return OpenedReview(known, Origin(read.value, Review), tuple(found), read.inputs)
