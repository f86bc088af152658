"""The console script `perfdoc`, from any folder of a content repository."""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from perfdoc import __version__
from perfdoc.cli.commands import GROUPS, Argument, Command
from perfdoc.cli.screen import WRONG_USE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    for stream in (sys.stdout, sys.stderr):  # help and refusals come before a command runs
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    given = vars(_parser().parse_args(arguments))
    command: Command = given.pop("command")
    return command.run(given)


class _Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = "用法：") -> None:
        super().add_usage(usage, actions, groups, prefix)


class _Parser(argparse.ArgumentParser):
    """Speaks Chinese where argparse speaks English."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given, add_help=False, formatter_class=_Help)
        self.values, self.options = self.add_argument_group("要写的"), self.add_argument_group("选项")
        self.options.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        print(f"{_in_chinese(message)}用 {self.prog} --help 查看用法。", file=sys.stderr)
        raise SystemExit(WRONG_USE)


_MESSAGES = (
    (r"argument 命令: invalid choice: '(.*?)' .*", r"没有「\1」这个命令。"),
    (r"unrecognized arguments: (-.*)", r"不认识的选项：\1。"),
    (r"unrecognized arguments: (.*)", r"不认识「\1」。要选年度或一份自评，请写 --year \1 或 --name \1。"),
    (r"the following arguments are required: (.*)", r"缺少\1。"),
    (r"argument (.*): expected one argument", r"\1 后面要有一个值。"),
    (r"argument (.*): ignored explicit argument .*", r"\1 后面不写值。"),
    (r"ambiguous option: (\S+) .*", r"\1 可以是几个选项，请写全。"),
)


def _in_chinese(message: str) -> str:
    for english, chinese in _MESSAGES:
        found = re.fullmatch(english, message, re.DOTALL)
        if found:
            return found.expand(chinese) + (_nearest(found[1]) if "命令" in english else "")
    return f"看不懂这条命令：{message}。"


def _nearest(typed: str) -> str:
    """Name the command that was meant."""
    names = [command.name for commands in GROUPS.values() for command in commands]
    import difflib  # noqa: PLC0415 -- needed only where something is wrong

    near = difflib.get_close_matches(typed, names, n=1, cutoff=0.5)
    return f"是否为 {near[0]}？" if near else ""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="perfdoc",
        usage="perfdoc 命令 …",
        description="绩效自评：计分、检查、生成 Word 附件。",
        epilog="\n".join(_listed()),
    )
    version = f"perfdoc {__version__}"
    parser.options.add_argument("--version", action="version", version=version, help="显示版本")
    named = parser.add_subparsers(metavar="命令", required=True, help=argparse.SUPPRESS)
    for commands in GROUPS.values():
        for command in commands:
            one = named.add_parser(
                command.name, prog=f"perfdoc {command.name}", description=f"{command.about}。"
            )
            one.set_defaults(command=command)
            for argument in command.arguments:
                _add(one, argument)
    return parser


def _listed() -> Sequence[str]:
    lines = []
    for title, commands in GROUPS.items():
        lines += [f"{title}:", *(f"  {command.name:<11}{command.about}" for command in commands), ""]
    return [*lines, "每个命令的选项：perfdoc 命令 --help"]


def _add(parser: _Parser, argument: Argument) -> None:
    if argument.positional:
        nargs = None if argument.required else "?"
        parser.values.add_argument(argument.name, metavar=argument.value, help=argument.about, nargs=nargs)
        return
    flag = f"--{argument.typed}"
    if argument.value:
        parser.options.add_argument(flag, dest=argument.name, metavar=argument.value, help=argument.about)
    else:
        parser.options.add_argument(flag, dest=argument.name, action="store_true", help=argument.about)
