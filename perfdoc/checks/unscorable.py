"""What keeps a score from being computed or a text from being read."""

from perfdoc.checks.registry import Findings, Subject, check
from perfdoc.core.diagnostics import Finding, Severity


def _obstacles(subject: Subject, code: str) -> Findings:
    """Yield what keeps scores from being computed, under one code."""
    return (obstacle for obstacle in subject.once(_all_obstacles) if obstacle.code == code)


def _all_obstacles(subject: Subject) -> list[Finding]:
    return [score.obstacle for score in subject.scored.total.walk() if score.obstacle is not None]


@check("P201", Severity.ERROR, decisive=True)
def blank_names_nothing(subject: Subject) -> Findings:
    """A blank in the prose that names nothing.

    Why: An unknown blank would print an empty place in an official text.
    Source: perfdoc's own notation.
    标题: 叙述里的填空找不到对应的数
    缘由: 填不出的空会在正式文件里印成空白。
    出处: 本程序的写法
    """
    yield from subject.narratives.faults


@check("P104", Severity.ERROR, decisive=True)
def grade_not_in_rulebook(subject: Subject) -> Findings:
    """A grade that the rulebook does not know, or a share outside the grade's band.

    Why: The share decides the points; one outside its band contradicts the grade.
    Source: 备注3.
    标题: 定性档次不在规则里
    缘由: 得分由档次和百分数决定，两者矛盾就算不出得分。
    出处: 附件3 备注3
    """
    yield from _obstacles(subject, "P104")


@check("P105", Severity.ERROR, decisive=True)
def actual_not_a_measurement(subject: Subject) -> Findings:
    """A figure that is none: words, a range, the target's inequality copied as the actual.

    Why: 11 cells in 5 of 31 published forms copy the target (02, 05 and 29 among them); nothing was measured.
    Source: 备注2; a provincial system refuses what is not a number.
    标题: 实际完成值不是实测数
    缘由: 照抄目标的“≥95%”等于没有测量，31 份公开的表里有 5 份这样填。
    出处: 附件3 备注2；省级系统提示“定量指标只能填写数字！”
    """
    yield from _obstacles(subject, "P105")


@check("P107", Severity.ERROR, decisive=True)
def units_differ(subject: Subject) -> Findings:
    """A target and an actual in different units.

    Why: 万方 over 方 scores ten thousand times too little, in silence.
    Source: published form 18 and others; 备注2 divides one by the other.
    标题: 目标与完成的单位不一致
    缘由: 得分要用两个数相除，单位不同就会差出成千上万倍。
    出处: 附件3 备注2
    """
    yield from _obstacles(subject, "P107")


@check("P312", Severity.ERROR, decisive=True)
def divided_by_zero(subject: Subject) -> Findings:
    """A positive target or a budget of zero.

    Why: The formula divides by it; no score follows.
    Source: 备注1, 备注2.
    标题: 目标或预算数为 0，无法计分
    缘由: 公式要除以它，算不出得分。
    出处: 附件3 备注1、备注2
    """
    yield from _obstacles(subject, "P312")


@check("P314", Severity.ERROR, decisive=True)
def direction_without_rule(subject: Subject) -> Findings:
    """An indicator whose direction the rulebook does not score.

    Why: Without a rule there is no score, and the total would silently lack its points.
    Source: the form's rulebook, 定量.
    标题: 规则书没有这种方向的计分办法
    缘由: 没有规则就没有得分，总分会悄悄少一块。
    出处: 表式 form.yaml 的“定量”
    """
    yield from _obstacles(subject, "P314")
