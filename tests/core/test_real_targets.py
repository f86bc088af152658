"""200 real target values, labelled by hand before the reading was written: nearly all are read right, none wrongly."""

from pathlib import Path

from perfdoc.core.assessment import Comparator, Quantity
from perfdoc.core.quantity import last_day, plain, read

LABELLED = [
    line.split("\t")
    for line in (Path(__file__).parent / "target-values.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
SIGNS = {sign.value: sign for sign in Comparator} | {"": None}


def told(text: str) -> str:
    """Say what a value was read as, as its label does."""
    value = read(text)
    if isinstance(value, Quantity):
        return f"{value.comparator.value if value.comparator else ''} {plain(value.number)} {value.unit}"
    day = last_day(text)
    if day is None:
        return "words"
    year, month, of_month = day
    return f"date {f'{year}-' if year else ''}{month}-{of_month}"


def test_real_targets_are_read_as_people_mean_them() -> None:
    differing = [(text, label, told(text)) for text, label in LABELLED if told(text) != label]
    misread = [each for each in differing if each[2] != "words"]
    assert misread == []
    assert len(LABELLED) == 200
    assert len(differing) <= 10, differing
