"""A new content marked against an old one, and held to both: accepted it is the new one, rejected the old one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from drafts import parts_of, shipped
from filed_years import year
from revisions import accepted, canonical, rejected

from perfdoc.core.address import Address
from perfdoc.docx import sound
from perfdoc.docx.content import Content, Line, addressed
from perfdoc.docx.template import Filled, Template
from perfdoc.docx.tracked import Tracked, pairs, tracked_attachment
from perfdoc.years.comparison import compare

AUTHOR, DATE = "perfdoc", "2021-05-25T08:00:00Z"
MAIN = "word/document.xml"


def main_part(content: Content, template: Template | None = None) -> bytes:
    return (template or shipped()).fill(content).parts[-1].xml


def filled(content: Content, template: Template | None = None) -> Filled:
    return (template or shipped()).fill(addressed(placed(content)))


def placed(content: Content) -> dict[str, Any]:
    """Give rows that were made by hand the address of their place in their list."""
    return {
        name: [
            Line(item, (name, n)) if isinstance(item, dict) and not isinstance(item, Line) else item
            for n, item in enumerate(value)
        ]
        if not isinstance(value, str)
        else value
        for name, value in content.items()
    }


def by_name(old: Content, new: Content) -> dict[Address, Address]:
    """Pair the rows of two contents by their names."""
    fields = {"指标": "三级", "预算执行": "名称"}
    addresses: list[dict[tuple[str, Any], Address]] = [
        {(name, row[field]): row.address for name, field in fields.items() for row in placed(one)[name]}
        for one in (old, new)
    ]
    return {address: addresses[1][known] for known, address in addresses[0].items() if known in addresses[1]}


def mark(
    old: Content,
    new: Content,
    same: Mapping[Address, Address] | None = None,
    template: Template | None = None,
) -> Tracked:
    return tracked_attachment(
        filled(old, template),
        filled(new, template),
        by_name(old, new) if same is None else same,
        AUTHOR,
        DATE,
    )


def marked(
    old: Content,
    new: Content,
    same: Mapping[Address, Address] | None = None,
    template: Template | None = None,
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
