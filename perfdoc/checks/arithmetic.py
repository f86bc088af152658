"""What is added up, divided and filed: scores, weights and money."""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.core.assessment import BudgetLine, Status
from perfdoc.core.diagnostics import Severity
from perfdoc.core.quantity import plain
from perfdoc.judge.scoring import Score, Scored, wording
from perfdoc.judge.scoring.exact import in_percent


@check("P301", Severity.ERROR)
def filed_score_differs(subject: Subject) -> Findings:
    """A filed score that differs from what the rule gives; with a written reason it is only pointed out.

    Why: 25 of 113 published scores differ from their own rule; auditors recompute them first.
    Source: 备注2, 备注3; a bureau's checking program.
    标题: 报送得分与规则算出的不同
    缘由: 113 个公开的得分里有 25 个与自己的规则不符，审计先重算的就是它。
    出处: 附件3 备注2、备注3；某局的核对程序
    """
    for score, reason in _departures(subject.scored):
        if reason:
            remedy, severity = f"报送理由：{reason}", Severity.WARNING
        elif subject.scored.assessment.status is not Status.FINAL:
            remedy, severity = "请改用计算得分（删去报送得分），或写明报送理由。", Severity.ERROR
        else:
            continue
        yield found((*score.address, "报送得分"), _departure(score), remedy, severity)


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
    return f"「{score.name}」报送得分 {filed}，按{score.clause}为 {value}（{wording.working(score)}）。"


@check("P302", Severity.ERROR)
def score_outside_weight(subject: Subject) -> Findings:
    """A filed score below zero or above the weight.

    Why: No indicator can earn more than its weight.
    Source: 备注2 “得分不得突破权重总额”.
    标题: 得分超出 0 到分值的范围
    缘由: 任何一项的得分都不能超过它的分值。
    出处: 附件3 备注2“得分不得突破权重总额”
    """
    for score in subject.scored.total.walk():
        if score.filed is not None and not 0 <= score.filed <= score.weight:
            yield found(
                (*score.address, "报送得分"),
                f"「{score.name}」报送得分 {plain(score.filed)} 不在 0 到分值 {plain(score.weight)} 之间。",
                "请核对得分和分值。",
            )


@check("P303", Severity.ERROR)
def weights_off_total(subject: Subject) -> Findings:
    """Weights that do not add up to the weight of their group, dimension or form.

    Why: A total over other weights than 100 cannot be compared with any other unit's.
    Source: the header of 年度目标; a provincial system refuses such forms.
    标题: 分值合计不对
    缘由: 分值不满 100 的总分无法与别的单位相比，省级系统会拒收。
    出处: 附件3 年度目标栏的标题
    """
    scored, tolerance = subject.scored, subject.form.weights.tolerance
    for score in scored.total.walk():
        if score.kind in ("一级指标", "二级指标"):
            below = "二级指标" if score.kind == "一级指标" else "三级指标"
            total = sum((part.weight for part in score.parts), Decimal(0))
            if abs(total - score.weight) > tolerance:
                yield found(
                    (*score.address, "分值"),
                    f"「{score.name}」分值 {plain(score.weight)}，所属{below}合计 {plain(total)}{_sum_in_words(score)}。",
                    "请改到两者一致。",
                )
    rule = scored.form.weights
    total = sum((d.weight for d in scored.dimensions), Decimal(0))
    if abs(total - rule.indicators) > tolerance:
        yield found(
            ("指标",),
            f"一级指标分值合计 {plain(total)}，应为 {plain(rule.indicators)}，加预算执行 {plain(scored.form.budget.weight)} 分才满 {plain(rule.total)} 分。",
            "请改到合计一致。",
        )


def _sum_in_words(score: Score) -> str:
    words = " + ".join(plain(part.weight) for part in score.parts)
    return f"（{words}）" if len(score.parts) > 1 else ""


@check("P304", Severity.WARNING, guess=True)
def dimension_weight_unusual(subject: Subject) -> Findings:
    """A dimension whose weight is not the one that the rulebook sets for all.

    Why: Reviewers hold the weights against the uniform ones; a special case wants a word.
    Source: R2, note 1: “一级指标分值统一设置为……如有特殊情况，一级指标分值可作适当调整”.
    标题: 一级指标的分值与统一设置的不同
    缘由: 复核时先看分值是不是统一设置的，特殊情况要能说明。
    出处: 项目支出绩效自评表注1“一级指标分值统一设置”
    """
    usual = {each.name: each.weight for each in subject.form.weights.dimensions}
    for score in subject.scored.dimensions if usual else ():
        if score.name in usual and score.weight != usual[score.name]:
            yield found(
                (*score.address, "分值"),
                f"「{score.name}」分值 {plain(score.weight)}，统一设置为 {plain(usual[score.name])}（{subject.form.weights.clause}）。",
                "请核对；确有特殊情况的可以调整。",
            )


@check("P315", Severity.ERROR)
def weights_not_split_equally(subject: Subject) -> Findings:
    """An indicator whose weight is not the equal share of its group, where the rulebook splits groups equally.

    Why: Where all count alike, a heavier one was made heavier by hand.
    Source: R7, form 06: 三级分值 = 组分 ÷ 个数, 四舍五入保留整数.
    标题: 三级指标的分值不是平分的
    缘由: 规定平分的，多出来的分是自己加的。
    出处: 湖北某市（广水）自评表“三级分值按组分平均，四舍五入保留整数”
    """
    digits = subject.form.weights.equal_digits
    for group in (g for d in subject.scored.dimensions for g in d.parts) if digits is not None else ():
        exact = group.weight / len(group.parts)
        share = exact.quantize(Decimal(1).scaleb(-(digits or 0)), ROUND_HALF_UP)
        for score in group.parts:
            if score.weight != share:
                yield found(
                    (*score.address, "分值"),
                    f"「{score.name}」分值 {plain(score.weight)}，「{group.name}」{plain(group.weight)} 分由 {len(group.parts)} 项平分，每项 {plain(share)}（{subject.form.weights.clause}）。",
                    "请改成平分的分值。",
                )


@check("P306", Severity.ERROR)
def expenditure_off_execution(subject: Subject) -> Findings:
    """Expenditure that does not cross-foot with the executed amount.

    Why: The three amounts stand on one page; a reader adds them up.
    Source: the form of 2020 (415.93 - 48.69 = 367.24); a bureau's script “基本+项目 ≠ 合计”.
    标题: 支出与执行数不勾稽
    缘由: 几个数印在同一页上，读的人会加一遍。
    出处: 附件3 支出栏；某局脚本“基本+项目 ≠ 合计”
    """
    scored = subject.scored
    spent = scored.assessment.expenditure
    amounts = {"基本支出总额": spent.basic, "项目支出总额": spent.project, "往来资金": spent.pass_through}
    rule = scored.form.cross_footing
    line = scored.assessment.budget[0] if scored.assessment.budget else None
    if rule is None:
        return
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
        yield found(
            ("预算执行", 0, "执行数"),
            f"「{line.name}」执行数 {plain(line.executed)}，与支出不符：{working} = {plain(total)}，相差 {plain(abs(total - line.executed))}。",
            "请核对这几个数。",
        )


@check("P308", Severity.ERROR)
def executed_above_budget(subject: Subject) -> Findings:
    """More executed than budgeted.

    Why: A is the adjusted budget with carry-over, so B cannot exceed it; published form 12 prints 102.59 %.
    Source: 备注1.
    标题: 执行数大于预算数
    缘由: 预算数是调整后的、含结余结转，执行数不应超过它。
    出处: 附件3 备注1
    """
    cap = subject.scored.form.budget.cap
    for score in subject.scored.budget:
        if score.rate is not None and in_percent(score.rate) > cap:
            yield found(
                (*score.address, "执行数"),
                f"「{score.name}」执行数大于预算数，执行率超过 {plain(cap)}%，得分以分值为限。",
                "预算数应为调整后的预算（含上年结余结转），请核对。",
            )


@check("P515", Severity.ERROR)
def filed_score_without_reason(subject: Subject) -> Findings:
    """A final version whose filed score departs from the rule without a reason.

    Why: Someone will ask why, a year later.
    Source: perfdoc's design, scoring decision 6.
    标题: 定稿的报送得分没有理由
    缘由: 一年后总会有人问为什么。
    出处: 本程序的规定
    """
    if subject.scored.assessment.status is not Status.FINAL:
        return
    for score, reason in _departures(subject.scored):
        if not reason:
            message = _departure(score).removesuffix("。") + "，没有写理由。"
            remedy = "请改用计算得分（删去报送得分），或加 报送理由: …"
            yield found((*score.address, "报送得分"), message, remedy)


@check("P305", Severity.ERROR)
def parts_off_total(subject: Subject) -> Findings:
    """Sources of money that do not add up to the first line of 预算执行.

    Why: 2 of 31 published forms print a total of 0 over parts that are not; a reader adds them up.
    Source: a bureau's script; the lines 当年财政拨款, 上年结转资金, 其他资金 under 年度资金总额.
    标题: 资金各来源之和与总额不符
    缘由: 总额下面列着来源，读的人会加一遍；公开的表里有两份对不上。
    出处: 项目支出绩效自评表的“其中”各行；某局脚本
    """
    lines = subject.assessment.budget
    parts = [line for line in lines[1:] if any(word in line.name for word in _SOURCES)]
    for key, amount_of in _AMOUNTS.items():
        whole = amount_of(lines[0]) if lines else None
        known = [amount for amount in map(amount_of, parts) if amount is not None]
        if whole is None or len(known) < _FEWEST_PARTS or sum(known) == whole:
            continue
        working = " + ".join(plain(amount) for amount in known)
        yield found(
            ("预算执行", 0, key),
            f"「{lines[0].name}」{key} {plain(whole)}，各来源之和为 {plain(sum(known, Decimal(0)))}（{working}）。",
            "请核对这几个数。",
        )


_SOURCES = ("财政拨款", "结转", "其他资金", "非税", "政府性基金", "一般公共预算")
_FEWEST_PARTS = 2
_AMOUNTS: dict[str, Callable[[BudgetLine], Decimal | None]] = {
    "年初预算数": attrgetter("initial"),
    "预算数": attrgetter("budgeted"),
    "执行数": attrgetter("executed"),
}


@check("P307", Severity.ERROR)
def unscored_line_filed(subject: Subject) -> Findings:
    """A filed score on a budget line that the rulebook does not score.

    Why: Form 22 repeats the score in a line below the total; added up, it counts twice.
    Source: published form 22; the rulebook's 计分行.
    标题: 不计分的行写了得分
    缘由: 下级各行再写一遍得分，合计时就重复计算了。
    出处: 表式的“计分行”
    """
    for score in subject.scored.budget:
        if score.filed is not None and not score.weight:
            yield found(
                (*score.address, "报送得分"),
                f"「{score.name}」不计分，却写了报送得分 {plain(score.filed)}，会重复计算。",
                "请删去这一行的报送得分。",
            )


@check("P310", Severity.ERROR)
def total_above_cap(subject: Subject) -> Findings:
    """A total above what the rulebook allows at this execution rate.

    Why: Where a rulebook caps the total, the excess is to be deducted, and an upper office will.
    Source: a platform's manual, rule 1.4; the form's 总分上限.
    标题: 总分高于执行率对应的上限
    缘由: 执行率低时总分有上限，超出部分上级会扣掉。
    出处: 一体化平台操作手册 1.4；表式的“总分上限”
    """
    total = subject.scored.total
    printed = sum((part.printed for part in total.parts if part.printed is not None), Decimal(0))
    if total.cap is None or printed <= total.cap or not any(part.filed is not None for part in total.walk()):
        return
    yield found(
        ("预算执行", 0, "执行数"),
        f"各项得分合计 {plain(printed)}，按执行率总分至多 {plain(total.cap)}，多出 {plain(printed - total.cap)} 分。",
        "请核对报送得分，把多出的分扣下来。",
    )
