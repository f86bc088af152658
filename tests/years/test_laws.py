"""Laws that hold between any two years, however odd."""

from dataclasses import replace
from decimal import Decimal

from builders import FORM
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import FORMS, VARIANTS
from years import assessments, compared, patched, stripped

from perfdoc.core.assessment import Assessment
from perfdoc.form.rulebook import Form
from perfdoc.years.identity import bare
from perfdoc.years.kinds import Break, Cause, Change
from perfdoc.years.words import diff

RULEBOOKS = [FORM, *FORMS.values(), *VARIANTS.values()]
forms = st.tuples(st.sampled_from(RULEBOOKS), st.sampled_from(RULEBOOKS))
ZERO = Decimal(0)
pairs = settings(deadline=None)  # a pair of years is dear to draw


@pairs
@given(assessments, assessments, forms)
def test_the_bridge_adds_up_exactly(old: Assessment, new: Assessment, by: tuple[Form, Form]) -> None:
    comparison = compared(old, new, by)
    for bar in comparison.bridge.walk():
        assert bar.moved == (bar.new or ZERO) - (bar.old or ZERO), bar.name
    for row in comparison.rows:
        assert row.moved == (row.new_score or ZERO) - (row.old_score or ZERO)
    below = sum((part.moved for part in comparison.bridge.parts), ZERO)
    capped = sum((e.amount for e in comparison.bridge.effects if e.cause is Cause.CAP), ZERO)
    assert comparison.bridge.moved == below + capped


@pairs
@given(assessments)
def test_a_year_does_not_differ_from_itself(year: Assessment) -> None:
    comparison = compared(stripped(year), stripped(year))
    assert comparison.empty
    assert comparison.bridge.effects == ()
    assert not comparison.loose
    assert not comparison.proposals


@pairs
@given(assessments, assessments)
def test_every_indicator_of_both_years_stands_in_one_row(old: Assessment, new: Assessment) -> None:
    comparison = compared(old, new)
    for side, year in (("olds", old), ("news", new)):
        found = sorted(str(s.address) for row in comparison.rows for s in getattr(row, side))
        assert len(found) == len(set(found)) == len(year.indicators())
    assert [row.number for row in comparison.rows] == [*range(1, len(comparison.rows) + 1)]


@pairs
@given(assessments, assessments)
def test_applied_to_the_old_year_a_comparison_gives_the_new_one(old: Assessment, new: Assessment) -> None:
    known = patched(compared(old, new))
    made = iter(
        known[str(("指标", i, "二级指标", j, "三级指标", k))][0]
        for i, d in enumerate(new.dimensions)
        for j, g in enumerate(d.groups)
        for k, _ in enumerate(g.indicators)
    )
    again = replace(
        new,
        dimensions=tuple(
            replace(
                d,
                groups=tuple(
                    replace(g, indicators=tuple(next(made) for _ in g.indicators)) for g in d.groups
                ),
            )
            for d in new.dimensions
        ),
    )
    assert compared(stripped(again), stripped(new)).empty


@pairs
@given(assessments, assessments)
def test_no_row_is_compared_in_per_cent_across_a_break(old: Assessment, new: Assessment) -> None:
    comparison = compared(old, new)
    for row in comparison.rows:
        figures = {b.kind for b in row.breaks} & {Break.UNIT, Break.DIRECTION, Break.KIND, Break.SCOPE}
        told = [f for f in row.fields if f.name in ("年初目标值", "实际完成值") and figures]
        told += [f for f in row.fields if f.name == "得分" and (row.breaks or comparison.breaks)]
        assert all(field.percent is None for field in told)
        assert not (figures and row.flags)


@pairs
@given(assessments, assessments)
def test_names_alone_pair_nothing_that_differs(old: Assessment, new: Assessment) -> None:
    for row in compared(old, new).rows:
        if row.old and row.new and Change.RENAMED in row.changes:
            assert bare(row.new.indicator.renamed_from or "") == bare(row.old.name)


@given(st.text("招商接洽 企业20,.%ab", max_size=40), st.text("招商接洽 企业20,.%ab", max_size=40))
def test_the_pieces_of_a_difference_make_both_texts(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(p.text for p in pieces if p.op.value != "增") == old
    assert "".join(p.text for p in pieces if p.op.value != "删") == new
    assert all(p.text for p in pieces)
