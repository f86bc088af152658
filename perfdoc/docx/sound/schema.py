"""What Word's own schema allows, as `schema.txt` beside this module lists it."""

from pathlib import Path

_TEXT = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").replace("\n   ", " ")


def section(title: str) -> list[tuple[list[str], str]]:
    """List the lines of a section: the names in front of the colon, and what stands behind it."""
    lines = _TEXT.partition(f"[{title}]\n")[2].partition("\n[")[0].splitlines()
    parted = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return [(names.split(), words) for names, _, words in parted]
