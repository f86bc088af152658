"""A 版面 that contradicts itself is a finding at its line of form.yaml: no traceback, no page without names."""

import shutil
from pathlib import Path

import pytest
from commands import ROOT, perfdoc

FORM = "templates/hubei-department/form.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "content" / "2020", tmp_path / "content" / "2020")
    return tmp_path


def changed(repository: Path, old: str, new: str) -> int:
    """Change one thing of the form; returns the line on which it stands."""
    form = repository / FORM
    text = form.read_text(encoding="utf-8")
    assert old in text
    form.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    return text[: text.index(old)].count("\n") + 1


MONEY = "  - 块: 表\n    名称: 预算执行\n"
EXECUTED = "      - {键: 执行数, 印: 执行数（B）, 到: 101.5}\n"
NAMES = "      - {键: 三级, 印: 三级指标, 到: 96.5, 样式: 表格名称}\n"
OWN_TABLE = "  - {块: 表, 名称: 资金来源, 列: [{键: 来源, 类型: 文字}]}\n"
OWN = OWN_TABLE + MONEY


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        (EXECUTED, EXECUTED + "      - {键: 数据来源, 类型: 图片}\n", 1, "「类型」填的是「图片」，不在可选的词里。可以写：文字、段落、金额、比率、数量、日期、得分。"),
        (EXECUTED, EXECUTED + EXECUTED, 1, "表「预算执行」里「执行数」这一列写了两次。只留一列。"),
        (EXECUTED, EXECUTED + "      - {键: 数据来源}\n", 1, "「数据来源」是本表自己的列，没有写类型。请加上 类型，例如 类型: 文字；若是写错了名称，请改正。"),
        (EXECUTED, EXECUTED + "      - {键: 偏离度, 算: 开方}\n", 1, "「偏离度」的算法「开方」程序不会算。可以写：完成率、得分率。"),
        (EXECUTED, EXECUTED + "      - {键: 偏离度, 由谁填: 程序, 类型: 比率}\n", 1, "「偏离度」由程序填，可是没有写怎样算。请加上 算，或删去 由谁填。"),
        (EXECUTED, EXECUTED + "      - {键: 报送得分, 类型: 得分}\n", 1, "「报送得分」已经是自评里别的名称。请换一个名称。"),
        (EXECUTED, EXECUTED + "      - {键: 备查, 类型: 文字, 次年: 改年度}\n", 1, "「备查」的 次年 不能这样写。可以写：照抄、清空、删去。"),
        (MONEY, OWN.replace("列: [{键: 来源, 类型: 文字}]", "列: []") , 0, "「列」是空的。至少写一条。"),
        (MONEY, "  - {块: 表, 名称: 资金来源}\n" + MONEY, 0, "表「资金来源」没有列。请在 列 里写上各列，从左到右。"),
        (MONEY, OWN.replace("资金来源", "取消"), 0, "「取消」已经是自评里别的名称。请换一个名称。"),
        (MONEY, OWN_TABLE + OWN, 1, "表「资金来源」写了两次。只留一张，或改名。"),
        (MONEY, "  - {块: 段}\n" + MONEY, 0, "这一段没有写 栏。请在 栏 里写上要印的各栏。"),
        (NAMES, "", -3, "表「指标」没有「三级」这一列，印出的各行没有名称。请加上 三级。"),
        ("层级: [一级指标, 二级指标, 三级指标]", "层级: [一级指标, 三级指标]", 0, "层级「一级指标、三级指标」不对。从 一级指标、二级指标、三级指标 的末尾取，例如只写 三级指标。"),
        ("{名称: 改进措施, 标题", "{名称: 年度目标, 标题", 0, "「年度目标」已经是自评里别的名称。请换一个名称。"),
        ("{名称: 改进措施, 标题", "{名称: 指标, 标题", 0, "「指标」已经是自评里别的名称。请换一个名称。"),
        ("{名称: 改进措施, 标题", "{名称: 下年打算, 标题", 0, "「下年打算」没有写在版面里，不会印出来。请在 版面 里加上 下年打算。"),
        ('三级指标: "{名称}（{分值}分）"', '三级指标: "（{分值}分）"', 0, "标签「（{分值}分）」里没有 {名称}，印出来会缺「名称」。请写上 {名称}。"),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_at_its_line_and_nothing_is_written(
    repository: Path, old: str, new: str, at: int, said: str
) -> None:
    line = changed(repository, old, new) + at
    for command in ("check", "build"):
        done = perfdoc(repository, command, "--year", "2020")
        assert done.returncode == 1
        told = [text for text in (done.stdout + done.stderr).splitlines() if said in text]
        assert told, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        numbers = [int(text.removeprefix(f"{FORM}:").split(":")[0]) for text in told]
        assert any(abs(number - line) <= len(old.splitlines()) for number in numbers), (numbers, line)
    assert not (repository / "build").exists()


def test_a_template_that_lacks_a_column_is_told_with_the_tag_to_add(repository: Path) -> None:
    changed(repository, EXECUTED, EXECUTED + "      - {键: 数据来源, 类型: 文字, 可空: 是}\n")
    done = perfdoc(repository, "build", "--year", "2020")
    assert done.returncode == 1
    assert "templates/hubei-department/attachment.docx" in done.stderr
    assert "数据来源" in done.stderr
    assert not list((repository / "build").rglob("*.docx"))
