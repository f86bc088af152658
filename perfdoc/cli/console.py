"""The console script `perfdoc`: the same commands as `tasks.py`, from any folder of a content repository."""

import argparse
import functools
import re
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from perfdoc import __version__, cli


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = vars(_parser().parse_args(arguments))
    command: Callable[..., int] = given.pop("command")
    return cli.guarded(functools.partial(command, **given))


class _Parser(argparse.ArgumentParser):
    """Speaks Chinese where argparse speaks English."""

    def error(self, message: str) -> NoReturn:
        print(f"{_in_chinese(message)}。用 {self.prog} --help 查看用法。", file=sys.stderr)
        raise SystemExit(cli.WRONG_USE)


_MESSAGES = (
    (r"argument 命令: invalid choice: '(.*?)' .*", r"没有「\1」这个命令"),
    (r"unrecognized arguments: (.*)", r"不认识的选项：\1"),
    (r"the following arguments are required: (.*)", r"缺少\1"),
    (r"argument (.*): expected one argument", r"\1 后面要有一个值"),
    (r"ambiguous option: (\S+) .*", r"\1 可以是几个选项，请写全"),
)


def _in_chinese(message: str) -> str:
    for english, chinese in _MESSAGES:
        found = re.fullmatch(english, message, re.DOTALL)
        if found:
            return found.expand(chinese)
    return f"看不懂这条命令：{message}"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="perfdoc", description="绩效自评：计分、检查、生成 Word 附件。", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示这份说明")
    parser.add_argument("--version", action="version", version=f"perfdoc {__version__}", help="显示版本")
    commands = parser.add_subparsers(metavar="命令", required=True, title="命令")
    build = _command(commands, "build", cli.build, "生成 Word 附件", choosing=True)
    _flag(build, "--pdf", "同时生成 PDF（需要 LibreOffice）")
    _flag(build, "--strict", "把警告当作错误")
    _flag(build, "--force", "没有变化也重新生成")
    check = _command(commands, "check", cli.check, "检查内容", choosing=True)
    _flag(check, "--strict", "把警告当作错误")
    check.add_argument("--json", dest="as_json", action="store_true", help="输出 JSON，供程序读取")
    _flag(check, "--settle", "给出核定用的行，放进 review.yaml")
    check.add_argument("--explain", metavar="代码", help="说明一项检查，例如 P301")
    explain = _command(commands, "explain", cli.explain, "说明每个得分的来历", choosing=True)
    explain.add_argument("--indicator", metavar="名称", help="只说明这一项指标")
    opening = _command(commands, "new-year", cli.new_year, "从上年开新的一年")
    opening.add_argument("year", metavar="年度", help="要开的年度，例如 2021")
    opening.add_argument("--from", dest="from_year", metavar="年度", help="照哪一年开，不写就是最近的一年")
    opening.add_argument("--name", metavar="名称", help="只照这一份，即 content 下的路径")
    _flag(opening, "--dry-run", "只列出要写什么，不写")
    setting_up = _command(commands, "git-setup", cli.git_setup, "让 git 按表显示改动")
    _flag(setting_up, "--undo", "撤销这些设置")
    reading = _command(commands, "text", cli.text, "把 Word 附件读成文字")
    reading.add_argument("file", metavar="文件", help="要读的 .docx")
    diff = _command(commands, "diff", cli.diff, "比较两年")
    diff.add_argument("old", metavar="上年", help="例如 2020，或 HEAD~1:2020")
    diff.add_argument("new", metavar="今年", help="例如 2021")
    _face(diff, cli.FORMATS)
    diff.add_argument("--all", dest="every", action="store_true", help="没有变化的也列出")
    _flag(diff, "--exit-code", "有不同时以 1 结束")
    trend = _command(commands, "trend", cli.trend, "看历年走势")
    trend.add_argument("name", metavar="名称", nargs="?", help="这个单位任何一年的自评，例如 2021")
    _face(trend, cli.TREND_FORMATS)
    drawing = _command(commands, "draw", cli.draw, "按版面画出 Word 模板的初稿")
    drawing.add_argument("form", metavar="表式", help="templates 下的文件夹名，例如 hubei-project")
    _command(commands, "schema", cli.schema, "更新编辑器用的 JSON Schema")
    _command(commands, "clean", cli.clean, "删除 build")
    return parser


def _command(
    commands: "argparse._SubParsersAction[_Parser]",
    name: str,
    function: Callable[..., int],
    about: str,
    *,
    choosing: bool = False,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=about, add_help=False)
    command.set_defaults(command=function)
    command.add_argument("-h", "--help", action="help", help="显示这份说明")
    if choosing:
        command.add_argument("--year", metavar="年度", help="只处理这一年，例如 2020")
        command.add_argument("--name", metavar="名称", help="只处理这一份，即 content 下的路径")
    return command


def _face(command: argparse.ArgumentParser, forms: Sequence[str]) -> None:
    command.add_argument("--format", dest="form", metavar="格式", help=f"{'、'.join(forms)}")
    command.add_argument("--out", metavar="文件", help="写到文件")


def _flag(command: argparse.ArgumentParser, name: str, about: str) -> None:
    command.add_argument(name, action="store_true", help=about)
