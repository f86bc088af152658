"""What an auditor would reject: one function, one code, one fault.

A check reads the scored assessment and its finished prose and yields findings; it computes no score.
Its docstring says why the fault matters and who asks for it. `weigh` then lets the 状态 of the assessment
decide how grave a finding is.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from perfdoc.diagnostics import Address, Finding, Severity
from perfdoc.model import Quantity, Status, Words
from perfdoc.narrative import Told
from perfdoc.quantity import plain
from perfdoc.scoring import Score, Scored

Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check looks at."""

    scored: Scored
    told: Told


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check.

    Attributes:
        code: `P` and three digits.
        severity: How grave its findings are in a 定稿.
        find: The function.
        decisive: True where the score cannot be computed or the text cannot be read: an error in any 状态.
        blank: True where it asks for something not yet written: only listed while 填报中.
    """

    code: str
    severity: Severity
    find: Callable[[Subject], Findings]
    decisive: bool = False
    blank: bool = False


CHECKS: list[Check] = []


def check(
    code: str, severity: Severity, *, decisive: bool = False, blank: bool = False
) -> Callable[[Callable[[Subject], Findings]], Callable[[Subject], Findings]]:
    """Register a function as the check of a code."""

    def register(find: Callable[[Subject], Findings]) -> Callable[[Subject], Findings]:
        CHECKS.append(Check(code, severity, find, decisive=decisive, blank=blank))
        return find

    return register


def run(scored: Scored, told: Told) -> tuple[Finding, ...]:
    """Run every check and weigh what it finds by the 状态 of the assessment."""
    subject, status = Subject(scored, told), scored.assessment.status
    return tuple(weigh(finding, c, status) for c in CHECKS for finding in c.find(subject))


def weigh(finding: Finding, by: Check, status: Status) -> Finding:
    """Weigh a finding: what is decisive blocks always, the rest only in a 定稿.

    While 填报中, blanks are merely listed and other errors warn; what was 已报送 is a record that warns.
    A check may itself have found less than its usual fault; then that counts.
    """
    severity = max(by.severity, finding.severity, key=lambda s: s.rank)
    if by.decisive or status is Status.FINAL:
        pass
    elif status is Status.FILLING and by.blank:
        severity = Severity.INFO
    elif severity is Severity.ERROR:
        severity = Severity.WARNING
    return replace(finding, severity=severity, code=finding.code or by.code)


def _found(address: Address, message: str, remedy: str, severity: Severity = Severity.ERROR) -> Finding:
    """Make a finding; its code is that of the check that yields it, its severity at most the check's."""
    return Finding(code="", severity=severity, address=address, message=message, remedy=remedy)


@check("P201", Severity.ERROR, decisive=True)
def blank_names_nothing(subject: Subject) -> Findings:
    """A blank in the prose that names nothing.

    Why: An unknown blank would print an empty place in an official text.
    Source: perfdoc's own notation.
    """
    yield from subject.told.faults


def _obstacles(subject: Subject, code: str) -> Findings:
    """Yield what keeps scores from being computed, under one code."""
    for score in subject.scored.total.walk():
        if score.obstacle is not None and score.obstacle.code == code:
            yield score.obstacle


@check("P104", Severity.ERROR, decisive=True)
def grade_not_in_rulebook(subject: Subject) -> Findings:
    """A grade that the rulebook does not know, or a share outside the grade's band.

    Why: The share decides the points; one outside its band contradicts the grade.
    Source: 备注3.
    """
    yield from _obstacles(subject, "P104")


@check("P105", Severity.ERROR, decisive=True)
def actual_not_a_measurement(subject: Subject) -> Findings:
    """A figure that is none: words, a range, the target's inequality copied as the actual.

    Why: 11 cells in 5 of 31 published forms copy the target (02, 05 and 29 among them); nothing was measured.
    Source: 备注2; a provincial system refuses what is not a number.
    """
    yield from _obstacles(subject, "P105")


@check("P107", Severity.ERROR, decisive=True)
def units_differ(subject: Subject) -> Findings:
    """A target and an actual in different units.

    Why: 万方 over 方 scores ten thousand times too little, in silence.
    Source: published form 18 and others; 备注2 divides one by the other.
    """
    yield from _obstacles(subject, "P107")


@check("P312", Severity.ERROR, decisive=True)
def divided_by_zero(subject: Subject) -> Findings:
    """A positive target or a budget of zero.

    Why: The formula divides by it; no score follows.
    Source: 备注1, 备注2.
    """
    yield from _obstacles(subject, "P312")


@check("P102", Severity.ERROR, blank=True)
def figure_left_open(subject: Subject) -> Findings:
    """A figure, grade, date or narrative that is not written.

    Why: Reviewers return forms with blank cells; 3 of 31 published forms have some.
    Source: the form; every cell of it is to be filled.
    """
    a = subject.scored.assessment
    remedy = "请填写。"
    if a.date is None:
        yield _found(("填报日期",), "没有填写填报日期。", remedy)
    for name, amount in (("基本支出总额", a.expenditure.basic), ("项目支出总额", a.expenditure.project)):
        if amount is None:
            yield _found(("支出", name), f"没有填写{name}。", "请填写，没有支出的写 0。")
    for i, line in enumerate(a.budget):
        for name, amount in (("预算数", line.budgeted), ("执行数", line.executed)):
            if amount is None:
                yield _found(("预算执行", i, name), f"「{line.name}」没有填写{name}。", remedy)
    yield from _open_indicators(subject.scored)
    for narrative in subject.told.narratives:
        if not narrative.paragraphs:
            yield _found((narrative.name, 1, 1), f"「{narrative.title}」还没有写。", remedy)


def _open_indicators(scored: Scored) -> Findings:
    for indicator, score in scored.indicators():
        for name, value in (("年初目标值", indicator.target), ("实际完成值", indicator.actual)):
            if value is None:
                yield _found((*score.address, name), f"「{indicator.name}」没有填写{name}。", "请填写。")
        ungraded = isinstance(indicator.target, Words) and indicator.judgement is None
        if ungraded and indicator.actual is not None and score.obstacle is None:
            grade = scored.form.quality.bands[0].name
            yield _found(
                (*score.address, "定性"),
                f"「{indicator.name}」的目标是文字，没有写达成情况。",
                f"请加 定性: {grade} 等。",
            )


@check("P301", Severity.ERROR)
def filed_score_differs(subject: Subject) -> Findings:
    """A filed score that differs from what the rule gives; with a written reason it is only pointed out.

    Why: 25 of 113 published scores differ from their own rule; auditors recompute them first.
    Source: 备注2, 备注3; a bureau's checking program.
    """
    for score, reason in _departures(subject.scored):
        if reason:
            remedy, severity = f"报送理由：{reason}", Severity.WARNING
        elif subject.scored.assessment.status is not Status.FINAL:
            remedy, severity = "请改用计算得分（删去报送得分），或写明报送理由。", Severity.ERROR
        else:
            continue
        yield _found((*score.address, "报送得分"), _departure(score), remedy, severity)


def _departures(scored: Scored) -> Iterator[tuple[Score, str | None]]:
    """Yield each score that was filed otherwise than the rule gives it, with the reason written for it."""
    reasons = [line.filed_because for line in scored.assessment.budget]
    reasons += [indicator.filed_because for indicator in scored.assessment.indicators()]
    scores = [*scored.budget, *(score for _, score in scored.indicators())]
    for reason, score in zip(reasons, scores, strict=True):
        if score.filed is not None and score.value is not None and score.filed != score.value:
            yield score, reason


def _departure(score: Score) -> str:
    filed, value = plain(score.filed or Decimal(0)), plain(score.value or Decimal(0))
    return f"「{score.name}」报送得分 {filed}，按{score.clause}为 {value}（{score.working}）。"


@check("P302", Severity.ERROR)
def score_outside_weight(subject: Subject) -> Findings:
    """A filed score below zero or above the weight.

    Why: No indicator can earn more than its weight.
    Source: 备注2 “得分不得突破权重总额”.
    """
    for score in subject.scored.total.walk():
        if score.filed is not None and not 0 <= score.filed <= score.weight:
            yield _found(
                (*score.address, "报送得分"),
                f"「{score.name}」报送得分 {plain(score.filed)} 不在 0 到分值 {plain(score.weight)} 之间。",
                "请核对得分和分值。",
            )


@check("P303", Severity.ERROR)
def weights_off_total(subject: Subject) -> Findings:
    """Weights that do not add up to the weight of their group, dimension or form.

    Why: A total over other weights than 100 cannot be compared with any other unit's.
    Source: the header of 年度目标; a provincial system refuses such forms.
    """
    scored = subject.scored
    for score in scored.total.walk():
        if score.kind in ("一级指标", "二级指标"):
            below = "二级指标" if score.kind == "一级指标" else "三级指标"
            total = sum((part.weight for part in score.parts), Decimal(0))
            if total != score.weight:
                yield _found(
                    (*score.address, "分值"),
                    f"「{score.name}」分值 {plain(score.weight)}，所属{below}合计 {plain(total)}{_sum_in_words(score)}。",
                    "请改到两者一致。",
                )
    rule = scored.form.weights
    total = sum((d.weight for d in scored.dimensions), Decimal(0))
    if total != rule.indicators:
        yield _found(
            ("指标",),
            f"一级指标分值合计 {plain(total)}，应为 {plain(rule.indicators)}，加预算执行 {plain(scored.form.budget.weight)} 分才满 {plain(rule.total)} 分。",
            "请改到合计一致。",
        )


def _sum_in_words(score: Score) -> str:
    words = " + ".join(plain(part.weight) for part in score.parts)
    return f"（{words}）" if len(score.parts) > 1 else ""


@check("P306", Severity.ERROR)
def expenditure_off_execution(subject: Subject) -> Findings:
    """Expenditure that does not cross-foot with the executed amount.

    Why: The three amounts stand on one page; a reader adds them up.
    Source: the form of 2020 (415.93 - 48.69 = 367.24); a bureau's script “基本+项目 ≠ 合计”.
    """
    scored = subject.scored
    spent = scored.assessment.expenditure
    amounts = {"基本支出总额": spent.basic, "项目支出总额": spent.project, "往来资金": spent.pass_through}
    rule = scored.form.cross_footing
    line = scored.assessment.budget[0] if scored.assessment.budget else None
    plus, minus = [amounts[name] for name in rule.plus], [amounts[name] or Decimal(0) for name in rule.minus]
    known = [amount for amount in plus if amount is not None]
    if line is None or line.executed is None or len(known) != len(plus):
        return
    total = sum(known, Decimal(0)) - sum(minus, Decimal(0))
    if total != line.executed:
        working = " + ".join(f"{name} {plain(amount)}" for name, amount in zip(rule.plus, known, strict=True))
        working += "".join(
            f" - {name} {plain(amount)}" for name, amount in zip(rule.minus, minus, strict=True)
        )
        yield _found(
            ("预算执行", 0, "执行数"),
            f"「{line.name}」执行数 {plain(line.executed)}，与支出不符：{working} = {plain(total)}，相差 {plain(abs(total - line.executed))}。",
            "请核对这几个数。",
        )


@check("P308", Severity.ERROR)
def executed_above_budget(subject: Subject) -> Findings:
    """More executed than budgeted.

    Why: A is the adjusted budget with carry-over, so B cannot exceed it; published form 12 prints 102.59 %.
    Source: 备注1.
    """
    cap = subject.scored.form.budget.cap
    for score in subject.scored.budget:
        if score.rate is not None and score.rate * 100 > cap:
            yield _found(
                (*score.address, "执行数"),
                f"「{score.name}」执行数大于预算数，执行率超过 {plain(cap)}%，得分以分值为限。",
                "预算数应为调整后的预算（含上年结余结转），请核对。",
            )


@check("P003", Severity.WARNING)
def full_width_figures(subject: Subject) -> Findings:
    """Full-width digits or signs in a figure.

    Why: They are read rightly and printed as written, wider than every other figure of the form.
    Source: typical slips of Chinese typing.
    """
    for indicator, score in subject.scored.indicators():
        for name, value in (("年初目标值", indicator.target), ("实际完成值", indicator.actual)):
            if isinstance(value, Quantity) and value.wide:
                yield _found(
                    (*score.address, name),
                    f"「{indicator.name}」的「{value.text}」用了全角数字或符号。",
                    "请改成半角，例如 90%。",
                )


@check("P313", Severity.ERROR)
def sign_against_direction(subject: Subject) -> Findings:
    """A sign in front of the target that contradicts the written direction.

    Why: Which of the two formulae applies would be a guess.
    Source: 备注2 (≥X is 正向, ≤X is 反向).
    """
    for indicator, score in subject.scored.indicators():
        target = indicator.target
        sign = target.comparator if isinstance(target, Quantity) else None
        if sign and indicator.direction and sign.direction not in (None, indicator.direction):
            yield _found(
                (*score.address, "方向"),
                f"「{indicator.name}」目标写成「{sign.value}」，方向却是{indicator.direction.value}。",
                "请核对符号和方向。",
            )


@check("P203", Severity.ERROR)
def indicator_named_twice(subject: Subject) -> Findings:
    """Two indicators of one name.

    Why: Prose and the comparison of years speak of an indicator by its name; form 05 has one twice.
    Source: a reviewer's list of duplicates.
    """
    seen: set[str] = set()
    for indicator, score in subject.scored.indicators():
        if indicator.name in seen:
            yield _found(
                (*score.address, "名称"),
                f"三级指标「{indicator.name}」出现了不止一次。",
                "请合并，或改成能区分的名称。",
            )
        seen.add(indicator.name)


@check("P515", Severity.ERROR)
def filed_score_without_reason(subject: Subject) -> Findings:
    """A final version whose filed score departs from the rule without a reason.

    Why: Someone will ask why, a year later.
    Source: perfdoc's design, scoring decision 6.
    """
    if subject.scored.assessment.status is not Status.FINAL:
        return
    for score, reason in _departures(subject.scored):
        if not reason:
            message = _departure(score).removesuffix("。") + "，没有写理由。"
            remedy = "请改用计算得分（删去报送得分），或加 报送理由: …"
            yield _found((*score.address, "报送得分"), message, remedy)


_RESIDUE = re.compile(
    r"…{2,}|\.{4,}|\*{2,}|(?<![A-Za-z])[Xx×]{2,}(?![A-Za-z])|_{3,}|（\d+字以内）|\(\d+字以内\)|待填|待补充|待定|TODO|□{2,}|指标\d[:：]"
)


@check("P010", Severity.ERROR)
def placeholder_left(subject: Subject) -> Findings:
    """Blank or placeholder text: `……`, `**`, `XX`, `（200字以内）`, `待填`.

    Why: 5 of 31 published forms still carry residue of the blank form, the filed form of 2020 among them.
    Source: published forms 07, 09, 26.
    """
    for address, text in _texts(subject):
        found = _RESIDUE.search(text)
        if found:
            yield _found(address, f"「{_around(text, found)}」里留有占位符「{found[0]}」。", "请填写或删除。")
        elif not text.strip():
            yield _found(address, "这里只有空白。", "请填写或删除。")


def _around(text: str, found: re.Match[str]) -> str:
    start, end = max(0, found.start() - 8), found.end() + 8
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}".replace("\n", " ")


def _texts(subject: Subject) -> Iterable[tuple[Address, str]]:
    """Yield every text that a person wrote, with its address."""
    a = subject.scored.assessment
    yield ("部门",), a.department
    yield ("单位名称",), a.unit
    for i, line in enumerate(a.budget):
        yield ("预算执行", i, "名称"), line.name
    for i, goal in enumerate(a.goals):
        yield ("年度目标", i), goal
    for score in (part for d in subject.scored.dimensions for part in d.walk()):
        key = "一级指标" if score.kind == "一级指标" else "名称"
        yield (*score.address, key), score.name
    for indicator, score in subject.scored.indicators():
        for name, value in (("年初目标值", indicator.target), ("实际完成值", indicator.actual)):
            if value is not None:
                yield (*score.address, name), value.text
    for prose in a.prose:
        for number, words in enumerate(prose.text.split("\n"), start=1):
            if words.strip():
                yield (prose.name, number, 1), words


@check("P501", Severity.ERROR, blank=True)
def shortfall_unexplained(subject: Subject) -> Findings:
    """A target that was missed and that the deviation analysis does not name.

    Why: The form has a box for just this, and reviewers read it row by row; 6 of 31 published forms fail.
    Source: the form's row 偏差大或目标未完成原因分析; a provincial system demands a remark where score < weight.
    """
    rules = [rule for rule in subject.scored.form.narratives if rule.shortfalls]
    if not rules:
        return
    text = "".join(subject.told.named(rule.name).text for rule in rules)
    spoken = re.sub(r"\s", "", text)
    for indicator, score in subject.scored.indicators():
        if score.value is None or score.value >= score.weight or _named_in(spoken, indicator.name):
            continue
        target, actual = indicator.target, indicator.actual
        yield _found(
            (*score.address, "实际完成值"),
            f"「{indicator.name}」目标 {target.text if target else '（空）'}，完成 {actual.text if actual else '（空）'}，"
            f"失 {plain(score.weight - score.value)} 分，「{rules[0].title}」没有提到。",
            f"请在 {rules[0].file} 说明原因，写出指标名称。",
        )


_SHORTEST_NAME_PART = 4


def _named_in(text: str, name: str) -> bool:
    """Tell whether prose speaks of an indicator: by its whole name, or by one part of an enumeration in it."""
    bare = re.sub(r"\s", "", name)
    parts = [part for part in re.split(r"[、，,；;/（）()]", bare) if len(part) >= _SHORTEST_NAME_PART]
    return bare in text or any(part in text for part in parts)
