import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

import docx
import pytest
from commands import perfdoc
from docx.opc.constants import RELATIONSHIP_TYPE

from perfdoc.docx.pdf import Trouble, convert, find

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are scripts with a #! line")

ROOT = Path(__file__).parents[2]
Program = Callable[..., Path]

HEAD = """\
#!{python}
import os, signal, subprocess, sys, time
from pathlib import Path

profile = Path(sys.argv[1].partition("file://")[2])
at = sys.argv.index("--outdir")
out, documents = Path(sys.argv[at + 1]), [Path(name) for name in sys.argv[at + 2 :]]
here = Path(__file__).parent

def convert(document):
    (out / (document.stem + ".pdf")).write_bytes(b"%PDF-1.7 " + document.stem.encode() + b"\\n%%EOF\\n")

"""
CONVERT = "for document in documents:\n    convert(document)\n"
HANG = """\
child = subprocess.Popen(["sleep", "60"])
(here / "pid.tmp").write_text(str(child.pid))
(here / "pid.tmp").rename(here / "pid")
time.sleep(60)
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Stand a script in for LibreOffice."""

    def make(body: str = CONVERT) -> Path:
        script = tmp_path / "program" / "soffice"
        script.parent.mkdir()
        script.write_text(HEAD.format(python=sys.executable) + body, encoding="utf-8")
        script.chmod(0o755)
        monkeypatch.setenv("PERFDOC_SOFFICE", str(script))
        return script

    return make


def document(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return path


def running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self").exists():
        return subprocess.run(["ps", "-p", str(pid)], check=False, capture_output=True).returncode == 0
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pid: int) -> bool:
    """Give the system a moment to end a killed process."""
    until = time.monotonic() + 2
    while running(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not running(pid)


def to_pdf(document: Path, folder: Path, **settings: Any) -> Trouble | None:
    """Convert a document and write what comes of it, as a build does."""
    made = convert(document, **settings)
    if isinstance(made, Trouble):
        return made
    folder.mkdir(exist_ok=True)
    (folder / f"{document.stem}.pdf").write_bytes(made)
    return None


# --- finding it -------------------------------------------------------------------------------------------------


def test_without_libreoffice_the_clerk_learns_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERFDOC_SOFFICE", str(tmp_path / "nothing"))
    assert find() is None
    trouble = to_pdf(document(tmp_path / "自评表.docx"), tmp_path)
    assert trouble
    assert "PERFDOC_SOFFICE" in trouble.message
    assert str(tmp_path / "nothing") in trouble.message
    assert "Word 文件不受影响" in trouble.remedy
    assert not (tmp_path / "自评表.pdf").exists()


def test_a_program_in_the_current_folder_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PERFDOC_SOFFICE", raising=False)
    shutil.copy("/bin/true", tmp_path / "soffice")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    found = find()
    assert found is None or found.is_absolute()
    assert found != tmp_path / "soffice"


def test_it_is_found_on_the_path_and_where_windows_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PERFDOC_SOFFICE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    installed = tmp_path / "Program Files (x86)" / "LibreOffice" / "program" / "soffice.com"
    installed.parent.mkdir(parents=True)
    installed.touch()
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path / "Program Files (x86)"))
    assert find() == installed
    on_path = tmp_path / "bin" / "libreoffice"
    on_path.parent.mkdir()
    shutil.copy("/bin/true", on_path)
    assert find() == on_path


def test_a_program_that_cannot_start_is_reported(tmp_path: Path, program: Program) -> None:
    program().write_text("not a program")
    trouble = to_pdf(document(tmp_path / "a.docx"), tmp_path)
    assert trouble
    assert "没能用 LibreOffice 生成 PDF" in trouble.message


# --- what is refused before -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["text.docx", "empty.docx", "archive.xlsx", "missing.docx", "folder.docx"])
def test_what_is_not_a_word_document_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PERFDOC_SOFFICE", str(tmp_path / "nothing"))  # is not even looked for
    (tmp_path / "text.docx").write_text("自评表", encoding="utf-8")
    (tmp_path / "empty.docx").touch()
    document(tmp_path / "archive.xlsx")
    (tmp_path / "folder.docx").mkdir()
    trouble = to_pdf(tmp_path / name, tmp_path / "out")
    assert trouble
    assert name in trouble.message


# --- what comes out ---------------------------------------------------------------------------------------------


def test_a_complaint_beside_a_whole_pdf_is_no_trouble(tmp_path: Path, program: Program) -> None:
    program(f"{CONVERT}print('Error: something')\nsys.exit(77)\n")
    assert to_pdf(document(tmp_path / "a.docx"), tmp_path) is None
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


BAD_ENDINGS = {
    "nothing, and success": "print('Error: source file could not be loaded')\n",
    "no PDF": "(out / '自评表.pdf').write_bytes(b'<html>%%EOF')\n",
    "an empty file": "(out / '自评表.pdf').touch()\n",
    "half a PDF": "(out / '自评表.pdf').write_bytes(b'%PDF-1.7 half')\n",
    "a crash": "os.kill(os.getpid(), signal.SIGSEGV)\n",
}


@pytest.mark.parametrize("body", BAD_ENDINGS.values(), ids=BAD_ENDINGS)
def test_the_old_pdf_is_untouched_on_failure(tmp_path: Path, program: Program, body: str) -> None:
    program(body)
    old = tmp_path / "自评表.pdf"
    old.write_bytes(b"%PDF-1.7 old\n%%EOF\n")
    trouble = to_pdf(document(tmp_path / "自评表.docx"), tmp_path)
    assert trouble
    assert "自评表.docx" in trouble.message
    assert old.read_bytes() == b"%PDF-1.7 old\n%%EOF\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["program", "自评表.docx", "自评表.pdf"]


def test_what_libreoffice_said_is_handed_on_without_its_noise(tmp_path: Path, program: Program) -> None:
    program("print('Error: no room')\nprint('Warning: failed to launch javaldx - java may not function')\n")
    trouble = to_pdf(document(tmp_path / "a.docx"), tmp_path)
    assert trouble
    assert "（LibreOffice：Error: no room）" in trouble.message


def test_a_build_keeps_a_pdf_that_is_protected_and_follows_no_link(tmp_path: Path, program: Program) -> None:
    program()
    for name in ("content/2020", "templates/hubei-department"):
        shutil.copytree(ROOT / name, tmp_path / name)
    assert perfdoc(tmp_path, "build", "--pdf").returncode == 0
    (pdf,) = tmp_path.glob("build/2020/*.pdf")
    pdf.write_bytes(b"signed")
    pdf.chmod(0o444)
    done = perfdoc(tmp_path, "build", "--pdf")
    assert (done.returncode, pdf.read_bytes()) == (2, b"signed")
    assert "只读" in done.stderr
    outside = tmp_path / "outside"
    pdf.rename(outside)
    pdf.symlink_to(outside)
    done = perfdoc(tmp_path, "build", "--pdf")
    assert (done.returncode, outside.read_bytes()) == (2, b"signed")
    assert "是一个链接" in done.stderr


# --- when it does not end ---------------------------------------------------------------------------------------


def test_a_hang_is_killed_with_all_its_children(tmp_path: Path, program: Program) -> None:
    script = program(f"(out / '自评表.pdf').write_bytes(b'%PDF-1.7 half')\n{HANG}")
    (tmp_path / "自评表.pdf").write_bytes(b"old")
    trouble = to_pdf(document(tmp_path / "自评表.docx"), tmp_path, seconds=0.6)
    assert trouble
    assert "自评表.docx" in trouble.message
    assert "超过 0.6 秒" in trouble.message
    assert gone(int((script.parent / "pid").read_text()))
    assert (tmp_path / "自评表.pdf").read_bytes() == b"old"


def test_ctrl_c_leaves_nothing_running(tmp_path: Path, program: Program) -> None:
    script = program(HANG)
    # A program started in the background ignores the signal, and its children inherit that.
    call = (
        "import signal, sys; from pathlib import Path; from perfdoc.docx.pdf import convert;"
        "signal.signal(signal.SIGINT, signal.default_int_handler); convert(Path(sys.argv[1]))"
    )
    caller = subprocess.Popen(
        [sys.executable, "-c", call, str(document(tmp_path / "a.docx"))],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    while not (script.parent / "pid").exists():
        assert caller.poll() is None
        time.sleep(0.01)
    caller.send_signal(signal.SIGINT)
    assert caller.wait(5) != 0
    assert gone(int((script.parent / "pid").read_text()))


# --- the profile ------------------------------------------------------------------------------------------------


def test_two_calls_have_a_profile_each(tmp_path: Path, program: Program) -> None:
    script = program(f"(here / documents[0].stem).write_text(str(profile))\n{CONVERT}")
    for stem in ("甲", "乙"):
        assert to_pdf(document(tmp_path / f"{stem}.docx"), tmp_path) is None
    first, second = (Path((script.parent / stem).read_text(encoding="utf-8")) for stem in ("甲", "乙"))
    assert first != second
    assert not first.exists()


def test_the_settings_are_hardened_before_the_call(tmp_path: Path, program: Program) -> None:
    script = program(
        "settings = profile / 'user' / 'registrymodifications.xcu'\n"
        "(here / 'seen').write_bytes(settings.read_bytes())\n" + CONVERT
    )
    assert to_pdf(document(tmp_path / "a.docx"), tmp_path) is None
    seen = (script.parent / "seen").read_text()
    assert "DisableMacrosExecution" in seen
    assert "BlockUntrustedRefererLinks" in seen


# --- LibreOffice itself -----------------------------------------------------------------------------------------


def word(path: Path, *paragraphs: str) -> Path:
    written = docx.Document()
    for paragraph in paragraphs:
        written.add_paragraph(paragraph)
    written.save(str(path))
    return path


def text(path: Path) -> str:
    command = ["pdftotext", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.mark.office
@pytest.mark.parametrize("stem", ["自评表", "100% #1", "a.b", "-x"])
def test_libreoffice_converts_a_document_of_any_name(tmp_path: Path, stem: str) -> None:
    source = word(tmp_path / f"{stem}.docx", f"绩效自评 {stem}")
    assert to_pdf(source, tmp_path / "out") is None
    assert text(tmp_path / "out" / f"{stem}.pdf").strip() == f"绩效自评 {stem}"
    assert {path.name for path in tmp_path.iterdir()} == {"out", source.name}


@pytest.mark.office
def test_libreoffice_cannot_read_what_is_no_document(tmp_path: Path) -> None:
    trouble = to_pdf(document(tmp_path / "坏.docx"), tmp_path)
    assert trouble
    assert "“坏.docx”" in trouble.message


@pytest.mark.slow
@pytest.mark.office
def test_libreoffice_serves_two_calls_at_once(tmp_path: Path) -> None:
    documents = [word(tmp_path / f"{stem}.docx", stem) for stem in ("甲", "乙")]
    with ThreadPoolExecutor() as pool:
        calls = [pool.submit(to_pdf, it, tmp_path) for it in documents]
    assert [call.result() for call in calls] == [None, None]
    assert [text(tmp_path / f"{stem}.pdf").strip() for stem in ("甲", "乙")] == ["甲", "乙"]


@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_fetches_nothing_that_a_document_names(tmp_path: Path) -> None:
    asked: list[str] = []

    class Listener(BaseRequestHandler):
        def handle(self) -> None:
            asked.append(str(self.client_address))

    with ThreadingTCPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = external_image(
            tmp_path / "外链.docx", f"http://127.0.0.1:{server.server_address[1]}/image.png"
        )
        trouble = to_pdf(path, tmp_path)
        server.shutdown()
    assert trouble is None
    assert asked == []


def external_image(path: Path, address: str) -> Path:
    written = docx.Document()
    relation = written.part.relate_to(address, RELATIONSHIP_TYPE.IMAGE, is_external=True)
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
    )
    (path.parent / "pixel.png").write_bytes(pixel)
    written.add_picture(str(path.parent / "pixel.png"))
    (blip,) = written.element.body.xpath(".//a:blip")
    namespace = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    del blip.attrib[f"{namespace}embed"]
    blip.set(f"{namespace}link", relation)
    written.save(str(path))
    return path
