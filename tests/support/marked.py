"""A new content marked against an old one, and held to both: accepted it is the new one, rejected the old one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from drafts import parts_of, shipped
from filed_years import year
from revisions import accepted, canonical, rejected

from perfdoc.docx import sound
from perfdoc.docx.content import Content, Item, numbered
from perfdoc.docx.template import Filled, Template
from perfdoc.docx.tracked import Tracked, pairs, tracked_attachment
from perfdoc.years.comparison import compare

AUTHOR, DATE = "perfdoc", "2021-05-25T08:00:00Z"
MAIN = "word/document.xml"


def main_part(content: Content, template: Template | None = None) -> bytes:
    return (template or shipped()).fill(content).parts[-1].xml


def filled(content: Content, template: Template | None = None) -> Filled:
    return (template or shipped()).fill(numbered(content))


def by_name(old: Content, new: Content) -> dict[Item, Item]:
    """Pair the rows of two contents by their names."""
    fields = {"指标": "三级", "预算执行": "名称"}
    numbers: list[dict[tuple[str, Any], Item]] = [
        {(name, row[field]): (name, n) for name, field in fields.items() for n, row in enumerate(one[name])}  # type: ignore[index]
        for one in (old, new)
    ]
    return {item: numbers[1][known] for known, item in numbers[0].items() if known in numbers[1]}


def mark(
    old: Content, new: Content, same: Mapping[Item, Item] | None = None, template: Template | None = None
) -> Tracked:
    return tracked_attachment(
        filled(old, template),
        filled(new, template),
        by_name(old, new) if same is None else same,
        AUTHOR,
        DATE,
    )


def marked(
    old: Content, new: Content, same: Mapping[Item, Item] | None = None, template: Template | None = None
) -> bytes:
    """Mark the new content against the old one, and hold the result to both."""
    made = mark(old, new, same, template)
    assert made.faults == (), "\n".join(map(str, made.faults))
    parts = parts_of(made.data)
    around, _ = sound.survey(parts)
    for settle, wanted in ((accepted, new), (rejected, old)):
        settled = settle(parts[MAIN])
        assert canonical(settled) == canonical(main_part(wanted, template))
        assert sound.read(settled, around).faults == ()
    return parts[MAIN]


@cache
def years_marked() -> bytes:
    """Mark the made-up year 2021 against the filed 2020, paired by their comparison."""
    (old, a), (new, b) = year("2020"), year("2021")
    return marked(a, b, pairs(compare(old, new)))
