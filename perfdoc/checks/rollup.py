"""What keeps a figure from being rolled up from the assessments below; `perfdoc.rollup` finds it, on the way to the score."""

from perfdoc.checks.registry import Findings, Subject, check
from perfdoc.core.diagnostics import Severity


def _of(subject: Subject, code: str) -> Findings:
    """Yield what the roll-up found under one code."""
    return (finding for finding in subject.rollup_findings if finding.code == code)


@check("P701", Severity.ERROR, decisive=True)
def roll_up_without_rule(subject: Subject) -> Findings:
    """A figure rolled up from other assessments under a rulebook that does not say how.

    Why: Whether 90 % and 80 % add up or are averaged, and by which funds, would be a guess.
    Source: 备注2, 备注3; the form's rulebook, 汇总.
    标题: 规则书没有写怎样汇总
    缘由: 相加还是加权平均、按哪笔资金加权，没有规则就只能猜。
    出处: 附件3 备注2、备注3；表式 form.yaml 的“汇总”
    """
    yield from _of(subject, "P701")


@check("P702", Severity.ERROR, decisive=True)
def part_cannot_be_drawn_from(subject: Subject) -> Findings:
    """A part that is missing, at fault, named twice, of another year, or still being filled in.

    While the assessment is itself 填报中, parts that are too only warn.

    Why: A sum over two of three projects looks like a sum over three.
    Source: 备注2 “先汇总完成数，再计算得分”.
    标题: 下级自评缺少、有错或还没有填完
    缘由: 三个项目只加了两个，从总数上看不出来。
    出处: 附件3 备注2“定量指标先汇总完成数，再计算得分”
    """
    yield from _of(subject, "P702")


@check("P703", Severity.ERROR, decisive=True)
def part_gives_no_figure(subject: Subject) -> Findings:
    """A part without the figure that is asked of it: no such indicator, another direction, blank, or no funds to weigh by.

    Why: A contribution left out or taken for zero makes the whole wrong, in silence.
    Source: 备注2, 备注3 (资金额度为权重).
    标题: 下级自评里取不到这个数
    缘由: 少一份或按 0 计，汇总数就错了，却看不出来。
    出处: 附件3 备注2、备注3“以资金额度为权重”
    """
    yield from _of(subject, "P703")


@check("P704", Severity.ERROR, decisive=True)
def parts_in_different_units(subject: Subject) -> Findings:
    """Parts whose units differ, where the rulebook writes no conversion.

    Why: 3万元 and 500元 are not 503 of anything.
    Source: 备注2 “绝对值直接累加计算”; the form's rulebook, 汇总 换算.
    标题: 各份下级自评的单位不一致
    缘由: 3万元加500元不是503，单位不同不能直接相加。
    出处: 附件3 备注2“绝对值直接累加计算”；表式 form.yaml 的“换算”
    """
    yield from _of(subject, "P704")


@check("P705", Severity.ERROR, decisive=True)
def written_otherwise_than_drawn(subject: Subject) -> Findings:
    """A figure written by hand that is not what its parts give, or an average that no grade of the form holds.

    Why: Department and projects are filed together, and a reviewer adds up the projects.
    Source: 备注2, 备注3.
    标题: 写的数与汇总得的数不同
    缘由: 部门和项目的表一同报送，复核的人会把各项目加一遍。
    出处: 附件3 备注2、备注3
    """
    yield from _of(subject, "P705")


@check("P706", Severity.ERROR, decisive=True)
def contribution_counted_twice(subject: Subject) -> Findings:
    """A contribution that comes twice: by itself, and inside another part that already holds it.

    Why: A project named beside the department that holds it counts double.
    Source: 备注2 “绝对值直接累加计算”.
    标题: 同一份自评会算两次
    缘由: 项目已经汇总在一个部门里，再单列一次就重复计算了。
    出处: 附件3 备注2“绝对值直接累加计算”
    """
    yield from _of(subject, "P706")
