"""Which values may an attribute have?

Of the transitional schema the attributes whose bad value makes Word refuse a file or lose a format.
An attribute that is not in the table is not looked at.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from perfdoc.docx.sound.faults import Slip
from perfdoc.docx.sound.markup import Index
from perfdoc.docx.sound.names import W14, XML, W, label, title
from perfdoc.docx.sound.schema import section

DAY = "(02-(0[1-9]|[12][0-9])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01]))"
"""Month and day."""
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[-+][0-9]{2}:[0-9]{2})?"
"""Time of day, with or without its zone."""

_SHORT, _FEW = 30, 6
"""So much of a value, and so many choices, fit into a message."""

_UNIT = "(mm|cm|in|pt|pc|pi)"
_PATTERNS = {
    "integer": ("-?[0-9]+", "应为整数"),
    "count": ("[0-9]+", "应为不小于 0 的整数"),
    "positive": ("0*[1-9][0-9]{0,3}", "应为大于 0 的整数"),
    "length": (rf"-?[0-9]+|-?[0-9]+(\.[0-9]+)?{_UNIT}", "应为整数（或带单位的长度，如 2cm）"),
    "size": (rf"[0-9]+|[0-9]+(\.[0-9]+)?{_UNIT}", "应为不小于 0 的整数（或带单位的长度，如 2cm）"),
    "width": (rf"-?[0-9]+|-?[0-9]+(\.[0-9]+)?({_UNIT}|%)", "应为整数（或百分数、带单位的长度）"),
    "scale": ("[0-9]+%?", "应为不小于 0 的整数"),
    "colour": ("auto|[0-9A-Fa-f]{6}", "应为 auto 或六位十六进制颜色"),
    "hex4": ("[0-9A-Fa-f]{4}", "应为四位十六进制数"),
    "mark": ("[0-7][0-9A-Fa-f]{7}", "应为小于 80000000 的八位十六进制数"),
    "word": ("[A-Za-z0-9]+", "应为 Word 的选项名"),
    "flags": ("[01]{12}", "应为十二个 0 或 1"),
    "level": ("[0-8]", "应为 0 到 8"),
    "outline": ("[0-9]", "应为 0 到 9"),
    "date": (rf"-?[0-9]{{4,}}-{DAY}T{TIME}", "应为日期和时间，如 2021-05-25T08:00:00Z"),
    "any": (r"(?s).*", "不能缺"),
}


class Kind(NamedTuple):
    """A kind of value: the test, and the message where it fails."""

    accepts: Callable[[str], object]
    wanted: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One attribute of an element: its name, the kind of its value and whether it must be there."""

    name: str
    kind: Kind
    required: bool


def unfit(index: Index) -> Iterator[Slip]:
    """Find attributes that are missing or have a value that Word does not take."""
    for tag, elements in index.items():
        for rule in _RULED.get(tag, ()):
            values = {element.get(rule.name) for element in elements}
            bad = {value: _complaint(tag, rule, value) for value in values if not _fits(rule, value)}
            if bad:
                held = ((element, element.get(rule.name)) for element in elements)
                yield from ((element, bad[value]) for element, value in held if value in bad)


def _fits(rule: Rule, value: str | None) -> bool:
    return not rule.required if value is None else bool(rule.kind.accepts(value))


def _complaint(tag: str, rule: Rule, value: str | None) -> str:
    if value is None:
        return f"{title(tag)}缺少“{label(rule.name)}”。"
    return f"{title(tag)}的“{label(rule.name)}”是“{_short(value)}”，{rule.kind.wanted}。"


def _short(value: str) -> str:
    return value if len(value) <= _SHORT else f"{value[:_SHORT]}…"


def _kinds() -> dict[str, Kind]:
    """Read the tables of kinds; a pattern is compiled when it is first asked, which saves 2 ms at the start."""
    kinds = {
        name: Kind(partial(re.fullmatch, pattern), wanted) for name, (pattern, wanted) in _PATTERNS.items()
    }
    for (name,), words in section("choices"):
        choices = words.split()
        wanted = "、".join(choices[:_FEW]) + (" 等" if len(choices) > _FEW else "")
        kinds[name] = Kind(frozenset(choices).__contains__, f"应为 {wanted} 之一")
    return kinds


def _rules() -> dict[str, tuple[Rule, ...]]:
    kinds = _kinds()
    return {
        W + name: tuple(_rule(attribute, kinds) for attribute in attributes.split())
        for names, attributes in section("attributes")
        for name in names
    }


def _rule(written: str, kinds: dict[str, Kind]) -> Rule:
    *prefix, name, kind = written.split(":")
    space = {"xml": XML, "w14": W14}[prefix[0]] if prefix else W
    return Rule(space + name.rstrip("!"), kinds[kind], name.endswith("!"))


_RULED = _rules()
