"""Check that the prose agrees with the table: figures, sums, directions, copied text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.checks.unfilled import prose_lines
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, Direction, Quantity
from perfdoc.core.diagnostics import Finding, Quote, Severity, facts
from perfdoc.core.quantity import plain
from perfdoc.judge.scoring.exact import rounded_percent, trimmed

_LITERAL = re.compile(
    r"(?<![A-Za-z0-9_.,:：第{-])(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>%|‰|千元|万元|亿元|元|万[^\d\W]|[^\W\d年月日号届期轮时])"
)
_TAG = re.compile(r"\{\{.*?\}\}")
_TELLING = 3
"""Digits that a figure needs before its likeness to another is more than chance."""
_LIKE_DIGITS = 4
"""Digits that two figures need before one differing digit looks like a slip."""


@dataclass(frozen=True, slots=True)
class Known:
    """A figure of the table: its number and unit, and the tag that quotes it."""

    number: Decimal
    unit: str
    name: str
    tag: str

    @property
    def shown(self) -> str:
        """The figure with its unit."""
        return plain(self.number) + self.unit


@check("P505", Severity.ERROR)
def figure_off_table(subject: Subject) -> Findings:
    """Find a figure in the prose that nearly equals one of the table, or that repeats one by hand.

    Source: published form 29; a bureau's finding “17个误写为70个”.
    """
    for address, line in prose_lines(subject):
        bare = _TAG.sub(lambda tag: "{" * len(tag[0]), line) if "{{" in line else line
        for literal in _LITERAL.finditer(bare):
            place = (*address[:2], literal.start("number") + 1)
            wrong = _retyped(literal, subject.once(_figures), place)
            if wrong is not None:
                yield wrong
    yield from _goals_off_table(subject, subject.once(_figures))


def _goals_off_table(subject: Subject, known: list[Known]) -> Findings:
    """Find a figure in a goal that nearly equals one of the table, or is another than the indicator's that it names.

    A goal is typed, it has no tags: that it repeats a figure is no fault.
    """
    for address, text, where in goals(subject.assessment):
        for clause in re.finditer(r"[^，。；;！？\n]+", text):
            literals = list(_LITERAL.finditer(clause[0]))
            near = next((n for n in (_near(literal, known) for literal in literals) if n), None)
            if near is not None:
                literal, figure = near
                yield found(
                    address,
                    "goal_near",
                    severity=Severity.WARNING,
                    where=where,
                    literal=Quote(literal),
                    name=figure.name,
                    figure=figure.shown,
                )
            elif len(literals) == 1 and not _COMPARES.search(clause[0]):
                yield from _named_otherwise(subject, address, where, literals[0])


def _near(literal: re.Match[str], known: list[Known]) -> tuple[str, Known] | None:
    number, unit = Decimal(literal["number"].replace(",", "")), literal["unit"]
    same = [k for k in known if _one_unit(k.unit, unit)]
    if any(k.number == number for k in same):
        return None
    near = next((k for k in same if _nearly(k.number, number)), None)
    return (literal[0], near) if near else None


_COMPARES = re.compile(r"比|较|增|减|超|同期|上年|去年|累计|每|其中")
"""Words by which a figure beside an indicator's name is another than its target."""
_SHORTEST_NAME = 4


def _named_otherwise(subject: Subject, address: Address, where: str, literal: re.Match[str]) -> Findings:
    """Find a figure behind the name of an indicator that is neither its target nor its actual."""
    number, before = Decimal(literal["number"].replace(",", "")), literal.string[: literal.start()]
    for indicator in subject.assessment.indicators():
        values = [v for v in (indicator.target, indicator.actual) if isinstance(v, Quantity)]
        alike = [v for v in values if _one_unit(v.unit, literal["unit"])]
        named = len(indicator.name) >= _SHORTEST_NAME and before.strip().endswith(indicator.name)
        if named and alike and number not in {v.number for v in alike}:
            yield found(
                address,
                "goal_other",
                severity=Severity.WARNING,
                where=where,
                written=Quote(indicator.name + literal[0]),
                target=alike[0].text,
            )


def _retyped(literal: re.Match[str], known: list[Known], address: Address) -> Finding | None:
    """Say what is wrong with a figure written by hand; None where nothing is."""
    number, unit = Decimal(literal["number"].replace(",", "")), literal["unit"]
    same = [k for k in known if _one_unit(k.unit, unit)]
    equal = next((k for k in same if k.number == number), None)
    digits = _digits(number)
    if equal is not None:
        if len(digits.strip("0")) < _TELLING:
            return None
        return found(
            address,
            "copied",
            advice=facts(tag=equal.tag),
            severity=Severity.WARNING,
            literal=Quote(literal[0]),
            name=equal.name,
        )
    near = next((k for k in same if _nearly(k.number, number)), None)
    if near is None:
        return None
    advice = facts(tag=near.tag)
    return found(address, advice=advice, literal=Quote(literal[0]), name=near.name, figure=near.shown)


def _one_unit(own: str, written: str) -> bool:
    return own == written or (bool(own) and len(written) == 1 and own[0] == written)


def _digits(number: Decimal) -> str:
    return plain(number).replace(".", "").lstrip("0")


def _nearly(own: Decimal, written: Decimal) -> bool:
    """Tell whether a figure looks like a slip of another: digits swapped, one digit wrong, the point moved."""
    one, other = plain(own), plain(written)
    if min(len(_digits(own)), len(_digits(written))) < _TELLING:
        return False
    if own == written or _rounded(own, written):
        return False
    if _digits(own) == _digits(written) and "." in one + other:
        return True
    if len(one) != len(other) or one.find(".") != other.find("."):
        return False
    different = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = sorted(one) == sorted(other) and len(different) == 2  # noqa: PLR2004 -- a swap moves two
    return swapped or (len(different) == 1 and len(_digits(own)) >= _LIKE_DIGITS)


def _rounded(own: Decimal, written: Decimal) -> bool:
    """Tell whether the written figure is the table's, rounded."""
    exponent = written.as_tuple().exponent
    return isinstance(exponent, int) and (own.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP) == written)


def _figures(subject: Subject) -> list[Known]:
    """List every figure of the table that prose may quote, with the tag that quotes it."""
    return list(_each_figure(subject))


def _each_figure(subject: Subject) -> Iterator[Known]:
    a, form = subject.assessment, subject.form
    spent = a.expenditure
    named = (
        (keys.BASIC, spent.basic),
        (keys.PROJECT, spent.project),
        (keys.PASS_THROUGH, spent.pass_through),
    )
    for name, amount in named:
        if amount:
            yield Known(amount, form.money_unit, name, f"{{{{ 支出.{name} }}}} {form.money_unit}")
    for line, score in zip(a.budget, subject.scored.budget, strict=True):
        for key, amount in ((keys.BUDGETED, line.budgeted), (keys.EXECUTED, line.executed)):
            if amount:
                yield Known(
                    amount, form.money_unit, key, f'{{{{ 预算执行["{line.name}"].{key} }}}} {form.money_unit}'
                )
        if score.rate is not None:
            rate = trimmed(rounded_percent(score.rate, form.rounding))
            yield Known(rate, "%", "执行率", f'{{{{ 预算执行["{line.name}"].执行率 }}}}')
    for indicator in a.indicators():
        for key, value in ((keys.TARGET, indicator.target), (keys.ACTUAL, indicator.actual)):
            if isinstance(value, Quantity) and value.unit:
                tag = f'{{{{ 指标["{indicator.name}"].{key} }}}}'
                yield Known(value.shown, value.unit, f"{Quote(indicator.name)}{key}", tag)


_SUMMED = re.compile(r"合计|共计|总计|总共|一共")
_TOTAL = re.compile(r"(?:合计|共计|总计|总共|一共)[^，。；\d]{0,6}$")
_AMOUNT = re.compile(r"(?<![A-Za-z0-9_.])(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\W\d]{1,2}|%)")
_FEWEST_PARTS = 2


@check("P506", Severity.ERROR)
def sum_off_parts(subject: Subject) -> Findings:
    """Find a sum in a sentence that is not the sum of the parts beside it.

    Source: an auditor's finding; published form 29.
    """
    for narrative in subject.narratives.texts:
        for address, raw, filled in narrative.filled_lines():
            if _SUMMED.search(filled):
                for column, sentence in _sentences(raw, filled):
                    yield from _sums(sentence, (*address[:2], column))


_SENTENCE = re.compile(r"[^。；;！？\s][^。；;！？]*")


def _sentences(raw: str, filled: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a filled line, each with the column at which it was written.

    A sentence with a tag that could not be filled is left out. Where a filled text brings sentences of its own, all
    of the line's are said to begin where the line does.
    """
    written, said = list(_SENTENCE.finditer(raw)), list(_SENTENCE.finditer(filled))
    for i, sentence in enumerate(said):
        if not _TAG.search(sentence[0]):
            at = written[i if len(written) == len(said) else 0]
            yield at.start() + 1, sentence[0]


def _sums(sentence: str, address: Address) -> Findings:
    amounts = list(_AMOUNT.finditer(sentence))
    for i, total in enumerate(amounts):
        if not _TOTAL.search(sentence[: total.start()]):
            continue
        parts = [
            Decimal(part["number"].replace(",", "")) for part in amounts[:i] if part["unit"] == total["unit"]
        ]
        claimed = Decimal(total["number"].replace(",", ""))
        tails = [sum(parts[k:], Decimal(0)) for k in range(len(parts) - _FEWEST_PARTS + 1)]
        if tails and claimed not in tails:
            working = " + ".join(map(plain, parts))
            yield found(address, claimed=Quote(total[0]), total=tails[0], working=working)


_FELL = re.compile(r"减少|下降|降低|下滑|萎缩|缩减|锐减")
_SUCCEEDED = re.compile(r"超额完成|圆满完成|全面完成|全部完成|如期完成|均已完成")
_COMMON = re.compile(
    r"活动|工作|项目|企业|园区|情况|全年|年度|次数|数量|个数|较|以往|往年|上年|去年|同比|同期|有所|明显|大幅|"
    r"由于|因为|因此|导致|部分|此外|开展|推动|相关|建设|管理|服务|任务|目标|指标|完成|均|也|随之|的|和|及|等|率|量"
)
_TOPIC = 2
"""Characters that a clause must share with an indicator's name to speak of it."""


@check("P507", Severity.WARNING, guess=True)
def direction_off_data(subject: Subject) -> Findings:
    """Find prose that says less where the table says more than planned, or done where it was not done.

    Source: the filed form of 2020; published form 29.
    """
    rows = [(i, t, a) for i, _, t, a in subject.quantities() if i.better is Direction.HIGHER]
    for address, line in prose_lines(subject):
        if not (_FELL.search(line) or _SUCCEEDED.search(line)):
            continue
        for clause in re.finditer(r"[^，。；;！？]+", line):
            word = _FELL.search(clause[0]) or _SUCCEEDED.search(clause[0])
            if word is None:
                continue
            topics = _topics(clause[0][: word.start()])
            spoken = [row for row in rows if _shares(topics, row[0].name)]
            short = [row for row in spoken if row[2].number < row[1].number]
            over = [row for row in spoken if row[2].number > row[1].number]
            against = short if _SUCCEEDED.search(clause[0]) else over if not short else []
            if against:
                shown = "，".join(f"{Quote(i.name)}目标 {t.text}、完成 {a.text}" for i, t, a in against)
                yield found((*address[:2], clause.start() + 1), clause=Quote(clause[0].strip()), shown=shown)


def _topics(words: str) -> set[str]:
    """List the runs of characters in the words before a verb that are no common words."""
    pieces = re.split(r"[^\w]+", _COMMON.sub(" ", _TAG.sub(" ", words)))
    return {piece[i : i + _TOPIC] for piece in pieces for i in range(len(piece) - _TOPIC + 1)}


def _shares(topics: set[str], name: str) -> bool:
    """Tell whether a name shares one of them outside its own common words."""
    if not any(topic in name for topic in topics):  # as nearly always, and a third of the time
        return False
    own = _COMMON.sub(" ", name)
    return any(topic in own for topic in topics)


_SHORTEST_COPY = 10


@check("P509", Severity.WARNING, guess=True)
def text_copied(subject: Subject) -> Findings:
    """Find one text in two places: a goal as its own result, a goal twice, a paragraph in both narratives.

    Source: a published form; a bureau's finding about copied texts.
    """
    seen: dict[str, str] = {}
    for address, text, where in _passages(subject):
        bare = "".join(text.split())
        if len(bare) < _SHORTEST_COPY:
            continue
        if bare in seen:
            shown = bare if len(bare) <= _SHOWN else bare[:_SHOWN] + "…"
            yield found(address, where=where, shown=Quote(shown), first=seen[bare])
        seen.setdefault(bare, where)


_SHOWN = 20


def goals(a: Assessment) -> Iterator[tuple[Address, str, str]]:
    """Yield every goal, and what became of it, with its address and its name."""
    for i, goal in enumerate(a.goals):
        yield (keys.GOALS, i), goal, f"年度目标第 {i + 1} 条"
    for i, block in enumerate(a.goal_blocks):
        yield (keys.GOAL_BLOCKS, i, keys.GOAL), block.goal, f"绩效目标第 {i + 1} 个"
    if a.purpose:
        yield (keys.PURPOSE, keys.EXPECTED), a.purpose.expected, keys.EXPECTED
        yield (keys.PURPOSE, keys.ACHIEVED), a.purpose.achieved or "", keys.ACHIEVED


def _passages(subject: Subject) -> Iterator[tuple[Address, str, str]]:
    yield from goals(subject.assessment)
    for written in subject.narratives.texts:
        for address, line in written.lines():
            yield address, line, f"{Quote(written.title)}"
