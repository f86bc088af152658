"""Whatever goes wrong, a person reads a sentence, the exit code is 2, and what was written is whole."""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from commands import perfdoc, process
from drafts import parts_of
from repositories import commit, content_repository, git

from perfdoc.cli import screen
from perfdoc.cli.screen import Refusal, escaped

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif("sys.platform == 'win32'", reason="names of bytes and signals of POSIX")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    shutil.copytree(ROOT / "content" / "2020", root / "content" / "2020")
    shutil.copytree(ROOT / "templates", root / "templates")
    return root


def nested(depth: int) -> bytes:
    parts = parts_of((ROOT / "templates/hubei-department/attachment.docx").read_bytes())
    begin, end = (
        b'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="9"/></w:tblGrid><w:tr><w:tc>',
        b"<w:p/></w:tc></w:tr></w:tbl>",
    )
    head, _, _ = parts["word/document.xml"].partition(b"<w:body>")
    body = begin * depth + end * depth + b"<w:p/>"
    parts["word/document.xml"] = head + b"<w:body>" + body + b"</w:body></w:document>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_template_that_nests_without_end_is_at_fault_and_not_the_program(
    repository: Path, command: str
) -> None:
    (repository / "templates/hubei-department/attachment.docx").write_bytes(nested(3000))
    done = process(repository, command)
    assert done.returncode == 1
    assert "元素嵌套超过 250 层" in done.stdout + done.stderr


def test_a_bug_becomes_a_sentence_and_the_particulars_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def endless() -> int:
        return endless() + 1

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert screen.guarded(endless) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "出了意料之外的问题（RecursionError" in said
    named = re.search(r"请把 (\S+) 发给", said)
    assert named
    assert "Traceback" in Path(named[1]).read_text(encoding="utf-8")


def test_where_no_file_can_be_made_the_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> int:
        raise ZeroDivisionError("by \x1b[31m\udcff")

    monkeypatch.setattr("tempfile.tempdir", os.devnull)
    assert screen.guarded(broken) == 2
    said = capsys.readouterr().err
    assert "ZeroDivisionError：by \\x1b[31m\\udcff" in said
    assert "没有留下记录" in said


def test_a_refusal_is_shown_without_what_steers_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> int:
        raise Refusal("没有「\x1b]0;x\x07」")

    assert screen.guarded(refuse) == 2
    assert capsys.readouterr().err == "没有「\\x1b]0;x\\x07」\n"
    assert escaped("甲\t乙\n") == "甲\t乙\n"


@POSIX
@pytest.mark.parametrize("name", [b"\xff\xfe", b"a\x1b[31mb", b"a\nb"])
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_folder_that_no_screen_can_name_is_refused_by_an_escaped_name(
    repository: Path, name: bytes, command: str
) -> None:
    shutil.copytree(repository / "content/2020", repository / "content" / os.fsdecode(name))
    done = process(repository, command)
    assert done.returncode == 2
    assert "请给它改名" in done.stderr
    assert not re.search("[\x1b\udc80-\udcff]", done.stderr)
    assert process(repository, command, "--name", "2020").returncode == 0


@POSIX
def test_a_form_that_no_screen_can_name_does_no_harm(repository: Path) -> None:
    shutil.copytree(
        repository / "templates/hubei-department", repository / "templates" / os.fsdecode(b"\xff\x1b")
    )
    path = repository / "content/2020/assessment.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("hubei-department", "hubei"), encoding="utf-8")
    done = process(repository, "check")
    assert done.returncode == 1
    assert "\\udcff\\x1b" in done.stdout


def test_what_is_missing_from_gits_store_is_told(tmp_path: Path) -> None:
    root = content_repository(tmp_path / "r")
    revision = commit(root, "more")
    blob = git(root, "rev-parse", f"{revision}:content/2020/assessment.yaml").decode().strip()
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    done = perfdoc(root, "diff", f"{revision}:2020", "2020")
    assert done.returncode == 2
    assert "git 里缺少「assessment.yaml」的内容" in done.stderr


WAITING = """
import sys, time
from perfdoc.cli import screen
def wait():
    print("ready", flush=True)
    time.sleep(60)
    return 0
raise SystemExit(screen.guarded(wait))
"""


@POSIX
def test_ctrl_c_is_answered_with_a_sentence() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    ) as running:  # fmt: skip
        assert running.stdout
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 2
    assert said == "已中断。写出的文件都是完整的；还没写的没有动。\n"


BATCH = """
import functools, os, sys, time
from pathlib import Path
from perfdoc.cli import screen
from perfdoc.host import batch
def job(name):
    Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(0.2)
    return 0
def run():
    for answer in batch.answers(job, [str(n) for n in range(2000)]):
        pass
    return 0
if __name__ == "__main__":
    raise SystemExit(screen.guarded(run))
"""


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be noticed does not."""
    try:
        os.kill(pid, 0)
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False).stdout
    except ProcessLookupError:
        return False
    return bool(state.strip()) and not state.startswith(b"Z")


def wait_for(true: object) -> None:
    assert callable(true)
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


@POSIX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent(tmp_path: Path, number: signal.Signals) -> None:
    script, pids = tmp_path / "batch.py", tmp_path / "pids"
    script.write_text(BATCH, encoding="utf-8")
    pids.mkdir()
    with subprocess.Popen([sys.executable, script, pids], stderr=subprocess.PIPE) as running:
        wait_for(lambda: len(list(pids.iterdir())) > 1)
        workers = [int(path.name) for path in pids.iterdir()]
        running.send_signal(number)
        running.wait(timeout=60)
        wait_for(lambda: not any(map(alive, workers)))
        assert running.stderr
        assert b"Traceback" not in running.stderr.read()
