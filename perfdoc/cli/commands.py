"""Every command, declared once: the parser of `perfdoc` and the tasks of `invoke` are both made from this table.

A command's function returns its exit code: 0 fine, 1 the content is at fault, 2 wrong use or a trouble of the machine.
Its module is imported when it runs: a build that has nothing to do must cost next to nothing.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from perfdoc.cli.screen import FORMATS, TREND_FORMATS, guarded


@dataclass(frozen=True, slots=True)
class Argument:
    """What can be said with a command.

    Attributes:
        name: The parameter of the command's function.
        about: One Chinese phrase; help shows it.
        value: What stands for its value in the help; empty for a switch.
        flag: What is typed where it is not the parameter's own name, without dashes.
        positional: True where the value stands by itself.
        required: False where a positional value may be left out.
    """

    name: str
    about: str
    value: str = ""
    flag: str = ""
    positional: bool = False
    required: bool = True

    @property
    def typed(self) -> str:
        """What is typed, without the dashes in front."""
        return self.flag or self.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Command:
    """A command.

    Attributes:
        name: What is typed.
        about: One Chinese phrase; every list shows it.
        function: Where it lies: `module:function`, below `perfdoc.cli`.
        arguments: What can be said with it.
    """

    name: str
    about: str
    function: str
    arguments: tuple[Argument, ...] = ()

    def run(self, given: Mapping[str, object]) -> int:
        """Run it with these parameters of its function; returns the exit code."""
        return guarded(functools.partial(self._call, given))

    def _call(self, given: Mapping[str, object]) -> int:
        module, _, name = self.function.partition(":")
        code: int = getattr(import_module(f"perfdoc.cli.{module}"), name)(**given)
        return code


_YEAR = Argument("year", "只处理这一年度的，例如 2020", "年度")
_NAME = Argument("name", "只处理这一份，或这个文件夹下的，写 content 下的路径", "名称")
_STRICT = Argument("strict", "把警告当作错误")
_OUT = Argument("out", "写到文件", "文件")
_DRY_RUN = Argument("dry_run", "只列出要写什么，不写")
_FORM = "表式的文件夹名或名称，例如 项目支出绩效自评表"

GROUPS: Mapping[str, tuple[Command, ...]] = {
    "填表": (
        Command(
            "init",
            "建一个放自评的文件夹",
            "beginning:init",
            (Argument("folder", "不写就是现在的文件夹", "文件夹", positional=True, required=False),),
        ),
        Command(
            "forms",
            "列出有哪些表；看新版改了什么，加 --take 换成新版",
            "beginning:forms",
            (
                Argument("update", "列出 templates 里的表式与 perfdoc 自带的有什么不同"),
                Argument("take", f"换成自带的这一个：{_FORM}", "表式"),
            ),
        ),
        Command(
            "new",
            "照表式新写一份空的自评",
            "beginning:new",
            (
                Argument("name", "content 下的路径，例如 某局/2026", "名称", positional=True),
                Argument("form", _FORM, "表式"),
                Argument("sample", "写一份填好的样例"),
                _DRY_RUN,
            ),
        ),
        Command(
            "new-year",
            "从上年开新的一年",
            "opening:new_year",
            (
                Argument("year", "要开的年度，例如 2021", "年度", positional=True),
                Argument("from_year", "照哪一年开，不写就是最近的一年", "年度", flag="from"),
                Argument("name", "只照这一份，写 content 下的路径", "名称"),
                _DRY_RUN,
            ),
        ),
        Command(
            "check",
            "检查填得对不对，不生成",
            "checking:check",
            (
                _YEAR,
                _NAME,
                _STRICT,
                Argument("as_json", "输出 JSON，供程序读取", flag="json"),
                Argument("settle", "给出核定用的行，放进 review.yaml"),
                Argument("explain", "说明一项检查，例如 P301", "代码"),
            ),
        ),
        Command(
            "build",
            "生成 Word 附件",
            "building:build",
            (
                _YEAR,
                _NAME,
                Argument("pdf", "同时生成 PDF（需要 LibreOffice）"),
                _STRICT,
                Argument("force", "没有变化也重新生成"),
            ),
        ),
        Command(
            "explain",
            "说明每个得分是怎样算的",
            "checking:explain",
            (_YEAR, _NAME, Argument("indicator", "只说明这一项指标", "名称")),
        ),
        Command(
            "diff",
            "比较两年",
            "compare:diff",
            (
                Argument(
                    "old",
                    "上年，例如 某局/2025；也可以是 git 里以前的一版，例如上次提交前的 HEAD~1:某局/2025",
                    "上年",
                    positional=True,
                ),
                Argument("new", "今年，例如 某局/2026", "今年", positional=True),
                Argument("form", "、".join(FORMATS), "格式", flag="format"),
                _OUT,
                Argument("every", "没有变化的也列出", flag="all"),
                Argument("exit_code", "有不同时以 1 结束"),
            ),
        ),
        Command(
            "trend",
            "看历年走势",
            "compare:trend",
            (
                Argument(
                    "name", "这个单位任何一年的自评，例如 2021", "名称", positional=True, required=False
                ),
                Argument("form", "、".join(TREND_FORMATS), "格式", flag="format"),
                _OUT,
            ),
        ),
        Command("clean", "删除 build 里生成的文件，您自己放的不动", "upkeep:clean"),
    ),
    "做表式和维护": (
        Command(
            "draw",
            "照 form.yaml 画出新表的 Word 模板",
            "upkeep:draw",
            (Argument("form", "templates 下的文件夹名，例如 hubei-project", "表式", positional=True),),
        ),
        Command("schema", "更新编辑器提示要用的文件（JSON Schema）", "upkeep:schema"),
        Command(
            "git-setup",
            "设置 git：git diff 里显示 Word 附件的文字、改动属于哪项指标",
            "upkeep:git_setup",
            (Argument("undo", "撤销这些设置"),),
        ),
        Command(
            "text",
            "把 Word 附件的文字显示在屏幕上",
            "upkeep:text",
            (Argument("file", "要读的 .docx", "文件", positional=True),),
        ),
    ),
}
"""The commands by whom they are for, in the order in which a year needs them."""
