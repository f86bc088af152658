"""The first Word template of a form, drawn from its 版面: the shipped ones again, and any other that can be declared."""

import io
import zipfile
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheet import DXA_PER_MM, W, part, read, runs

from perfdoc.docx.draw import STYLES, draw, faults
from perfdoc.docx.template import Template, open_template
from perfdoc.form.layout import STEERING, Block, BlockKind, Column, Kind, Layout, Side
from perfdoc.read.folder import open_form

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("hubei-department", "hubei-project", "mof-department", "mof-project")


def column(key: str, kind: Kind | None = None, *edges: float, style: str | None = None) -> Column:
    return Column(key=key, kind=kind, edges=tuple(Decimal(str(edge)) for edge in edges), style=style)


def line(*keys: str) -> Block:
    return Block(kind=BlockKind.LINE, boxes=tuple(map(column, keys)))


def row(*boxes: Column) -> Block:
    return Block(kind=BlockKind.ROW, boxes=boxes)


def table(name: str, *columns: Column, side: str = "") -> Block:
    label = Side(printed=side) if side else None
    return Block(kind=BlockKind.TABLE, name=name, columns=columns, side=label)


INDICATORS = table("指标", *map(column, ("一级", "二级", "三级", "年初目标值", "实际完成值", "得分")))
PROSE = row(column("存在问题", Kind.PARAGRAPHS))


def opened(data: bytes, layout: Layout) -> Template:
    """Open a drawn template as any other: every box and column has its tag, and every tag is one."""
    template = open_template(data, "attachment.docx", layout.blanks, STEERING)
    assert isinstance(template, Template), template
    return template


# --- what ships -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_template_comes_out_of_its_form(name: str) -> None:
    form = open_form(ROOT, name).form
    assert form is not None
    drawn = zipfile.ZipFile(io.BytesIO(draw(form.name, form.layout)))
    shipped = zipfile.ZipFile(ROOT / "templates" / name / form.template)
    assert sorted(drawn.namelist()) == sorted(shipped.namelist())
    for file in ("word/document.xml", "docProps/core.xml", "[Content_Types].xml"):
        assert drawn.read(file) == shipped.read(file), file
    style = f"{W}style"
    looks = [
        {one.get(f"{W}styleId"): one for one in part(data, "word/styles.xml").iter(style)}
        for data in (draw(form.name, form.layout), (ROOT / "templates" / name / form.template).read_bytes())
    ]
    assert looks[1].keys() <= looks[0].keys()
    for named in looks[1]:
        ours, theirs = ([dict(e.attrib) for e in look[named].iter()] for look in looks)
        assert ours == theirs, named


# --- any other --------------------------------------------------------------------------------------------------

KEYS = ("甲事", "乙物", "丙", "丁字号说明", "戊", "己栏里很长很长的名称", "庚", "辛", "壬", "癸")


@st.composite
def columns(drawn: st.DrawFn, most: int) -> tuple[Column, ...]:
    keys = drawn(st.lists(st.sampled_from(KEYS), min_size=1, max_size=most, unique=True))
    return tuple(column(key, drawn(st.sampled_from(list(Kind)))) for key in keys)


OWN_ROWS = columns(4).map(lambda boxes: row(*boxes))
LEVELS = st.sampled_from(
    [("一级", "二级", "三级"), ("二级", "三级"), ("三级",), ("目标", "一级", "二级", "三级")]
)


@st.composite
def indicators(drawn: st.DrawFn) -> Block:
    levels = drawn(LEVELS)
    others = drawn(
        st.sets(st.sampled_from(("年初目标值", "符号", "数值", "单位", "实际完成值", "分值", "得分", "说明")))
    )
    own = drawn(columns(3))
    side = (
        Side(key="目标") if levels[0] == "目标" else drawn(st.sampled_from((None, Side(printed="绩效指标"))))
    )
    named = [column(key) for key in (*levels, *sorted(others)) if key != "目标"]
    return Block(kind=BlockKind.TABLE, name="指标", side=side, columns=(*named, *own))


@st.composite
def layouts(drawn: st.DrawFn) -> Layout:
    """Make a page: each key in one block only, as a box can stand in one place."""
    money = table("预算执行", *map(column, ("名称", "预算数", "执行数", "执行率", "得分")), side="经费")
    purpose = table("年度总体目标", column("预期目标"), column("实际完成情况"), side="总体目标")
    own = table("资金来源", *drawn(columns(6)), side=drawn(st.sampled_from(("", "资金来源"))))
    blocks = [
        money,
        purpose,
        own,
        drawn(OWN_ROWS),
        drawn(indicators()),
        line("备注"),
        line("填表人", "审核人"),
    ]
    chosen = drawn(st.lists(st.sampled_from(blocks), unique_by=id, min_size=1))
    return Layout((line("标题"), *chosen))


@given(layouts())
def test_whatever_a_form_declares_can_be_drawn_and_filled(layout: Layout) -> None:
    data = draw("表", layout)
    assert not list(faults(layout))
    opened(data, layout)
    paper, margins = (part(data).find(f"{W}body/{W}sectPr/{W}{name}") for name in ("pgSz", "pgMar"))
    room = int(paper.get(f"{W}w")) - 2 * 10 * DXA_PER_MM
    assert int(margins.get(f"{W}left")) >= 10 * DXA_PER_MM - 1
    for drawn in part(data).iter(f"{W}tbl"):
        grid = [int(one.get(f"{W}w")) for one in drawn.iterfind(f"{W}tblGrid/{W}gridCol")]
        assert sum(grid) <= room + 1
        for cells in (list(one.iterfind(f"{W}tc/{W}tcPr")) for one in drawn.iterfind(f"{W}tr")):
            widths = [int(cell.find(f"{W}tcW").get(f"{W}w")) for cell in cells]
            assert sum(widths) == sum(grid)
            assert min(widths) >= 8 * DXA_PER_MM, "a cell in which hardly two characters stand side by side"


GROUPS = st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=3)


@given(st.sampled_from([("一级", "二级"), ("二级",), ("一级",), ()]), GROUPS)
def test_a_group_is_merged_over_its_rows(levels: tuple[str, ...], groups: list[list[int]]) -> None:
    layout = Layout((table("指标", *map(column, (*levels, "三级", "得分")), side="指标"),))
    rows: list[dict[str, str | bool]] = []
    for i, sizes in enumerate(groups):
        for j, size in enumerate(sizes):
            for k in range(size):
                starts = {"一级始": j == k == 0, "二级始": k == 0}
                words = {"一级": f"甲{i}" if j == k == 0 else "", "二级": f"乙{i}{j}" if k == 0 else ""}
                wanted = {key: (words | starts)[key] for level in levels for key in (level, f"{level}始")}
                rows.append({**wanted, "三级": f"第{i}{j}{k}项", "得分": "1"})
    document = opened(draw("表", layout), layout).render({"指标": rows})
    assert document.faults == ()
    found = list(runs(read(document.data)).values())
    assert found[0] == [("指标", 1 + len(rows))]
    expected = {
        "一级": [(f"甲{i}", sum(sizes)) for i, sizes in enumerate(groups)],
        "二级": [(f"乙{i}{j}", size) for i, sizes in enumerate(groups) for j, size in enumerate(sizes)],
    }
    for level, cells in zip(levels, found[1:], strict=False):
        assert cells == [(level, 1), *expected[level]]


def test_what_the_form_gives_stays_and_the_rest_is_shared_out() -> None:
    blocks = (
        row(column("甲", None, 30, 160)),
        row(column("乙"), column("丙")),
        table(
            "资金来源", column("名称", Kind.TEXT, 50), column("金额", Kind.MONEY), column("说明", Kind.TEXT)
        ),
    )
    rows = read(draw("表", Layout(blocks))).rows
    edges = [[round(cell.right / DXA_PER_MM, 1) for cell in one.cells] for one in rows]
    assert edges[0] == [30, 160]
    assert edges[1][0] == 30, "a label ends where the labels of other rows end"
    assert edges[2][0] == 50
    assert {one[-1] for one in edges} == {160}
    money, text = (right - left for left, right in pairwise(edges[2]))
    assert money < text


def test_twelve_columns_turn_the_page() -> None:
    named = ("一级", "二级", "三级", "符号", "数值", "单位", "实际完成值", "分值", "得分", "完成率", "说明")
    layout = Layout((table("指标", *map(column, named), column("评价标准", Kind.TEXT)),))
    paper = part(draw("表", layout)).find(f"{W}body/{W}sectPr/{W}pgSz")
    assert paper.get(f"{W}orient") == "landscape"


@pytest.mark.parametrize(
    ("below", "repeats"),
    [
        ((), True),
        ((row(column("总分")),), True),
        ((PROSE,), False),
        ((table("预算执行", column("名称")),), False),
    ],
)
def test_a_header_is_repeated_only_over_its_own_rows(below: tuple[Block, ...], repeats: bool) -> None:  # noqa: FBT001
    data = draw("表", Layout((line("标题"), INDICATORS, *below)))
    (drawn,) = part(data).iter(f"{W}tbl")
    marked = [one.find(f"{W}trPr/{W}tblHeader") is not None for one in drawn.iterfind(f"{W}tr")]
    assert marked == [repeats] + [False] * (len(marked) - 1)


def test_only_prose_runs_over_the_end_of_a_page() -> None:
    rows = read(draw("表", Layout((row(column("甲")), INDICATORS, PROSE)))).rows
    assert [one.may_split for one in rows] == [False] * (len(rows) - 1) + [True]


def test_a_label_may_name_its_own_value() -> None:
    title = Column(key="年度", printed="图书角自评表\n（{年度}年度）")
    (first, *_) = read(draw("表", Layout((Block(kind=BlockKind.LINE, boxes=(title,)), INDICATORS)))).above
    assert first == "图书角自评表\n（{{ 年度 }}年度）"


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (Block(kind=BlockKind.LINE, boxes=(column("标题"),), style="表頭"), "没有「表頭」这种样式"),
        (row(column("甲", None, 20, 160, style="红字")), "没有「红字」这种样式"),
        (row(Column(key="甲", printed="甲（{乙}）")), "{乙} 不是表上的一栏"),
        (row(column("甲", None, 0, 160)), "写的是 0、160"),
        (row(column("甲", None, 60, 40)), "写的是 60、40"),
        (row(column("甲", None, 40, 300)), "A4 纸横放也放不下"),
        (row(column("甲", None, 200), column("乙")), "表宽 161 毫米，到 写的是 200"),
    ],
)
def test_what_cannot_be_drawn_is_said(block: Block, said: str) -> None:
    ((address, message, remedy),) = faults(Layout((INDICATORS, block)))
    assert address[:2] == ("版面", 1)
    assert said in message
    assert remedy


@pytest.mark.parametrize("style", STYLES)
def test_every_style_that_can_be_named_is_in_the_template(style: str) -> None:
    data = draw("表", Layout((INDICATORS,)))
    assert style in {one.get(f"{W}styleId") for one in part(data, "word/styles.xml").iter(f"{W}style")}
