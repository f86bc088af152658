"""The faces without a picture: what a terminal, a pull request and a machine get of the same comparison."""

import html
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from builders import assessment, budget_line, encodes_in_gbk, indicator
from goldens import agree
from review_pairs import NAMES, ROOT, Pair, finished_of, known_pair

from perfdoc.core.assessment import Dropped, Prose
from perfdoc.core.quantity import plain
from perfdoc.faces import markdown, phrases
from perfdoc.faces.columns import Palette, pad, pad_left, palette, width
from perfdoc.faces.json import VERSION, data
from perfdoc.faces.json import report as as_json
from perfdoc.faces.page.view import View
from perfdoc.faces.phrases import COPIED
from perfdoc.faces.terminal import report, trend_report
from perfdoc.years.comparison import compare
from perfdoc.years.kinds import Cause, Flag

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(params=NAMES)
def told(request: pytest.FixtureRequest) -> tuple[str, Pair]:
    return request.param, known_pair(request.param)


def in_terminal(known: Pair, colours: Palette = Palette()) -> str:  # noqa: B008 -- immutable
    return "".join(f"{line}\n" for line in report(known.comparison, known.place, colours))


def test_a_terminal_is_told_this(told: tuple[str, Pair], accept: bool) -> None:  # noqa: FBT001
    name, known = told
    said = in_terminal(known) + "\n" + "".join(f"{x}\n" for x in trend_report(known.trend, Palette()))
    agree(GOLDEN / f"{name}.terminal.txt", said, accept)


def test_a_pull_request_is_told_this(told: tuple[str, Pair], accept: bool) -> None:  # noqa: FBT001
    name, known = told
    agree(GOLDEN / f"{name}.md", markdown.report(known.comparison, known.place), accept)


def test_a_chinese_console_can_show_every_sentence(told: tuple[str, Pair]) -> None:
    assert encodes_in_gbk(in_terminal(told[1]).replace("𠮷", ""))


def test_colour_only_adds(told: tuple[str, Pair]) -> None:
    _, known = told
    painted = in_terminal(known, Palette(on=True))
    assert "\x1b[" in painted
    for code in ("0", "1", "2", "31", "32", "33"):
        painted = painted.replace(f"\x1b[{code}m", "")
    assert painted == in_terminal(known)


@cache
def published() -> Any:
    schema = json.loads((ROOT / "templates" / "comparison.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_json_fits_its_published_schema(told: tuple[str, Pair]) -> None:
    _, known = told
    written = json.loads(as_json(known.comparison, known.place))
    published().validate(written)
    assert written["版本"] == VERSION


def test_json_holds_every_effect_exactly(told: tuple[str, Pair]) -> None:
    _, known = told
    written = data(known.comparison, known.place)
    total = written["合计"][0]
    assert total["变动"] == plain(known.comparison.bridge.moved)
    assert [e["分"] for e in total["原因"]] == [plain(e.amount) for e in known.comparison.bridge.effects]
    assert [row["变化"] for row in written["指标"]] == [
        [change.value for change in row.changes] for row in known.comparison.rows
    ]


def test_every_changed_row_is_told_with_its_place(told: tuple[str, Pair]) -> None:
    _, known = told
    said, page = in_terminal(known), markdown.report(known.comparison, known.place)
    for row in known.comparison.rows:
        if not row.unchanged:
            assert f"{phrases.name(row)}（{phrases.changes(row)}）" in said
            for side in row.news:
                assert known.place("new", side.address) in said
                assert known.place("new", side.address) in page


def test_two_equal_years_are_told_in_a_few_lines() -> None:
    known = known_pair("same")
    assert known.comparison.empty
    assert "两年没有不同。" in in_terminal(known)
    assert "两年没有不同。" in markdown.report(known.comparison, known.place)


def test_a_year_still_being_filled_in_is_not_called_a_loss() -> None:
    known = known_pair("filling")
    said = in_terminal(known)
    assert "总分暂不相比" in said
    assert "-92.82" not in said
    assert Cause.OPEN.value + " -" not in said


NASTY = "1. @somebody [x](http://a.cn) www.b.cn me@c.cn #7 `d` <b> *e* $f$ :tada: a|b ~~g~~ & "


@pytest.mark.parametrize(
    "begins", ["", "1. ", "20) ", "- ", "+ ", "=== ", "# ", "> ", "    ", "\t", "* ", "--- "]
)
def test_nothing_a_person_wrote_is_markup_a_link_or_a_call(begins: str) -> None:
    nasty = begins + NASTY
    row = replace(indicator(name=nasty, actual=nasty), scope=nasty, remark=nasty)
    old = assessment(indicator(name="`甲`"), goals=("目标",))
    new = assessment(
        row,
        budget=(budget_line(), budget_line("1", "1", nasty)),
        unit=nasty,
        goals=(nasty,),
        dropped=(Dropped(name="`甲`", reason=nasty),),
    )
    said = markdown.report(compare(finished_of(old), finished_of(new)), lambda *_: "`a`@b.yaml")
    outside = re.sub(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", "", said)
    assert not re.search(r"(?<!\\)[`*$~\[\]]", outside.replace("**", ""))
    assert not re.search(r"@\w|://|www\.|#\d|:tada:", html.unescape(outside))
    assert set(re.findall(r"<[^>]*>", outside)) <= {
        *("<ins>", "</ins>", "<del>", "</del>", "<details>", "</details>", "<summary>", "</summary>"),
    }
    for line in outside.splitlines():
        text = re.sub(r"^ *- |^#+ |^<\w+>", "", line)
        assert not re.match(r"\s|\d+[.)]|[-+=>#*]", text.removeprefix("**")) or set(line) <= set("|-"), line


@pytest.mark.parametrize("text", ["a", "`", "a`b", "``a`", "曾用名: `甲`"])
def test_code_is_fenced_by_more_than_it_holds(text: str) -> None:
    fenced = markdown._code(text)  # noqa: SLF001 -- the one door to the page
    fence = re.match("`+", fenced)
    assert fence
    inside = fenced[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in inside
    assert text in (inside, inside[1:-1])


def test_every_face_lists_the_same(told: tuple[str, Pair]) -> None:
    _, known = told
    counts = {each.title: each.count for each in View(known.comparison, known.place, COPIED).lists}
    listed = dict(phrases.lists(known.comparison, COPIED))
    for title, on_page in ONE_LIST.items():
        assert counts[on_page] == len(listed.get(title, []))
    for title, found in listed.items():
        assert phrases.listed(title, found) in in_terminal(known)
        assert f"- {title} {len(found)}：" in markdown.report(known.comparison, known.place)


ONE_LIST = {
    "不可比": "不可比的行",
    "目标偏软": "偏软的目标",
    "整行照旧": "整行照旧",
    "照抄上年": "照抄的文字",
    "年份可疑": "年份可疑",
}


def test_every_face_asks_the_forms_own_threshold() -> None:
    known = known_pair("rich")
    some = "".join(report(known.comparison, known.place, Palette(), copied=61))
    assert "照抄上年 3" in some
    assert "照抄上年 3" in markdown.report(known.comparison, known.place, copied=61)
    assert View(known.comparison, known.place, 61).lists[3].count == 3


def test_a_line_of_the_budget_without_amounts_ends_in_no_colon() -> None:
    new = assessment(budget=(budget_line(), budget_line(None, None, "其中：新增科目")))
    said = markdown.report(compare(finished_of(assessment()), finished_of(new)), lambda *_: "x")
    assert "- 其中：新增科目（新增）\n" in said


def test_in_a_paragraph_that_is_wholly_new_no_figure_changed() -> None:
    new = assessment(prose=(Prose("偏差分析", "完成 12 项，验收 3 项。"), Prose("改进措施", "无。")))
    comparison = compare(finished_of(assessment()), finished_of(new))
    passages = [p for words in comparison.texts for p in words.passages if p.old is None]
    assert [p.numbers for p in passages] == [()] * 2
    assert not any(map(phrases.numbers, passages))
    assert "数字变动：" not in markdown.report(comparison, lambda *_: "x")
    written = data(comparison, lambda *_: "x")
    assert {len(p["数字变动"]) for words in written["文字"] for p in words["段"]} == {0}


def test_a_curve_is_cut_where_points_do_not_compare() -> None:
    total = next(line for line in trend_report(known_pair("forms").trend, Palette()) if line[:2] == "总分")
    assert "█|█" in total


def test_flags_of_a_row_left_as_it_was_are_listed_apart_from_soft_targets() -> None:
    comparison = known_pair("rich").comparison
    soft, repeated = phrases.soft(comparison), phrases.repeated(comparison)
    assert soft
    assert repeated
    assert all(any(f.flag is not Flag.REPEATED for f in row.flags) for row in soft)


# --- the terminal -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "is_terminal", "on"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colour_is_a_terminals_unless_somebody_says_otherwise(
    environment: dict[str, str],
    is_terminal: bool,  # noqa: FBT001
    on: bool,  # noqa: FBT001
) -> None:
    assert palette(environment, is_terminal=is_terminal).on is on


def test_a_chinese_character_takes_two_columns() -> None:
    assert width("得分 3") == 6
    assert pad("得分", 6) == "得分  "
    assert pad_left("3", 3) == "  3"


def test_columns_line_up_in_the_bridge() -> None:
    known = known_pair("rich")
    lines = [line for line in in_terminal(known).splitlines() if " → " in line and "  " in line[:2]]
    bars = lines[: sum(bool(bar.effects) for bar in known.comparison.bridge.walk())]
    assert len({width(line.partition(" → ")[0]) for line in bars}) == 1
