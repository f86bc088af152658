"""What a person accepts stays accepted until its facts change, and never hides anything else."""

from dataclasses import replace
from decimal import Decimal

import pytest
import yaml
from builders import FORM, assessment, budget_line, indicator, judged
from hypothesis import given
from hypothesis import strategies as st

from perfdoc import checks
from perfdoc.checks.acceptance import (
    Acceptance,
    Review,
    apply_review,
    covered,
    digest,
    line_to_paste,
    to_settle,
)
from perfdoc.core import wording
from perfdoc.core.assessment import Assessment, Prose
from perfdoc.core.diagnostics import Finding, Severity
from perfdoc.judge.scoring import Scored
from perfdoc.years.comparison import ScoredYear, compare


def shown(target: str = "30", actual: str = "74", executed: str = "366.75") -> Assessment:
    prose = (Prose("偏差分析", "按计划，接洽减少。"), Prose("改进措施", "加快。"))
    return assessment(indicator(target, actual), budget=(budget_line(executed=executed),), prose=prose)


def found_in(given: Assessment) -> tuple[Scored, tuple[Finding, ...]]:
    scored, told = judged(given, FORM)
    return scored, checks.run(scored, told)


def accepted(scored: Scored, finding: Finding) -> Acceptance:
    line = (
        line_to_paste(scored, finding).replace("理由: ,", "理由: 确有其事,").replace("经办: ,", "经办: 张三,")
    )
    (written,) = yaml.load(line, yaml.BaseLoader)  # noqa: S506 -- every scalar is text, nothing is made
    return Acceptance(
        code=written["代码"],
        indicator=written.get("指标"),
        reason=written["理由"],
        by=written["经办"],
        facts=written["事实"],
        digest=written["依据"],
    )


def test_every_line_that_is_offered_accepts_its_own_finding_and_no_other() -> None:
    scored, findings = found_in(shown())
    assert {"P106", "P502", "P503", "P507"} <= {f.code for f in findings}
    for finding in to_settle(findings):
        after = apply_review(scored, findings, Review(accepted=(accepted(scored, finding),)))
        changed = [(a, b) for a, b in zip(findings, after.findings, strict=True) if a != b]
        assert [a for a, _ in changed] == [finding]
        assert changed[0][1].severity is Severity.INFO
        assert changed[0][1].message == finding.message
        assert changed[0][1].remedy == "已核定（张三）：确有其事。"
        assert after.faults == ()


def test_all_lines_together_leave_nothing_to_settle() -> None:
    scored, findings = found_in(shown())
    review = Review(accepted=tuple(accepted(scored, f) for f in to_settle(findings)))
    after = apply_review(scored, findings, review)
    assert list(to_settle(after.findings)) == []
    assert after.faults == ()


@given(
    st.integers(10, 99).map(str), st.integers(200, 400).map(str), st.sampled_from(["366.75", "300", "420.5"])
)
def test_an_acceptance_holds_exactly_as_long_as_its_facts(target: str, actual: str, executed: str) -> None:
    scored, findings = found_in(shown("30", "274"))
    review = Review(accepted=tuple(accepted(scored, f) for f in findings if f.code in ("P502", "P503")))
    now, later = found_in(shown(target, actual, executed))
    after = apply_review(now, later, review)
    held = {f.code for f in after.findings if f.severity is Severity.INFO}
    lapsed = {f.message[4:8] for f in after.faults}
    assert held == ({"P502"} if (target, actual) == ("30", "274") else set()) | (
        {"P503"} if executed == "366.75" else set()
    )
    assert lapsed == {"P502", "P503"} - held


def test_a_lapsed_acceptance_shows_the_facts_then_and_now() -> None:
    scored, findings = found_in(shown())
    (high,) = (f for f in findings if f.code == "P502")
    review = Review(accepted=(accepted(scored, high),))
    after = apply_review(*found_in(shown(actual="75")), review)
    (lapse,) = after.faults
    assert (lapse.code, lapse.severity, lapse.address) == ("P213", Severity.WARNING, ("核定", 0, "依据"))
    assert lapse.message == (
        "核定的 P502「接洽企业数量」情况已变：核定时 目标 30，完成 74，分值 80，得分 80，方向 正向；"
        "现在 目标 30，完成 75，分值 80，得分 80，方向 正向。"
    )
    bare = Review(accepted=(replace(review.accepted[0], facts=None),))
    assert (
        f"核定时 摘要 {bare.accepted[0].digest}；"
        in apply_review(*found_in(shown(actual="75")), bare).faults[0].message
    )


def test_one_entry_accepts_one_finding_and_a_second_of_the_same_is_one_too_many() -> None:
    scored, findings = found_in(shown())
    (high,) = (f for f in findings if f.code == "P502")
    twice = Review(accepted=(accepted(scored, high),) * 2)
    assert [(f.code, f.message) for f in apply_review(scored, findings, twice).faults] == [
        ("P214", "P502 的同一处核定了两次。")
    ]


def test_two_findings_of_one_code_in_one_row_have_digests_of_their_own() -> None:
    scored, findings = found_in(assessment(indicator("３０个", "３０个")))
    wide = [digest(scored, f) for f in findings if f.code == "P003"]
    assert len(set(wide)) == len(wide) == 2


def test_what_keeps_a_score_from_being_computed_cannot_be_accepted() -> None:
    scored, findings = found_in(shown(actual="≥30"))
    (blocked,) = (f for f in findings if f.code == "P105")
    assert blocked not in list(to_settle(findings))
    entry = Acceptance(
        code="P105", indicator="接洽企业数量", reason="。", by="张三", digest=digest(scored, blocked)
    )
    after = apply_review(scored, findings, Review(accepted=(entry,)))
    assert after.findings == findings
    assert [(f.code, f.address) for f in after.faults] == [("P214", ("核定", 0))]


@pytest.mark.parametrize("name", [None, "别的指标"])
def test_an_acceptance_of_nothing_says_so(name: str | None) -> None:
    scored, findings = found_in(shown())
    entry = Acceptance(code="P502", indicator=name, reason="有", by="张三", digest="00000000")
    (fault,) = apply_review(scored, findings, Review(accepted=(entry,))).faults
    assert fault.code == "P214"
    fault.message.encode("gbk")


def test_the_digest_does_not_hang_on_the_wording_of_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    scored, findings = found_in(shown())
    before = {finding: (finding.message, digest(scored, finding)) for finding in findings}
    for key, words in list(wording.FINDINGS.items()):
        other = words._replace(sentence=f"2 处「换一种说法」：{words.sentence}")
        monkeypatch.setitem(wording.FINDINGS, key, other)
    for finding, (message, kept) in before.items():
        assert finding.message != message
        assert digest(scored, finding) == kept


def test_another_figure_is_another_fact() -> None:
    scored, findings = found_in(shown())
    (spoken,) = (f for f in findings if f.code == "P507")
    others = tuple(fact._replace(value=str(fact.value).replace("74", "75")) for fact in spoken.facts)
    assert others != spoken.facts
    assert digest(scored, spoken) != digest(scored, replace(spoken, facts=others))


def test_the_score_filed_is_among_the_facts() -> None:
    scored, findings = found_in(assessment(indicator("40个", "30个", filed="70", because="核定")))
    (differs,) = (f for f in findings if f.code == "P301")
    assert covered(scored, differs) == "目标 40个，完成 30个，分值 80，得分 60，报送得分 70，方向 正向"
    assert scored.total.printed == Decimal(85)


def found_after(last: Assessment, given: Assessment) -> tuple[Scored, tuple[Finding, ...]]:
    (before, once), (now, told) = judged(replace(last, year=2019), FORM), judged(given, FORM)
    both = compare(ScoredYear("2019", before, once), ScoredYear("2020", now, told))
    return now, checks.run(now, told, comparison=both)


@pytest.mark.parametrize(
    ("last", "now", "held"),
    [
        (("25个", "74个"), ("30个", "40个"), True),
        (("25个", "74个"), ("30个", "41个"), True),  # what was done this year is not what it speaks of
        (("26个", "74个"), ("30个", "40个"), True),
        (("25个", "75个"), ("30个", "40个"), False),
        (("25个", "74个"), ("31个", "40个"), False),
    ],
)
def test_what_two_years_tell_is_settled_by_the_figures_of_its_message(
    last: tuple[str, str], now: tuple[str, str], *, held: bool
) -> None:
    scored, findings = found_after(
        assessment(indicator("25个", "74个")), assessment(indicator("30个", "40个"))
    )
    (low,) = (f for f in findings if f.code == "P404")
    entry = accepted(scored, low)
    assert entry.facts == "「接洽企业数量」的目标低于上年已完成的数：目标 30个，上年已完成 74个"
    after = apply_review(
        *found_after(assessment(indicator(*last)), assessment(indicator(*now))), Review(accepted=(entry,))
    )
    assert [f.severity for f in after.findings if f.code == "P404"] == [
        Severity.INFO if held else Severity.WARNING
    ]
    assert [f.code for f in after.faults] == ([] if held else ["P213"])


def test_a_sign_is_part_of_a_figure_that_two_years_tell() -> None:
    years = (("-8%", "-3%"), ("-8%", "3%"))
    kept = [
        next(digest(scored, f) for f in findings if f.code == "P404")
        for last in years
        for scored, findings in [
            found_after(assessment(indicator(*last)), assessment(indicator("-5%", "1%")))
        ]
    ]
    assert kept[0] != kept[1]
