"""Prose with its tags filled: `支出决算为{{ 支出.项目支出总额 }}万元`.

A narrative is plain paragraphs with an empty line between them; a line that is numbered or indented begins one
too. Lines of one paragraph are joined, without a
space where Chinese meets anything, so that people can write one sentence a line and get diffs a sentence at
a time. A tag is an expression in Jinja's notation; it is parsed by Jinja and read off here, name by name:
nothing of it is ever executed, so prose from anywhere is harmless, and a name that does not exist is found
with its line and column.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Named
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import groupby

from jinja2 import Environment, TemplateSyntaxError, nodes

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Indicator, Quantity, Value, Words
from perfdoc.core.diagnostics import Facts, Finding, Quote, Severity, facts
from perfdoc.core.quantity import plain, read
from perfdoc.form.rulebook import Rounding
from perfdoc.judge.scoring import Score, Scored
from perfdoc.judge.scoring.exact import reached, rounded_percent, trimmed

Figure = str | Decimal | Value | None | Named[str, "Figure"]
"""What a name in a tag can stand for; None is a figure that is still open."""

_TAG = re.compile(r"\{\{(.*?)(\}\}|$)")
"""A tag, or the rest of the line where it is not closed: what is unclosed is read once, however often it opens."""
_SLIPS = re.compile(r"(?!\{\{)[{｛]\s*[{｛]|[{｛]([^{}｛｝]{1,60})[}｝]")
"""What opens a blank that nothing fills: full-width braces, two with a space between; a single pair with its words."""
_HEAD = re.compile(r"[^\s.\[|+*/-]+")
_LONGEST_TAG = 300
_MOST_BRACKETS = 10
_MOST_DECIMALS = 6
_MOST_DIGITS = 30
"""In front of the point: more than two figures multiplied can have, and few enough for `_EXACT` to round."""
_SHOWN = 60
"""Characters of a faulty tag that a message repeats."""
_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a narrative, and where it was written.

    Attributes:
        lines: As they stand in the file.
        first_line: The number of the first of them, from 1.
        filled: The same lines with their tags filled.
    """

    lines: tuple[str, ...]
    first_line: int
    filled: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraph as it is printed: its filled lines, joined."""
        return functools.reduce(_join, self.filled)


@dataclass(frozen=True, slots=True)
class Narrative:
    """A narrative as it is printed: its name on the form and its paragraphs."""

    name: str
    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def printed(self) -> tuple[str, ...]:
        """Its paragraphs as they are printed."""
        return tuple(paragraph.text for paragraph in self.paragraphs)

    @property
    def text(self) -> str:
        """All of it as it is printed, for searching in."""
        return "\n".join(self.printed)

    def lines(self) -> Iterator[tuple[Address, str]]:
        """Yield every line as it was written, empty ones left out, with its address."""
        return ((address, line) for address, line, _ in self.filled_lines())

    def filled_lines(self) -> Iterator[tuple[Address, str, str]]:
        """Yield the address of every line, the line as it was written, and the same with its tags filled."""
        for paragraph in self.paragraphs:
            pairs = zip(paragraph.lines, paragraph.filled, strict=True)
            for number, (line, filled) in enumerate(pairs, start=paragraph.first_line):
                yield (self.name, number, 1), line, filled


@dataclass(frozen=True, slots=True)
class Narratives:
    """All narratives of an assessment, and what was wrong with their tags."""

    texts: tuple[Narrative, ...]
    faults: tuple[Finding, ...]

    def named(self, name: str) -> Narrative:
        """Return a narrative by its name; the form's own rule names it, so it is there."""
        return next(n for n in self.texts if n.name == name)


def fill_narratives(scored: Scored, last_year: Scored | None = None) -> Narratives:
    """Fill the tags of every narrative that the form asks for.

    Args:
        scored: The assessment with its scores.
        last_year: The same unit's assessment of the year before, for `上年`; None where there is none.
    """
    names: dict[str, Figure] = dict(figures(scored))
    if last_year is not None:
        names["上年"] = figures(last_year)
    narratives: list[Narrative] = []
    faults: list[Finding] = []
    for rule in scored.form.narratives:
        paragraphs, found = fill(scored.assessment.prose_named(rule.name), names, rule.name)
        narratives.append(Narrative(rule.name, rule.title, paragraphs))
        faults.extend(found)
    return Narratives(tuple(narratives), tuple(faults))


def mentions_last_year(text: str) -> bool:
    """Tell whether some tag of a narrative asks for last year's figures."""
    return any("上年" in found[1] for found in _TAG.finditer(text))


def figures(scored: Scored) -> Named[str, Figure]:
    """List every figure that prose may quote, by the form's words."""
    a, rounding = scored.assessment, scored.form.rounding
    first = scored.budget[0] if scored.budget else None
    return {
        keys.YEAR: Decimal(a.year),
        keys.DEPARTMENT: a.department,
        keys.UNIT_NAME: a.unit,
        keys.DATE: f"{a.date.year}年{a.date.month}月{a.date.day}日" if a.date else None,
        keys.EXPENDITURE: {
            keys.BASIC: a.expenditure.basic,
            keys.PROJECT: a.expenditure.project,
            keys.PASS_THROUGH: a.expenditure.pass_through,
        },
        keys.BUDGET: {
            line.name: {
                keys.BUDGETED: line.budgeted,
                keys.EXECUTED: line.executed,
                "执行率": _percent(score.rate, rounding),
                "得分": _points(score),
            }
            for line, score in zip(a.budget, scored.budget, strict=True)
        },
        "执行率": _percent(first.rate, rounding) if first else None,
        keys.INDICATORS: {
            indicator.name: _indicator_figures(indicator, score, rounding)
            for indicator, score in scored.indicators()
        },
        "总分": _points(scored.total),
    }


def _indicator_figures(indicator: Indicator, score: Score, rounding: Rounding) -> Named[str, Figure]:
    return {
        keys.NAME: indicator.name,
        keys.WEIGHT: indicator.weight,
        keys.TARGET: indicator.target,
        keys.ACTUAL: indicator.actual,
        "完成率": _percent(reached(indicator.target, indicator.actual), rounding),
        "得分": _points(score),
    }


def _points(score: Score) -> Decimal | None:
    """Take a score as the form prints it: 15, not 15.00."""
    return None if score.printed is None else trimmed(score.printed)


def _percent(ratio: Decimal | None, rounding: Rounding) -> Quantity | None:
    """Take B ÷ A as the form prints it, a figure in per cent."""
    if ratio is None:
        return None
    number = trimmed(rounded_percent(ratio, rounding))
    return Quantity(text=f"{plain(number)}%", number=number, unit="%")


def fill(
    text: str, names: Named[str, Figure], narrative: str
) -> tuple[tuple[Paragraph, ...], tuple[Finding, ...]]:
    """Turn a narrative file into finished paragraphs.

    Args:
        text: The whole file.
        names: What tags may mention.
        narrative: The name of the narrative, first step of the addresses of faults.

    Returns:
        The paragraphs, and the faults; a faulty tag is left as written, so that nothing is lost silently.
    """
    faults: list[Finding] = []
    paragraphs: list[Paragraph] = []
    for written, run in groupby(enumerate(text.split("\n"), start=1), key=lambda line: bool(line[1].strip())):
        for lines in _split(run) if written else ():
            filled = tuple(_fill_line(line, names, (narrative, at), faults).strip() for at, line in lines)
            paragraphs.append(Paragraph(tuple(line for _, line in lines), lines[0][0], filled))
    return tuple(paragraphs), tuple(faults)


_BEGINS = re.compile(
    r"[\u3000\t]|  |\d{1,2}(?:[.．](?!\d)|[、)）])|[（(][\d一二三四五六七八九十]{1,3}[）)]|[①-⑳]"
    r"|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[，,、：:]"
)
"""How a line begins that office text means as a paragraph of its own: indented, or numbered."""


def _split(lines: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Split lines that stand together before each that begins a paragraph by itself."""
    together: list[tuple[int, str]] = []
    for number, line in lines:
        if together and _BEGINS.match(line):
            yield together
            together = []
        together.append((number, line))
    yield together


def _join(before: str, after: str) -> str:
    """Join two lines: a space between Latin words, nothing where either side is Chinese."""
    if not before or not after or _chinese(before[-1]) or _chinese(after[0]):
        return before + after
    return f"{before} {after}"


def _chinese(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


_BRACES = re.compile("[{}｛｝]")


def _slip(line: str, names: Named[str, Figure]) -> re.Match[str] | None:
    """Find braces beside the tags that were meant as one; a single pair counts where it holds a known name."""
    outside = _TAG.sub(lambda found: "\0" * len(found[0]), line)
    for found in _SLIPS.finditer(outside):
        head = _HEAD.match(found[1].strip()) if found[1] else None
        if found[1] is None or (head is not None and head[0] in names):
            return found
    return None


def _fill_line(line: str, names: Named[str, Figure], where: Address, faults: list[Finding]) -> str:
    if not _BRACES.search(line):
        return line
    slip = _slip(line, names)
    if slip is not None:
        faults.append(
            Finding(
                code="P201",
                severity=Severity.ERROR,
                address=(*where, slip.start() + 1),
                kind="braces",
                facts=facts(tag=slip[0]),
            )
        )
        return line

    def replace(found: re.Match[str]) -> str:
        try:
            return printed(_evaluate(found, names))
        except TagError as fault:
            column = found.start() + 1
            shown = found[0] if len(found[0]) <= _SHOWN else found[0][:_SHOWN] + "…"
            faults.append(
                Finding(
                    code="P201",
                    severity=Severity.ERROR,
                    address=(*where, column),
                    kind=fault.kind,
                    facts=(*facts(tag=shown), *fault.facts),
                    advice=fault.advice,
                )
            )
            return found[0]

    return _TAG.sub(replace, line)


class TagError(Exception):
    """A tag that cannot be filled; never leaves this module."""

    def __init__(self, kind: str, advice: Facts = (), **named: str | Quote) -> None:
        super().__init__(kind)
        self.kind, self.advice, self.facts = kind, advice, facts(**named)


def printed(value: Figure) -> str:
    """Print a figure in prose; an open one prints nothing."""
    match value:
        case None:
            return ""
        case str():
            return value
        case Quantity() | Words():
            return value.text
        case Decimal():
            exponent = value.as_tuple().exponent
            if isinstance(exponent, int) and -exponent > _MOST_DECIMALS:
                raise TagError("endless")
            return f"{value:zf}"
        case _:
            fields = "、".join(list(value)[:6])
            raise TagError("several_figures", facts(fields=fields))


def _evaluate(tag: re.Match[str], names: Named[str, Figure]) -> Figure:
    if not tag[2]:
        raise TagError("unclosed")
    return _read(_parsed(tag[1]), names)


@functools.lru_cache(maxsize=4096)
def _parsed(expression: str) -> nodes.Expr | TagError:
    """Parse once; the same tags occur in thousands of narratives."""
    if len(expression) > _LONGEST_TAG or sum(map(expression.count, "([{")) > _MOST_BRACKETS:
        return TagError("long")
    if "\\" in expression:  # could spell a character that no file may hold
        return TagError("backslash")
    try:
        tree = Environment(autoescape=True).parse("{{" + expression + "}}")
    except TemplateSyntaxError:
        return TagError("unreadable")
    output = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        return TagError("several")
    return output.nodes[0]


_OPERATIONS: dict[type[nodes.BinExpr], Callable[[Decimal, Decimal], Decimal]] = {
    nodes.Add: _EXACT.add,
    nodes.Sub: _EXACT.subtract,
    nodes.Mul: _EXACT.multiply,
    nodes.Div: _EXACT.divide,
}


def _read(  # noqa: C901, PLR0911 -- one case for each construct of the notation, flat and complete
    node: nodes.Node | TagError, names: Named[str, Figure]
) -> Figure:
    """Read a parsed tag: names, parts of names, the four operations and rounding; nothing else."""
    match node:
        case TagError():
            raise node
        case nodes.Name(name=name):
            return _pick(names, name, "")
        case nodes.Getattr(node=inner, attr=attr):
            return _pick(_read(inner, names), attr, _spelled(inner))
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str(key))):
            return _pick(_read(inner, names), key, _spelled(inner))
        case nodes.Const(value=str(text)):
            return text
        case nodes.Const(value=int(number)) if not isinstance(number, bool):
            return _bounded(Decimal(number))
        case nodes.Const(value=float(number)):
            return _bounded(Decimal(repr(number)))
        case nodes.TemplateData(data=data):
            return str(data)
        case nodes.BinExpr() if type(node) in _OPERATIONS:
            return _calculate(node, names)
        case nodes.Filter(node=inner, name="round", args=[nodes.Const(value=int(digits))]) if inner:
            if digits > _MOST_DECIMALS:
                raise TagError("decimals", facts(most=_MOST_DECIMALS))
            return _rounded(_number(_read(inner, names)), digits)
        case _:
            raise TagError("notation")


def _rounded(number: Decimal | None, digits: int) -> Decimal | None:
    return None if number is None else number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _EXACT)


def _calculate(node: nodes.BinExpr, names: Named[str, Figure]) -> Decimal | None:
    left, right = _number(_read(node.left, names)), _number(_read(node.right, names))
    if left is None or right is None:
        return None
    if isinstance(node, nodes.Div) and right == 0:
        raise TagError("zero")
    return _bounded(_OPERATIONS[type(node)](left, right))


def _bounded(number: Decimal) -> Decimal:
    if not number.is_finite() or number.adjusted() >= _MOST_DIGITS:
        raise TagError("large")
    return number


def _number(value: Figure) -> Decimal | None:
    """Take the figure of a value for calculating: `74个` counts as 74."""
    if value is None or isinstance(value, Decimal):
        return value
    quantity = read(value) if isinstance(value, str) else value
    if not isinstance(quantity, Quantity):
        raise TagError("words")
    return quantity.shown


def _pick(value: Figure, key: str, of: str) -> Figure:
    if not isinstance(value, Named):
        raise TagError("below", of=Quote(of), key=Quote(key))
    if key in value:
        return value[key]
    import difflib  # noqa: PLC0415 -- needed only where something is wrong

    close = difflib.get_close_matches(key, value, n=1, cutoff=0.5)
    if key == "上年" and not of:
        raise TagError("last_year")
    kind = ("within" if of else "unknown") + ("_near" if close else "")
    hint = facts(near=Quote(close[0])) if close else facts(names="、".join(list(value)[:8]))
    raise TagError(kind, hint, key=Quote(key), **({"of": Quote(of)} if of else {}))


def _spelled(node: nodes.Node) -> str:
    return "".join(_spell(node))


def _spell(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.Name(name=name):
            yield name
        case nodes.Getattr(node=inner, attr=attr):
            yield from _spell(inner)
            yield f".{attr}"
        case nodes.Getitem(node=inner, arg=nodes.Const(value=key)):
            yield from _spell(inner)
            yield f"[{key}]"
