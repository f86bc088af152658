"""How does a Word document become a PDF? Through LibreOffice, and this is the only door to it.

LibreOffice is asked politely and believed in nothing: it ends with 0 when it could not read a document, it takes
a text file named .docx for a document, two of them on one profile get in each other's way, and now and then it
does not end. So each call converts a copy into an empty folder, with a profile of its own, within a time limit,
and what counts is the PDF that is there afterwards, whole.

What it costs: 1.1 s for a document.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import signal


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a document has no PDF, as the clerk reads it.

    Attributes:
        message: What is wrong, with the file's name.
        remedy: What to do about it.
    """

    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}"


def convert(document: Path, *, seconds: float = 65) -> bytes | Trouble:
    """Convert a Word document; nothing is written here.

    Args:
        document: A `.docx` file.
        seconds: What LibreOffice may take.
    """
    trouble = _unfit(document)
    if trouble is not None:
        return trouble
    program = find()
    if program is None:
        return _not_installed()
    try:
        with tempfile.TemporaryDirectory(prefix="perfdoc-pdf-", ignore_cleanup_errors=True) as name:
            return _convert(program, document, Path(name).resolve(), seconds)
    except OSError as error:
        about = f"“{error.filename}”" if error.filename else ""
        return Trouble(
            f"没能用 LibreOffice 生成 PDF：{about}{error.strerror or error}。",
            "请检查临时文件夹的空间和权限，以及 LibreOffice 能否打开，然后再试一次。",
        )


# --- the program ----------------------------------------------------------------------------------------------

_VARIABLE = "PERFDOC_SOFFICE"


def find() -> Path | None:
    """Return LibreOffice's `soffice`, or None where there is none.

    The environment variable PERFDOC_SOFFICE decides alone where it is set.
    The current folder is not searched, as Windows would: a program among the documents is not trusted.
    """
    if told := os.environ.get(_VARIABLE, "").strip().strip('"'):
        return Path(told) if Path(told).is_file() else None
    on_path = (Path(found) for name in ("soffice", "libreoffice") if (found := shutil.which(name)))
    candidates = (*(path for path in on_path if path.is_absolute()), *_usual_places())
    return next((path for path in candidates if path.is_file()), None)


def _usual_places() -> Iterator[Path]:
    """Name where the installers of each system put it; the newest of several under /opt first."""
    for variable in ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)"):
        if root := os.environ.get(variable):
            # The .com waits for its end and hands on what it says.
            yield from (Path(root, "LibreOffice", "program", f"soffice.{end}") for end in ("com", "exe"))
    for applications in (Path("/Applications"), Path("~/Applications").expanduser()):
        yield applications / "LibreOffice.app" / "Contents" / "MacOS" / "soffice"
    yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    for root in ("/usr/lib/libreoffice", "/usr/lib64/libreoffice", "/usr/local/lib/libreoffice"):
        yield Path(root, "program", "soffice")


# --- the document ---------------------------------------------------------------------------------------------


def _unfit(document: Path) -> Trouble | None:
    """Look inside: LibreOffice converts a text file named .docx without a word."""
    if not document.is_file():
        return Trouble(f"找不到文件“{document}”。", "请检查路径，或先生成 Word 文件。")
    try:
        with document.open("rb") as file:
            fit = document.suffix.lower() == ".docx" and zipfile.is_zipfile(file)
    except OSError as error:
        cause = error.strerror or error
        return Trouble(f"“{document.name}”读不出来：{cause}。", "请检查它的权限，或关闭正在使用它的程序。")
    if not fit:
        return Trouble(
            f"“{document.name}”不是 .docx 文件，没有转换。", "请用 Word 或 WPS 另存为 .docx 后再试。"
        )
    return None


# --- the conversion -------------------------------------------------------------------------------------------


def _convert(program: Path, document: Path, work: Path, seconds: float) -> bytes | Trouble:
    """Convert a copy under its own name (a form may print its name) and read what comes out."""
    source, target, profile = work / "in", work / "out", work / "profile"
    source.mkdir()
    target.mkdir()
    copy = shutil.copyfile(document, source / document.name)
    _harden(profile)
    remedy = "请用 Word 或 LibreOffice 打开它看是否正常，然后再试一次。"
    if not _run(_command(program, profile, copy, target), work, seconds):
        message = f"LibreOffice 转换“{document.name}”超过 {seconds:g} 秒没有完成，已停止。"
        return Trouble(message, remedy)
    pdf = _read_pdf(target / f"{document.stem}.pdf")
    if pdf is not None:
        return pdf
    words = _last_words(work / _LOG)
    said = f"（LibreOffice：{words}）" if words else ""
    return Trouble(f"LibreOffice 没能把“{document.name}”转换为 PDF{said}。", remedy)


def _command(program: Path, profile: Path, document: Path, folder: Path) -> list[str]:
    return [
        str(program),
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nofirststartwizard",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(folder),
        str(document),
    ]


_TAIL = 1024  # bytes within which a PDF says that it ends


def _read_pdf(path: Path) -> bytes | None:
    """Read a PDF that is whole; one that was being written when LibreOffice was stopped has no end."""
    try:
        pdf = path.read_bytes()
    except FileNotFoundError:
        return None
    return pdf if pdf.startswith(b"%PDF-") and b"%%EOF" in pdf[-_TAIL:] else None


# --- the profile ----------------------------------------------------------------------------------------------

# No macros, and nothing fetched: without these, a document's external images are asked for over the network.
_SETTINGS = (
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Writer/Content/Update", "Link", "0"),
)
_ITEM = '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>\n'
_HARDENED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
    f"{''.join(_ITEM.format(*setting) for setting in _SETTINGS)}"
    "</oor:items>\n"
)


def _harden(profile: Path) -> None:
    """Set what LibreOffice must not do; it adds its own settings."""
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_HARDENED, encoding="utf-8")


# --- the process ----------------------------------------------------------------------------------------------

_LOG = "soffice.log"


def _run(command: Sequence[str], folder: Path, seconds: float) -> bool:
    """Run to the end, or stop it with all that it started; False where it had to be stopped.

    What it says goes to a file: a child that outlives it would hold a pipe open.
    """
    with Path(folder, _LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - no shell, a program that was found, paths of our own folder
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        finally:
            if process.poll() is None:  # on Ctrl-C as well: it does not reach another session
                _stop(process)
        return True


_FONTS = Path(__file__).resolve().with_name("fonts.conf")
_FONT_VARIABLES = ("FONTCONFIG_FILE", "FONTCONFIG_PATH")


def _environment() -> dict[str, str]:
    """Have the fonts that a form names replaced by the nearest ones where they are not installed.

    Who has chosen settings for fontconfig keeps them; Windows and macOS find their fonts without it.
    """
    environment = dict(os.environ)
    chosen = any(environment.get(name) for name in _FONT_VARIABLES)
    if sys.platform not in {"win32", "darwin"} and not chosen and _FONTS.is_file():
        environment["FONTCONFIG_FILE"] = str(_FONTS)
    return environment


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Kill the process and its children: soffice is a script that starts a starter that starts the office."""
    if sys.platform == "win32":
        taskkill = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32", "taskkill.exe")
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(  # noqa: S603 - no shell, a number
                [taskkill, "/T", "/F", "/PID", str(process.pid)],
                check=False,
                capture_output=True,
                creationflags=subprocess.CREATE_NO_WINDOW,
                timeout=10,
            )
    else:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


_WORDS = 200


def _last_words(log: Path) -> str:
    """Return the last line that is a complaint; a missing Java is none."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    complaints = (line.strip() for line in lines if not line.startswith("convert ") and "javaldx" not in line)
    return next((line[:_WORDS] for line in reversed([*complaints]) if line), "")


# --- what the clerk reads -------------------------------------------------------------------------------------


def _not_installed() -> Trouble:
    if told := os.environ.get(_VARIABLE):
        return Trouble(
            f"环境变量 {_VARIABLE} 指向的“{told}”不是文件，无法生成 PDF。",
            "请改成 soffice 程序的完整路径，或删除这个变量。Word 文件不受影响。",
        )
    return Trouble(
        "没有找到 LibreOffice，无法生成 PDF。",
        f"请安装 LibreOffice，或用环境变量 {_VARIABLE} 指明 soffice 程序的位置。Word 文件不受影响。",
    )
