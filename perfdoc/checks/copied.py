"""Find what came along when a text was copied: marks of Markdown and HTML, look-alike characters, mojibake."""

import re
import unicodedata
from collections.abc import Iterator

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.checks.unfilled import prose_lines, texts, whole
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.diagnostics import Quote, Severity
from perfdoc.form.layout import PURPOSE

_ANYWHERE = re.compile(
    r"(?P<comment><!--.*?(?:-->|$)|-->)|!?\[[^\[\]\n]+\]\([^()\s]+\)|\[\^[^\[\]\s]+\]|```+", re.MULTILINE
)
_AT_A_LINE = re.compile(r"^[ \u3000]*(#{1,6}[ \u3000]|[-*+] (?=\S)|\|(?=.*\|\s*$))", re.MULTILINE)


@check("P013", Severity.ERROR)
def markup_left(subject: Subject) -> Findings:
    """Find marks of Markdown or HTML: a text is printed as typed, marks and hidden comments included.

    Source: decision 0008; narratives are .md files, which editors show as if the marks did something.
    """
    everything = subject.once(whole)
    for address, text in texts(subject) if _ANYWHERE.search(everything) else ():
        marks = _ANYWHERE.search(text)
        if marks:
            kind = "comment" if marks["comment"] else ""
            yield found(address, kind, where=Quote(_shown(text)), mark=_shown(marks[0]))
    for address, text in _long_texts(subject) if _AT_A_LINE.search(everything) else ():
        marks = _AT_A_LINE.search(text)
        if marks:
            line = text[marks.start() :].split("\n", 1)[0]
            yield found(address, where=Quote(_shown(line)), mark=marks[1].strip())


def _long_texts(subject: Subject) -> Iterator[tuple[Address, str]]:
    """List the texts of several sentences, in which a mark at the start of a line can be meant as one."""
    yield from prose_lines(subject)
    long = {(PURPOSE, keys.EXPECTED), (PURPOSE, keys.ACHIEVED)}
    for address, text in texts(subject):
        if address in long or address[0] in {keys.GOALS, keys.GOAL_BLOCKS}:
            yield address, text


_RADICALS = "\u2e80-\u2fdf"
# Twelve from U+FA0E to U+FA29 are characters in their own right.
_COMPATIBLE = (
    "\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26\ufa2a-\ufaff\U0002f800-\U0002fa1f"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010fffd"
_FOREIGN = re.compile(rf"[{_RADICALS}{_COMPATIBLE}]")
_OWN = re.compile(rf"[{_PRIVATE}]")
_LATIN = r"(?:[äåæçèé][\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}){2}"
# What the UTF-8 of the commonest words looks like, read as GBK: 的 鐨, 在 鍦, ， 锛, 。 銆, “ 鈥, 是 鏄, 和 鍜, 年 骞.
_TWICE = "[鐨鍦锛銆鈥鏄鍜骞鎸缁鐩棰]"
_GARBLED = re.compile(rf"锟斤拷|烫烫烫|屯屯屯|{_LATIN}|{_TWICE}[^，。\s]{{0,8}}{_TWICE}")
_ANY = re.compile(rf"{_FOREIGN.pattern}|{_OWN.pattern}|{_GARBLED.pattern}")


@check("P014", Severity.ERROR)
def character_copied(subject: Subject) -> Findings:
    """Find characters that only look like the usual ones, private ones, and text read in the wrong encoding.

    Source: Unicode, Kangxi Radicals, CJK Compatibility Ideographs and the private use areas.
    """
    if not _ANY.search(subject.once(whole)):
        return
    for address, text in texts(subject):
        first = _ANY.search(text)
        if first is None:
            continue
        around = Quote(_on_any_console(_shown(text[max(0, first.start() - 8) :])))
        sign, code = first[0], f"U+{ord(first[0][0]):04X}"
        if _FOREIGN.fullmatch(sign):
            plain = unicodedata.normalize("NFKC", sign)
            if plain != sign:
                yield found(address, around=around, code=code, plain=Quote(plain))
            else:
                yield found(address, "unknown", around=around, code=code)
        elif _OWN.fullmatch(sign):
            yield found(address, "private", around=around, code=code)
        else:
            yield found(address, "garbled", around=around)


def _on_any_console(text: str) -> str:
    """Show look-alikes as what they look like, and what a Chinese console does not have as a question mark."""
    alike = _FOREIGN.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), text)
    return alike.encode("gbk", "replace").decode("gbk")


_SHOWN = 20


def _shown(text: str) -> str:
    text = text.replace("\n", " ")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
