"""Make the files of the next year from an assessment and its parts; they are not written yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfdoc import disk
from perfdoc.core.diagnostics import Diagnostic
from perfdoc.host import newyear
from perfdoc.host.newyear import Renewed
from perfdoc.judge import rollup
from perfdoc.read import parse
from perfdoc.read.folder import ASSESSMENT, OpenedForm, open_assessment


@dataclass(frozen=True, slots=True)
class OpenedYear:
    """An assessment of the next year.

    Attributes:
        source: The name of the one that it follows.
        renewed: Its text, and what became of every value.
        files: What to write, its main file first.
    """

    source: str
    renewed: Renewed
    files: dict[Path, bytes]


class NotOpened(Exception):  # noqa: N818 -- it says what is in the way, in Chinese, for the clerk
    """A year cannot be opened from what is there.

    Attributes:
        diagnostics: What is wrong with the assessment to be opened; empty where it is the name of the new one.
    """

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


def renewed(root: Path, year: str, chosen: Sequence[str]) -> list[OpenedYear]:
    """Make the next year of each assessment, and of the parts that it is rolled up from.

    Raises:
        NotOpened: One of them cannot be read, or its next year cannot be named.
    """
    waiting, made = list(chosen), dict[str, OpenedYear]()
    forms: dict[str, OpenedForm] = {}
    while waiting:
        name = waiting.pop(0)
        source = root / "content" / name / ASSESSMENT
        folder = disk.inside(root / "content", newyear.following(name, year))
        if folder is None:
            raise NotOpened(f"content/{newyear.following(name, year)} 不在 content 里，或者不能做文件夹名。")
        opened = open_assessment(root, source.parent, forms)
        words = parse.text(root, source).value if opened.assessment else None
        if opened.assessment is None or opened.form is None or words is None:
            raise NotOpened(f"{name}：有错误，没有写出任何文件。请先改正。", opened.diagnostics)
        text = newyear.renew(words, newyear.year_of(name) or "", year, opened.form.layout)
        files = {folder / ASSESSMENT: text.text.encode()}
        files |= {folder / rule.file: b"" for rule in opened.form.narratives}
        made[name] = OpenedYear(name, text, files)
        waiting += _parts(root, year, rollup.sources(opened.assessment), {*made, *waiting})
    return list(made.values())


def _parts(root: Path, year: str, parts: Iterable[str], known: set[str]) -> list[str]:
    """Name the parts that the next year lacks: a department that is drawn from nothing could not be read."""

    def there(name: str) -> bool:
        folder = disk.inside(root / "content", name)
        return folder is not None and (folder / ASSESSMENT).is_file()

    earlier = (part for part in parts if (newyear.year_of(part) or year) < year and part not in known)
    return [part for part in earlier if there(part) and not there(newyear.following(part, year))]
