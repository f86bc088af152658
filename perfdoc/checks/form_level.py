"""The form as a whole: targets set low, money against outputs, full marks, what is missing or too heavy."""

import re
from decimal import Decimal

from perfdoc.checks.reasons import excess_threshold, excesses
from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.core.assessment import Quantity
from perfdoc.core.diagnostics import Severity
from perfdoc.core.quantity import plain
from perfdoc.judge.scoring.exact import in_percent, percent

HUNDRED = Decimal(100)


@check("P601", Severity.WARNING, blank=True, guess=True, threshold=True)
def targets_set_low(subject: Subject) -> Findings:
    """Many rows far above their targets at once.

    Why: One row may be luck; when a good part of the form is far above, the targets were set low.
    Source: 财预〔2020〕10号 (assumed); 16 such rows in 31 published forms.
    标题: 目标可能定得偏低
    缘由: 一两项远超目标可能是偶然，好几项同时远超，多半是目标定低了。
    出处: 财预〔2020〕10号（推定）；31 份公开的表里有 16 项达到目标的 130% 以上
    """
    measured = [row for row in subject.quantities() if row[2].number]
    high = excesses(subject)
    if len(high) < _SEVERAL or len(high) * HUNDRED < subject.threshold("P601") * len(measured):
        return
    least = excess_threshold(subject) or HUNDRED
    names = "、".join(f"「{indicator.name}」" for indicator, _, _ in high[:3])
    rest = f"等 {len(high)} 项" if len(high) > _SEVERAL else ""
    yield found(
        subject.assessment.tables()[0][0],
        f"{len(measured)} 项定量指标中有 {len(high)} 项完成了目标的 {plain(least)}% 以上：{names}{rest}。",
        "请核对目标是否定得偏低，下年可适当提高。",
    )


_SEVERAL = 3


@check("P604", Severity.WARNING, blank=True, guess=True, threshold=True)
def outputs_without_money(subject: Subject) -> Findings:
    """Every output done in full while little was spent, or an indicator that claims more paid than the money says.

    Why: Form 07 spent 20 % of its money and did everything; form 29 reports 100 % paid at an execution of 86.5 %.
    Source: published forms 07, 29; a bureau's finding (1000元 spent, 748 served).
    标题: 花的钱与完成的情况可能对不上
    缘由: 钱花得少而产出全部完成，或支付率与执行率不同，总有一个数有误，复核时会追问。
    出处: 某局的复核发现；已公开的自评表
    """
    yield from _paid_otherwise(subject)
    budget, form = subject.scored.budget, subject.form
    rate = budget[0].rate if budget else None
    outputs = [row.score for row in subject.scored.rows() if "产出" in row.dimension.name]
    if rate is None or in_percent(rate) >= subject.threshold("P604") or not outputs:
        return
    if all(score.value is not None and score.value == score.weight for score in outputs):
        yield found(
            ("预算执行", 0, "执行数"),
            f"预算执行率只有 {percent(rate, form.rounding)}，产出指标却全部完成。",
            "请核对执行数和各项完成值，或说明原因。",
        )


_PAID = re.compile(r"(?:资金|预算)(?:支付|支出|执行|拨付)|支付率|执行率|支出进度")
_HOW_PAID = re.compile(r"及时|合规|规范|准确|安全|满意")


def _says_how_much(name: str) -> bool:
    return bool(_PAID.search(name)) and not _HOW_PAID.search(name)


def _paid_otherwise(subject: Subject) -> Findings:
    """Find an indicator about payment whose per cent is not the execution rate of the first line."""
    budget, form = subject.scored.budget, subject.form
    rate = budget[0].rate if budget else None
    for indicator, score in subject.scored.indicators():
        actual = indicator.actual
        if (
            rate is None
            or not isinstance(actual, Quantity)
            or actual.unit != "%"
            or not _says_how_much(indicator.name)
        ):
            continue
        if actual.number - in_percent(rate) >= 1:
            yield found(
                (*score.address, "实际完成值"),
                f"「{indicator.name}」完成 {actual.text}，预算执行率是 {percent(rate, form.rounding)}。",
                "请核对这两个数，或说明口径。",
            )


@check("P605", Severity.WARNING, guess=True)
def full_marks_throughout(subject: Subject) -> Findings:
    """Full marks for everything, money included.

    Why: “10个项目自评得分全部为100分” is a finding that finance bureaus publish.
    Source: a bureau's finding; published forms 02, 09.
    标题: 全部满分
    缘由: “自评得分全部为100分”是财政部门点名的问题，满分的表会被优先抽查。
    出处: 某局的抽查通报；已公开的自评表
    """
    total = subject.scored.total
    # What is open prints nothing, so that a total of full marks is one of full marks everywhere, filed or computed.
    if not total.weight or total.printed != total.weight or not subject.scored.budget:
        return
    yield found(
        (),
        f"每一项都是满分，总分 {plain(total.printed)}。",
        "请核对目标是否偏低、完成值是否属实。",
    )


@check("P609", Severity.WARNING, guess=True)
def dimension_missing(subject: Subject) -> Findings:
    """No output, no benefit, or no satisfaction indicator where the form requires one.

    Why: Without benefits the form says what was bought and not what it was good for.
    Source: the form's 满意度必评; 财预〔2021〕101号; a bureau's finding.
    标题: 缺少产出、效益或满意度指标
    缘由: 少了一类，就看不出花钱办成了什么、有什么用。
    出处: 表式的“满意度必评”；财预〔2021〕101号
    """
    dimensions = subject.scored.dimensions
    names = [d.name for d in dimensions] + [g.name for d in dimensions for g in d.parts]
    names += [indicator.name for indicator in subject.assessment.indicators()]
    top = [d.name for d in dimensions]
    wanted = [("产出", top), ("效益", top)] + ([("满意", names)] if subject.form.satisfaction else [])
    for word, where in wanted:
        if not any(word in name for name in where):
            shown = "满意度" if word == "满意" else word
            yield found(("指标",), f"没有{shown}指标。", f"请核对是否漏了{shown}指标。")


@check("P610", Severity.WARNING, guess=True, threshold=True)
def indicator_too_heavy(subject: Subject) -> Findings:
    """One indicator that carries most of the points.

    Why: With 60 or 90 points on one row the rest of the form decides nothing.
    Source: published form 26 and another.
    标题: 一项指标的分值过大
    缘由: 一项占去大半分值，其余指标就不起作用了。
    出处: 已公开的自评表
    """
    limit, whole = subject.threshold("P610"), subject.form.weights.total
    for indicator, score in subject.scored.indicators():
        if indicator.weight * HUNDRED >= limit * whole:
            yield found(
                (*score.address, "分值"),
                f"「{indicator.name}」一项就占 {plain(indicator.weight)} 分，满分 {plain(whole)} 分。",
                "请核对分值，或把它拆成几项。",
            )
