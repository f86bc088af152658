"""Is this file a sound package at all, before any part of it is believed?

The limits are those for files from outside: a megabyte of zip can hold gigabytes of blanks.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from perfdoc.docx.sound.faults import Fault
from perfdoc.docx.sound.known import read
from perfdoc.docx.sound.markup import parse
from perfdoc.docx.sound.package import main_part, survey

_MEGABYTE = 1024 * 1024
_LARGEST_FILE, _LARGEST_ENTRY, _LARGEST_TOTAL = 20 * _MEGABYTE, 30 * _MEGABYTE, 100 * _MEGABYTE
_MOST_ENTRIES, _HIGHEST_RATIO, _DEEPEST = 500, 200, 250
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MISNAMED = re.compile(r"[\\:\x00-\x1f\x7f]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old .doc begins, and a .docx under a password."""

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError)
"""What `zipfile` says of damaged bytes; a wrong name that is no Unicode is a ValueError."""


def package_faults(data: bytes) -> tuple[Fault, ...]:
    """Check a whole .docx, given as its bytes.

    The parts are looked at only when the directory is in order, so that nothing too large is unpacked and one slip
    never shows as three.
    """
    refusal = _refusal(data)
    if refusal:
        return (Fault("", "", refusal),)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        return (Fault("", "", "压缩包已损坏，读不出目录。"),)
    faults = tuple(_listed(archive.infolist()))
    if faults:
        return faults
    parts = _unpacked(archive)
    return (parts,) if isinstance(parts, Fault) else _looked_through(parts)


def _refusal(data: bytes) -> str:
    """Say why the bytes are not even opened; nothing when they may be."""
    if len(data) > _LARGEST_FILE:
        return f"文件有 {len(data) / _MEGABYTE:.1f} MB，超过 {_LARGEST_FILE // _MEGABYTE} MB。"
    if data.startswith(_OLE):
        return "这是旧的 .doc 文件，或者是加了密码的文件。请去掉密码，另存为 .docx。"
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return "这不是 .docx 文件（不是 zip 压缩包），或者没有下载完整。"
    return ""


def _listed(entries: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    """Check the directory of the archive."""
    if len(entries) > _MOST_ENTRIES:
        yield Fault("", "", f"压缩包里有 {len(entries)} 项，超过 {_MOST_ENTRIES} 项。")
        return
    total = sum(entry.file_size for entry in entries)
    if total > _LARGEST_TOTAL:
        yield Fault("", "", f"解压后有 {total / _MEGABYTE:.0f} MB，超过 {_LARGEST_TOTAL // _MEGABYTE} MB。")
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if name.lower() in seen:
            yield Fault(name, "", "压缩包里有两个同名的部件。")
        seen.add(name.lower())
        complaint = _complaint(entry)
        if complaint:
            yield Fault(name, "", complaint)


def _complaint(entry: zipfile.ZipInfo) -> str:
    """Say what is wrong with one entry; nothing when all is well."""
    if _misnamed(entry.orig_filename):
        return "部件的名称不合规矩（绝对路径、“..”、反斜杠、冒号或控制字符）。"
    if entry.flag_bits & _ENCRYPTED:
        return "部件加了密码。请去掉密码再保存。"
    if entry.compress_type not in _METHODS:
        return "部件的压缩方法 Word 不认识。"
    if entry.file_size > _LARGEST_ENTRY:
        return f"部件解压后有 {entry.file_size / _MEGABYTE:.0f} MB，超过 {_LARGEST_ENTRY // _MEGABYTE} MB。"
    if entry.file_size > _HIGHEST_RATIO * max(entry.compress_size, 1):
        return f"部件的压缩比超过 {_HIGHEST_RATIO} 倍，不像正常的文件。"
    return ""


def _misnamed(name: str) -> bool:
    """Tell whether a name would lead out of a folder, or is none on Windows."""
    steps = name.removesuffix("/").split("/")
    return not {"", ".", ".."}.isdisjoint(steps) or _MISNAMED.search(name) is not None


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes] | Fault:
    """Read the parts, each against its checksum."""
    parts: dict[str, bytes] = {}
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        try:
            parts[entry.filename] = archive.read(entry)
        except _BROKEN:
            return Fault(entry.filename, "", "部件已损坏：解压不了，或者校验码不符。")
    return parts


def _looked_through(parts: dict[str, bytes]) -> tuple[Fault, ...]:
    """Check what the parts say, unless they nest so deeply that other readers give up."""
    deep = [name for name, data in parts.items() if name.lower().endswith(".xml") and _too_deep(name, data)]
    if deep:
        return tuple(Fault(name, "", f"元素嵌套超过 {_DEEPEST} 层，不像正常的文件。") for name in deep)
    main = main_part(parts)
    around, faults = survey(parts, main)
    if main not in parts:
        return (*faults, Fault(main, "", "文件里没有主文档。"))
    return (*faults, *read(parts[main], around).faults)


def _too_deep(part: str, data: bytes) -> bool:
    root = parse(part, data)
    level = [] if isinstance(root, Fault) else [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
    return bool(level)
