"""Check that departures from plan are explained: shortfalls, excesses, money."""

import re
from decimal import Decimal

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.checks.unfilled import prose_lines
from perfdoc.core import keys
from perfdoc.core.assessment import Direction, Indicator
from perfdoc.core.diagnostics import Facts, Quote, Severity, facts
from perfdoc.core.quantity import plain
from perfdoc.form.layout import PURPOSE
from perfdoc.form.rulebook import ExcessAction, NarrativeRule, ReasonPlace
from perfdoc.judge.scoring import Score
from perfdoc.judge.scoring.exact import HUNDRED, completion, in_percent, percent, whole_percent


@check("P501", Severity.ERROR, unfilled=True)
def shortfall_unexplained(subject: Subject) -> Findings:
    """Find a missed target that neither the deviation analysis nor the row's own 说明 explains.

    Source: the form's row 偏差大或目标未完成原因分析; a provincial system demands a remark where score < weight.
    """
    rules = _boxes(subject)
    by_row = _by_row(subject)
    if not rules and not by_row:
        return
    spoken = subject.once(_spoken)
    for indicator, score in subject.scored.indicators():
        earned = score.printed if score.value is None else score.value
        if earned is None or not score.weight or not _fell_short(subject, earned, score.weight):
            continue
        if _explained(indicator, spoken):
            continue
        target, actual = indicator.target, indicator.actual
        yield found(
            (*score.address, keys.ACTUAL),
            "" if rules else "row",
            advice=facts(file=rules[0].file) if rules else (),
            name=Quote(indicator.name),
            target=target.text if target else "（空）",
            actual=actual.text if actual else "（空）",
            lost=score.weight - earned,
            title=Quote(rules[0].title if rules else ""),
        )


def _fell_short(subject: Subject, value: Decimal, weight: Decimal) -> bool:
    """Tell whether points are fewer than what needs no reason: the weight, or the share of it that the form sets."""
    rule = subject.form.check_rule("P501")
    if rule is None or rule.threshold is None:
        return value < weight
    return value * HUNDRED < rule.threshold * weight


def _boxes(subject: Subject) -> list[NarrativeRule]:
    """List the narratives in which the form wants reasons."""
    return [rule for rule in subject.form.narratives if rule.shortfalls]


def _by_row(subject: Subject) -> bool:
    rule = subject.form.reasons
    return rule is not None and rule.place is ReasonPlace.PER_ROW


def _spoken(subject: Subject) -> str:
    """Join what the narratives say in which the form wants reasons, without spaces."""
    return "".join("。".join(subject.narratives.named(rule.name).text for rule in _boxes(subject)).split())


def _explained(indicator: Indicator, spoken: str) -> bool:
    """Tell whether a row has a reason: its own 说明, or a sentence that names it and says more than that it is so."""
    if indicator.remark and says_something(indicator.remark):
        return True
    if not named_in(spoken, indicator.name):  # as for most rows: only then is the text taken apart
        return False
    sentences = (part for part in _SENTENCE.split(spoken) if named_in(part, indicator.name))
    return any(says_something(part, indicator.name) for part in sentences)


_SENTENCE = re.compile(r"[。；;！？\n]")
_NO_REASON = re.compile(
    r"(?:本项|该项|此项|指标|目标|任务|工作|情况|均|都|已|全部|基本|圆满|顺利|按时|按期|如期|按计划|按要求|按规定|无|没有|未|不|存在|"
    r"发生|出现|有|偏差|差异|原因|问题|说明|异常|完成|达标|达成|达到|实现|正常|预期|年度|年初|计划|了|的|是|较大|明显|较好|良好|"
    r"同上|略|见上|[\W_])*"
)
"""Words that together say only that all went well, or nothing: 无, 无偏差, 已完成, 没有问题."""
_SHORTEST_REASON = 2


def says_something(text: str, name: str = "") -> bool:
    """Tell whether a text says something of its row: a cause is longer than a negation, and no mere 已完成."""
    rest = text.replace(name, "") if name else text
    bare = re.sub(r"\W", "", rest)
    return len(bare) >= _SHORTEST_REASON and _NO_REASON.fullmatch(rest) is None


_SHORTEST_NAME_PART = 4
_ENUMERATED = re.compile(r"[、，,；;/（）()]")


def named_in(text: str, name: str) -> bool:
    """Return True if prose names an indicator: by its whole name, or by one part of an enumeration in it."""
    bare = "".join(name.split())
    return bare in text or any(
        part in text for part in _ENUMERATED.split(bare) if len(part) >= _SHORTEST_NAME_PART
    )


def excess_threshold(subject: Subject) -> Decimal | None:
    """Return the per cent of a target from which a row is far above it; None where the form sets none."""
    rule, excess = subject.form.check_rule("P502"), subject.form.excess
    if rule is not None and rule.threshold is not None:
        return rule.threshold
    return excess.threshold if excess is not None and excess.action is not ExcessAction.NOTHING else None


def excesses(subject: Subject) -> list[tuple[Indicator, Score, Decimal]]:
    """List the rows far above their targets, with how much of its target each reached."""
    return subject.once(_excesses)


def _excesses(subject: Subject) -> list[tuple[Indicator, Score, Decimal]]:
    threshold = excess_threshold(subject)
    high = []
    for indicator, score, target, actual in subject.quantities():
        if threshold is None or indicator.better is not Direction.HIGHER or target.number <= 0:
            continue
        if actual.number * HUNDRED >= threshold * target.number:
            high.append((indicator, score, completion(target.number, actual.number)))
    return high


@check("P502", Severity.WARNING, unfilled=True)
def excess_unexplained(subject: Subject) -> Findings:
    """Find an actual far above its target that nothing explains, where the rulebook takes no points off for it.

    It counts as explained by the row's own 说明, by the indicator's name in the deviation analysis, or by a
    sentence there that says that something rose and shortens the name (排污量 for 全年污水排放量).

    Source: R5 1.3 (130 %); a bureau's finding “222%/289% 应标注”.
    """
    excess, own = subject.form.excess, subject.form.check_rule("P502")
    deducts = excess is not None and excess.action in (ExcessAction.DEDUCT, ExcessAction.SCALE)
    if deducts and (own is None or own.threshold is None):
        return
    rules = _boxes(subject)
    if not rules and not _by_row(subject):
        return
    spoken = subject.once(_spoken)
    rising = "\n".join(part for part in re.split(r"[。；;！？\n]", spoken) if _ROSE.search(part))
    for indicator, score, reached in excesses(subject):
        if _explained(indicator, spoken) or _shortened_in(rising, indicator.name):
            continue
        target = indicator.target.text if indicator.target else ""
        actual = indicator.actual.text if indicator.actual else ""
        yield found(
            (*score.address, keys.ACTUAL),
            name=Quote(indicator.name),
            actual=actual,
            target=target,
            reached=whole_percent(reached, subject.form.rounding),
        )


_ROSE = re.compile(r"增加|增长|增多|增幅|上升|提升|扩大|大幅|超额|超出|超过|高于|翻番|加大")
_SHORTEST_SHORTENING = 3
_NOT_SHORTENED = re.compile(r"\W|次数|个数|数$")


def _shortened_in(sentences: str, name: str) -> bool:
    """Tell whether a run of the text is made of characters of the name alone and ends as the name does."""
    bare = _NOT_SHORTENED.sub("", name)
    letters = set(bare)
    # From each last character back: to compile a pattern for each name takes longer than all the other checks.
    end = sentences.find(bare[-1]) + 1 if bare else 0
    while end:
        begin = end - _SHORTEST_SHORTENING
        ends_run = sentences[end : end + 1] not in letters
        if begin >= 0 and ends_run and letters.issuperset(sentences[begin:end]):
            return True
        end = sentences.find(bare[-1], end) + 1
    return False


def _said_of_money(subject: Subject) -> tuple[str, str, Facts] | None:
    """Return what is said about the money, and which place is for it; None where the form has no place for it.

    A form whose reasons stand row by row has none for its budget lines; there it is said with what the year brought.
    """
    rules, form = _boxes(subject), subject.form
    if rules:
        return subject.once(_spoken), "", facts(file=rules[0].file)
    if not _by_row(subject) or not form.layout.prints(PURPOSE, _RESULT):
        return None
    purpose = subject.assessment.purpose
    said = [purpose.achieved or "" if purpose else ""]
    said += [indicator.remark or "" for indicator in subject.assessment.indicators()]
    return "。".join(said), "row", facts(part=_RESULT)


_RESULT = keys.ACHIEVED

_SLOW = re.compile(
    r"执行率|执行进度|支出进度|资金支付(?:进度)?(?:较|偏|缓|慢|滞)|预算执行(?:情况)?(?:较|偏|进度|缓|慢|滞|不|未|低)|结余|结转"
)


_NOTHING_LEFT = re.compile(
    r"(?:无|没有|未形成|不存在|未产生|零)(?:资金|任何|预算)?(?:结余|结转|节余)(?:结转|结余|资金)*"
)
"""What says that no money was left explains no low execution."""


@check("P503", Severity.WARNING, unfilled=True, threshold=True)
def low_execution_unexplained(subject: Subject) -> Findings:
    """Find an execution rate below what the form asks for, without a reason.

    Source: R4, 未达到90%的需说明原因.
    """
    budget, least = subject.scored.budget, subject.threshold("P503")
    rate = budget[0].rate if budget else None
    if rate is None or in_percent(rate) >= least:
        return
    said = _said_of_money(subject) or ("", "elsewhere", ())
    if _SLOW.search(_NOTHING_LEFT.sub("", said[0])):
        return
    shown = percent(rate, subject.form.rounding) or ""
    yield found(
        (keys.BUDGET, 0, keys.EXECUTED), said[1], advice=said[2], rate=shown, least=f"{plain(least)}%"
    )


_ADJUSTED = re.compile(r"调整|追加|调增|调减|追减|核减|压减|增拨|新增预算|年中")


@check("P504", Severity.WARNING, unfilled=True)
def adjustment_unexplained(subject: Subject) -> Findings:
    """Find a budget that was adjusted in the year, without a reason: a lower budget raises the rate.

    What was carried over from last year and stands in a line of its own is no adjustment.

    Source: R4, 年中发生预算调整的，应单独说明理由; published form 26.
    """
    lines = subject.assessment.budget
    line = lines[0] if lines else None
    if line is None or line.initial is None or line.budgeted is None:
        return
    carried = sum(
        (
            (part.budgeted or Decimal(0)) - (part.initial or Decimal(0))
            for part in lines[1:]
            if "结转" in part.name
        ),
        Decimal(0),
    )
    said = _said_of_money(subject) if line.initial != line.budgeted - carried else None
    if said is not None and not _ADJUSTED.search(said[0]):
        yield found(
            (keys.BUDGET, 0, keys.BUDGETED),
            said[1],
            advice=said[2],
            name=Quote(line.name),
            initial=line.initial,
            budgeted=line.budgeted,
        )


_MISSED = re.compile(r"未完成|没有完成|未达|没有达到|未能|偏低|不足|滞后|低于目标|不达标")


@check("P508", Severity.WARNING, guess=True)
def met_target_excused(subject: Subject) -> Findings:
    """Find a sentence of the deviation analysis that excuses an indicator whose target was met.

    Source: the form's row 偏差大或目标未完成原因分析.
    """
    boxes = {rule.name for rule in _boxes(subject)}
    lines = [(at, line) for at, line in prose_lines(subject) if at[0] in boxes and _MISSED.search(line)]
    if not lines:
        return
    rows = [(i, s.value == s.weight) for i, s in subject.scored.indicators() if s.value is not None]
    missed = {indicator.name for indicator, met in rows if not met}
    full = [i for i, met in rows if met and i.name not in missed and len(i.name) >= _SHORTEST_NAME_PART]
    for address, line in lines:
        for clause in re.finditer(r"[^，。；;！？]+", line):
            if not _MISSED.search(clause[0]):
                continue
            for indicator in full:
                if indicator.name in clause[0]:
                    target = indicator.target.text if indicator.target else ""
                    actual = indicator.actual.text if indicator.actual else ""
                    yield found(
                        (*address[:2], clause.start() + 1),
                        clause=Quote(clause[0].strip()),
                        name=Quote(indicator.name),
                        target=target,
                        actual=actual,
                    )


@check("P516", Severity.WARNING)
def text_too_long(subject: Subject) -> Findings:
    """Find a reason or narrative longer than the form allows; reporting systems cut it off or refuse it.

    Source: R4, 未达到90%的需说明原因（100字以内）; 评价结论, 存在问题, 改进措施 at most 200 字 each.
    """
    reasons = subject.form.reasons
    together = reasons.longest if reasons and reasons.place is ReasonPlace.TOGETHER else None
    for rule in subject.form.narratives:
        limit = rule.longest or (together if rule.shortfalls else None)
        length = len(re.sub(r"\s", "", subject.narratives.named(rule.name).text)) if limit else 0
        if limit and length > limit:
            yield found((rule.name, 1, 1), title=Quote(rule.title), length=length, limit=limit)
    if reasons is None or reasons.longest is None:
        return
    for indicator, score in subject.scored.indicators():
        length = len(re.sub(r"\s", "", indicator.remark or ""))
        if length > reasons.longest:
            yield found(
                (*score.address, keys.REMARK),
                "row",
                name=Quote(indicator.name),
                length=length,
                limit=reasons.longest,
            )
