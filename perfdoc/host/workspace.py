"""Find assessments, name their outputs and tell what is up to date.

A no-op build reads nothing else than this module and the files it hashes, so it imports little.
"""

import functools
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from perfdoc import __version__
from perfdoc.core.entry import entry, keys_of
from perfdoc.read import file
from perfdoc.read.file import digest

ASSESSMENT = "assessment.yaml"
COUNTED = (".py", ".conf", ".html", ".css", ".js")
"""Endings of the files that make the program what it is."""
COMPARISONS = ".comparisons"
"""Whose stamp holds what comparisons wrote: no assessment, of which there are any number."""
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What steers a screen or stands for a byte that is no UTF-8: in no name, and escaped wherever it is shown."""


def find_root(start: Path) -> Path | None:
    """Find the content repository that a folder belongs to: the nearest one above with content/ and templates/."""
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / "content").is_dir() and (candidate / "templates").is_dir():
            return candidate
    return None


def names(root: Path) -> tuple[str, ...]:
    """List all assessments by name: their paths below content/; a name that no screen can show is left out."""
    return tuple(name for name in every_name(root) if not UNSHOWN.search(name))


def every_name(root: Path) -> tuple[str, ...]:
    """List all assessments, those too whose names hold bytes that are no text."""
    return scan(root)[0]


def scan(root: Path) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """List all assessments, and files that were meant to be one: `assessment.yaml.txt`, `assessment.yml`."""
    content = root / "content"
    names, meant = set[str](), list[Path]()
    for path in content.rglob("assessment.y*"):
        if path.name == ASSESSMENT:
            names.add(path.parent.relative_to(content).as_posix())
        elif path.suffix in (".yml", ".txt"):
            meant.append(path)
    alone = (path for path in meant if not path.with_name(ASSESSMENT).exists())
    return tuple(sorted(names - {"."})), tuple(sorted(alone))


def plain_name(path: str) -> str:
    """Take the name of an assessment from what people write for it: a path to its folder or file, with any slashes."""
    path = path.replace("\\", "/").removeprefix("./")
    return path.removesuffix(f"/{ASSESSMENT}").strip("/").removeprefix("content/")


def select(root: Path, every: Iterable[str], year: str | None, name: str | None) -> tuple[str, ...]:
    """Choose assessments: by a name or that of a folder above, by the year that each says, or all.

    Args:
        root: The content repository.
        every: The names to choose from.
        year: Only those of this year, wherever their folders are.
        name: Only this one; where there is none of that name, all below the folder of that name.
    """
    chosen = tuple(every)
    if name is not None:
        wanted = plain_name(name)
        below = tuple(n for n in chosen if n.startswith(f"{wanted}/"))
        chosen = (wanted,) if wanted in chosen else below
    return tuple(n for n in chosen if year is None or year == year_said(root, n))


_YEAR = re.compile(r"^年度\s*[:：]\s*[\"']?(\d{4})\b", re.MULTILINE)


def year_in(data: bytes) -> str | None:
    """Return the year that the text of an assessment says, without reading the rest of it."""
    said = _YEAR.search(data.decode(errors="replace"))
    return str(int(said[1])) if said else None  # full-width digits too


def year_said(root: Path, name: str) -> str | None:
    """Return the year that an assessment says; where it cannot be read, the one in its path."""
    try:
        said = year_in(file.contents(root / "content" / name / ASSESSMENT, file.LARGEST_TEXT))
    except (FileNotFoundError, file.Unfit):
        said = None
    return said or next((step for step in name.split("/") if re.fullmatch(r"[0-9]{4}", step)), None)


def year_before(name: str, year: int) -> str | None:
    """Return the name of last year's assessment: the same path with the year one less; None without a year in it."""
    steps = name.split("/")
    if str(year) not in steps:
        return None
    return "/".join(str(year - 1) if step == str(year) else step for step in steps)


def output_folder(root: Path, name: str) -> Path:
    """Mirror an assessment's path under build/."""
    return root / "build" / name


Hashes = Mapping[str, str]
"""Files with their sha256."""
Number = Annotated[int, "number"]
"""How many; a bare `int` of a record is a year."""
STAMP_VERSION = 1
STAMP_SCHEMA = "stamp.schema.json"
"""The name under which the schema of stamps is published in templates/."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """生成记录: what a build was made from and what it made; each file with its sha256, by its path below the root."""

    program: str = entry("程序", "程序的指纹；空为上次没有写完")
    options: str = entry("选项", "改变输出的选项，照输入的样子")
    inputs: Hashes = entry("输入", "读了哪些文件；空为当时没有这个文件，有了就要重新生成")
    outputs: Hashes = entry("输出", "写了哪些文件")
    warnings: Number = entry("警告", "生成时有几条警告")
    version: Number = entry("版本", "这个文件照第几版的写法", default=STAMP_VERSION)


def read_document(path: Path) -> tuple[bytes, str]:
    """Read a Word file that a person named: its bytes, or why it cannot be read."""
    try:
        return file.contents(path, file.LARGEST_DOCUMENT), ""
    except FileNotFoundError:
        return b"", "没有这个文件。"
    except file.Unfit as found:
        return b"", found.message


def relative(root: Path, path: Path) -> str:
    """Name a file from the repository's root, with forward slashes; in full where it lies elsewhere."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def digests(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Hash files, by their path below the root; what cannot be read is left out."""
    hashed = ((relative(root, path), digest(path)) for path in paths)
    return {path: value for path, value in hashed if value is not None}


@functools.cache
def program_fingerprint() -> str:
    """Return a fingerprint of this version of the program, a changed working copy included."""
    known = hashlib.sha256(__version__.encode())
    for path, status in sorted(_sources(str(Path(__file__).parents[1]))):
        known.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return known.hexdigest()


def _sources(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _sources(entry.path)
            elif entry.name.endswith(COUNTED):
                yield entry.path, entry.stat()


def stamp_path(root: Path, name: str) -> Path:
    """Where the stamp of an assessment's last build lies."""
    return stamps_folder(root) / f"{name}.json"


def stamps_folder(root: Path) -> Path:
    """Where all stamps lie."""
    return root / "build" / ".stamps"


def prepared_folder(root: Path) -> Path:
    """Where prepared templates are kept between runs, each under the name of its form."""
    return root / "build" / ".prepared"


def read_stamp(root: Path, name: str) -> Stamp | None:
    """Read the stamp of the last build; None where there is none, or none that a build wrote."""
    try:
        known = json.loads(file.contents(stamp_path(root, name), file.LARGEST_DOCUMENT))
        if known.get("版本") == STAMP_VERSION:
            known = {name: known.pop(key) for name, key in keys_of(Stamp).items()} | known
        # Else written by a perfdoc from before the version: what it says of its outputs still holds.
        stamp = Stamp(**known)
    except (
        FileNotFoundError,
        file.Unfit,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        RecursionError,
    ):
        return None
    return stamp if _well_formed(stamp) else None


def _well_formed(stamp: Stamp) -> bool:
    def hashes(known: object) -> bool:
        return isinstance(known, dict) and all(
            isinstance(value, str) and path and not UNSHOWN.search(path) for path, value in known.items()
        )

    texts = isinstance(stamp.program, str) and isinstance(stamp.options, str)
    return texts and hashes(stamp.inputs) and hashes(stamp.outputs) and type(stamp.warnings) is int


def stamp_bytes(stamp: Stamp) -> bytes:
    """Write a stamp as the bytes of its file."""
    known = {key: getattr(stamp, name) for name, key in keys_of(Stamp).items()}
    return (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode()


def reasons(root: Path, stamp: Stamp | None, options: str) -> tuple[str, ...]:
    """Say why an assessment has to be built again, in Chinese; empty where nothing changed."""
    if stamp is None:
        return ("还没有生成过",)
    found = []
    if not stamp.program:
        return ("上次没有写完",)
    if stamp.program != program_fingerprint():
        found.append("程序已更新")
    if stamp.options != options:
        found.append(f"选项不同（上次{stamp.options or '没有选项'}，这次{options or '没有选项'}）")
    for path, known in stamp.inputs.items():
        # A file that was not there was recorded as empty.
        now = digest(root / path)
        if (now or "") != known:
            found.append(f"{path} {('已变' if known else '是新的') if now else '不见了'}")
    for path, known in stamp.outputs.items():
        now = digest(root / path)
        if now is None:
            found.append(f"{Path(path).name} 不见了")
        elif now != known:
            found.append(f"{Path(path).name} 被改过")
    return tuple(found)


def edited_by_hand(root: Path, stamp: Stamp | None, path: Path, coming: bytes | None = None) -> bool:
    """Tell whether an output stands on the disk as somebody else left it, not as the last build wrote it.

    Args:
        root: The content repository.
        stamp: Of the last build; None where there is none, then any file there is somebody's.
        path: The output.
        coming: What is about to be written there; a file that holds it already needs no saving.
    """
    if not path.is_file():
        return False
    now = digest(path)
    known = stamp.outputs.get(relative(root, path)) if stamp else None
    if now is not None and now == known:
        return False
    return coming is None or now != hashlib.sha256(coming).hexdigest()
