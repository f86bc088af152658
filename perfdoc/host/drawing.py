"""The first Word template of a form, drawn from its form.yaml."""

from pathlib import Path

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.docx import draw
from perfdoc.read.decode import fault
from perfdoc.read.folder import open_form


def draw_form(root: Path, name: str) -> tuple[Path, bytes] | tuple[Diagnostic, ...]:
    """Draw the template of `templates/<name>`.

    Returns:
        Where the template belongs and what to write there, or everything that is wrong with form.yaml.
    """
    opened = open_form(root, name, drawn=False)
    form, origin = opened.form, opened.origin
    if form is None or origin is None:
        return opened.diagnostics
    faults = tuple(
        fault("P210", origin.place(address), message, remedy)
        for address, message, remedy in draw.faults(form.layout)
    )
    return faults or (root / "templates" / name / form.template, draw.draw(form.name, form.layout))
