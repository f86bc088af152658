"""Are the properties of the file (title, author, dates) such that Word takes them?"""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.attributes import DAY, TIME
from perfdoc.docx.sound.faults import Slip

_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
PROPERTIES = _CP + "coreProperties"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

_COMMON = "title subject creator description identifier language"
_OFFICE = "keywords lastModifiedBy revision lastPrinted category contentStatus contentType version"
_DATES = {_TERMS + "created": "创建时间", _TERMS + "modified": "修改时间"}
_NAMES = {
    **_DATES,
    **{_DC + name: f"dc:{name}" for name in _COMMON.split()},
    **{_CP + name: f"cp:{name}" for name in _OFFICE.split()},
}
_W3CDTF = re.compile(rf"[0-9]{{4}}(-(0[1-9]|1[0-2]))?|[0-9]{{4}}-{DAY}(T{TIME})?")
_DATE_TIME = re.compile(rf"[0-9]{{4}}-{DAY}T{TIME}")


def improper(root: Element) -> Iterator[Slip]:
    """Find properties that Word refuses; a single one makes the whole file unreadable."""
    counts = Counter(element.tag for element in root)
    for element in root:
        name = _NAMES.get(element.tag)
        if name is None:
            yield element, f"文件属性里没有“{element.tag.rpartition('}')[2]}”这一项。"
        elif counts[element.tag] > 1:
            yield element, f"文件属性“{name}”只能写一次。"
        elif element.tag in _DATES:
            yield from _misdated(element, name)
        elif element.tag == _CP + "lastPrinted" and not _DATE_TIME.fullmatch(element.text or ""):
            yield element, f"上次打印时间“{element.text or ''}”不是日期和时间，应如 2021-05-25T08:00:00Z。"


def _misdated(element: Element, name: str) -> Iterator[Slip]:
    if element.get(_TYPE) != "dcterms:W3CDTF":
        yield element, f'{name}没有写明类型（xsi:type="dcterms:W3CDTF"）。'
    if not _W3CDTF.fullmatch(element.text or ""):
        yield element, f"{name}“{element.text or ''}”不是日期，应如 2021-05-25T08:00:00Z。"
