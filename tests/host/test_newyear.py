"""The next year from the last, as text: what stays, what is emptied, what goes, and that nothing else moves."""

import shutil
import typing
from pathlib import Path

import pytest
import yaml
from builders import FORM
from hypothesis import example, given
from hypothesis import strategies as st

from perfdoc.core.diagnostics import Severity
from perfdoc.core.entry import CarryOver
from perfdoc.host.newyear import carry_overs, following, renew, sources, year_of
from perfdoc.host.pipeline import Run
from perfdoc.read.folder import OpenedForm, open_assessment

ROOT = Path(__file__).parents[2]


def lines(*words: str) -> str:
    return "".join(f"{word}\n" for word in words)


def renewed(text: str) -> str:
    return renew(text, "2020", "2021", FORM.layout).text


# --- what each key meets ------------------------------------------------------------------------------------------

FATES = carry_overs(FORM.layout)


def test_whatever_is_looked_into_says_what_its_own_keys_meet() -> None:
    below = {key for fates in FATES.values() for key, fate in fates.items() if fate is CarryOver.BELOW}
    assert below == set(FATES) - {""}


# --- the text ---------------------------------------------------------------------------------------------------


def test_comments_quotes_blanks_and_order_stay_as_they_are() -> None:
    before = lines(
        "# 开头的注释",
        "表式: hubei-department   # 表式不变",
        "年度: '2020' # 年度",
        "填报日期:   2021-05-25  # 报送那天",
        "状态:    已报送",
        "",
        "支出:  # 万元",
        "  项目支出总额: 415.93",
        '  基本支出总额: "0"  # 没有',
        "预算执行:",
        "- { 名称: '总额, 含结转' ,执行数: 367.24,预算数: 489 }   # 一行",
        "年度目标: [2020 年要做的事]",
        "# 末尾的注释",
    )
    assert renewed(before) == lines(
        "# 开头的注释",
        "表式: hubei-department   # 表式不变",
        "年度: 2021 # 年度",
        "填报日期:     # 报送那天",
        "状态:    填报中",
        "",
        "支出:  # 万元",
        "  项目支出总额:",
        "  基本支出总额:   # 没有",
        "预算执行:",
        "- { 名称: '总额, 含结转' ,执行数: ,预算数:  }   # 一行",
        "年度目标: [2020 年要做的事]",
        "# 末尾的注释",
    )


def indicators(*rows: str) -> str:
    head = ("指标:", "  - 一级指标: 产出", "    分值: 9", "    二级指标:")
    return lines(*head, "      - 名称: 数量", "        分值: 9", "        三级指标:", *rows)


ROWS = {
    "a target in braces is marked after it": (
        ["          - {名称: 甲, 分值: 3, 年初目标值: 30个, 实际完成值: 74个}"],
        ["          - {名称: 甲, 分值: 3, 年初目标值: 30个, 目标待确认: 是, 实际完成值: }"],
    ),
    "a target in lines is marked below it": (
        ["        - 名称: 甲", "          年初目标值: 30个  # 上级定的", "          实际完成值: 74个"],
        ["        - 名称: 甲", "          年初目标值: 30个  # 上级定的", "          目标待确认: 是", "          实际完成值:"],
    ),
    "a target that opens its row is marked in its column": (
        ["        -   年初目标值: 30个", "            名称: 甲"],
        ["        -   年初目标值: 30个", "            目标待确认: 是", "            名称: 甲"],
    ),
    "a target of several lines is marked after the last": (
        ["        - 名称: 甲", "          年初目标值: >-", "            全年", "            无事故", "", "          分值: 3"],
        ["        - 名称: 甲", "          年初目标值: >-", "            全年", "            无事故", "          目标待确认: 是", "", "          分值: 3"],
    ),
    "a target that is confirmed has to be confirmed again": (
        ["          - {名称: 甲, 年初目标值: 1个, 目标待确认: 否}", "          - {名称: 乙, 年初目标值: 1个, 目标待确认: }"],
        ["          - {名称: 甲, 年初目标值: 1个, 目标待确认: 是}", "          - {名称: 乙, 年初目标值: 1个, 目标待确认: 是}"],
    ),
    "no target, no mark": (
        ["          - {名称: 甲, 年初目标值: , 实际完成值: 1}", "          - {名称: 乙, 汇总自: [2020/a]}"],
        ["          - {名称: 甲, 年初目标值: , 实际完成值: }", "          - {名称: 乙, 汇总自: [2021/a]}"],
    ),
    "what goes from braces takes its comma along, first, amid and last": (
        ["          - {曾用名: 丙, 报送得分: 5, 名称: 甲, 说明: 因为, 分值: 3, 报送理由: 特批, 拆分自: 丁}"],
        ["          - {名称: 甲, 分值: 3}"],
    ),
    "what goes after a target leaves the mark": (
        ["          - {名称: 甲, 年初目标值: 1个, 报送得分: 5}"],
        ["          - {名称: 甲, 年初目标值: 1个, 目标待确认: 是}"],
    ),
    "comments between braces stay": (
        ["          - {名称: 甲,  # 名", "             报送得分: 5,  # 分", "             分值: 3,  # 值", "             说明: 因为}"],
        ["          - {名称: 甲,  # 名", "               # 分", "             分值: 3,  # 值", "             }"],
    ),
    "what goes from lines takes its lines along": (
        ["        - 名称: 甲", "          说明: |", "            因为", "", "            所以", "          合并自:", "            - 丙", "            - 丁", "          分值: 3"],
        ["        - 名称: 甲", "          分值: 3"],
    ),
    "what opens a row leaves the dash to the next": (
        ["        - 曾用名: 丙", "          名称: 甲"],
        ["        - 名称: 甲"],
    ),
    "words over several lines are emptied whole": (
        ["        - 名称: 甲", "          实际完成值: 全年", "            无事故", "          分值: 3"],
        ["        - 名称: 甲", "          实际完成值:", "          分值: 3"],
    ),
    "a figure that is named like a year is no link": (
        ["          - {名称: '2020', 口径: 2020/a, 汇总自: [2020/a, '智造园/2020', 20201/a, b/2019]}"],
        ["          - {名称: '2020', 口径: 2020/a, 汇总自: [2021/a, '智造园/2021', 20201/a, b/2019]}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), ROWS.values(), ids=ROWS)
def test_rows(before: list[str], after: list[str]) -> None:
    assert renewed(indicators(*before)) == indicators(*after)


def test_a_part_that_goes_leaves_one_blank_line_where_two_would_meet() -> None:
    before = lines("年度: 2020", "", "取消:", "  - {名称: 甲, 理由: 并入乙}", "", "上年措施:", "- 措施: 1", "  落实情况: 已落实", "", "年度目标: [甲]")  # fmt: skip
    assert renewed(before) == lines("年度: 2021", "", "年度目标: [甲]")


def test_an_unended_last_line_stays_unended() -> None:
    assert renewed("年度: 2020\n填报日期: 2021-05-25") == "年度: 2021\n填报日期:"
    assert renewed("年度: 2020\n取消:\n- {名称: 甲, 理由: 乙}") == "年度: 2021\n"


def test_names_under_the_facts_of_the_head_are_nobodys_business() -> None:
    before = "年度: 2020\n基本信息: {实际完成值: 1, 说明: 2, 年度: 2020}\n"
    assert renewed(before) == before.replace("年度: 2020\n", "年度: 2021\n")


KEYS = [key for key in FATES["三级指标"] if key not in ("名称", "汇总自", "合并自", "目标待确认")]
VALUES = ("30个", "'a, b'", '"# 不是注释"', "全年无一起😀", "''")
Row = list[tuple[str, str]]


def row(keys: list[str], at: int, shift: int) -> Row:
    """Make a row that has a name somewhere, and values that are quoted in every way."""
    ordered = [*keys[:at], "名称", *keys[at:]]
    return [(key, VALUES[(i + shift) % len(VALUES)]) for i, key in enumerate(ordered)]


ROWS_OF_ANY_KEYS = st.builds(
    row, st.lists(st.sampled_from(KEYS), unique=True), st.integers(0, len(KEYS)), st.integers(0, len(VALUES))
)


def written(row: Row, braces: bool, comments: bool) -> list[str]:  # noqa: FBT001
    note = "  # 注 {a: 1}, 是" if comments else ""
    if braces and comments:
        inner = [f"             {key}: {value},{note}" for key, value in row]
        return ["          - {", *inner, "            }"]
    if braces:
        return [f"          - {{{', '.join(f'{key}: {value}' for key, value in row)}}}{note}"]
    return [f"          {'- ' if i == 0 else '  '}{key}: {value}{note}" for i, (key, value) in enumerate(row)]


@given(st.lists(ROWS_OF_ANY_KEYS, min_size=1, max_size=2), st.booleans(), st.booleans())
@example([[("曾用名", "a"), ("报送得分", "b"), ("名称", "c")]], False, True)  # noqa: FBT003
def test_whatever_the_layout_the_values_are_those_of_the_table(
    rows: list[Row],
    braces: bool,  # noqa: FBT001
    comments: bool,  # noqa: FBT001
) -> None:
    before = indicators(*(line for each in rows for line in written(each, braces, comments)))
    after = renewed(before)
    assert plain(after) == [expected(each) for each in plain(before)]
    assert after.count("# 注") == before.count("# 注") or not braces


def plain(text: str) -> list[dict[str, str]]:
    root = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- it makes nothing but text
    found: list[dict[str, str]] = root["指标"][0]["二级指标"][0]["三级指标"]
    return found


def expected(row: dict[str, str]) -> dict[str, str]:
    fates = FATES["三级指标"]
    kept = {key: value for key, value in row.items() if fates[key] is not CarryOver.REMOVED}
    emptied = {key: "" if fates[key] is CarryOver.EMPTIED else value for key, value in kept.items()}
    return emptied | ({"目标待确认": "是"} if "年初目标值" in row else {})


# --- real files -------------------------------------------------------------------------------------------------

CASES = sorted((ROOT / "tests" / "cases").glob("*/assessment.yaml"))


@pytest.mark.slow
def test_whatever_can_be_read_can_be_opened_for_the_next_year(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    run, opened = Run(tmp_path), 0
    forms: dict[str, OpenedForm] = {}
    for case in CASES:
        before = case.read_text(encoding="utf-8")
        for year in ("2021", "2022"):
            folder = tmp_path / "content" / case.parent.name / year
            folder.mkdir(parents=True)
            for narrative in ("deviation.md", "improvement.md"):
                (folder / narrative).write_text("", encoding="utf-8")
        (folder.parent / "2021" / "assessment.yaml").write_text(before, encoding="utf-8", newline="\n")
        opened_before = open_assessment(tmp_path, folder.parent / "2021", forms)
        if opened_before.assessment is None or opened_before.form is None:
            continue
        opened += 1
        after = renew(before, "2021", "2022", opened_before.form.layout).text
        assert after.count("#") == before.count("#"), case.parent.name
        (folder / "assessment.yaml").write_text(after, encoding="utf-8", newline="\n")
        judged = run.judge(f"{case.parent.name}/2022")
        # A form that does not say how to roll up, and a part that is not there, are so in the next year too.
        wrong = [str(d) for d in judged.diagnostics if d.severity is Severity.ERROR and d.code[:2] != "P7"]
        assert not wrong, case.parent.name
    assert opened > len(CASES) // 2


# --- which assessments ------------------------------------------------------------------------------------------

EVERY = (
    "2018",
    "2019",
    "2019/项目/旧",
    "2020",
    "2020/项目/甲",
    "2021/项目/甲",
    "园/2019",
    "园/2019/2018",
    "长期",
)
CHOICES: list[tuple[str, str | None, tuple[str, ...]]] = [
    ("2022", None, ("2021/项目/甲", "园/2019", "园/2019/2018")),
    ("2021", None, ("2020", "2020/项目/甲", "园/2019", "园/2019/2018")),
    ("2021", "2019", ("2019", "2019/项目/旧", "园/2019", "园/2019/2018")),
    ("2018", None, ()),
    ("2021", "2021", ()),
]


@pytest.mark.parametrize(("next_year", "year", "chosen"), CHOICES)
def test_a_year_is_opened_from_the_latest_earlier_one_of_each_unit(
    next_year: str, year: str | None, chosen: tuple[str, ...]
) -> None:
    assert sources(EVERY, next_year, year) == chosen


def test_a_name_follows_by_its_first_step_that_is_a_year() -> None:
    names: typing.Iterable[str] = ("2020", "2020/项目/甲", "园/2020/2020", "园/2020/2019")
    assert [following(name, "2022") for name in names] == [
        "2022",
        "2022/项目/甲",
        "园/2022/2022",
        "园/2022/2019",
    ]
    assert year_of("长期/20201") is None


def test_what_was_filed_of_the_old_year_goes() -> None:
    before = lines(
        "报送总分: 92.82",
        "预算执行:",
        "- {名称: 总额, 预算数: 489, 报送执行率: 75%, 报送分值: 空白, 报送得分: 空白}",
    )
    assert renewed(before) == lines("预算执行:", "- {名称: 总额, 预算数: }")
