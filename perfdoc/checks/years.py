"""What a reviewer asks about where last year's form lies beside this year's."""

from typing import TYPE_CHECKING

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.core.diagnostics import Address, Severity
from perfdoc.years.kinds import Break, Change, Flag

if TYPE_CHECKING:
    from perfdoc.years.value import Passage, Proposal, Row, Words


def _softened(subject: Subject, flag: Flag, message: str, remedy: str) -> Findings:
    """Report every target that looks soft in one way, at the target."""
    for row in subject.comparison.rows if subject.comparison else ():
        for flagged in row.flags:
            if flagged.flag is flag:
                yield found(_at(row, "年初目标值"), f"「{row.name}」{message}：{flagged.because}。", remedy)


def _at(row: "Row", key: str) -> Address:
    return (*row.news[0].address, key)


@check("P411", Severity.WARNING)
def last_year_unread(subject: Subject) -> Findings:
    """Last year's assessment stands beside this one and cannot be read, so that nothing was held against it.

    Why: Silence would look as if two years had been compared and nothing found.
    Source: perfdoc's own, from the review of two years.
    标题: 上年的自评读不出来，没有与上年比较
    缘由: 不说的话，看起来像是比过了、没有问题。
    出处: 两年比较的需要
    """
    if subject.unread:
        yield found(
            ("年度",),
            f"上年的自评「{subject.unread}」有错误，读不出来，没有与上年比较。",
            f"请先用 check --name {subject.unread} 看它的错误。",
        )


@check("P401", Severity.INFO)
def incomparable_with_last_year(subject: Subject) -> Findings:
    """An indicator whose unit, direction, kind or scope is not last year's.

    Why: A per cent across such a change is wrong; who reads two years has to know where the series breaks.
    Source: SDMX OBS_STATUS “B”; a bureau's finding 长期目标与年度目标混淆.
    标题: 与上年不可比的指标
    缘由: 单位、方向或口径变了，两年的数不能相减，看的人要知道从哪里断开。
    出处: 统计数据交换标准的“序列中断”标记
    """
    for row in subject.comparison.rows if subject.comparison else ():
        for broken in row.breaks:
            if broken.kind is not Break.RULE:
                yield found(
                    _at(row, "口径" if broken.kind is Break.SCOPE else "年初目标值"),
                    f"「{row.name}」的{broken.kind.value}由「{broken.old}」改为「{broken.new}」，与上年不可比，增减不计算。",
                    "若不是有意改的，请改回。",
                )


@check("P402", Severity.INFO)
def form_incomparable_with_last_year(subject: Subject) -> Findings:
    """A form, rulebook or weight scheme that is not last year's.

    Why: Two totals by different rules are two different things; the difference is no achievement.
    Source: perfdoc's own, from the review of two years.
    标题: 表式、规则或分值体系与上年不同
    缘由: 按不同规则算出的两个总分不能相减。
    出处: 两年比较的需要
    """
    places = {Break.FORM: ("表式",), Break.RULE: ("表式",), Break.WEIGHTS: ("指标",)}
    for broken in subject.comparison.breaks if subject.comparison else ():
        yield found(
            places[broken.kind],
            f"{broken.kind.value}与上年不同（{broken.old} → {broken.new}），两年的总分不可比。",
            "写总结时请不要直接比较总分。",
        )


@check("P403", Severity.WARNING, guess=True)
def target_lowered_score_rose(subject: Subject) -> Findings:
    """A target that was made easier while the score rose.

    Why: The points then come from the target, not from the work.
    Source: 财预〔2020〕10号 (assumed) 目标明显偏低; review of two years, measured on a pair of forms.
    标题: 目标下调而得分上升
    缘由: 这样多得的分来自目标，不是来自工作。
    出处: 财预〔2020〕10号（推定）关于目标明显偏低的要求
    """
    yield from _softened(subject, Flag.LOWERED, "目标下调而得分上升", "请说明为什么下调目标。")


@check("P404", Severity.WARNING, guess=True)
def target_below_last_actual(subject: Subject) -> Findings:
    """A target below what was already reached last year; one that stayed after it was far exceeded is P405.

    Why: A promise to do less than was done needs a reason.
    Source: checks of a finance bureau, “目标偏低”; 财预〔2020〕10号 (assumed).
    标题: 目标低于上年已完成的数
    缘由: 承诺的比去年做到的还少，要有理由。
    出处: 财政部门复核意见“目标偏低”
    """
    remedy = "请核对目标，确实要低的请说明理由。"
    yield from _softened(subject, Flag.BELOW_LAST, "的目标低于上年已完成的数", remedy)


@check("P405", Severity.WARNING, guess=True, threshold=True)
def target_kept_after_excess(subject: Subject) -> Findings:
    """A target that stayed although last year went far beyond it.

    Why: What was exceeded by half last year is no target any more.
    Source: perfdoc's own threshold, in the form's 检查.
    标题: 上年远超目标，今年目标没有变
    缘由: 上年已超出许多的目标，今年照旧就不成其为目标。
    出处: 阈值由表式的 检查 定
    """
    yield from _softened(subject, Flag.KEPT, "上年远超目标，今年目标没有变", "请适当提高目标，或说明理由。")


@check("P406", Severity.INFO)
def row_as_last_year(subject: Subject) -> Findings:
    """An indicator whose weight, target and actual are all last year's.

    Why: It may be so; it may also be last year's file, sent again.
    Source: 财政部门 findings of forms copied from the year before.
    标题: 分值、目标、完成都与上年相同
    缘由: 可能真是这样，也可能整行照抄了上年。
    出处: 财政部门关于照抄上年的意见
    """
    yield from _softened(subject, Flag.REPEATED, "整行与上年相同", "请核对完成值是不是今年的数。")


@check("P407", Severity.WARNING, guess=True, threshold=True)
def text_copied_from_last_year(subject: Subject) -> Findings:
    """A paragraph most of which stands in last year's narrative, figures apart.

    Why: Last year's reasons seldom explain this year's figures.
    Source: “受益老年人” in another bureau's form; forms whose text survived from the year before.
    标题: 大半照抄上年的文字
    缘由: 上年的原因很少能说明今年的数。
    出处: 公开的表里留着别的单位、别的年度的文字
    """
    least = subject.threshold("P407")
    for text, passage in _passages(subject):
        if passage.reused is not None and passage.reused >= least:
            yield found(
                (text.name, *_line(subject, text, passage)),
                f"「{text.title}」第 {passage.new} 段有 {passage.reused}% 的文字与上年相同。",
                "请写今年的情况。",
            )


@check("P408", Severity.WARNING, guess=True)
def year_of_another_form(subject: Subject) -> Findings:
    """A paragraph that names a year which is neither this form's nor the next, and not to compare with.

    Why: A year left over from last year's text is what readers see first.
    Source: published form 29, with the date of the year before.
    标题: 文字里的年份不是本年度
    缘由: 留着上年年份的文字，读的人第一眼就看见。
    出处: 已公开的自评表
    """
    for text, passage in _passages(subject):
        if passage.stale:
            yield found(
                (text.name, *_line(subject, text, passage)),
                f"「{text.title}」第 {passage.new} 段提到 {'、'.join(passage.stale)} 年，本表是 {subject.assessment.year} 年度。",
                "请核对年份；与往年相比的，写成“比 … 年”。",
            )


@check("P409", Severity.ERROR)
def link_to_nothing(subject: Subject) -> Findings:
    """A 曾用名, 拆分自, 合并自, 取消 or 上年措施 that names nothing of last year, or what another link has taken.

    Why: A link that leads nowhere makes two years look as if they had nothing in common.
    Source: perfdoc's own, from the identity of indicators across years.
    标题: 曾用名、拆分自、合并自、取消或上年措施写的，上年没有
    缘由: 对应不上，两年就接不起来。
    出处: 两年比较的需要
    """
    for link in subject.comparison.loose if subject.comparison else ():
        yield found(link.address, f"{link.sentence}。", "请照上年的写，或删去。")


@check("P410", Severity.WARNING)
def indicator_gone(subject: Subject) -> Findings:
    """An indicator of last year that is gone without a word.

    Why: What is no longer measured may be what went badly.
    Source: perfdoc's own, from the review of two years.
    标题: 上年的指标今年没有了，没有写去向
    缘由: 不再考核的，可能正是没做好的。
    出处: 两年比较的需要
    """
    comparison = subject.comparison
    if comparison is None:
        return
    # The likeliest comes first, and stays.
    near = {proposal.old: proposal for proposal in reversed(comparison.proposals)}
    for row in comparison.rows:
        if row.changes == (Change.DROPPED,) and row.dropped is None:
            message = f"上年的「{row.name}」今年没有了，没有写去向。"
            yield found(("指标",), message, _where_to(near.get(row.name)))


def _where_to(near: "Proposal | None") -> str:
    renamed = f"若确是改名为「{near.new}」，在那一项写 {near.line}；" if near else "改了名称的，写 曾用名；"
    return f"{renamed}不再设的，写进 取消 并说明理由。"


def _passages(subject: Subject) -> "list[tuple[Words, Passage]]":
    """List this year's paragraphs of the narratives; goals may well stay."""
    if subject.comparison is None:
        return []
    texts = (text for text in subject.comparison.texts if text.narrative)
    return [(text, passage) for text in texts for passage in text.passages if passage.new is not None]


def _line(subject: Subject, text: "Words", passage: "Passage") -> Address:
    """Find the line of the narrative's file on which a paragraph begins."""
    paragraphs = subject.narratives.named(text.name).paragraphs
    return (paragraphs[(passage.new or 1) - 1].first_line, 1)
