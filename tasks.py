"""The front door: `invoke --list` shows the tasks."""

from functools import partial

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from perfdoc import cli

_YEAR = "只处理这一年，例如 2020"
_NAME = "只处理这一份，即 content 下的路径"
_STRICT = "把警告当作错误"


def _exit(code: int) -> None:
    """End with this exit code, so that a failed task also stops a chain of tasks."""
    if code:
        raise Exit(code=code)


@task(
    help={
        "year": _YEAR,
        "name": _NAME,
        "pdf": "同时生成 PDF（需要 LibreOffice）",
        "strict": _STRICT,
        "force": "没有变化也重新生成",
    }
)
def build(
    _: Context,
    year: str | None = None,
    name: str | None = None,
    pdf: bool = False,
    strict: bool = False,
    force: bool = False,
) -> None:
    """生成 Word 附件"""
    _exit(cli.guarded(partial(cli.build, year, name, pdf=pdf, strict=strict, force=force)))


@task(
    help={
        "year": _YEAR,
        "name": _NAME,
        "strict": _STRICT,
        "json": "输出 JSON，供程序读取",
        "settle": "给出核定用的行，放进 review.yaml",
        "explain": "说明一项检查，例如 P301",
    }
)
def check(
    _: Context,
    year: str | None = None,
    name: str | None = None,
    strict: bool = False,
    json: bool = False,
    settle: bool = False,
    explain: str | None = None,
) -> None:
    """检查内容"""
    options = {"strict": strict, "as_json": json, "settle": settle}
    _exit(cli.guarded(partial(cli.check, year, name, explain=explain, **options)))


@task(help={"year": _YEAR, "name": _NAME, "indicator": "只说明这一项指标"})
def explain(
    _: Context, year: str | None = None, name: str | None = None, indicator: str | None = None
) -> None:
    """说明每个得分的来历"""
    _exit(cli.guarded(partial(cli.explain, year, name, indicator)))


@task(
    positional=["year"],
    help={
        "year": "要开的年度，例如 2021",
        "from": "照哪一年开，不写就是最近的一年",
        "name": "只照这一份，即 content 下的路径",
        "dry-run": "只列出要写什么，不写",
    },
)
def new_year(
    _: Context, year: str, from_: str | None = None, name: str | None = None, dry_run: bool = False
) -> None:
    """从上年开新的一年"""
    _exit(cli.guarded(partial(cli.new_year, year, from_, name, dry_run=dry_run)))


@task(help={"undo": "撤销这些设置"})
def git_setup(_: Context, undo: bool = False) -> None:
    """让 git 按表显示改动"""
    _exit(cli.guarded(partial(cli.git_setup, undo=undo)))


@task(
    positional=["old", "new"],
    help={
        "old": "上年，例如 2020，或 HEAD~1:2020",
        "new": "今年，例如 2021",
        "format": "、".join(cli.FORMATS),
        "out": "写到文件",
        "all": "没有变化的也列出",
        "exit-code": "有不同时以 1 结束",
    },
)
def diff(
    _: Context,
    old: str,
    new: str,
    format: str | None = None,  # noqa: A002 -- the flag's name
    out: str | None = None,
    all: bool = False,  # noqa: A002
    exit_code: bool = False,
) -> None:
    """比较两年"""
    _exit(cli.guarded(partial(cli.diff, old, new, form=format, out=out, every=all, exit_code=exit_code)))


@task(
    positional=[],
    help={
        "name": "这个单位任何一年的自评，例如 2021",
        "format": "、".join(cli.TREND_FORMATS),
        "out": "写到文件",
    },
)
def trend(
    _: Context,
    name: str | None = None,
    format: str | None = None,  # noqa: A002
    out: str | None = None,
) -> None:
    """看历年走势"""
    _exit(cli.guarded(partial(cli.trend, name, form=format, out=out)))


@task(positional=["form"], help={"form": "templates 下的文件夹名，例如 hubei-project"})
def draw(_: Context, form: str) -> None:
    """按版面画出 Word 模板的初稿"""
    _exit(cli.guarded(partial(cli.draw, form)))


@task
def schema(_: Context) -> None:
    """更新编辑器用的 JSON Schema"""
    _exit(cli.guarded(cli.schema))


@task
def clean(_: Context) -> None:
    """删除 build"""
    _exit(cli.guarded(cli.clean))


@task(help={"quick": "少跑几轮，只看大概"})
def bench(_: Context, quick: bool = False) -> None:
    """与直接用 docxtpl 比速度"""
    from tools import bench as measure  # noqa: PLC0415 -- developers only

    _exit(measure.main(quick=quick))


@task(positional=[], help={"parts": "只试名称中有它的模块或函数，例如 quantity"})
def mutate(c: Context, parts: str = "") -> None:
    """逐处改动代码，看测试能否发现"""
    c.run(f'mutmut run "perfdoc.*{parts}*"', env={"HYPOTHESIS_PROFILE": "mutation"}, pty=False)
    c.run("mutmut results | grep -v 'not checked'", warn=True)


@task(help={"slow": "连慢的测试一起跑", "accept": "重写样本，之后要逐行看过再提交"})
def test(c: Context, slow: bool = False, accept: bool = False) -> None:
    """运行测试"""
    marks = "" if slow else '-m "not slow"'
    c.run(f"python -m pytest -n auto {marks} {'--accept' if accept else ''}", pty=False)


@task
def lint(c: Context) -> None:
    """检查代码"""
    for command in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        c.run(command)
