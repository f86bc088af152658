"""The pictures are the pages that a build gives; `invoke test --accept` draws them again."""

import os
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = {"content/2020": ROOT / "docs" / "page-1.png"} | {
    f"templates/{path.parent.name}": ROOT / "docs" / "samples" / f"{path.parent.name}.png"
    for path in sorted(ROOT.glob("templates/*/sample"))
}
"""What is built, and the picture of its first page."""
DPI = 109
"""A4 becomes some 900 pixels wide."""

BLOCK = 32
ALIKE = 1.5
"""Shades of 16 by which a block of the page may differ: programs draw letters a little differently."""

Page = list[bytes]
"""Rows of pixels, a byte each: 0 black, 15 white."""


def write_png(page: Page) -> bytes:
    """Write a page in 16 shades of grey, two pixels a byte."""
    width, height = len(page[0]), len(page)
    even = (row + b"\x0f" * (width % 2) for row in page)
    packed = (bytes(a << 4 | b for a, b in zip(row[::2], row[1::2], strict=True)) for row in even)
    rows = b"".join(b"\0" + row for row in packed)
    head = struct.pack(">2I5B", width, height, 4, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def read_png(data: bytes) -> Page:
    """Read what `write_png` wrote."""
    width, height = struct.unpack(">2I", data[16:24])
    length = struct.unpack(">I", data[33:37])[0]
    rows = zlib.decompress(data[41 : 41 + length])
    stride = (width + 1) // 2 + 1
    packed = (rows[y * stride + 1 : (y + 1) * stride] for y in range(height))
    return [bytes(shade for byte in row for shade in (byte >> 4, byte & 15))[:width] for row in packed]


def blocks(page: Page) -> list[float]:
    """Return the mean shade of each block of the page."""
    return [
        sum(sum(row[x : x + BLOCK]) for row in page[y : y + BLOCK]) / BLOCK**2
        for y in range(0, len(page) - BLOCK, BLOCK)
        for x in range(0, len(page[0]) - BLOCK, BLOCK)
    ]


def difference(one: Page, other: Page) -> float:
    """Return by how much the two pages differ where they differ most, in shades."""
    if (len(one), len(one[0])) != (len(other), len(other[0])):
        return 15.0
    return max(abs(a - b) for a, b in zip(blocks(one), blocks(other), strict=True))


def draw(folder: Path, source: str) -> Page:
    """Build an assessment, or the sample of a form, and draw the first page of its PDF."""
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copytree(ROOT / source / ("sample" if "templates" in source else ""), folder / "content" / "one")
    environment = {**os.environ, "FONTCONFIG_FILE": str(ROOT / "perfdoc" / "fonts.conf")}
    command = [sys.executable, "-m", "perfdoc", "build", "--pdf"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    (pdf,) = (folder / "build" / "one").glob("*.pdf")
    command = ["pdftoppm", "-gray", "-r", str(DPI), "-singlefile", str(pdf), str(folder / "page")]
    subprocess.run(command, check=True)
    kind, width, height, _, pixels = (folder / "page.pgm").read_bytes().split(maxsplit=4)
    assert kind == b"P5"
    shades = bytes((value * 15 + 127) // 255 for value in range(256))
    pixels = pixels.translate(shades)
    return [pixels[y * int(width) : (y + 1) * int(width)] for y in range(int(height))]


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("source", PICTURES)
def test_a_picture_shows_the_page_that_a_build_gives(tmp_path: Path, source: str, accept: bool) -> None:  # noqa: FBT001
    page, picture = draw(tmp_path, source), PICTURES[source]
    stale = not picture.exists() or difference(page, read_png(picture.read_bytes())) > ALIKE
    if stale and accept:
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(write_png(page))
        stale = False
    assert not stale, f"invoke test --accept draws {picture.name} again"


@pytest.mark.parametrize("picture", PICTURES.values(), ids=lambda picture: picture.stem)
def test_a_picture_is_small(picture: Path) -> None:
    assert picture.stat().st_size < 150_000
    assert 800 <= len(read_png(picture.read_bytes())[0]) <= 1300  # a form may lie on its side
