"""The front door: `invoke --list` shows the tasks; those of developers say 开发 in front."""

from typing import Any

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from perfdoc.cli.tasks import namespace


@task(help={"quick": "少跑几轮，只看大概"})
def bench(_: Context, quick: bool = False) -> None:
    """开发：与直接用 docxtpl 比速度"""
    from tools import bench as measure  # noqa: PLC0415 -- developers only

    code = measure.main(quick=quick)
    if code:
        raise Exit(code=code)


@task(positional=[], help={"parts": "只试名称中有它的模块或函数，例如 quantity"})
def mutate(c: Context, parts: str = "") -> None:
    """开发：逐处改动代码，看测试能否发现"""
    c.run(f'mutmut run "perfdoc.*{parts}*"', env={"HYPOTHESIS_PROFILE": "mutation"}, pty=False)
    c.run("mutmut results | grep -v 'not checked'", warn=True)


@task(help={"slow": "连慢的测试一起跑", "accept": "重写样本，之后要逐行看过再提交"})
def test(c: Context, slow: bool = False, accept: bool = False) -> None:
    """开发：运行测试"""
    marks = "" if slow else '-m "not slow"'
    c.run(f"python -m pytest -n auto {marks} {'--accept' if accept else ''}", pty=False)


@task
def lint(c: Context) -> None:
    """开发：检查代码"""
    for command in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        c.run(command)


_DEVELOPERS: tuple[Any, ...] = (bench, mutate, test, lint)
for _each in _DEVELOPERS:
    namespace.add_task(_each)
