"""The faces without a picture: what a terminal, a pull request and a machine get of the same comparison."""

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from builders import encodes_in_gbk
from review_pairs import HERE, NAMES, ROOT, Pair, pair

from perfdoc.compare import Cause, Change
from perfdoc.compare.value import Flag
from perfdoc.quantity import plain
from perfdoc.review import data, markdown, phrases, text
from perfdoc.terminal import Palette, pad, pad_left, palette, width

GOLDEN = HERE / "golden"


@pytest.fixture(params=NAMES)
def told(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Pair]:
    return request.param, pair(tmp_path, request.param)


def agree(golden: Path, said: str, accept: bool) -> None:  # noqa: FBT001
    if accept:
        golden.write_text(said, encoding="utf-8", newline="\n")
    assert golden.read_text(encoding="utf-8") == said


def in_terminal(known: Pair, colours: Palette = Palette()) -> str:  # noqa: B008 -- immutable
    return "".join(f"{line}\n" for line in text.report(known.comparison, known.place, colours))


def test_a_terminal_is_told_this(told: tuple[str, Pair], accept: bool) -> None:  # noqa: FBT001
    name, known = told
    said = in_terminal(known) + "\n" + "".join(f"{x}\n" for x in text.trend_report(known.trend, Palette()))
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


def test_json_fits_its_published_schema(told: tuple[str, Pair]) -> None:
    _, known = told
    published = json.loads((ROOT / "templates" / "comparison.schema.json").read_text(encoding="utf-8"))
    written = json.loads(data.report(known.comparison, known.place))
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.validate(written, published, cls=jsonschema.Draft202012Validator)
    assert written["版本"] == data.VERSION


def test_json_holds_every_effect_exactly(told: tuple[str, Pair]) -> None:
    _, known = told
    written = data.data(known.comparison, known.place)
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


def test_two_equal_years_are_told_in_a_few_lines(tmp_path: Path) -> None:
    known = pair(tmp_path, "same")
    assert known.comparison.empty
    assert "两年没有不同。" in in_terminal(known)
    assert "两年没有不同。" in markdown.report(known.comparison, known.place)


def test_a_year_still_being_filled_in_is_not_called_a_loss(tmp_path: Path) -> None:
    known = pair(tmp_path, "filling")
    said = in_terminal(known)
    assert "总分暂不相比" in said
    assert "-92.82" not in said
    assert Cause.OPEN.value + " -" not in said


def test_markdown_keeps_words_from_being_read_as_markup(tmp_path: Path) -> None:
    known = pair(tmp_path, "rich")
    row = next(r for r in known.comparison.rows if r.changes == (Change.ADDED,))
    said = markdown.report(known.comparison, known.place)
    assert phrases.name(row) in said
    assert markdown._plain("a|b <c> *d* `e` [f] #g & \n") == (  # noqa: SLF001 -- the one door to the page
        r"a\|b &lt;c&gt; \*d\* \`e\` \[f\] \#g &amp;  "
    )


def test_flags_of_a_row_left_as_it_was_are_listed_apart_from_soft_targets(tmp_path: Path) -> None:
    comparison = pair(tmp_path, "rich").comparison
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


def test_columns_line_up_in_the_bridge(tmp_path: Path) -> None:
    lines = [
        line
        for line in in_terminal(pair(tmp_path, "rich")).splitlines()
        if " → " in line and "  " in line[:2]
    ]
    bars = lines[: len(pair_bars(tmp_path / "again"))]
    assert len({width(line.partition(" → ")[0]) for line in bars}) == 1


def pair_bars(folder: Path) -> list[str]:
    return [bar.name for bar in pair(folder, "rich").comparison.bridge.walk() if bar.effects]
