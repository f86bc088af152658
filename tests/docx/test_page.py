"""The 2020 form on paper: the layout of layout.md in the Word file, and the lines of the filed form in the PDF."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lines import lines_of, same_lines
from sheet import Sheet, W, bare, millimetres, part, read, runs

from perfdoc.docx.pdf import Trouble, convert

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TITLE = "2020年度智造园部门（单位）整体绩效自评表"
FILED = (HERE / "filed-2020.txt").read_text(encoding="utf-8")
FONT_VARIABLES = ("FONTCONFIG_FILE", "FONTCONFIG_PATH")


def build(folder: Path, *options: str) -> Path:
    """Build the repository's own content in a copy, as a person does; returns the Word file."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    environment = {name: value for name, value in os.environ.items() if name not in FONT_VARIABLES}
    command = [sys.executable, "-m", "perfdoc", "build", "--year", "2020", *options]
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return folder / "build" / "2020" / f"{TITLE}.docx"


@pytest.fixture(scope="module")
def docx(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return build(tmp_path_factory.mktemp("page")).read_bytes()


@pytest.fixture(scope="module")
def sheet(docx: bytes) -> Sheet:
    return read(docx)


# --- what stands in the table ---------------------------------------------------------------------------------


def cells_as_text(sheet: Sheet) -> str:
    """Write a row a line, white space left out: `|` between cells, `¶` between paragraphs, `〃` for a merge."""
    return "".join(
        " | ".join(
            "〃" if cell.merge == "continue" else " ¶ ".join(map(bare, cell.paragraphs)) for cell in row.cells
        )
        + "\n"
        for row in sheet.rows
    )


def test_each_cell_equals_the_filed_form(sheet: Sheet) -> None:
    filed = (HERE / "filed-2020-cells.txt").read_text(encoding="utf-8")
    # An empty cell is one space between two bars.
    assert cells_as_text(sheet).replace(" |  | ", " | | ").splitlines() == filed.splitlines()


def test_the_cells_that_are_expected_stand_in_the_filed_form() -> None:
    seed = bare(FILED)
    cells = re.split(r"[|¶\n]", (HERE / "filed-2020-cells.txt").read_text(encoding="utf-8"))
    wanted = {cell.strip() for cell in cells} - {"", "〃"}
    assert [cell for cell in wanted if cell not in seed] == []
    assert len(wanted) > 80


def test_the_lines_around_the_table_equal_the_filed_form(sheet: Sheet) -> None:
    assert sheet.above == (
        "附件3：",
        TITLE,
        "单位名称：武汉光谷智能制造产业园建设服务中心\t填报日期：2021年5月25日",
    )
    first, *notes = sheet.below
    assert (first, len(notes)) == ("备注：", 4)
    assert [note[:2] for note in notes] == ["1.", "2.", "3.", "4."]
    assert all(bare(note) in bare(FILED) for note in notes)


# --- where it stands ------------------------------------------------------------------------------------------


def widths(sheet: Sheet, row: int) -> list[float]:
    return [millimetres(cell.right - cell.left) for cell in sheet.rows[row].cells]


def test_the_table_is_161_mm_wide(docx: bytes, sheet: Sheet) -> None:
    assert millimetres(sum(sheet.grid)) == 161
    width = part(docx).find(f".//{W}tblW")
    assert (int(width.get(f"{W}w")), width.get(f"{W}type")) == (sum(sheet.grid), "dxa")


def test_the_seven_columns_are_as_wide_as_the_filed_lines_say(sheet: Sheet) -> None:
    columns = [13.5, 14, 21, 48, 23.5, 23.5, 17.5]
    assert [widths(sheet, row) for row in range(5, 26)] == [columns] * 21


def test_the_rows_above_and_below_them_share_their_edges(sheet: Sheet) -> None:
    assert widths(sheet, 0) == widths(sheet, 4) == widths(sheet, 26) == widths(sheet, 27) == [27.5, 133.5]
    assert widths(sheet, 1) == [27.5, 47.5, 53, 33]
    for row in (2, 3):
        label, name, *equal, score = widths(sheet, row)
        assert (label, name, score) == (27.5, 21, 33)
        assert equal == pytest.approx([26.5] * 3, abs=0.1)


def test_each_cell_is_as_wide_as_its_columns_of_the_grid(sheet: Sheet) -> None:
    assert [cell for row in sheet.rows for cell in row.cells if cell.width != cell.right - cell.left] == []


def test_the_layout_is_fixed_and_the_table_centred_in_single_black_lines(docx: bytes) -> None:
    properties = part(docx).find(f".//{W}tblPr")
    assert properties.find(f"{W}tblLayout").get(f"{W}type") == "fixed"
    assert properties.find(f"{W}jc").get(f"{W}val") == "center"
    borders = list(properties.find(f"{W}tblBorders"))
    assert len(borders) == 6
    assert {(line.get(f"{W}val"), line.get(f"{W}color")) for line in borders} == {("single", "000000")}
    for side in ("left", "right"):
        margin = properties.find(f"{W}tblCellMar/{W}{side}")
        assert millimetres(int(margin.get(f"{W}w"))) == 1.9


def test_the_merges_are_those_of_the_filed_form(sheet: Sheet) -> None:
    columns = {
        millimetres(left): [(bare(text), rows) for text, rows in column]
        for left, column in runs(sheet).items()
    }
    assert columns[0] == [
        ("单位名称", 1),
        ("基本支出总额", 1),
        ("预算执行情况（万元）（20分）", 2),
        ("年度目标：（80分）", 1),
        ("年度绩效指标", 21),
        ("偏差大或目标未完成原因分析", 1),
        ("改进措施及结果应用方案", 1),
    ]
    assert columns[13.5] == [("一级指标", 1), ("产出指标（40分）", 13), ("效益指标（40分）", 7)]
    under = [text for text, _ in columns[27.5]].index("二级指标")
    assert columns[27.5][under : under + 5] == [
        ("二级指标", 1),
        ("数量指标（25分）", 9),
        ("质量指标（15分）", 4),
        ("社会效益指标（20分）", 4),
        ("可持续影响指标（20分）", 3),
    ]
    others = [rows for left, column in columns.items() if left > 27.5 for _, rows in column]
    assert set(others) == {1}


def test_only_prose_breaks_across_pages_and_indicators_have_their_height(sheet: Sheet) -> None:
    assert [at for at, row in enumerate(sheet.rows) if row.may_split] == [4, 26, 27]
    assert {millimetres(row.height) for row in sheet.rows[6:26]} == {10.5}


def test_goals_and_prose_are_paragraphs_of_their_own(sheet: Sheet) -> None:
    prose = [sheet.rows[row].cells[1].paragraphs for row in (4, 26, 27)]
    assert [len(paragraphs) for paragraphs in prose] == [4, 3, 2]
    assert [text for paragraphs in prose for text in paragraphs if "\n" in text or not text] == []


# --- what it is printed on, and with --------------------------------------------------------------------------


def test_the_paper_is_a4_with_the_margins_of_the_filed_form(docx: bytes) -> None:
    (section,) = part(docx).iter(f"{W}sectPr")
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert size.get(f"{W}orient") in {None, "portrait"}
    assert [millimetres(int(size.get(f"{W}{side}"))) for side in ("w", "h")] == [210, 297]
    sides = ("top", "bottom", "left", "right")
    assert [millimetres(int(margins.get(f"{W}{side}"))) for side in sides] == [25.4, 25.4, 30, 30]


def fonts(docx: bytes, style: str) -> dict[str, str]:
    """Collect what a paragraph style says of fonts and sizes, with what it inherits."""
    styles = part(docx, "word/styles.xml")
    by_id = {one.get(f"{W}styleId"): one for one in styles.iter(f"{W}style")}
    line = [styles.find(f"{W}docDefaults/{W}rPrDefault")]
    chain: list[Any] = []
    while style:
        chain.append(by_id[style])
        based = by_id[style].find(f"{W}basedOn")
        style = "" if based is None else based.get(f"{W}val")
    known: dict[str, str] = {}
    for element in line + chain[::-1]:
        run = element.find(f"{W}rPr")
        for child in () if run is None else run:
            known |= {
                f"{child.tag.removeprefix(W)}.{name.removeprefix(W)}": v for name, v in child.attrib.items()
            }
    return known


@pytest.mark.parametrize(
    ("style", "east_asian", "points"),
    [
        ("附件号", "黑体", 16),
        ("表题", "方正小标宋简体", 18),
        ("填报行", "宋体", 10.5),
        ("表格文字", "宋体", 10.5),
        ("表格数字", "宋体", 10.5),
        ("表格名称", "宋体", 10.5),
        ("表格正文", "宋体", 10.5),
        ("备注", "宋体", 10.5),
    ],
)
def test_each_style_names_a_chinese_and_a_latin_font(
    docx: bytes, style: str, east_asian: str, points: float
) -> None:
    known = fonts(docx, style)
    assert (known["rFonts.eastAsia"], int(known["sz.val"]) / 2) == (east_asian, points)
    assert known["rFonts.ascii"] == known["rFonts.hAnsi"] == "Times New Roman"
    assert known["lang.eastAsia"] == "zh-CN"


def test_every_text_is_in_the_chinese_font_where_both_fonts_have_the_character(docx: bytes) -> None:
    texts = [run for run in part(docx).iter(f"{W}r") if run.find(f"{W}t") is not None]
    hints = {run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") for run in texts}
    assert (hints, len(texts) > 100) == ({"eastAsia"}, True)


def test_the_language_is_chinese_also_for_the_fonts_of_the_theme(docx: bytes) -> None:
    language = part(docx, "word/settings.xml").find(f"{W}themeFontLang")
    assert language.get(f"{W}eastAsia") == "zh-CN"
    theme = part(docx, "word/theme/theme1.xml")
    east_asian = {font.get("typeface") for font in theme.iter("{*}ea")}
    assert east_asian == {"宋体"}


# --- the fonts that stand in ----------------------------------------------------------------------------------

SHIPPED = ROOT / "perfdoc" / "docx" / "fonts.conf"

needs_scripts = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a #! line")


def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Ask a stand-in for LibreOffice which settings of fontconfig it was given."""
    script = tmp_path / "soffice"
    script.write_text(
        f"#!{sys.executable}\nimport json, os, pathlib\n"
        f"known = {{name: os.environ.get(name) for name in {FONT_VARIABLES!r}}}\n"
        "pathlib.Path(__file__).with_name('told').write_text(json.dumps(known))\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PERFDOC_SOFFICE", str(script))
    shutil.copy(ROOT / "templates/hubei-department/attachment.docx", tmp_path / "a.docx")
    assert isinstance(convert(tmp_path / "a.docx"), Trouble)
    known: dict[str, str | None] = json.loads((tmp_path / "told").read_text())
    return known


@needs_scripts
@pytest.mark.parametrize(
    ("platform", "given"), [("linux", True), ("freebsd14", True), ("darwin", False), ("win32", False)]
)
def test_the_shipped_settings_are_given_where_fontconfig_finds_the_fonts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, *, given: bool
) -> None:
    for name in FONT_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    wanted = str(SHIPPED) if given else None
    assert told(tmp_path, monkeypatch) == {"FONTCONFIG_FILE": wanted, "FONTCONFIG_PATH": None}


@needs_scripts
@pytest.mark.parametrize("name", FONT_VARIABLES)
def test_who_has_chosen_settings_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable in FONT_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, "/own/fonts.conf")
    assert told(tmp_path, monkeypatch) == dict.fromkeys(FONT_VARIABLES) | {name: "/own/fonts.conf"}


@pytest.mark.skipif(shutil.which("fc-pattern") is None, reason="no fontconfig")
@pytest.mark.parametrize(
    ("font", "substitutes"),
    [
        ("宋体", ["SimSun", "Noto Serif CJK SC", "Source Han Serif SC"]),
        ("SimSun", ["宋体", "Noto Serif CJK SC", "Source Han Serif SC"]),
        ("方正小标宋简体", ["宋体", "SimSun", "Noto Serif CJK SC"]),
        ("仿宋_GB2312", ["仿宋", "FangSong", "宋体", "Noto Serif CJK SC"]),
        ("楷体", ["KaiTi", "宋体", "Noto Serif CJK SC"]),
        ("黑体", ["SimHei", "Noto Sans CJK SC", "Source Han Sans SC"]),
        ("Times New Roman", ["Noto Serif CJK SC", "Source Han Serif SC", "Liberation Serif"]),
    ],
)
def test_an_installed_font_comes_before_its_substitutes(font: str, substitutes: list[str]) -> None:
    command = ["fc-pattern", "--config", "--format", "%{family}", font]
    environment = {**os.environ, "FONTCONFIG_FILE": str(SHIPPED), "LC_ALL": "C.UTF-8"}
    said = subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8")
    assert said.stderr == ""
    families = said.stdout.split(",")
    places = [families.index(name) for name in (font, *substitutes)]
    assert places == sorted(places)
    assert places[0] == 0


# --- through LibreOffice --------------------------------------------------------------------------------------

OFFICE = [pytest.mark.office]
SONG = re.compile("NotoSerifCJK|NotoSerifSC|SourceHanSerif|SimSun|宋体")
OTHER_LATIN = re.compile("Liberation|TimesNewRoman|Tinos|Termes|Nimbus")
LEAST, LEAST_WITH_OTHER_LATIN = 120, 115
"""Digits of another width end three paragraphs' lines elsewhere: measured 125, and 119 with Liberation Serif."""


def said_by(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], check=True, capture_output=True, encoding="utf-8").stdout


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("pdf"), "--pdf").with_suffix(".pdf")


class TestThroughLibreOffice:
    pytestmark = OFFICE

    def test_the_lines_of_the_filed_form_stand_on_the_page(self, pdf: Path) -> None:
        text = said_by("pdftotext", "-raw", str(pdf), "-")
        count, missing = same_lines(text, FILED)
        total = len(lines_of(FILED))
        with_other_latin = OTHER_LATIN.search(said_by("pdffonts", str(pdf)))
        least = LEAST_WITH_OTHER_LATIN if with_other_latin else LEAST
        assert total == 138
        assert count >= least, (
            f"{count} of {total} lines; not found: {missing}; on the page: {lines_of(text)}"
        )

    def test_it_takes_three_pages(self, pdf: Path) -> None:
        assert re.search(r"^Pages:\s+3$", said_by("pdfinfo", str(pdf)), re.MULTILINE)

    def test_song_is_printed_in_a_chinese_serif(self, pdf: Path) -> None:
        known = said_by("pdffonts", str(pdf))
        assert SONG.search(known), known
        assert "DejaVu" not in known

    @pytest.mark.skipif(shutil.which("pandoc") is None, reason="no pandoc")
    def test_another_reader_sees_the_same_cells(self, docx: bytes, sheet: Sheet, tmp_path: Path) -> None:
        (tmp_path / "a.docx").write_bytes(docx)
        blocks = json.loads(said_by("pandoc", "-f", "docx", "-t", "json", str(tmp_path / "a.docx")))["blocks"]
        (table,) = (block["c"] for block in blocks if block["t"] == "Table")
        head, bodies, foot = table[3][1], [body[3] for body in table[4]], table[5][1]
        rows = [row[1] for group in (head, *bodies, foot) for row in group]
        seen = [[bare(pandoc_text(cell[4])) for cell in row] for row in rows]
        assert [[text for text in row if text] for row in seen] == [
            [text for cell in row.cells if (text := bare(cell.text))] for row in sheet.rows
        ]


def pandoc_text(value: Any) -> str:
    """Read the text of pandoc's tree."""
    if isinstance(value, dict):
        return value["c"] if value["t"] == "Str" else pandoc_text(value.get("c", ""))
    if isinstance(value, list):
        return "".join(map(pandoc_text, value))
    return ""


def test_the_grid_has_no_column_that_no_cell_uses(sheet: Sheet) -> None:
    edges = {edge for row in sheet.rows for cell in row.cells for edge in (cell.left, cell.right)}
    assert len(edges) == len(sheet.grid) + 1
    assert all(left < right for left, right in pairwise(sorted(edges)))
