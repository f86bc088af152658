"""Assessments and source nodes made in code: small, sound, and changed one thing at a time."""

import datetime as dt
from collections.abc import Mapping as Named
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from perfdoc.core import quantity
from perfdoc.core.assessment import (
    Assessment,
    BudgetLine,
    Dimension,
    Direction,
    Expenditure,
    Group,
    Indicator,
    Judgement,
    Prose,
    Status,
)
from perfdoc.core.diagnostics import Diagnostic, Place
from perfdoc.core.source import Mapping, Node, Scalar, Sequence
from perfdoc.form.rulebook import Form
from perfdoc.judge import narrative, scoring
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Score, Scored
from perfdoc.read.decode import MISSING, decode

ROOT = Path(__file__).resolve().parents[2]
FILE = "content/2020/assessment.yaml"
HIGHER, LOWER = Direction.HIGHER, Direction.LOWER

Written = str | list[Any] | dict[str, Any]
"""What a file says, without places."""


# --- source nodes -----------------------------------------------------------------------------------------------


def nodes_of(text: str) -> Node:
    """Read YAML as the loader does, without its strictness: every scalar is text, every place is kept."""
    return _node(yaml.compose(text, yaml.SafeLoader))


def _node(node: Any) -> Node:
    place = Place(FILE, node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, place, quoted=bool(node.style))
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_node(item) for item in node.value), place)
    entries = []
    for key, value in node.value:
        name = _node(key)
        assert isinstance(name, Scalar)
        entries.append((name, _node(value)))
    return Mapping(tuple(entries), place)


def node(written: Written, line: int = 1) -> Node:
    """Make a node of plain lists, dictionaries and texts; all on one line, since nobody asks where."""
    place = Place(FILE, line, 1)
    if isinstance(written, str):
        return Scalar(written, place)
    if isinstance(written, list):
        return Sequence(tuple(node(item, line) for item in written), place)
    return Mapping(tuple((Scalar(key, place), node(value, line)) for key, value in written.items()), place)


def written(read: Node) -> Written:
    """Return what `node` makes a node of."""
    if isinstance(read, Scalar):
        return read.text
    if isinstance(read, Sequence):
        return [written(item) for item in read.items]
    return {key.text: written(value) for key, value in read}


def decoded(read: Node, cls: type[Any]) -> tuple[Any, list[str]]:
    """Decode a node; the faults as the clerk reads them, without file, line and column."""
    faults: list[Diagnostic] = []
    value = decode(read, cls, faults)
    return value, [f"{fault.code} {fault.message}{fault.remedy}" for fault in faults]


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _form() -> Form:
    faults: list[Diagnostic] = []
    form = decode(nodes_of(_read("templates/hubei-department/form.yaml")), Form, faults)
    assert form is not MISSING, faults
    return form


FORM_TEXT = _read("templates/hubei-department/form.yaml")
FILED_TEXT = _read("content/2020/assessment.yaml")
FORM = _form()
"""The rulebook of 附件3, the one that perfdoc ships."""


# --- assessments ------------------------------------------------------------------------------------------------


def indicator(
    target: str | None = "30个",
    actual: str | None = "30个",
    weight: str | int | Decimal = 80,
    name: str = "接洽企业数量",
    direction: Direction | None = None,
    grade: str | None = None,
    share: str | None = None,
    filed: str | None = None,
    because: str | None = None,
) -> Indicator:
    """Make an indicator; a target and an actual are written as in the file."""
    judged = Judgement(grade=grade, share=None if share is None else Decimal(share)) if grade else None
    return Indicator(
        name=name,
        weight=Decimal(weight),
        direction=direction,
        target=None if target is None else quantity.read(target),
        actual=None if actual is None else quantity.read(actual),
        judgement=judged,
        filed=None if filed is None else Decimal(filed),
        filed_because=because,
    )


def budget_line(
    budgeted: str | None = "489",
    executed: str | None = "366.75",
    name: str = "部门整体支出总额",
    filed: str | None = None,
    because: str | None = None,
) -> BudgetLine:
    """Make a line of 预算执行情况; the default one earns 15 of 20."""
    return BudgetLine(
        name=name,
        budgeted=None if budgeted is None else Decimal(budgeted),
        executed=None if executed is None else Decimal(executed),
        filed=None if filed is None else Decimal(filed),
        filed_because=because,
    )


SPENT = Expenditure(basic=Decimal(0), project=Decimal("415.44"), pass_through=Decimal("48.69"))
PROSE = (Prose("偏差分析", "预算执行较慢。\n"), Prose("改进措施", "加快执行。\n"))


def group(*indicators: Indicator, name: str = "数量指标") -> Group:
    """Put indicators into a group whose weight is theirs together."""
    return Group(name=name, weight=sum((i.weight for i in indicators), Decimal(0)), indicators=indicators)


def dimension(*groups: Group, name: str = "产出指标") -> Dimension:
    """Put groups into a dimension whose weight is theirs together."""
    return Dimension(name=name, weight=sum((g.weight for g in groups), Decimal(0)), groups=groups)


def assessment(*indicators: Indicator, **changes: Any) -> Assessment:
    """Make a 定稿 in one dimension and one group; without arguments a sound one, with `changes` to its fields."""
    sound = Assessment(
        form="hubei-department",
        year=2020,
        department="智造园",
        unit="智能制造产业园建设服务中心",
        date=dt.date(2021, 5, 25),
        status=Status.FINAL,
        expenditure=SPENT,
        budget=(budget_line(),),
        goals=("招商活动有效开展",),
        dimensions=(dimension(group(*(indicators or (indicator(),)))),),
        prose=PROSE,
    )
    return replace(sound, **changes)


def score_of(one: Indicator, form: Form = FORM, **changes: Any) -> Score:
    """Score one indicator."""
    scored = scoring.score(assessment(one, **changes), form)
    return scored.dimensions[0].parts[0].parts[0]


def budget_score_of(line: BudgetLine, form: Form = FORM) -> Score:
    """Score the first line of 预算执行情况."""
    return scoring.score(assessment(budget=(line,)), form).budget[0]


def judged(given: Assessment, form: Form = FORM) -> tuple[Scored, Narratives]:
    """Score an assessment and fill its prose."""
    scored = scoring.score(given, form)
    return scored, narrative.fill_narratives(scored)


def encodes_in_gbk(text: str) -> bool:
    """Tell whether an old Chinese console can show a text."""
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


Names = Named[str, narrative.Figure]
