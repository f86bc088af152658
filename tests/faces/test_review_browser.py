"""Does the page answer a mouse, a keyboard, a screen reader and a printer?  Asked of a real Chromium."""

import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, running
from review_pairs import NAMES, ROOT, known_pair

from perfdoc.faces.page.document import page

PICTURE = ROOT / "docs" / "review.png"
TAB, ENTER, ESCAPE, SPACE = ("Tab", 9), ("Enter", 13), ("Escape", 27), (" ", 32)
SHOWN = "document.getElementById('shown').textContent"
ROWS = "[...document.querySelectorAll('#rows .row')].filter(r => !r.hidden).length"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(os.name == "nt", reason="Chromium is driven over pipes of POSIX"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    files = {}
    for name in NAMES:
        known = known_pair(name)
        files[name] = folder / f"{name}.html"
        files[name].write_text(page(known.comparison, known.trend, known.place), encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running(tmp_path_factory.mktemp("profile")) as started:
        yield started


def focused(browser: Browser) -> str:
    return str(browser.run("document.activeElement.textContent || document.activeElement.name || ''"))


def tab_to(browser: Browser, text: str) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(120):
        browser.press(*TAB)
        if focused(browser) == text:
            return
    raise AssertionError(text)


# --- what is seen -----------------------------------------------------------------------------------------------


def test_the_first_screen_answers_what_a_reviewer_asks_first(
    browser: Browser,
    pages: dict[str, Path],
    accept: bool,  # noqa: FBT001
) -> None:
    browser.open(pages["rich"])
    below = browser.run(
        "[...document.querySelectorAll('#summary h3, #summary li, #summary p')]"
        ".filter(e => e.getBoundingClientRect().bottom > innerHeight).map(e => e.textContent)"
    )
    assert below == []
    drawn = hashlib.sha256(pages["rich"].read_bytes()).hexdigest()
    if accept and stamp(PICTURE) != drawn:
        browser.send(
            "Emulation.setDeviceMetricsOverride", width=1366, height=700, deviceScaleFactor=0.75, mobile=False
        )
        PICTURE.write_bytes(stamped(browser.screenshot(), drawn))
    assert stamp(PICTURE) == drawn, "invoke test --accept draws docs/review.png again"
    assert PICTURE.stat().st_size < 150_000


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_a_page_opens_alone_without_complaint_and_never_scrolls_sideways(
    browser: Browser, pages: dict[str, Path], name: str, width: int, height: int, tmp_path: Path
) -> None:
    browser.open(pages[name], width=width, height=height)
    picture = browser.screenshot()
    (tmp_path / f"{name}-{width}.png").write_bytes(picture)
    assert struct.unpack(">II", picture[16:24]) == (width, height)
    assert browser.requests() == [pages[name].as_uri()]
    assert browser.complaints() == []
    assert browser.run("document.documentElement.scrollWidth") == width


def test_what_is_slipped_into_a_page_does_not_run(
    browser: Browser, pages: dict[str, Path], tmp_path: Path
) -> None:
    text = pages["same"].read_text(encoding="utf-8")
    slipped = "<script>document.title = 'slipped'</script><img src='http://127.0.0.1:9/x.png'>"
    forged = tmp_path / "forged.html"
    forged.write_text(text.replace("</main>", slipped + "</main>"), encoding="utf-8")
    browser.open(forged)
    assert browser.run("document.title") != "slipped"
    assert len([said for said in browser.complaints() if "Content Security Policy" in said]) == 2


def test_every_text_is_there_without_the_script(browser: Browser, pages: dict[str, Path]) -> None:
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(pages["rich"])
        assert browser.run(ROWS) == 21
        assert browser.run("document.getElementById('filters').hidden") is True
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)


# --- what is clicked --------------------------------------------------------------------------------------------


def test_a_click_filters_says_so_and_is_kept_in_the_address(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"])
    assert (browser.run(SHOWN), browser.run(ROWS)) == ("共 21 项，全部显示", 21)
    browser.click("#filters input[value=拆分]")
    browser.click("#filters input[value=合并]")
    assert (browser.run(SHOWN), browser.run(ROWS)) == ("显示 2 项，共 21 项", 2)
    assert browser.run("decodeURIComponent(location.hash)") == "#f:s=拆分&s=合并"
    heads = "[...document.querySelectorAll('#rows .group')].filter(g => !g.hidden).length"
    assert browser.run(heads) == 2
    browser.click("#filters input[value=broken]")
    assert browser.run(SHOWN) == "没有符合的指标，共 21 项"
    browser.click("#filters button")
    browser.wait(f"{ROWS} === 21")
    assert browser.run("location.hash") == ""


@pytest.mark.parametrize(
    ("only", "count"), [("broken", 2), ("soft", 7), ("kept", 4), ("filed", 1), ("moved", 10)]
)
def test_one_filter_for_each_question(
    browser: Browser, pages: dict[str, Path], only: str, count: int
) -> None:
    browser.open(pages["rich"], f"#f:only={only}")
    assert browser.run(ROWS) == count
    assert browser.run(f"document.querySelector('input[value={only}]').checked") is True


def test_an_address_brings_back_what_was_chosen(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"], "#f:s=%E4%BF%AE%E6%94%B9&only=soft&q=%E5%AE%89%E5%85%A8")
    assert browser.run("document.querySelector('input[name=q]').value") == "安全"
    assert browser.run(ROWS) == 2


def test_a_count_of_the_first_screen_leads_to_its_rows(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"])
    browser.click(".counts a[data-filter='s=新增']")
    assert browser.run(SHOWN) == "显示 2 项，共 21 项"
    assert focused(browser) == "显示 2 项，共 21 项"


def test_a_link_to_a_row_that_a_filter_hides_shows_it(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"], "#f:s=新增")
    assert browser.run(ROWS) == 2
    browser.click(".lists a[href='#r9']")
    browser.wait(f"{ROWS} === 21")
    top = "document.getElementById('r9').getBoundingClientRect().top"
    browser.wait(f"{top} >= 0 && {top} < innerHeight")


# --- what is typed ----------------------------------------------------------------------------------------------


def test_everything_can_be_done_from_the_keyboard(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"])
    browser.press(*TAB)
    assert focused(browser) == "跳到正文"
    assert browser.run("document.activeElement.getBoundingClientRect().top") >= 0
    browser.press(*ENTER, text="\r")
    assert browser.run("document.activeElement.id") == "main"
    browser.run("document.getElementById('filters').querySelector('input').focus()")
    browser.press(*SPACE, text=" ")
    assert browser.run(SHOWN) == "显示 3 项，共 21 项"
    tab_to(browser, "q")
    browser.type("安全生产")
    browser.wait(f"{SHOWN} === '显示 1 项，共 21 项'")
    browser.press(*ESCAPE)
    browser.wait(f"{ROWS} === 21")
    tab_to(browser, "算式与出处")
    browser.press(*ENTER, text="\r")
    assert browser.run("document.activeElement.parentNode.open") is True
    outline = browser.run("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


# --- what is read aloud, and printed ----------------------------------------------------------------------------


def test_a_screen_reader_finds_a_name_for_everything(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"])
    nodes: list[dict[str, Any]] = browser.send("Accessibility.getFullAXTree")["nodes"]
    named = {"button", "checkbox", "link", "image", "table", "region", "searchbox", "heading", "navigation"}
    kept = [node for node in nodes if not node["ignored"] and node["role"]["value"] in named]
    assert {node["role"]["value"] for node in kept} == named
    assert [node for node in kept if not node.get("name", {}).get("value")] == []
    status = [node for node in nodes if node.get("role", {}).get("value") == "status"]
    assert [prop["value"]["value"] for prop in status[0]["properties"] if prop["name"] == "live"] == [
        "polite"
    ]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler")
@pytest.mark.slow
def test_on_paper_all_details_are_open_and_no_filter_is_left(
    browser: Browser, pages: dict[str, Path], tmp_path: Path
) -> None:
    browser.open(pages["rich"])
    (tmp_path / "page.pdf").write_bytes(browser.pdf())
    told = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    bare = re.sub(r"\s+", "", told)
    assert bare.count("content/after/assessment.yaml") >= 21
    assert "5×3÷4=3.75" in bare
    assert "全部显示" in bare  # how many rows there are is told
    assert "得分有变" not in bare  # the filter is not
    assert browser.run("document.querySelectorAll('details[open]').length") == 0
    sizes = subprocess.run(
        ["pdfinfo", str(tmp_path / "page.pdf")], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    assert re.search(r"Page size: +84[12].* x 59[45]", sizes)


# --- the picture ------------------------------------------------------------------------------------------------


def stamped(png: bytes, mark: str) -> bytes:
    """Write into a picture what it was drawn from: pixels differ from font to font, this does not."""
    body = b"tEXtSource\0" + mark.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:33] + chunk + png[33:]  # behind the signature and IHDR


def stamp(file: Path) -> str:
    """Read what a picture was drawn from; empty where it does not say."""
    found = re.search(rb"tEXtSource\0([0-9a-f]{64})", file.read_bytes()) if file.exists() else None
    return found[1].decode() if found else ""


def test_the_picture_says_what_it_was_drawn_from() -> None:
    assert len(stamp(PICTURE)) == 64
    assert json.dumps(stamp(PICTURE)).isascii()
