"""The zip file that a .docx is: read with care, written the same byte for byte.

Parts that a build does not change keep the compressed bytes that they have in the template; parts that it
renders are stored uncompressed. So no byte of a built file depends on the machine's compression library,
and nothing is compressed twice.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
_DATE, _TIME = 33, 0
"""1980-01-01 00:00, the first moment that a zip file can name."""

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20

MAX_FILE = 20 * 1024 * 1024
MAX_PART = 30 * 1024 * 1024
MAX_TOTAL = 100 * 1024 * 1024
MAX_PARTS = 500
MAX_RATIO = 200
"""A document of 183 kB can unpack to a gigabyte; no official form comes near these."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old .doc begins, and a .docx under a password."""
_MISNAMED = re.compile(r"[\\:\x00-\x1f\x7f]")
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError, OSError)
"""What `zipfile` says of damaged bytes; a wrong name that is no Unicode is a ValueError."""


class NotAPackage(Exception):  # noqa: N818 -- it says what the file is, and never leaves the caller
    """The bytes are not a package that is safe to open; the message is Chinese, for the clerk."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it lies in a zip file.

    Attributes:
        name: Path inside the package.
        method: 0 stored, 8 deflated.
        crc: Of the uncompressed bytes.
        size: Of the uncompressed bytes.
        packed: The bytes as they lie in the file.
    """

    name: str
    method: int
    crc: int
    size: int
    packed: bytes

    @property
    def data(self) -> bytes:
        """The uncompressed bytes; `size` of them and one at most, whatever the compressed ones unpack to."""
        if self.method == _STORED:
            return self.packed
        return zlib.decompressobj(-15).decompress(self.packed, self.size + 1)


def stored(name: str, data: bytes) -> Part:
    """Make a part that is not compressed."""
    return Part(name, _STORED, zlib.crc32(data), len(data), data)


def read(data: bytes) -> Mapping[str, Part]:
    """Read all parts of a package without trusting it.

    Raises:
        NotAPackage: Not a zip file, damaged, encrypted, or beyond the limits above.
    """
    if len(data) > MAX_FILE:
        raise NotAPackage(f"文件太大（{len(data) // 1024 // 1024} MB，最多 {MAX_FILE // 1024 // 1024} MB）")
    if data.startswith(_OLE):
        raise NotAPackage("这是旧的 .doc 文件，或者加了密码；去掉密码、另存为 .docx 才能打开")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _refuse_dangerous(infos)
            for info in infos:
                archive.open(info).close()  # looks at the part's own header, and at nothing behind it
        return {info.filename: _part(data, info) for info in infos if not info.filename.endswith("/")}
    except _DAMAGED as error:
        raise NotAPackage("不是 .docx 文件，或文件已损坏") from error


def _refuse_dangerous(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_TOTAL:
        raise NotAPackage("解开后太大，不像是一份表")
    names = [info.orig_filename.lower() for info in infos]  # parts are found without regard to case
    if len(set(names)) != len(names):
        raise NotAPackage("里面有重名的部件")
    for info in infos:
        if info.file_size > MAX_PART or info.file_size > MAX_RATIO * max(info.compress_size, 1024):
            raise NotAPackage(f"部件 {info.filename} 解开后太大，不像是一份表")
        if _misnamed(info.orig_filename):
            raise NotAPackage(f"部件名 {info.filename} 不合规")
        if info.compress_type not in (_STORED, _DEFLATED):
            raise NotAPackage(f"部件 {info.filename} 的压缩方式不支持")
        if info.flag_bits & _ENCRYPTED:
            raise NotAPackage(f"部件 {info.filename} 加了密码")


def _misnamed(name: str) -> bool:
    """Tell whether a name would lead out of a folder, or is none on Windows."""
    steps = name.removesuffix("/").split("/")
    return not {"", ".", ".."}.isdisjoint(steps) or _MISNAMED.search(name) is not None


def _part(data: bytes, info: zipfile.ZipInfo) -> Part:
    *_, name_length, extra_length = _LOCAL.unpack_from(data, info.header_offset)
    start = info.header_offset + _LOCAL.size + name_length + extra_length
    packed = data[start : start + info.compress_size]
    part = Part(info.filename, info.compress_type, info.CRC, info.file_size, packed)
    unpacked = part.data
    if len(unpacked) != info.file_size or zlib.crc32(unpacked) != info.CRC:
        raise NotAPackage(f"部件 {info.filename} 已损坏")
    return part


@dataclass(frozen=True, slots=True)
class Base:
    """The unchanged parts of many files, laid out once: their bytes, their directory, their number."""

    body: bytes
    directory: bytes
    count: int


def lay_out(parts: Iterable[Part]) -> Base:
    """Lay out the unchanged parts: content types first, package relations second, the rest by name."""
    first = {"[Content_Types].xml": 0, "_rels/.rels": 1}
    ordered = sorted(parts, key=lambda part: (first.get(part.name, 2), part.name))
    bodies, entries = _laid_out(ordered, 0)
    return Base(b"".join(bodies), b"".join(entries), len(ordered))


def finish(base: Base, parts: Iterable[Part]) -> bytes:
    """Write a whole package: the unchanged parts, then these in the order given."""
    bodies, entries = _laid_out(parts, len(base.body))
    directory = b"".join((base.directory, *entries))
    count, offset = base.count + len(entries), len(base.body) + sum(map(len, bodies))
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), offset, 0)
    return b"".join((base.body, *bodies, directory, end))  # once: a copy of 2,000 indicators takes 0.5 ms


def _laid_out(parts: Iterable[Part], offset: int) -> tuple[list[bytes], list[bytes]]:
    """List the pieces of the file from an offset on, and the entries of its directory."""
    bodies: list[bytes] = []
    entries: list[bytes] = []
    for part in parts:
        name = part.name.encode()
        shape = (_UTF8_NAME, part.method, _TIME, _DATE, part.crc, len(part.packed), part.size, len(name), 0)
        local = _LOCAL.pack(b"PK\3\4", _VERSION, *shape)
        entries.append(_CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *shape, 0, 0, 0, 0, offset) + name)
        bodies += (local, name, part.packed)
        offset += len(local) + len(name) + len(part.packed)
    return bodies, entries
