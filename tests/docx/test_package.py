"""The zip file that a .docx is: read with care, laid out in one order, the same bytes everywhere and always."""

import hashlib
import io
import itertools
import os
import re
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from functools import cache
from pathlib import Path

import pytest
from drafts import MAIN, ROOT, TEMPLATE, content, filled, opened, parts_of, resaved, with_heads
from hypothesis import given
from hypothesis import strategies as st
from seeds import SOUND, packed
from sheet import part

from perfdoc.docx import package
from perfdoc.host.pipeline import Run

FIRST = ["[Content_Types].xml", "_rels/.rels"]


@cache
def form() -> bytes:
    """Fill the shipped template with a small content."""
    return filled(content())


def archive(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


# --- read and write -----------------------------------------------------------------------------------------

NAMES = st.text("abc/äé表.xml", min_size=1, max_size=12).filter(
    lambda name: {"", ".", ".."}.isdisjoint(name.split("/"))
)
PARTS = st.dictionaries(NAMES, st.binary(max_size=3000), min_size=1, max_size=6)


@given(PARTS, st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]))
def test_what_is_read_and_laid_out_again_holds_the_same(parts: dict[str, bytes], method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as written:
        for name, data in parts.items():
            written.writestr(name, data)
    read = package.read(file.getvalue())
    assert {name: one.data for name, one in read.items()} == parts
    again = package.finish(package.lay_out(read.values()), [])
    assert archive(again).testzip() is None
    assert parts_of(again) == parts
    assert {name: (one.method, one.packed) for name, one in read.items()} == {
        name: (one.method, one.packed) for name, one in package.read(again).items()
    }


@given(PARTS, PARTS)
def test_constant_and_added_parts_make_one_sound_file(
    constant: dict[str, bytes], added: dict[str, bytes]
) -> None:
    constant = {name: data for name, data in constant.items() if name not in added}
    base = package.lay_out(package.stored(name, data) for name, data in constant.items())
    made = package.finish(base, [package.stored(name, data) for name, data in added.items()])
    assert archive(made).testzip() is None
    assert parts_of(made) == constant | added
    assert list(parts_of(made)) == [*sorted(constant), *added]


def test_an_empty_package_is_a_zip_file() -> None:
    assert archive(package.finish(package.lay_out([]), [])).namelist() == []


def test_the_order_in_which_parts_are_given_does_not_matter() -> None:
    parts = list(package.read(TEMPLATE).values())
    assert package.lay_out(parts) == package.lay_out(reversed(parts))


# --- a built file -------------------------------------------------------------------------------------------


def test_a_built_file_is_a_sound_zip_file() -> None:
    assert archive(form()).testzip() is None


def test_content_types_come_first_and_what_is_rendered_last() -> None:
    names = archive(form()).namelist()
    assert names[:2] == FIRST
    assert names[2:-1] == sorted(names[2:-1])
    assert names[-1] == MAIN
    heads = opened(with_heads(["{{ 单位名称 }}"], ["{{ 填报日期 }}"], title="{{ 标题 }}"))
    names = archive(filled(content(), heads)).namelist()
    rendered = {"word/header1.xml", "word/footer1.xml", "docProps/core.xml"}
    assert (names[:2], set(names[-4:-1]), names[-1]) == (FIRST, rendered, MAIN)


def test_no_entry_says_when_or_where_it_was_written() -> None:
    for info in archive(form()).infolist():
        assert info.date_time == (1980, 1, 1, 0, 0, 0)
        assert (info.create_system, info.external_attr, info.internal_attr) == (0, 0, 0)
        assert (info.extra, info.comment) == (b"", b"")
    assert archive(form()).comment == b""


def test_the_local_headers_agree_with_the_directory() -> None:
    for info in archive(form()).infolist():
        mark, version, flags, method, at, day, crc, packed_size, size, name, extra = struct.unpack_from(
            "<4s5H3I2H", form(), info.header_offset
        )
        assert (mark, version, extra) == (b"PK\3\4", 20, 0)
        assert (flags, method, at, day) == (info.flag_bits, info.compress_type, 0, 33)
        assert (crc, packed_size, size) == (info.CRC, info.compress_size, info.file_size)
        start = info.header_offset + 30
        assert form()[start : start + name].decode() == info.filename


def test_what_is_rendered_is_not_compressed() -> None:
    info = archive(form()).getinfo(MAIN)
    assert (info.compress_type, info.compress_size) == (zipfile.ZIP_STORED, info.file_size)


@pytest.mark.parametrize("template", [TEMPLATE, resaved(lambda _: None)], ids=["shipped", "resaved"])
def test_constant_parts_are_those_of_the_template_to_the_byte(template: bytes) -> None:
    built = filled(content(), opened(template))
    theirs, ours = package.read(template), package.read(built)
    assert set(theirs) == set(ours)
    changed = [name for name, one in ours.items() if theirs[name] != one]
    assert changed == [MAIN]


def test_the_properties_name_no_day_and_no_person_but_the_templates() -> None:
    core = "docProps/core.xml"
    assert parts_of(form())[core] == parts_of(TEMPLATE)[core]
    known = {element.tag.rpartition("}")[2]: element.text for element in part(form(), core)}
    assert known["created"] == known["modified"] == "2021-01-01T00:00:00Z"
    assert known["creator"] == known["lastModifiedBy"] == "perfdoc"


def test_a_built_file_opens_as_a_template_again() -> None:
    read = package.read(form())
    assert (
        package.finish(package.lay_out(one for one in read.values() if one.name != MAIN), [read[MAIN]])
        == form()
    )


# --- the same bytes -----------------------------------------------------------------------------------------

TIME_ZONES = ("UTC", "Asia/Shanghai", "America/Los_Angeles")
FAKETIME = shutil.which("faketime")


def built(folder: Path, seed: str, zone: str, below: str, *later: str) -> dict[str, str]:
    """Build the repository's own content as a person does; returns the hash of each file that is handed out."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
    command = [*later, sys.executable, "-m", "perfdoc", "build", "--year", "2020"]
    done = subprocess.run(command, cwd=folder / below, env=environment, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    made = (folder / "build/2020").iterdir()
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def in_process() -> dict[str, str]:
    files = Run(ROOT).build("2020").files
    return {path.name: hashlib.sha256(data).hexdigest() for path, data in files.items()}


@pytest.mark.parametrize(
    ("seed", "zone", "below"),
    [("0", "UTC", "."), ("1", "Asia/Shanghai", "content/2020"), ("4294967295", "America/Los_Angeles", "templates")],
)  # fmt: skip
def test_every_process_builds_the_same_bytes(tmp_path: Path, seed: str, zone: str, below: str) -> None:
    made = built(tmp_path / "单位 甲", seed, zone, below)
    assert len(made) == 2
    assert made == in_process()


@pytest.mark.slow
def test_no_pair_of_hash_seed_time_zone_and_folder_matters(tmp_path: Path) -> None:
    pairs = itertools.product(
        ("0", "1", "77", "random"), TIME_ZONES, (".", "content", "templates/hubei-department")
    )
    made = [built(tmp_path / str(i), *pair) for i, pair in enumerate(pairs)]
    assert len(made) == 36
    assert {tuple(sorted(files.items())) for files in made} == {tuple(sorted(in_process().items()))}


@pytest.mark.skipif(FAKETIME is None, reason="no faketime")
def test_another_day_builds_the_same_bytes(tmp_path: Path) -> None:
    assert built(tmp_path, "0", "UTC", ".", str(FAKETIME), "2031-12-31 23:59:59") == in_process()


@pytest.mark.slow
def test_a_template_that_was_prepared_before_makes_the_same_bytes(tmp_path: Path) -> None:
    """The first build prepares the template anew, the second finds it prepared in build/."""
    first = built(tmp_path, "0", "UTC", ".")
    (tmp_path / "templates/hubei-department/attachment.prepared.json").unlink()
    again = []
    for _ in range(2):
        command = [sys.executable, "-m", "perfdoc", "build", "--force"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        made = (tmp_path / "build/2020").iterdir()
        again.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made})
    assert (tmp_path / "build/.prepared").is_dir()
    assert again == [first, first]


# --- what is refused ----------------------------------------------------------------------------------------


def patched(data: bytes, name: str, offset: int, value: bytes) -> bytes:
    """Overwrite a field of the entry `name` in the central directory of an archive."""
    header = data.rindex(name.encode()) - 46
    assert data[header : header + 4] == b"PK\x01\x02"
    return data[: header + offset] + value + data[header + offset + len(value) :]


def sized(megabytes: int) -> bytes:
    return (megabytes * 1024 * 1024).to_bytes(4, "little")


def several_sized(megabytes: int, *names: str) -> bytes:
    data = packed(SOUND)
    for name in names:
        data = patched(data, name, 24, sized(megabytes))
    return data


PICTURE = "word/media/image1.png"
TWO_PICTURES = {**SOUND, "word/media/image2.png": "图"}
REFUSED = {
    "empty file": (b"", "不是 .docx 文件"),
    "text under the name of a document": ("单位自评".encode(), "不是 .docx 文件"),
    "archive cut off": (packed(SOUND)[:-40], "文件已损坏"),
    "old document or password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "加了密码"),
    "file too large": (packed(SOUND) + bytes(20 * 1024 * 1024), "最多 20 MB"),
    "part twice": (
        packed(TWO_PICTURES).replace(b"word/media/image2.png", PICTURE.encode()),
        "重名",
    ),
    "part twice but for the case": (packed({**SOUND, PICTURE.upper(): "图"}), "重名"),
    "way out of the package": (packed({**SOUND, "word/../../x.png": "图"}), "不合规"),
    "absolute name": (packed({**SOUND, "/word/x.png": "图"}), "不合规"),
    "name of a drive": (packed({**SOUND, "C:x.png": "图"}), "不合规"),
    "backslash": (
        packed(TWO_PICTURES).replace(b"word/media/image2.png", b"word\\media\\image2.png"),
        "不合规",
    ),
    "encrypted part": (patched(packed(SOUND), PICTURE, 8, b"\x01\x08"), "image1.png 加了密码"),
    "method that Word does not know": (packed(SOUND, zipfile.ZIP_BZIP2), "压缩方式不支持"),
    "wrong checksum": (patched(packed(SOUND), PICTURE, 16, b"\0\0\0\0"), "已损坏"),
    "length that lies": (patched(packed(SOUND), "docProps/core.xml", 24, b"\x10\0\0\0"), "已损坏"),
    "part too large": (several_sized(31, PICTURE), "image1.png 解开后太大"),
    "all parts too large": (
        several_sized(26, PICTURE, "word/styles.xml", "word/settings.xml", "word/header1.xml"),
        "解开后太大，不像是一份表",
    ),
    "too many parts": (packed({f"{n}.png": "" for n in range(501)}), "解开后太大，不像是一份表"),
    "blanks without end": (packed({**SOUND, PICTURE: bytes(2_000_000)}), "image1.png 解开后太大"),
    "directory that is none": (packed(SOUND).replace(b"PK\x01\x02", b"PK\x01\x07"), "已损坏"),
}


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_safe_to_open_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(package.NotAPackage, match=re.escape(says)):
        package.read(data)


def test_a_part_that_unpacks_to_more_than_it_says_is_refused_without_unpacking_it() -> None:
    secret = zlib.compressobj(9, zlib.DEFLATED, -15)
    compressed = secret.compress(b"A" * 1000 + bytes(64 * 1024 * 1024)) + secret.flush()
    lying = package.Part("a.bin", 8, zlib.crc32(b"A" * 1000), 1000, compressed)
    assert len(lying.data) == 1001
    with pytest.raises(package.NotAPackage, match=re.escape("部件 a.bin 已损坏")):
        package.read(package.finish(package.lay_out([lying]), []))


def test_a_name_that_differs_in_the_directory_is_refused() -> None:
    renamed = packed({"a.xml": b"1"}).replace(b"a.xml", b"b.xml", 1)
    with pytest.raises(package.NotAPackage, match="已损坏"):
        package.read(renamed)


def test_folders_of_the_archive_are_no_parts() -> None:
    assert list(package.read(packed({"word/": b"", "word/a.xml": b"1"}))) == ["word/a.xml"]
