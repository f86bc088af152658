"""The first Word template of a form, drawn from its form.yaml."""

from dataclasses import dataclass
from pathlib import Path

from perfdoc import disk
from perfdoc.core.diagnostics import Diagnostic
from perfdoc.docx import draw
from perfdoc.read.decode import fault
from perfdoc.read.folder import open_form


@dataclass(frozen=True, slots=True)
class Drawing:
    """A template that is not written yet: where it belongs, its bytes, or what is wrong with form.yaml."""

    path: Path
    data: bytes = b""
    faults: tuple[Diagnostic, ...] = ()


def draw_form(root: Path, name: str) -> Drawing | None:
    """Draw the template of the form in `templates/<name>`; None where there is no such form."""
    folder = disk.inside(root / "templates", name)
    if folder is None or not (folder / "form.yaml").is_file():
        return None
    opened = open_form(root, name, drawn=False)
    form, origin = opened.form, opened.origin
    if form is None or origin is None:
        return Drawing(folder, faults=opened.diagnostics)
    faults = tuple(
        fault("P210", origin.place(address), message, remedy)
        for address, message, remedy in draw.faults(form.layout)
    )
    data = b"" if faults else draw.draw(form.name, form.layout)
    return Drawing(folder / form.template, data, faults)
