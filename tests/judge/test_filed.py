"""What was filed has three states: not written, a figure, 空白; none of them is ever taken for another."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from builders import FORM, assessment, budget_line, decoded, indicator, node
from hypothesis import given
from hypothesis import strategies as st

from perfdoc import checks
from perfdoc.core.assessment import Blank, BudgetLine, Filed, Indicator, Status
from perfdoc.core.diagnostics import Place, Severity
from perfdoc.faces import explain, printed
from perfdoc.form.layout import INDICATORS, Block, Layout, Weights
from perfdoc.form.rulebook import Form
from perfdoc.judge import narrative, scoring
from perfdoc.judge.scoring import Scored
from perfdoc.years.comparison import ScoredYear, compare

FILED: tuple[Filed | None, ...] = (None, Decimal(5), Blank.BLANK)


def scored(*rows: Indicator, form: Form = FORM, status: Status = Status.FILED, **changes: Any) -> Scored:
    return scoring.score(replace(assessment(*rows, status=status), **changes), form)


def cells(judged: Scored, table: str, column: str) -> list[object]:
    rows = printed.fill(judged, narrative.fill_narratives(judged))[table]
    return [row[column] for row in rows if isinstance(row, dict)]


def found(judged: Scored) -> list[tuple[str, Severity]]:
    return [(f.code, f.severity) for f in checks.run(judged, narrative.fill_narratives(judged))]


@pytest.mark.parametrize(("text", "value"), [("5", Decimal(5)), ("空白", Blank.BLANK)])
def test_each_state_is_read(text: str, value: Filed) -> None:
    for cls, key in ((Indicator, "报送得分"), (BudgetLine, "报送得分"), (BudgetLine, "报送分值")):
        content = {"名称": "甲", key: text} | ({"分值": "5"} if cls is Indicator else {})
        read, faults = decoded(node(content), cls)
        assert faults == []
        assert value in (read.filed, getattr(read, "filed_weight", None))


def shown(filed: Filed | None, computed: Decimal | None) -> Decimal | None:
    if filed is None:
        return computed
    return None if isinstance(filed, Blank) else filed


@given(st.sampled_from(FILED), st.sampled_from(FILED), st.sampled_from(FILED))
def test_a_blank_prints_empty_and_adds_nothing(
    row: Filed | None, line: Filed | None, total: Filed | None
) -> None:
    given_row, given_line = replace(indicator(), filed=row), replace(budget_line(), filed=line)
    judged = scored(given_row, budget=(given_line,), filed_total=total)
    points = (shown(row, Decimal(80)), shown(line, Decimal(15)))
    assert (judged.rows()[0].score.printed, judged.budget[0].printed) == points
    known = [each for each in points if each is not None]
    assert judged.total.printed == shown(total, sum(known, Decimal(0)) if known else None)
    assert judged.total.value == Decimal(95)


def test_the_page_prints_what_was_filed_of_a_budget_line() -> None:
    line = replace(budget_line(), filed=Blank.BLANK, filed_rate="0.958")
    judged = scored(indicator(), budget=(line, replace(line, name="其中", filed_rate="空白")))
    assert cells(judged, "预算执行", "得分") == ["", ""]
    assert cells(judged, "预算执行", "执行率") == ["0.958", ""]


def test_a_blank_is_asked_for_and_is_no_departure() -> None:
    codes = [code for code, _ in found(scored(replace(indicator(), filed=Blank.BLANK)))]
    assert "P102" in codes
    assert not {"P301", "P302", "P307"} & set(codes)


def test_a_filed_total_that_is_not_the_sum_is_reported() -> None:
    assert ("P301", Severity.WARNING) in found(scored(indicator(), filed_total=Decimal(96)))
    assert "P301" not in [code for code, _ in found(scored(indicator(), filed_total=Decimal(95)))]


@pytest.mark.parametrize(
    "row", [indicator(actual="≥30个"), indicator(actual="30户"), indicator(target="0个")]
)
@pytest.mark.parametrize("filed", FILED)
def test_on_a_record_what_was_filed_blocks_nothing(row: Indicator, filed: Filed | None) -> None:
    given_row = replace(row, filed=filed)
    for status in (Status.FILED, Status.FINAL):
        worst = min(
            (s for code, s in found(scored(given_row, status=status)) if code in ("P105", "P107", "P312")),
            key=lambda s: s.rank,
        )
        stands = status is Status.FILED and filed is not None
        assert worst is (Severity.WARNING if stands else Severity.ERROR)


def test_scores_json_says_what_was_filed_beside_what_was_computed() -> None:
    line = replace(budget_line(), filed_rate="75%", filed_weight=Decimal(19))
    judged = scored(replace(indicator(), filed=Blank.BLANK), budget=(line,), filed_total=Decimal(90))
    told = explain.data(judged, lambda _: Place("assessment.yaml"))
    assert told["报送执行率"] == {line.name: "75%"}
    assert told["报送分值"] == {line.name: "19"}
    assert (told["得分"]["得分"], told["得分"]["报送总分"], told["得分"]["印出"]) == ("95", "90", "90")
    assert '"报送得分": "空白", "印出": null' in json.dumps(told, ensure_ascii=False)


def test_a_blank_is_compared_with_no_figure() -> None:
    old, new = scored(indicator()), scored(replace(indicator(), filed=Blank.BLANK), year=2021)
    both = compare(*(ScoredYear(str(s.assessment.year), s, narrative.fill_narratives(s)) for s in (old, new)))
    (row,) = both.rows
    points = next(field for field in row.fields if field.name == "得分")
    assert (points.old, points.new, points.delta) == ("80", "", None)


def open_weights(weights: Weights) -> Form:
    blocks = tuple(
        replace(block, weights=weights) if isinstance(block, Block) and block.name == INDICATORS else block
        for block in FORM.blocks
    )
    assert Layout(blocks).weights is weights
    return replace(FORM, blocks=blocks)


def test_where_no_weight_is_printed_nothing_is_computed_and_the_filed_score_stands() -> None:
    form = open_weights(Weights.OPEN)
    row = replace(indicator(actual="74个", weight=0), filed=Decimal(5))
    judged = scored(row, form=form)
    (score,) = (each.score for each in judged.rows())
    assert (score.value, score.printed, score.open) == (None, Decimal(5), 0)
    assert cells(judged, INDICATORS, "得分") == ["5"]
    assert not {"P302", "P303"} & {code for code, _ in found(judged)}


def test_a_weight_that_is_printed_counts_where_others_are_not() -> None:
    judged = scored(indicator(actual="15个"), form=open_weights(Weights.OPEN))
    assert [row.score.value for row in judged.rows()] == [Decimal(40)]
