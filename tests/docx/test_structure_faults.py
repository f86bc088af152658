"""Every fault that makes Word refuse, repair or misread a file is seen; what Word and WPS write rightly is not."""

import io
import re
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import (
    DOCUMENT,
    FIRST,
    INNER,
    LEGITIMATE,
    NESTED,
    SEEDS,
    SOUND,
    TEXT,
    Seed,
    changed,
    package_faults,
    packed,
)

from perfdoc.docx import package
from perfdoc.docx.sound import Fault, read, survey
from perfdoc.docx.template import open_template


def test_the_sound_package_has_no_fault() -> None:
    assert package_faults(packed(SOUND)) == ()


@pytest.mark.parametrize("seed", SEEDS, ids=[seed.name for seed in SEEDS])
def test_a_seeded_fault_is_seen_once_and_where_it_is(seed: Seed) -> None:
    (fault,) = package_faults(packed(changed(seed.part, seed.old, seed.new)))
    assert seed.says in fault.message
    assert fault.where == seed.where
    assert re.search(r"[\u4e00-\u9fff]", fault.message)
    assert fault.message.endswith(("。", "）"))


def test_every_seed_has_a_name_of_its_own() -> None:
    assert len({seed.name for seed in SEEDS}) == len(SEEDS)


ARCHIVES = {
    "bytes of another encoding": (
        packed({**SOUND, "word/header1.xml": SOUND["word/header1.xml"].encode("gbk")}),
        "含有不是 UTF-8 的字节",
    ),
    "part of an unknown kind": (packed({**SOUND, "word/a.bin": "甲"}), "没有内容类型"),
    "macros": (packed({**SOUND, "word/vbaProject.bin": "宏"}), "含有宏"),
    "no content types": (packed({n: t for n, t in SOUND.items() if n[0] != "["}), "缺少这个部件"),
    "no relations": (packed({n: t for n, t in SOUND.items() if n != "_rels/.rels"}), "缺少这个部件"),
    "missing settings": (
        packed({n: t for n, t in SOUND.items() if n != "word/settings.xml"}),
        "指向的部件“word/settings.xml”不在文件里",
    ),
}


@pytest.mark.parametrize(("data", "says"), ARCHIVES.values(), ids=ARCHIVES)
def test_a_fault_of_the_archive_is_seen(data: bytes, says: str) -> None:
    assert says in "\n".join(fault.message for fault in package_faults(data))


@settings(deadline=None)  # a loaded machine is no fault
@given(where=st.integers(0, 10**6), value=st.integers(0, 255))
def test_damaged_bytes_are_reported_and_never_an_exception(where: int, value: int) -> None:
    data = packed(SOUND, zipfile.ZIP_STORED)
    where %= len(data)
    for damaged in (data[:where], data[:where] + bytes([value]) + data[where + 1 :]):
        try:
            parts = {name: part.data for name, part in package.read(damaged).items()}
        except package.NotAPackage:
            continue
        around, faults = survey(parts)
        assert all(isinstance(fault, Fault) for fault in faults)
        assert isinstance(read(parts.get("word/document.xml", b""), around).text, str)


@pytest.mark.parametrize("tag", ["w:sdt", "w:smartTag", "w:tbl", "m:r"])
def test_nesting_deeper_than_python_recurses_is_reported_and_no_exception(tag: str) -> None:
    deep = packed(changed("word/document.xml", TEXT, f"<{tag}>" * 5000 + f"</{tag}>" * 5000 + TEXT))
    (fault,) = package_faults(deep)
    assert fault == Fault("word/document.xml", "", "元素嵌套超过 250 层，不像正常的文件。")
    refused = open_template(deep, "a.docx", {}, frozenset())
    assert isinstance(refused, tuple)
    assert [one.code for one in refused] == ["P901"]


def test_a_part_of_nothing_but_different_faults_is_reported_up_to_a_limit() -> None:
    styles = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{n}"/><w:jc w:val="{n}"/></w:pPr></w:p>' for n in range(10_000)
    )
    assert len(package_faults(packed(changed("word/document.xml", TEXT, styles)))) == 51


def test_a_mistake_repeated_by_a_loop_is_reported_once_with_its_first_place() -> None:
    rows = "".join(
        f'<w:tr><w:tc><w:p><w:pPr><w:jc w:val="{jc}"/></w:pPr></w:p></w:tc></w:tr>' for jc in ["middle"] * 30
    )
    grown = changed("word/document.xml", f"<w:tr><w:tc>{INNER}</w:tc></w:tr>", rows)
    (fault,) = package_faults(packed(grown))
    assert fault.where == NESTED
    assert fault.message.endswith("（共 30 处，这是第一处）")


def test_a_part_full_of_different_faults_is_cut_short() -> None:
    runs = "".join(f'<w:r><w:footnoteReference w:id="{n}"/></w:r>' for n in range(100, 300))
    faults = package_faults(packed(changed("word/document.xml", TEXT, f"<w:p>{runs}</w:p>")))
    assert len(faults) == 51
    assert faults[-1].message == "另有 150 种问题，未一一列出。"


def test_faults_come_in_reading_order() -> None:
    text = (
        SOUND["word/document.xml"].replace("<w:br/>", "<w:brr/>").replace('w:val="restart"', 'w:val="begin"')
    )
    faults = package_faults(
        packed({**SOUND, "word/document.xml": text.replace('<w:sz w:val="36"/>', "<w:sz/>")})
    )
    assert [fault.where for fault in faults] == ["第1段", FIRST, "第3段"]


def test_a_fault_prints_with_its_place() -> None:
    (fault,) = package_faults(packed(changed("word/document.xml", TEXT, "")))
    assert str(fault).startswith("word/document.xml 表1 第1行 第1格：单元格里没有段落")


def test_the_survey_looks_at_everything_but_the_main_part() -> None:
    parts = {name: text.encode() for name, text in SOUND.items() if name != "word/document.xml"}
    around, faults = survey(parts)
    assert faults == ()
    assert survey({**parts, "word/document.xml": b"{% not XML yet %}"})[1] == ()
    assert read(DOCUMENT.encode(), around).faults == ()
    assert around.styles == {
        "normal": "paragraph",
        "title": "paragraph",
        "strong": "character",
        "grid": "table",
    }
    assert around.relations["rHeader"] == "header"


@pytest.mark.parametrize(("old", "new"), LEGITIMATE.values(), ids=LEGITIMATE)
def test_what_word_and_wps_write_is_no_fault(old: str, new: str) -> None:
    assert package_faults(packed(changed("word/document.xml", old, new))) == ()


@pytest.mark.parametrize(
    "target",
    [
        "mailto:a@b.cn",
        "file:///C:\\表\\a.docx",
        "../附表%201.xlsx",
        "https://[::1]:80/a?b=(c)#d",
        "\\\\server\\a",
        "#标题",
    ],
)
def test_a_link_that_word_writes_is_no_fault(target: str) -> None:
    assert (
        package_faults(packed(changed("word/_rels/document.xml.rels", "http://例子.cn/办法?a=1#b", target)))
        == ()
    )


def test_an_entry_for_a_folder_is_no_part() -> None:
    assert package_faults(packed({"word/": "", **SOUND})) == ()


def test_a_package_of_python_docx_is_sound() -> None:
    document = docx.Document()
    document.add_heading("自评表")
    document.add_paragraph("一", style="List Number")
    table = document.add_table(3, 4, style="Table Grid")
    table.cell(0, 0).merge(table.cell(2, 1)).text = "合并"
    table.cell(0, 3).add_table(1, 2)
    document.sections[0].header.paragraphs[0].text = "附件3"
    stream = io.BytesIO()
    document.save(stream)
    assert package_faults(stream.getvalue()) == ()
