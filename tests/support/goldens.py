"""Golden files: what a person read once and found right."""

from pathlib import Path


def agree(golden: Path, text: str | None, accept: bool) -> None:  # noqa: FBT001 -- pytest hands the fixture over
    """Compare with a golden file, or rewrite it; None says that there must be none."""
    if accept:
        if text is None:
            golden.unlink(missing_ok=True)
        else:
            golden.write_text(text, encoding="utf-8", newline="\n")
    assert (golden.read_text(encoding="utf-8") if golden.exists() else None) == text
