"""A .docx as lines: the form that a build gives, other people's documents, and whatever else is called .docx."""

import contextlib
import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from form_text import form_text

from perfdoc.docx.transcript import Unreadable, transcript
from perfdoc.host.pipeline import Run

ROOT = Path(__file__).parents[2]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture(scope="module")
def built() -> bytes:
    return next(data for path, data in Run(ROOT).build("2020").files.items() if path.suffix == ".docx")


def docx(body: str, **parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, root in parts.items():
            archive.writestr(f"word/{name}.xml", root)
    return file.getvalue()


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def test_it_says_what_an_independent_reader_says(built: bytes) -> None:
    other = form_text(built).replace("⏎", " / ").splitlines()
    assert list(transcript(built)) == other


def test_rows_cells_and_paragraphs_are_found_within_whatever_stands_around_them() -> None:
    inner = f"<w:tbl>{row(p('甲'), p('乙') + p('丙'))}</w:tbl>"
    table = f"<w:tbl><w:sdt><w:sdtContent>{row(p('一'), inner + p('尾'))}</w:sdtContent></w:sdt></w:tbl>"
    body = f"<w:sdt><w:sdtContent>{p('前')}</w:sdtContent></w:sdt>{table}<w:p><w:del><w:r><w:t>删</w:t></w:r></w:del><w:ins><w:r><w:t>增</w:t></w:r></w:ins></w:p>"
    assert list(transcript(docx(body))) == ["前", "一 | 甲 / 乙 / 丙 / 尾", "增"]


def test_headers_footers_and_notes_follow_under_their_names() -> None:
    data = docx(p("正文"), header1=f"<w:hdr {W}>{p('附件3')}{p('')}</w:hdr>", settings=f"<w:settings {W}/>")
    assert list(transcript(data)) == ["正文", "[header1] 附件3"]


def zipped(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/"), data)
    return file.getvalue()


GARBAGE = {
    "nothing": b"",
    "text": "说明".encode(),
    "an old .doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "an empty zip": zipped(),
    "no document": zipped(a=b"x"),
    "no XML": zipped(**{"word__document.xml": b"<w:p"}),
    "an entity bomb": zipped(**{"word__document.xml": b'<!DOCTYPE a [<!ENTITY a "aa">]><a>&a;</a>'}),
    "a gigabyte of blanks": zipped(**{"word__document.xml": b" " * 40_000_000}),
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_whatever_else_is_called_docx_is_said_to_be_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        list(transcript(data))
    str(refused.value).encode("gbk")


def test_elements_nested_without_end_do_no_harm() -> None:
    deep = "<w:sdt>" * 50_000 + "</w:sdt>" * 50_000
    with pytest.raises(Unreadable, match="超过 250 层"):
        transcript(docx(deep + p("后")))


def test_damaged_bytes_are_read_or_said_to_be_unreadable(built: bytes) -> None:
    chance = random.Random(1)  # noqa: S311 -- the same bytes each time
    for _ in range(300):
        damaged = bytearray(built)
        for _ in range(chance.randrange(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = bytes(damaged[: chance.choice((len(damaged), chance.randrange(len(damaged))))])
        with contextlib.suppress(Unreadable):
            list(transcript(cut))


def text_command(*arguments: str, encoding: str = "utf-8") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "perfdoc", "text", *arguments],
        capture_output=True, encoding=encoding, check=False,
    )  # fmt: skip


def test_the_command_prints_the_lines_from_any_folder(tmp_path: Path, built: bytes) -> None:
    (tmp_path / "表.docx").write_bytes(built)
    done = text_command(str(tmp_path / "表.docx"))
    assert done.returncode == 0
    assert "〃 | 〃 | 〃 | 党建相关活动次数（2分） | 10次 | 3次 | 0.6\n" in done.stdout


def test_the_command_tells_unreadable_files_apart_and_does_not_fail(tmp_path: Path) -> None:
    said = []
    for data in (b"one", b"two"):
        (tmp_path / "a.docx").write_bytes(data)
        done = text_command(str(tmp_path / "a.docx"))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("（读不出这份文件：")
        said.append(done.stdout)
    assert said[0] != said[1]


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    done = text_command(str(tmp_path / "没有.docx"))
    assert done.returncode == 2
    assert "读不了" in done.stderr
