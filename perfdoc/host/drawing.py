"""The first Word template of a form, drawn from its form.yaml."""

from dataclasses import dataclass
from pathlib import Path

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


def draw_form(folder: Path) -> Drawing:
    """Draw the template of the form in `templates/<name>`."""
    opened = open_form(folder.parents[1], folder.name, drawn=False)
    form, origin = opened.form, opened.origin
    if form is None or origin is None:
        return Drawing(folder, faults=opened.diagnostics)
    faults = tuple(
        fault("P210", origin.place(address), message, remedy)
        for address, message, remedy in draw.faults(form.layout)
    )
    data = b"" if faults else draw.draw(form.name, form.layout)
    return Drawing(folder / form.template, data, faults)
