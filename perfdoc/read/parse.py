"""A file of the repository → its text, or its YAML as nodes, with everything that is wrong on the way."""

from pathlib import Path

from perfdoc.core.diagnostics import any_error
from perfdoc.core.source import Node
from perfdoc.read import file
from perfdoc.read import text as notation
from perfdoc.read.file import Read
from perfdoc.read.yaml import nodes


def text(root: Path, path: Path) -> Read[str]:
    """Read a text; None where it is missing or holds what may not go to Word."""
    found = file.read(root, path, file.LARGEST_TEXT)
    if found.value is None:
        return Read(None, found.diagnostics, found.inputs)
    file_name = path.relative_to(root).as_posix()
    words, faults = notation.decode(found.value, file_name)
    if words is not None:
        faults = notation.conflict(words, file_name) or faults
    return Read(None if any_error(faults) else words, faults, found.inputs)


def yaml(root: Path, path: Path) -> Read[Node]:
    """Read a YAML file; None where it is missing or cannot be understood."""
    found = text(root, path)
    if found.value is None:
        return Read(None, found.diagnostics, found.inputs)
    node, faults = nodes.parse(found.value, path.relative_to(root).as_posix())
    return Read(node, (*found.diagnostics, *faults), found.inputs)
