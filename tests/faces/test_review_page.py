"""Is all of a comparison on its page, and nothing that could do harm there?"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from builders import FORM, assessment, budget_line, dimension, group, indicator
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import FORMS, VARIANTS
from review_pairs import NAMES, ROOT, Pair, finished_of, known_pair
from years import assessments, scored_year

from perfdoc.core.assessment import Assessment, FollowUp, Group, Indicator, Prose
from perfdoc.faces.page.document import page, trend_page
from perfdoc.form.rulebook import Form
from perfdoc.host import workspace
from perfdoc.judge.scoring import wording
from perfdoc.years.comparison import compare
from perfdoc.years.kinds import Cause
from perfdoc.years.trend import trend
from perfdoc.years.value import Comparison, Field

EMPTY = {"meta", "link", "br", "col", "input", "img", "hr"}
BLOCKS = {
    *("p", "h1", "h2", "h3", "li", "tr", "div", "caption", "summary", "figcaption", "legend", "label"),
    *("button", "title", "desc", "text", "section", "header", "footer", "nav", "figure"),
}


class Reader(HTMLParser):
    """Reads a page as a tree would hold it: balanced elements, and the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.by_id: dict[str, list[str]] = {}
        self.rows: list[tuple[set[str], list[str]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.elements.append((tag, known))
        if tag in BLOCKS:
            self.texts.append("\n")
        if tag == "tr":
            self.rows.append(({known for _, known in self.open if known}, []))
        if tag in {"td", "th"}:
            self.texts.append(" | ")
            self.rows[-1][1].append("")
        if tag == "br":
            self.texts.append("\n")
        if tag not in EMPTY:
            self.open.append((tag, known.get("id")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.open.pop()
        assert opened == tag, (opened, tag, self.getpos())
        if tag in BLOCKS:
            self.texts.append("\n")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in self.raw:
            self.raw[self.open[-1][0]].append(data)
            return
        self.texts.append(data)
        if {"td", "th"} & {tag for tag, _ in self.open}:
            self.rows[-1][1][-1] += data
        for _, known in self.open:
            if known:
                self.by_id.setdefault(known, []).append(data)

    @property
    def visible(self) -> str:
        """The text, a line for each block."""
        lines = (re.sub(r"\s+", " ", line).strip(" |") for line in "".join(self.texts).split("\n"))
        return "\n".join(line for line in lines if line) + "\n"

    def of(self, known: str) -> str:
        """The text of an element by its id."""
        return "".join(self.by_id[known])

    def table(self, known: str) -> list[list[str]]:
        """The cells of every row below an element, by its id."""
        return [[" ".join(cell.split()) for cell in cells] for within, cells in self.rows if known in within]

    def headings(self) -> list[tuple[str, list[int]]]:
        """The headings of the table of indicators, each with the numbers of its rows."""
        found: list[tuple[str, list[int]]] = []
        for within, cells in self.rows:
            numbers = [int(known[1:]) for known in within if re.fullmatch(r"r\d+", known)]
            if "rows" not in within:
                continue
            if numbers and len(cells) > 1:
                found[-1][1].extend(numbers)
            elif not numbers and len(cells) == 1:
                found.append((cells[0], []))
        return found


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def years(name: str) -> Pair:
    return known_pair(name)


@pytest.fixture(scope="module")
def written(years: Pair) -> str:
    return page(years.comparison, years.trend, years.place)


@pytest.fixture(scope="module")
def read(written: str) -> Reader:
    return Reader(written)


# --- a sound page -----------------------------------------------------------------------------------------------


def test_ids_are_single_and_every_link_and_label_leads_somewhere(read: Reader) -> None:
    ids = [known["id"] for _, known in read.elements if "id" in known]
    assert len(ids) == len(set(ids))
    for _, known in read.elements:
        named = [*(known.get("aria-labelledby") or "").split()]
        href = known.get("href")
        if href is not None:
            assert href.startswith("#")
            named.append(href[1:])
        assert set(named) <= set(ids)


def test_a_page_names_its_language_its_parts_and_its_tables(read: Reader) -> None:
    tags = [tag for tag, _ in read.elements]
    assert ("html", {"lang": "zh-CN"}) in read.elements
    assert [tags.count(tag) for tag in ("h1", "main", "header", "footer", "nav")] == [1] * 5
    assert tags.count("table") == tags.count("caption")
    headings = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert all("scope" in known for tag, known in read.elements if tag == "th")
    pictures = [known for tag, known in read.elements if tag == "svg" and known.get("aria-hidden") != "true"]
    assert all(
        known.get("role") == "img" and {"aria-label", "aria-labelledby"} & set(known) for known in pictures
    )


def test_a_page_fetches_nothing_and_runs_only_its_own_script(written: str, read: Reader) -> None:
    assert not [known for _, known in read.elements if {"src", "srcset", "action", "style"} & set(known)]
    assert not [name for _, known in read.elements for name in known if name.startswith("on")]
    assert not re.search(r"url\(|@import|https?:", written)
    policy = next(k["content"] for t, k in read.elements if t == "meta" and "http-equiv" in k)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for kind, parts in read.raw.items():
        digest = base64.b64encode(hashlib.sha256("".join(parts).encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
        assert [tag for tag, _ in read.elements].count(kind) == 1


def test_the_same_years_give_the_same_page(years: Pair, written: str) -> None:
    assert page(years.comparison, years.trend, years.place) == written


def test_a_page_can_do_without_a_trend(years: Pair) -> None:
    assert "历年走势" not in Reader(page(years.comparison, None, years.place)).visible


def test_a_trend_alone_is_a_page_too(years: Pair) -> None:
    read = Reader(trend_page(years.trend))
    assert f"{years.trend.years[0].year}—{years.trend.years[-1].year} 绩效自评历年走势" in read.visible
    assert [known for _, known in read.elements if known.get("id") == "trend"]


def test_the_visible_text(name: str, read: Reader, accept: bool) -> None:  # noqa: FBT001
    golden = ROOT / "tests" / "faces" / "golden" / f"{name}.txt"
    if accept:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(read.visible, encoding="utf-8")
    assert read.visible == golden.read_text(encoding="utf-8")


# --- all of the comparison --------------------------------------------------------------------------------------


def plainly(number: Decimal) -> str:
    """Print a figure by another way than the page does."""
    text = str(number.normalize() + 0)
    return (f"{number:f}" if "E" in text else text).replace("-", "−")


def signed(number: Decimal) -> str:
    return ("+" if number > 0 else "") + plainly(number)


def figures(field: Field) -> Iterator[str]:
    """List what of a field has to be read."""
    yield from (side for side in (field.old, field.new) if side)
    if field.delta and field.changed:
        yield signed(field.delta)
        if field.percent:
            yield f"{signed(field.percent)}%"


def test_every_figure_of_every_row_stands_in_that_row(years: Pair, read: Reader) -> None:
    assert len(years.comparison.rows) == sum(known.get("class") == "row" for _, known in read.elements)
    for row in years.comparison.rows:
        shown = read.of(f"r{row.number}")
        for field in row.fields:
            if field.changed or field.name in {"分值", "年初目标值", "实际完成值", "得分"}:
                told = list(figures(field))
                if field.name == "得分" and not field.new:
                    told = [field.old]  # what is open is no loss
                assert [text for text in told if text not in shown] == [], (row.name, field)
        said = [change.value for change in row.changes]
        said += [text for each in row.breaks for text in (each.kind.value, each.old, each.new)]
        said += [flag.because for flag in row.flags]
        said += [side.name for side in (*row.olds, *row.news)]
        said += [row.reason] if row.reason else []
        for which, sides in (("old", row.olds), ("new", row.news)):
            said += [wording.working(side.score) for side in sides]
            said += [note for side in sides for note in wording.adjustments(side.score)]
            said += [years.place(which, side.address) for side in sides]
        if row.new_score is not None or not row.news:
            said += [f"{effect.cause.value} {signed(effect.amount)}" for effect in row.effects]
        assert [text for text in said if text not in shown] == [], row.name


def money_rows(read: Reader) -> list[list[str]]:
    """Read the rows of the budget's table as `line, field, old, new, said, why`: what spans several is repeated."""
    rows: list[list[str]] = []
    for cells in read.table("budget")[1:]:
        rows.append(cells if len(cells) != 4 else [rows[-1][0], *cells, rows[-1][-1]])
    return rows


def test_every_sum_and_every_line_of_the_budget_is_told_in_its_row(years: Pair, read: Reader) -> None:
    comparison = years.comparison
    total, *bars = comparison.bridge.walk()
    causes = [row for row in read.table("bridge") if len(row) == 2]
    for effect in total.effects:
        if effect.cause is not Cause.OPEN:
            assert signed(effect.amount) in [cells[1] for cells in causes]
    sums = [row for row in read.table("bridge") if len(row) == 7][1:]
    for bar, row in zip(bars, sums, strict=True):
        assert row[0] == f"{bar.name} {bar.kind}"
        assert row[2:4] == ["—" if side is None else plainly(side) for side in (bar.old, bar.new)]
        waits = any(effect.cause is Cause.OPEN for effect in bar.effects)
        assert row[4] == ("待填" if waits else signed(bar.moved))
        told = [f" {signed(effect.amount)}" for effect in bar.effects if not waits]
        assert [text for text in told if text not in f" {row[6]}"] == []
    said = [(line, field) for line in comparison.budget for field in line.fields]
    for (line, field), cells in zip(said, money_rows(read), strict=True):
        assert cells[0] == " ".join([line.name, *("".join(c.value for c in line.changes).split())])
        assert cells[1:4] == [field.name, field.old or "—", field.new or "—"]
        assert [text for text in figures(field) if text not in cells] == [] or field.delta
        assert not field.delta or signed(field.delta) in cells[4]
    for field in comparison.head:
        (cells,) = (row for row in read.table("head") if row[0] == field.name and len(row) == 4)
        assert [text for text in figures(field) if text not in " ".join(cells)] == []


def test_the_words_of_both_years_can_be_read_from_the_page(years: Pair, read: Reader, written: str) -> None:
    shown = read.of("texts")
    for words in years.comparison.texts:
        assert words.title in shown
        for passage in words.passages:
            for piece in passage.pieces:
                assert piece.text in shown
            said = [figure for pair in passage.numbers for figure in pair]
            said += [f"照抄 {passage.reused}%"] if passage.reused is not None else []
            assert [text for text in (*said, *passage.stale) if text not in shown] == []
    for measure in years.comparison.measures:
        assert measure.text in shown
        assert measure.outcome in shown
    pieces = sum(p.op.value == "增" for w in years.comparison.texts for q in w.passages for p in q.pieces)
    assert written.count("<ins>") == pieces


def test_every_line_of_the_trend_is_drawn_and_listed(years: Pair, read: Reader) -> None:
    lines = (years.trend.total, *years.trend.budget, *years.trend.indicators)
    for line, cells in zip(lines, read.table("trend")[1:], strict=True):
        assert cells[0] == line.name
        for year in range(len(years.trend.years)):
            point, cell = line.at(year), cells[year + 1]
            if point is None:
                assert cell == "—"
                continue
            said = [point.actual, point.target] if line.kind == "三级指标" else []
            said += [plainly(point.number)] if point.number is not None and line.kind != "三级指标" else []
            if point.score is not None and line.kind != "总分":
                said.append(f"（{plainly(point.score)} / {plainly(point.weight)}）")
            said += [each.kind.value for each in point.breaks]
            assert [text for text in said if text not in cell] == []


# --- under which heading ------------------------------------------------------------------------------------------


def titled(*years: Assessment) -> list[tuple[str, list[str]]]:
    """Compare two years, and list the headings of the page with the names of their rows."""
    comparison = compare(*map(finished_of, years))
    found = Reader(written_of(comparison)).headings()
    return [(head, [comparison.row(number).name for number in numbers]) for head, numbers in found]


def in_groups(*groups: Group) -> Assessment:
    return assessment(dimensions=(dimension(*groups),))


def ten(name: str) -> Indicator:
    return indicator(name=name, weight=10)


def test_a_group_renamed_stays_one_and_keeps_what_was_dropped_from_it() -> None:
    old = in_groups(group(ten("一"), ten("二"), ten("三"), name="甲组"))
    for dropped in ("一", "二", "三"):
        left = [ten(name) for name in ("一", "二", "三") if name != dropped]
        ((head, names),) = titled(old, in_groups(replace(group(*left, name="乙组"), renamed_from="甲组")))
        assert head.startswith("产出指标 › 乙组30 → 20")
        assert sorted(names) == ["一", "三", "二"]


def test_what_was_dropped_from_a_renamed_group_stands_there_though_nothing_else_stayed() -> None:
    old = in_groups(group(ten("一"), name="甲组"))
    new = in_groups(replace(group(ten("二"), name="乙组"), renamed_from="甲组"))
    assert [head[:9] for head, _ in titled(old, new)] == ["产出指标 › 乙组"]


def test_a_row_that_moved_and_one_that_went_split_no_group() -> None:
    old = in_groups(
        group(ten("一"), ten("二"), ten("三"), name="甲组"), group(ten("四"), ten("五"), name="乙组")
    )
    new = in_groups(group(ten("三"), name="甲组"), group(ten("一"), ten("五"), name="乙组"))
    found = titled(old, new)
    assert [head[:9] for head, _ in found] == ["产出指标 › 甲组", "产出指标 › 乙组"]
    assert [sorted(names) for _, names in found] == [["三", "二"], ["一", "五", "四"]]


def test_a_row_of_a_renamed_group_is_told_by_what_it_moved() -> None:
    old = in_groups(group(ten("一"), name="甲组"))
    new = in_groups(
        replace(group(indicator(name="一", weight=10, actual="15个"), name="乙组"), renamed_from="甲组")
    )
    read = Reader(written_of(compare(finished_of(old), finished_of(new))))
    (cells,) = (row for row in read.table("bridge") if row[0] == "乙组 二级指标")
    assert cells[-1].endswith("1 项有变动一 −5")


def test_a_line_of_the_budget_without_amounts_has_a_row() -> None:
    old = assessment()
    new = assessment(budget=(budget_line(), budget_line(None, None, "其中：新增科目")))
    comparison = compare(finished_of(old), finished_of(new))
    assert [line.fields for line in comparison.budget][1] == ()
    assert money_rows(Reader(written_of(comparison)))[-1][:2] == ["其中：新增科目 新增", "没有写金额"]


def test_what_nobody_declared_is_proposed_and_what_links_nothing_is_named() -> None:
    known = known_pair("rich")
    shown = Reader(page(known.comparison, None, known.place)).visible
    (proposal,) = known.comparison.proposals
    assert f"请写 {proposal.line}" in shown
    old = assessment(indicator(name="甲"))
    new = assessment(replace(indicator(name="乙"), renamed_from="丙"), year=2021)
    shown = Reader(written_of(compare(finished_of(old), finished_of(new)))).visible
    assert "曾用名「丙」：上年没有这一项" in shown


def test_while_the_year_is_being_filled_in_nothing_is_called_a_loss() -> None:
    known = known_pair("filling")
    text = Reader(page(known.comparison, known.trend, known.place)).visible
    assert "2021 年度填报中，还有 21 项待填，总分还不能相比。" in text
    assert not re.search(r"−(91\.57|92\.82)", text)
    assert "下降" not in text
    assert "不算得失" in text


RULEBOOKS = st.sampled_from([FORM, *FORMS.values(), *VARIANTS.values()])


@settings(deadline=None, max_examples=10)
@given(assessments, assessments, RULEBOOKS, RULEBOOKS)
def test_any_two_years_make_a_sound_page(old: Assessment, new: Assessment, by: Form, then: Form) -> None:
    sides = [scored_year(old, by, "old"), scored_year(new, then, "new")]
    comparison = compare(*sides)
    read = Reader(page(comparison, trend([*sides, sides[0]]), lambda side, address: f"{side}{address}"))
    ids = [known["id"] for _, known in read.elements if "id" in known]
    assert len(ids) == len(set(ids))
    assert "None" not in read.visible
    assert "Decimal" not in read.visible
    for row in comparison.rows:
        shown = read.of(f"r{row.number}")
        assert [side.name for side in (*row.olds, *row.news) if side.name not in shown] == []
        assert [change.value for change in row.changes if change.value not in shown] == []


# --- whatever anybody typed -------------------------------------------------------------------------------------

NASTY = "<script>alert('1')</script>&amp;\"'😀{{ 1 }}]]><!-- --></td>"


def written_of(comparison: Comparison) -> str:
    return page(comparison, None, lambda year, address: f"{NASTY}{year}{address}")


def test_no_text_becomes_markup() -> None:
    nasty = indicator(
        target=NASTY, actual=NASTY + "了", name=NASTY, grade="达成预期", because=NASTY, filed="1"
    )
    nasty = replace(nasty, scope=NASTY, remark=NASTY)
    old = assessment(indicator(name=NASTY), unit=NASTY, goals=(NASTY,))
    new = assessment(
        dimensions=(dimension(group(nasty, name=NASTY), name=NASTY),),
        unit=NASTY + "二",
        goals=(NASTY + "三",),
        prose=(Prose("偏差分析", NASTY.replace("{{ 1 }}", "")), Prose("改进措施", "无。")),
        follow_ups=(FollowUp(measure="1", outcome=NASTY),),
    )
    sides = [finished_of(year) for year in (old, new)]
    lines = trend(sides)
    text = page(compare(*sides), lines, lambda year, address: f"{NASTY}{year}{address}")
    read = Reader(text)
    assert [tag for tag, _ in read.elements].count("script") == 1
    assert "<script>alert" not in text
    assert read.visible.count("<script>alert") > 10
    assert "😀" in read.visible


def test_a_row_more_is_few_elements_more() -> None:
    sizes = []
    for count in (20, 60):
        rows = [indicator(name=f"第{i}项", actual=f"{20 + i}个", weight=1) for i in range(count)]
        heavier = [replace(row, weight=Decimal(2)) for row in rows]
        sides = [finished_of(assessment(*year)) for year in (rows, heavier)]
        sizes.append(len(Reader(page(compare(*sides), trend(sides), lambda *_: "x")).elements))
    assert (sizes[1] - sizes[0]) / 40 < 60


# --- the house --------------------------------------------------------------------------------------------------


def test_the_parts_of_the_page_are_part_of_the_fingerprint() -> None:
    parts = {
        path for path in (ROOT / "perfdoc" / "faces" / "page").iterdir() if path.suffix not in {".py", ""}
    }
    assert {part.suffix for part in parts} <= set(workspace.COUNTED)


def colours(css: str, dark: bool) -> dict[str, str]:  # noqa: FBT001
    light, night = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    found = dict(re.findall(r"--(\w+): (#\w+)", light))
    return found | (dict(re.findall(r"--(\w+): (#\w+)", night)) if dark else {})


def brightness(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_stands_out_enough_from_what_is_behind_it(*, dark: bool) -> None:
    known = colours((ROOT / "perfdoc/faces/page/page.css").read_text(encoding="utf-8"), dark)
    pairs = [(ink, paper) for ink in ("ink", "soft", "link", "gain", "loss") for paper in ("paper", "tint")]
    pairs += [("ink", "faint"), ("soft", "faint"), ("warn", "paper"), ("gain", "ins"), ("loss", "del")]
    pairs += [(ink, "warntint") for ink in ("ink", "soft", "link", "warn", "loss", "gain", "breakink")]
    pairs += [("breakink", "breaktint"), ("ink", "breaktint")]
    for ink, paper in pairs:
        one, other = sorted((brightness(known[ink]), brightness(known[paper])))
        assert (other + 0.05) / (one + 0.05) >= 4.5, (ink, paper)
