"""Draw the first version of an official form's Word template.

    python tools/draw_template.py hubei-department templates/hubei-department/attachment.docx

From then on the .docx is the source: clerks edit it in Word or WPS, and this script is not run on it again
(it refuses to write over a file). It stays to draw the next form: describe its rows as data, as `HUBEI_DEPARTMENT`
does, add it to `FORMS`, and the package, the grid, the merges and the docxtpl tags follow.

A row is written as cells that end at so many millimetres from the table's left edge.
The grid is the set of all those edges, so every row of every form sits on one grid and all widths agree.
The look is in `STYLES`; the body carries style names and hardly any direct formatting.
"""

import sys
import zipfile
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

Merge = Literal["restart", "continue"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    r"""A paragraph; `\n` is a line break, `\t` a tab.

    Attributes:
        style: Name of a paragraph style.
        text: Static text and docxtpl tags.
    """

    style: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row.

    Attributes:
        to: Right edge, in millimetres from the table's left edge; the left edge is where the cell before ends.
        content: At least one paragraph.
        merge: Where the cell stands in a vertical merge; None where it stands alone.
    """

    to: float
    content: tuple[Paragraph, ...]
    merge: Merge | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        cells: From left to right, up to the table's right edge.
        height: Least height in millimetres; 0 where the text decides.
        splits: Whether a page break may fall inside the row.
    """

    cells: tuple[Cell, ...]
    height: float = 0
    splits: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of rows that a loop repeats.

    Attributes:
        to: Right edge in millimetres.
        style: Paragraph style.
        text: What each row prints.
        first: Name of the flag that is true on the first row of a merged group; None for a column without groups.
    """

    to: float
    style: str
    text: str
    first: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form on one A4 page after another: lines, one table, lines.

    Attributes:
        title: Title in the file's properties.
        above: What stands above the table.
        table: The rows of the table.
        below: What stands below it.
        side: Margin of the page left and right, in millimetres.
    """

    title: str
    above: tuple[Paragraph, ...]
    table: tuple[Row, ...]
    below: tuple[Paragraph, ...]
    side: float = 30


# --- Words of a description ---------------------------------------------------------------------------------------

HEAD, LABEL, FIGURE, TARGET = "表头文字", "表格文字", "表格数字", "表格目标"
NAME, PROSE, TAG = "表格名称", "表格正文", "模板标记"
CLASS, ITEM, NARROW, REASON = "表格分类", "表格条目", "表格窄数", "表格说明"


def cell(to: float, style: str, text: str = "", merge: Merge | None = None) -> Cell:
    """Make a cell of one paragraph."""
    return Cell(to, (Paragraph(style, text),), merge)


def each(style: str, item: str, items: str) -> tuple[Paragraph, ...]:
    """Print a list as paragraphs, and an empty one as an empty paragraph: a cell has to end with one."""
    return (
        Paragraph(TAG, f"{{%p for {item} in {items} %}}"),
        Paragraph(style, f"{{{{ {item} }}}}"),
        Paragraph(TAG, "{%p else %}"),
        Paragraph(style),
        Paragraph(TAG, "{%p endfor %}"),
    )


def control(row: Row, at: int, tag: str) -> Row:
    """Make the row that carries a row tag.

    It has the same cells and merges as the rows around it, so that an editor that saves the template finds the
    merges unbroken.

    Args:
        row: Its neighbour; what starts in there does not start in here.
        at: Index of the cell that shows the tag.
        tag: The tag.
    """
    cells = (
        replace(old, content=(Paragraph(TAG, tag if i == at else ""),)) for i, old in enumerate(row.cells)
    )
    return Row(tuple(cells))


def repeated(item: str, items: str, row: Row, at: int) -> tuple[Row, ...]:
    """Repeat one row, its tags in the cell `at`."""
    return (
        control(row, at, f"{{%tr for {item} in {items} %}}"),
        row,
        control(row, at, "{%tr endfor %}"),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """A header row that stands above each block of a list of repeated rows.

    Attributes:
        first: Name of the flag that is true on the first row of a block.
        header: The row; its first cell holds the block's label, whose merge starts here.
    """

    first: str
    header: Row


def grouped(
    item: str,
    items: str,
    left: Cell,
    columns: tuple[Column, ...],
    height: float,
    block: Block | None = None,
) -> tuple[Row, ...]:
    """Repeat a row whose first columns are merged over groups within groups.

    The rows of the template differ in where the merges start: everywhere, from the second grouped column on, …,
    nowhere. docxtpl's own `{% vm %}` cannot do that. Where the list falls into blocks, the label on the left is
    one more level: it starts in the block's header, which is printed above the block's first row.

    Args:
        item: Name of one row in the tags.
        items: Name of the list; its rows lie flat, in order, with a flag for each grouped column.
        left: The label that is merged over all of them; it started in a row above, or in the block's header.
        columns: The columns, the grouped ones first.
        height: Least height of a row in millimetres.
        block: The header of each block; None for a list without blocks.
    """
    flags = [column.first for column in columns if column.first]
    at = len(flags) + 1

    def variant(start: int | None) -> Row:
        """Draw a row in which the grouped columns from `start` on begin anew; None: before any group."""
        cells = [left]
        for depth, column in enumerate(columns):
            merge: Merge | None = None
            if start is not None and column.first:
                merge = "restart" if depth >= start else "continue"
            text = "" if merge == "continue" else column.text
            cells.append(cell(column.to, column.style, text, merge))
        return Row(tuple(cells), height)

    before, within = variant(None), variant(len(flags))
    outside = before if block is None else Row((replace(left, merge=None), *before.cells[1:]), height)
    rows = [control(outside, at, f"{{%tr for {item} in {items} %}}")]
    if block is not None:
        rows += [control(outside, at, f"{{%tr if {item}.{block.first} %}}"), block.header]
        rows += [control(before, at, "{%tr endif %}")]
    for start, flag in enumerate(flags):
        word, around = ("elif", within) if start else ("if", before)
        rows += [control(around, at, f"{{%tr {word} {item}.{flag} %}}"), variant(start)]
    rows += [control(within, at, "{%tr else %}"), within]
    rows += [control(within, at, "{%tr endif %}"), control(within, at, "{%tr endfor %}")]
    return tuple(rows)


# --- The forms ------------------------------------------------------------------------------------------------------

ROW = 10.5

HUBEI_DEPARTMENT = Form(
    title="部门（单位）整体绩效自评表",
    above=(
        Paragraph("附件号", "{{ 附件号 }}"),
        Paragraph("表题", "{{ 标题 }}"),
        Paragraph("填报行", "单位名称：{{ 单位名称 }}\t填报日期：{{ 填报日期 }}"),
    ),
    table=(
        Row((cell(27.5, LABEL, "单位名称"), cell(161, LABEL, "{{ 单位名称 }}")), ROW),
        Row(
            (
                cell(27.5, LABEL, "基本支出总额"),
                cell(75, FIGURE, "{{ 基本支出总额 }}"),
                cell(128, LABEL, "项目支出总额"),
                cell(161, FIGURE, "{{ 项目支出总额 }}"),
            ),
            ROW,
        ),
        Row(
            (
                cell(27.5, LABEL, "预算执行情况\n（{{ 金额单位 }}）\n（{{ 预算分值 }}分）", "restart"),
                cell(48.5, HEAD),
                cell(75, HEAD, "预算数（A）"),
                cell(101.5, HEAD, "执行数（B）"),
                cell(128, HEAD, "执行率（B/A）"),
                cell(161, HEAD, "得分\n（{{ 预算分值 }}分*执行率）"),
            ),
            ROW,
        ),
        *repeated(
            "项",
            "预算执行",
            Row(
                (
                    cell(27.5, LABEL, merge="continue"),
                    cell(48.5, LABEL, "{{ 项.名称 }}"),
                    cell(75, FIGURE, "{{ 项.预算数 }}"),
                    cell(101.5, FIGURE, "{{ 项.执行数 }}"),
                    cell(128, FIGURE, "{{ 项.执行率 }}"),
                    cell(161, FIGURE, "{{ 项.得分 }}"),
                ),
                ROW,
            ),
            at=5,
        ),
        Row(
            (
                cell(27.5, LABEL, "年度目标：\n（{{ 指标分值 }}分）"),
                Cell(161, each(PROSE, "目标", "年度目标")),
            ),
            ROW,
            splits=True,
        ),
        Row(
            (
                cell(13.5, HEAD, "年度\n绩效\n指标", "restart"),
                cell(27.5, HEAD, "一级\n指标"),
                cell(48.5, HEAD, "二级指标"),
                cell(96.5, HEAD, "三级指标"),
                cell(120, HEAD, "年初目标值\n（A）"),
                cell(143.5, HEAD, "实际完成值\n（B）"),
                cell(161, HEAD, "得分"),
            ),
            ROW,
        ),
        *grouped(
            "行",
            "指标",
            cell(13.5, LABEL, merge="continue"),
            (
                Column(27.5, LABEL, "{{ 行.一级 }}", first="一级始"),
                Column(48.5, LABEL, "{{ 行.二级 }}", first="二级始"),
                Column(96.5, NAME, "{{ 行.三级 }}"),
                Column(120, TARGET, "{{ 行.年初目标值 }}"),
                Column(143.5, FIGURE, "{{ 行.实际完成值 }}"),
                Column(161, FIGURE, "{{ 行.得分 }}"),
            ),
            ROW,
        ),
        Row(
            (cell(27.5, LABEL, "偏差大或\n目标未完成\n原因分析"), Cell(161, each(PROSE, "段", "偏差分析"))),
            ROW,
            splits=True,
        ),
        Row(
            (cell(27.5, LABEL, "改进措施及\n结果应用方案"), Cell(161, each(PROSE, "段", "改进措施"))),
            ROW,
            splits=True,
        ),
    ),
    below=(Paragraph("备注标题", "备注："), *each("备注", "段", "备注")),
)

HUBEI_PROJECT = Form(
    title="项目自评表",
    above=(
        Paragraph("附件号", "{{ 附件号 }}"),
        Paragraph("表题", "{{ 标题 }}"),
        Paragraph("填报行", "单位名称：{{ 单位名称 }}\t填报日期：{{ 填报日期 }}"),
    ),
    table=(
        Row((cell(27.5, LABEL, "项目名称"), cell(161, LABEL, "{{ 项目名称 }}")), ROW),
        Row(
            (
                cell(27.5, LABEL, "主管部门"),
                cell(75, LABEL, "{{ 主管部门 }}"),
                cell(101.5, LABEL, "项目实施单位"),
                cell(161, LABEL, "{{ 项目实施单位 }}"),
            ),
            ROW,
        ),
        Row((cell(27.5, LABEL, "项目类别"), cell(161, PROSE, "{{ 项目类别 }}")), ROW),
        Row((cell(27.5, LABEL, "项目属性"), cell(161, PROSE, "{{ 项目属性 }}")), ROW),
        Row((cell(27.5, LABEL, "项目类型"), cell(161, PROSE, "{{ 项目类型 }}")), ROW),
        Row(
            (
                cell(27.5, LABEL, "预算执行情况\n（{{ 金额单位 }}）\n（{{ 预算分值 }}分）", "restart"),
                cell(48.5, HEAD),
                cell(75, HEAD, "预算数（A）"),
                cell(101.5, HEAD, "执行数（B）"),
                cell(128, HEAD, "执行率（B/A）"),
                cell(161, HEAD, "得分\n（{{ 预算分值 }}分*执行率）"),
            ),
            ROW,
        ),
        *repeated(
            "项",
            "预算执行",
            Row(
                (
                    cell(27.5, LABEL, merge="continue"),
                    cell(48.5, LABEL, "{{ 项.名称 }}"),
                    cell(75, FIGURE, "{{ 项.预算数 }}"),
                    cell(101.5, FIGURE, "{{ 项.执行数 }}"),
                    cell(128, FIGURE, "{{ 项.执行率 }}"),
                    cell(161, FIGURE, "{{ 项.得分 }}"),
                ),
                ROW,
            ),
            at=5,
        ),
        *grouped(
            "行",
            "指标",
            cell(20, LABEL, merge="continue"),
            (
                Column(40.5, CLASS, "{{ 行.一级 }}", first="一级始"),
                Column(64.5, CLASS, "{{ 行.二级 }}", first="二级始"),
                Column(103.5, ITEM, "{{ 行.三级 }}"),
                Column(124.5, TARGET, "{{ 行.年初目标值 }}"),
                Column(145, FIGURE, "{{ 行.实际完成值 }}"),
                Column(161, FIGURE, "{{ 行.得分 }}"),
            ),
            ROW,
            Block(
                "目标始",
                Row(
                    (
                        cell(20, LABEL, "{{ 行.目标 }}", "restart"),
                        cell(40.5, HEAD, "一级\n指标"),
                        cell(64.5, HEAD, "二级指标"),
                        cell(103.5, HEAD, "三级指标"),
                        cell(124.5, HEAD, "年初目标值\n（A）"),
                        cell(145, HEAD, "实际完成值\n（B）"),
                        cell(161, HEAD, "得分"),
                    ),
                    ROW,
                ),
            ),
        ),
        Row((cell(145, LABEL, "总分"), cell(161, FIGURE, "{{ 总分 }}")), ROW),
        Row(
            (cell(27.5, LABEL, "偏差大或\n目标未完成\n原因分析"), Cell(161, each(PROSE, "段", "偏差分析"))),
            ROW,
            splits=True,
        ),
        Row(
            (cell(27.5, LABEL, "改进措施及\n结果应用方案"), Cell(161, each(PROSE, "段", "改进措施"))),
            ROW,
            splits=True,
        ),
    ),
    below=(Paragraph("备注标题", "备注："), *each("备注", "段", "备注")),
)


def central(funds: str) -> tuple[Row, ...]:
    """Draw what the two central forms share: money, the goal of the year, indicators, the total.

    Args:
        funds: The label of the money rows, without its unit.
    """
    return (
        Row(
            (
                cell(31.5, LABEL, f"{funds}\n（{{{{ 金额单位 }}}}）", "restart"),
                cell(58.5, HEAD),
                cell(84, HEAD, "年初预算数"),
                cell(105.5, HEAD, "全年预算数\n（A）"),
                cell(127.5, HEAD, "全年执行数\n（B）"),
                cell(138.5, HEAD, "分值"),
                cell(154, HEAD, "执行率\n（B/A）"),
                cell(178, HEAD, "得分"),
            ),
            ROW,
        ),
        *repeated(
            "项",
            "预算执行",
            Row(
                (
                    cell(31.5, LABEL, merge="continue"),
                    cell(58.5, LABEL, "{{ 项.名称 }}"),
                    cell(84, NARROW, "{{ 项.年初预算数 }}"),
                    cell(105.5, NARROW, "{{ 项.预算数 }}"),
                    cell(127.5, NARROW, "{{ 项.执行数 }}"),
                    cell(138.5, NARROW, "{{ 项.分值 }}"),
                    cell(154, NARROW, "{{ 项.执行率 }}"),
                    cell(178, FIGURE, "{{ 项.得分 }}"),
                ),
                ROW,
            ),
            at=2,
        ),
        Row(
            (
                cell(11, HEAD, "年度\n总体\n目标", "restart"),
                cell(105.5, HEAD, "预期目标"),
                cell(178, HEAD, "实际完成情况"),
            ),
            ROW,
        ),
        Row(
            (
                cell(11, LABEL, merge="continue"),
                cell(105.5, PROSE, "{{ 预期目标 }}"),
                cell(178, PROSE, "{{ 实际完成情况 }}"),
            ),
            2 * ROW,
            splits=True,
        ),
        Row(
            (
                cell(11, HEAD, "绩效\n指标", "restart"),
                cell(31.5, HEAD, "一级\n指标"),
                cell(55.5, HEAD, "二级指标"),
                cell(84, HEAD, "三级指标"),
                cell(105.5, HEAD, "年度\n指标值"),
                cell(127.5, HEAD, "实际\n完成值"),
                cell(138.5, HEAD, "分值"),
                cell(154, HEAD, "得分"),
                cell(178, HEAD, "偏差原因\n分析及\n改进措施"),
            ),
            ROW,
        ),
        *grouped(
            "行",
            "指标",
            cell(11, LABEL, merge="continue"),
            (
                Column(31.5, CLASS, "{{ 行.一级 }}", first="一级始"),
                Column(55.5, CLASS, "{{ 行.二级 }}", first="二级始"),
                Column(84, ITEM, "{{ 行.三级 }}"),
                Column(105.5, TARGET, "{{ 行.年初目标值 }}"),
                Column(127.5, FIGURE, "{{ 行.实际完成值 }}"),
                Column(138.5, NARROW, "{{ 行.分值 }}"),
                Column(154, NARROW, "{{ 行.得分 }}"),
                Column(178, REASON, "{{ 行.说明 }}"),
            ),
            ROW,
        ),
        Row(
            (
                cell(127.5, LABEL, "总分"),
                cell(138.5, FIGURE, "{{ 总分值 }}"),
                cell(154, FIGURE, "{{ 总分 }}"),
                cell(178, FIGURE, "{{ 等级 }}"),
            ),
            ROW,
        ),
    )


MOF_PROJECT = Form(
    title="项目支出绩效自评表",
    above=(Paragraph("表题", "项目支出绩效自评表\n（{{ 年度 }}年度）"),),
    table=(
        Row((cell(31.5, LABEL, "项目名称"), cell(178, LABEL, "{{ 项目名称 }}")), ROW),
        Row(
            (
                cell(31.5, LABEL, "主管部门"),
                cell(105.5, LABEL, "{{ 主管部门 }}"),
                cell(127.5, LABEL, "实施单位"),
                cell(178, LABEL, "{{ 单位名称 }}"),
            ),
            ROW,
        ),
        *central("项目资金"),
    ),
    below=(Paragraph("备注标题", "注："), *each("备注", "段", "备注")),
    side=16,
)

MOF_DEPARTMENT = Form(
    title="部门整体支出绩效自评表",
    above=(Paragraph("表题", "{{ 标题 }}"),),
    table=(
        Row((cell(31.5, LABEL, "部门"), cell(178, LABEL, "{{ 单位名称 }}")), ROW),
        *central("预算资金"),
    ),
    below=(Paragraph("备注标题", "注："), *each("备注", "段", "备注")),
    side=16,
)

FORMS = {
    "hubei-department": HUBEI_DEPARTMENT,
    "hubei-project": HUBEI_PROJECT,
    "mof-project": MOF_PROJECT,
    "mof-department": MOF_DEPARTMENT,
}


# --- Drawing: the body ----------------------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Millimetres. 1.94 is 1.9 and a hair: a prose line holds 34 characters, as filed, and no longer exactly 35.
CELL_MARGINS = {"top": 0.5, "left": 1.94, "bottom": 0.5, "right": 1.94}


def dxa(millimetres: float) -> int:
    """Turn millimetres into twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def body(form: Form) -> str:
    """Draw word/document.xml."""
    parts = [*map(paragraph, form.above), table(form.table), *map(paragraph, form.below)]
    return (
        f'<w:document xmlns:w="{W}"><w:body>{"".join(parts)}'
        f'<w:sectPr><w:pgSz w:w="{dxa(210)}" w:h="{dxa(297)}"/>'
        f'<w:pgMar w:top="{dxa(25.4)}" w:right="{dxa(form.side)}" w:bottom="{dxa(25.4)}" w:left="{dxa(form.side)}"'
        ' w:header="851" w:footer="992" w:gutter="0"/><w:cols w:space="425"/><w:docGrid w:linePitch="312"/></w:sectPr>'
        "</w:body></w:document>"
    )


def paragraph(drawn: Paragraph) -> str:
    """Draw a paragraph."""
    text = escape(drawn.text).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    # The hint sends “ ” … — ≥ to the Chinese font, as Word does for text typed in Chinese.
    run = f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>{text}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{drawn.style}"/></w:pPr>{run}</w:p>'


def table(rows: tuple[Row, ...]) -> str:
    """Draw the table on the grid that all edges of all rows make."""
    edges = [0, *sorted({dxa(drawn.to) for row in rows for drawn in row.cells})]
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(f'<w:{side} w:w="{dxa(width)}" w:type="dxa"/>' for side, width in CELL_MARGINS.items())
    grid = "".join(f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(_row(drawn, edges) for drawn in rows)}</w:tbl>"
    )


def _row(drawn: Row, edges: list[int]) -> str:
    properties = "" if drawn.splits else "<w:cantSplit/>"
    if drawn.height:
        properties += f'<w:trHeight w:val="{dxa(drawn.height)}"/>'
    bounds = pairwise([0, *(dxa(one.to) for one in drawn.cells)])
    cells = (_cell(one, *bound, edges) for one, bound in zip(drawn.cells, bounds, strict=True))
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(drawn: Cell, left: int, right: int, edges: list[int]) -> str:
    span = edges.index(right) - edges.index(left)
    properties = f'<w:tcW w:w="{right - left}" w:type="dxa"/>'
    properties += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:vMerge w:val="{drawn.merge}"/>' if drawn.merge else ""
    properties += '<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(paragraph, drawn.content))}</w:tc>"


# --- Drawing: the look ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A paragraph style; what is None comes from the style it is based on.

    Attributes:
        based_on: Name of another style.
        font: East Asian font.
        size: Font size in points.
        color: RGB in hexadecimal digits.
        align: left, center, both (justified).
        line: Exact distance of the lines in points, so that a page holds as much whatever font stands in.
        before: Space above in points.
        after: Space below in points.
        keep_next: Whether the paragraph stays on one page with the next.
        tab: Position of a right-aligned tab in millimetres.
        indent: Indent on both sides in millimetres; below 0 the text may use the cell's margins.
    """

    based_on: str = "Normal"
    font: str | None = None
    size: float | None = None
    color: str | None = None
    align: str | None = None
    line: float | None = None
    before: float = 0
    after: float = 0
    keep_next: bool = False
    tab: float | None = None
    indent: float = 0


STYLES = {
    "附件号": Style(font="黑体", size=16, align="left", line=24, keep_next=True),
    "表题": Style(
        font="方正小标宋简体", size=18, align="center", line=28, before=12, after=12, keep_next=True
    ),
    "填报行": Style(line=16, after=6, tab=150, keep_next=True),
    "表格文字": Style(align="center", line=16),
    "表头文字": Style(based_on="表格文字", indent=-1.4, keep_next=True),
    # A hair narrower, so that 415.93（含往来 breaks as filed in the narrower Latin fonts, too.
    "表格数字": Style(based_on="表格文字", indent=0.35),
    # A hair wider, so that 认可度90% stays on one line in the wider Latin fonts that stand in for Times New Roman.
    "表格目标": Style(based_on="表格文字", indent=-0.3),
    "表格名称": Style(based_on="表格文字", align="both"),
    "表格正文": Style(based_on="表格文字", align="both"),
    # Narrow columns: a justified line of six characters would be torn apart, and （30分） has to stay on one line.
    "表格分类": Style(based_on="表格文字", indent=-1.2),
    "表格条目": Style(based_on="表格文字", align="left"),
    "表格窄数": Style(based_on="表格文字", indent=-1.4),
    "表格说明": Style(based_on="表格文字", size=9, align="left", line=13, indent=-1),
    "备注": Style(align="both", line=16),
    "备注标题": Style(based_on="备注", before=6, keep_next=True),
    "模板标记": Style(based_on="表格文字", size=7.5, color="7F7F7F", align="left", line=10),
}


def styles() -> str:
    """Draw word/styles.xml."""
    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Times New Roman" w:eastAsia="宋体" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
        # The Latin language is English, as in Word's own Chinese documents: as Chinese text, LibreOffice would
        # break a line inside 100% and B/A.
        '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        f"{''.join(_style(name, look) for name, look in STYLES.items())}</w:styles>"
    )


def _style(name: str, look: Style) -> str:
    spacing = ""
    if look.before or look.after or look.line:
        spacing = f'<w:spacing w:before="{look.before * 20:.0f}" w:after="{look.after * 20:.0f}"'
        spacing += f' w:line="{look.line * 20:.0f}" w:lineRule="exact"/>' if look.line else "/>"
    paragraph_look = (
        ("<w:keepNext/>" if look.keep_next else "")
        + (f'<w:tabs><w:tab w:val="right" w:pos="{dxa(look.tab)}"/></w:tabs>' if look.tab else "")
        + spacing
        + (f'<w:ind w:left="{dxa(look.indent)}" w:right="{dxa(look.indent)}"/>' if look.indent else "")
        + (f'<w:jc w:val="{look.align}"/>' if look.align else "")
    )
    run_look = (
        (f'<w:rFonts w:eastAsia="{look.font}"/>' if look.font else "")
        + (f'<w:color w:val="{look.color}"/>' if look.color else "")
        + (f'<w:sz w:val="{look.size * 2:.0f}"/><w:szCs w:val="{look.size * 2:.0f}"/>' if look.size else "")
    )
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{look.based_on}"/><w:qFormat/>'
        + (f"<w:pPr>{paragraph_look}</w:pPr>" if paragraph_look else "")
        + (f"<w:rPr>{run_look}</w:rPr>" if run_look else "")
        + "</w:style>"
    )


# --- Drawing: the package -------------------------------------------------------------------------------------------

DATE = "2021-01-01T00:00:00Z"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

# Behaviour of Word 2013 and later (15); below that Word opens the file in compatibility mode.
COMPATIBILITY = (
    ("compatibilityMode", 15),
    ("overrideTableStyleFontSizeAndJustification", 1),
    ("enableOpenTypeFeatures", 1),
    ("doNotFlipMirrorIndents", 1),
    ("differentiateMultirowTableHeaders", 1),
    ("useWord2013TrackBottomHyphenation", 0),
)

SETTINGS = (
    f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:balanceSingleByteDoubleByteWidth/><w:doNotExpandShiftReturn/><w:useFELayout/>"
    + "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in COMPATIBILITY
    )
    + '</w:compat><w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"/>'
    '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1"'
    ' w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" w:accent6="accent6"'
    ' w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)

# Font, other names of it or what to take where it is missing, PANOSE, character set, family.
FONTS = (
    ("宋体", "SimSun", "02010600030101010101", "86", "auto"),
    ("黑体", "SimHei", "02010609060101010101", "86", "modern"),
    ("方正小标宋简体", "宋体", "02010601030101010101", "86", "auto"),
    ("Times New Roman", "", "02020603050405020304", "00", "roman"),
)


def fonts() -> str:
    """Draw word/fontTable.xml."""
    return (
        f'<w:fonts xmlns:w="{W}">'
        + "".join(
            f'<w:font w:name="{name}">'
            + (f'<w:altName w:val="{other}"/>' if other else "")
            + f'<w:panose1 w:val="{panose}"/><w:charset w:val="{charset}"/><w:family w:val="{family}"/>'
            '<w:pitch w:val="variable"/></w:font>'
            for name, other, panose, charset, family in FONTS
        )
        + "</w:fonts>"
    )


COLOURS = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "44546A",
    "lt2": "E7E6E6",
    "accent1": "4472C4",
    "accent2": "ED7D31",
    "accent3": "A5A5A5",
    "accent4": "FFC000",
    "accent5": "5B9BD5",
    "accent6": "70AD47",
    "hlink": "0563C1",
    "folHlink": "954F72",
}


def theme() -> str:
    """Draw word/theme/theme1.xml: no font in it that a Chinese office lacks, or WPS complains of 缺失字体."""
    scheme = "".join(f'<a:{name}><a:srgbClr val="{rgb}"/></a:{name}>' for name, rgb in COLOURS.items())
    latin = '<a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/><a:cs typeface="Times New Roman"/>'
    latin += '<a:font script="Hans" typeface="宋体"/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    lines = f'<a:ln w="6350">{fill[: len(fill) // 3]}</a:ln>' * 3
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office"><a:themeElements>'
        f'<a:clrScheme name="Office">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="宋体"><a:majorFont>{latin}</a:majorFont><a:minorFont>{latin}</a:minorFont></a:fontScheme>'
        f'<a:fmtScheme name="Office"><a:fillStyleLst>{fill}</a:fillStyleLst><a:lnStyleLst>{lines}</a:lnStyleLst>'
        f"<a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


def core(title: str) -> str:
    """Draw docProps/core.xml."""
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>perfdoc</dc:creator><dc:language>zh-CN</dc:language>"
        "<cp:lastModifiedBy>perfdoc</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{DATE}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{DATE}</dcterms:modified></cp:coreProperties>'
    )


APP = f'<Properties xmlns="{OFFICE}/extended-properties"><Application>perfdoc</Application></Properties>'

# Part, content type, type of the relationship that leads to it.
PACKAGE_PARTS = (
    ("word/document.xml", f"{WORD_TYPE}.document.main+xml", f"{OFFICE}/relationships/officeDocument"),
    (
        "docProps/core.xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        f"{PACKAGE}/relationships/metadata/core-properties",
    ),
    (
        "docProps/app.xml",
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        f"{OFFICE}/relationships/extended-properties",
    ),
)
DOCUMENT_PARTS = (
    ("word/styles.xml", f"{WORD_TYPE}.styles+xml", f"{OFFICE}/relationships/styles"),
    ("word/settings.xml", f"{WORD_TYPE}.settings+xml", f"{OFFICE}/relationships/settings"),
    ("word/fontTable.xml", f"{WORD_TYPE}.fontTable+xml", f"{OFFICE}/relationships/fontTable"),
    (
        "word/theme/theme1.xml",
        "application/vnd.openxmlformats-officedocument.theme+xml",
        f"{OFFICE}/relationships/theme",
    ),
)


def content_types() -> str:
    """Draw [Content_Types].xml."""
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/{name}" ContentType="{kind}"/>'
            for name, kind, _ in PACKAGE_PARTS + DOCUMENT_PARTS
        )
        + "</Types>"
    )


def relationships(parts: tuple[tuple[str, str, str], ...], base: str = "") -> str:
    """Draw a .rels part."""
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{kind}" Target="{name.removeprefix(base)}"/>'
            for i, (name, _, kind) in enumerate(parts, start=1)
        )
        + "</Relationships>"
    )


def package(form: Form) -> dict[str, str]:
    """Draw all parts, in the order in which they stand in the file."""
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(PACKAGE_PARTS),
        "docProps/app.xml": APP,
        "docProps/core.xml": core(form.title),
        "word/_rels/document.xml.rels": relationships(DOCUMENT_PARTS, base="word/"),
        "word/document.xml": body(form),
        "word/fontTable.xml": fonts(),
        "word/settings.xml": SETTINGS,
        "word/styles.xml": styles(),
        "word/theme/theme1.xml": theme(),
    }


def main(arguments: list[str]) -> int:
    """Draw the named form into a new file."""
    if len(arguments) != 2 or arguments[0] not in FORMS:  # noqa: PLR2004 - a form and a file
        sys.stderr.write(f"usage: draw_template.py {'|'.join(FORMS)} FILE.docx\n")
        return 2
    form, target = FORMS[arguments[0]], Path(arguments[1])
    if target.exists():
        sys.stderr.write(f"{target} exists: a template is edited in Word, not drawn again\n")
        return 1
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in package(form).items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(
                entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode()
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
