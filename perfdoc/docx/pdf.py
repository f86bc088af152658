"""How does a Word document become a PDF? Through LibreOffice, and this is the only door to it.

LibreOffice is asked politely and believed in nothing: it ends with 0 when it could not read a document, it takes
a text file named .docx for a document, two of them on one profile get in each other's way, and now and then it
does not end. So each call converts copies into an empty folder, with a profile of its own under a lock, within
a time limit, and what counts is the PDF that is there afterwards, whole.

What it costs: 1.1 s for one document, 0.9 s on a profile that was used before, 1.3 s for 5 and 2.6 s for 20.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl
    import signal


@dataclass(frozen=True, slots=True)
class Trouble:
    """A document without its PDF, or none at all, as the clerk reads it.

    Attributes:
        message: What is wrong, with the file's name.
        remedy: What to do about it.
    """

    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}"


@dataclass(frozen=True, slots=True)
class Converted:
    """What came of a conversion.

    Attributes:
        pdfs: Each PDF by its document; to be written as `<stem>.pdf`.
        troubles: What kept a document from its PDF; empty where all are there.
    """

    pdfs: Mapping[Path, bytes]
    troubles: tuple[Trouble, ...]


def convert(
    documents: Sequence[Path],
    *,
    profile: Path | None = None,
    start_seconds: float = 60,
    document_seconds: float = 5,
) -> Converted:
    """Convert Word documents; nothing is written here.

    Args:
        documents: `.docx` files; two that would write one PDF are both refused.
        profile: LibreOffice's own folder, kept for the next call, which then takes 0.2 s less. It belongs to
            this module, is shared under a lock, and is emptied when LibreOffice fails. Without one, each call
            has its own.
        start_seconds: What a call of LibreOffice may take by itself.
        document_seconds: What each document may add to that.
    """
    fit, troubles = _sift(documents)
    if not fit:
        return Converted({}, tuple(troubles))
    program = find()
    if program is None:
        return Converted({}, (*troubles, _not_installed()))
    pdfs: dict[Path, bytes] = {}
    try:
        with tempfile.TemporaryDirectory(prefix="perfdoc-pdf-", ignore_cleanup_errors=True) as name:
            work = Path(name).resolve()
            own = work / "profile" if profile is None else profile.resolve()
            office = _Office(program, own, work, start_seconds, document_seconds)
            for first in range(0, len(fit), _BATCH):
                troubles.extend(_convert(office, fit[first : first + _BATCH], pdfs))
    except OSError as error:
        troubles.append(_failed_around(error))
    return Converted(pdfs, tuple(troubles))


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


# --- the documents --------------------------------------------------------------------------------------------


def _sift(documents: Iterable[Path]) -> tuple[list[Path], list[Trouble]]:
    """Keep the documents that can be tried; tell what is wrong with the others."""
    by_stem: dict[str, list[Path]] = {}
    for document in dict.fromkeys(documents):
        by_stem.setdefault(unicodedata.normalize("NFC", document.stem).casefold(), []).append(document)
    fit: list[Path] = []
    troubles: list[Trouble] = []
    for same in by_stem.values():
        trouble = _same_name(same) if len(same) > 1 else _unfit(same[0])
        if trouble is None:
            fit.append(same[0])
        else:
            troubles.append(trouble)
    return fit, troubles


def _same_name(documents: Sequence[Path]) -> Trouble:
    names = "”“".join(str(document) for document in documents)
    return Trouble(
        f"“{names}”会写到同一个“{documents[0].stem}.pdf”，都没有转换。", "请改名，或分别输出到不同的文件夹。"
    )


def _unfit(document: Path) -> Trouble | None:
    """Look inside: LibreOffice converts a text file named .docx without a word."""
    if not document.is_file():
        return Trouble(f"找不到文件“{document}”。", "请检查路径，或先生成 Word 文件。")
    try:
        with document.open("rb") as file:
            fit = document.suffix.lower() == ".docx" and zipfile.is_zipfile(file)
    except OSError as error:
        return _unreadable(document, error)
    if not fit:
        return Trouble(
            f"“{document.name}”不是 .docx 文件，没有转换。", "请用 Word 或 WPS 另存为 .docx 后再试。"
        )
    return None


# --- the conversion -------------------------------------------------------------------------------------------

_BATCH = 50  # one call for all beats one call for each; more than these and the command line grows too long
_FRUITLESS = 2  # calls without a single PDF after which the rest is given up: it is not the documents


def _convert(office: "_Office", documents: Sequence[Path], pdfs: dict[Path, bytes]) -> Iterator[Trouble]:
    """Convert one batch into `pdfs`, and go on behind a document over which LibreOffice hangs or crashes.

    LibreOffice works in the given order, so the first one missing is to blame; those after it get another call.
    """
    left, fruitless = list(documents), 0
    while left:
        outcome = office.convert(left)
        pdfs |= outcome.pdfs
        missing = [document for document in left if document not in outcome.pdfs]
        fruitless = fruitless + 1 if len(missing) == len(left) else 0
        left = missing[1:] if fruitless < _FRUITLESS else []
        yield from (outcome.trouble(document) for document in missing[: len(missing) - len(left)])


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one call of LibreOffice left: the PDFs, its last words, and its time limit where that ran out."""

    pdfs: Mapping[Path, bytes]
    said: str
    seconds: float | None

    def trouble(self, document: Path) -> Trouble:
        """Say why `document` has no PDF."""
        if self.seconds is not None:
            return Trouble(
                f"LibreOffice 转换“{document.name}”超过 {self.seconds:g} 秒没有完成，已停止。",
                "请用 Word 或 LibreOffice 打开它看是否正常，然后再试一次。",
            )
        said = f"（LibreOffice：{self.said}）" if self.said else ""
        return Trouble(
            f"LibreOffice 没能把“{document.name}”转换为 PDF{said}。",
            "请用 Word 或 LibreOffice 打开它看是否正常，然后再试一次。",
        )


@dataclass(frozen=True, slots=True)
class _Office:
    """LibreOffice with the profile and the folder that are its own, and the patience there is with it."""

    program: Path
    profile: Path
    work: Path
    start_seconds: float
    document_seconds: float

    def convert(self, documents: Sequence[Path]) -> _Outcome:
        """Convert copies under their own names (a form may print its name) and read what comes out."""
        seconds = self.start_seconds + self.document_seconds * len(documents)
        with tempfile.TemporaryDirectory(dir=self.work, ignore_cleanup_errors=True) as name:
            source, target = Path(name, "in"), Path(name, "out")
            source.mkdir()
            target.mkdir()
            copies = [shutil.copyfile(document, source / document.name) for document in documents]
            with _locked(self.profile.with_name(f"{self.profile.name}.lock")):
                _harden(self.profile)
                ended = _run(self._command(copies, target), Path(name), seconds)
                found = ((document, _read_pdf(target / f"{document.stem}.pdf")) for document in documents)
                pdfs = {document: pdf for document, pdf in found if pdf is not None}
                if not ended or not pdfs:
                    _drop(self.profile)
            return _Outcome(pdfs, _last_words(Path(name, _LOG)), None if ended else seconds)

    def _command(self, documents: Iterable[Path], folder: Path) -> list[str]:
        return [
            str(self.program),
            f"-env:UserInstallation={self.profile.as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--nofirststartwizard",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            str(folder),
            *map(str, documents),
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
    """Set the settings anew before every call, whatever became of them; LibreOffice adds its own."""
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_HARDENED, encoding="utf-8")


def _drop(profile: Path) -> None:
    """Remove what LibreOffice keeps in the profile, and no more: the folder was named by somebody else."""
    shutil.rmtree(profile / "user", ignore_errors=True)


_LOCK_SECONDS = 600
_PAUSE_SECONDS = 0.05


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock among processes and threads; the system lets go of it when its holder dies.

    Raises:
        TimeoutError: Nobody let go of it for longer than a call can take.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + _LOCK_SECONDS
    with path.open("ab") as file:
        while not _try_lock(file.fileno()):
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(_PAUSE_SECONDS)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


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


def _unreadable(document: Path, error: OSError) -> Trouble:
    return Trouble(
        f"“{document.name}”读不出来：{error.strerror or error}。", "请检查它的权限，或关闭正在使用它的程序。"
    )


def _failed_around(error: OSError) -> Trouble:
    """Explain what went wrong around LibreOffice: its lock, its start, the temporary folder."""
    if isinstance(error, TimeoutError):
        return Trouble(
            "另一个 PDF 转换一直没有结束，没有再等。", "请稍后再试；如果仍然这样，请重新启动电脑。"
        )
    about = f"“{error.filename}”" if error.filename else ""
    return Trouble(
        f"没能用 LibreOffice 生成 PDF：{about}{error.strerror or error}。",
        "请检查临时文件夹的空间和权限，以及 LibreOffice 能否打开，然后再试一次。",
    )
