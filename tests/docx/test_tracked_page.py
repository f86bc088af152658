"""What other programs make of the tracked changes: pandoc, python-docx, LibreOffice."""

import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest
from drafts import packed, parts_of, shipped
from filed_years import year
from marked import MAIN, main_part, years_marked
from revisions import cells

from perfdoc.docx.pdf import convert, find


@pytest.fixture(scope="module")
def tracked() -> bytes:
    return packed({**parts_of(shipped().fill(year("2021")[1]).data), MAIN: years_marked()})


def said_by(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def said(value: Any) -> str:
    """Read the words of pandoc's tree, without the spaces that it puts where paragraphs were joined."""
    if isinstance(value, dict):
        return value["c"] if value["t"] == "Str" else said(value.get("c", ""))
    return "".join(map(said, value)) if isinstance(value, list) else ""


def read_by_pandoc(data: bytes, folder: Path, changes: str) -> str:
    (folder / "a.docx").write_bytes(data)
    tree = said_by("pandoc", f"--track-changes={changes}", "-f", "docx", "-t", "json", str(folder / "a.docx"))
    return said(json.loads(tree)["blocks"])


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="no pandoc")
@pytest.mark.parametrize(("changes", "name"), [("accept", "2021"), ("reject", "2020")])
def test_pandoc_reads_either_year_out_of_it(tracked: bytes, tmp_path: Path, changes: str, name: str) -> None:
    filed = shipped().fill(year(name)[1]).data
    assert read_by_pandoc(tracked, tmp_path, changes) == read_by_pandoc(filed, tmp_path, "all")


def test_python_docx_opens_it(tracked: bytes) -> None:
    (table,) = docx.Document(io.BytesIO(tracked)).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert {len(row) for row in rows} == {10}


@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_prints_what_went_and_what_came(tracked: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(tracked)
    pdf = convert(tmp_path / "a.docx")
    assert isinstance(pdf, bytes)
    (tmp_path / "a.pdf").write_bytes(pdf)
    page = re.sub(r"\s", "", said_by("pdftotext", "-raw", str(tmp_path / "a.pdf"), "-"))
    assert "20202021年度智造园部门（单位）整体绩效自评表" in page
    for words in ("制作园区宣传册次数", "园区满意度", "R&D投入<100万元"):
        assert words in page
    assert page.count("排江水质合格率") == 2


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize(("command", "name"), [("Accept", "2021"), ("Reject", "2020")])
def test_libreoffice_accepts_and_rejects_it(tracked: bytes, tmp_path: Path, command: str, name: str) -> None:
    settled = parts_of(settled_by_libreoffice(tracked, tmp_path, command))[MAIN]
    # LibreOffice joins the cells of a merge when it opens the file, and what it joined to a row that is rejected comes
    # apart: so the labels left of an indicator are not asked for, its own four cells are.
    assert last_cells(settled) == last_cells(main_part(year(name)[1]))


def last_cells(main: bytes) -> list[list[list[str]]]:
    return [row[-4:] for row in cells(main)]


MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Settle(source As String, target As String, what As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  helper = createUnoService("com.sun.star.frame.DispatchHelper")
  helper.executeDispatch(doc.CurrentController.Frame, ".uno:" &amp; what &amp; "AllTrackedChanges", "", 0, Array())
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName" : filter(0).Value = "MS Word 2007 XML"
  doc.storeToURL(ConvertToURL(target), filter())
  doc.close(True)
End Sub
</script:module>
"""


def settled_by_libreoffice(data: bytes, folder: Path, what: str) -> bytes:
    """Let LibreOffice accept or reject all changes, and save."""
    program = find()
    assert program is not None
    (folder / "a.docx").write_bytes(data)
    profile = folder / "profile"
    start = [str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    subprocess.run([*start, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(MACRO, encoding="utf-8")
    call = f"macro:///Standard.Module1.Settle({folder / 'a.docx'},{folder / 'b.docx'},{what})"
    subprocess.run([*start, call], check=True, capture_output=True, timeout=120)
    return (folder / "b.docx").read_bytes()
