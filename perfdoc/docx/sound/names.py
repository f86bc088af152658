"""How are the elements of a Word file called, by the file and by a reader?"""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
XML = "{http://www.w3.org/XML/1998/namespace}"

DOCUMENT, BODY, PARAGRAPH, RUN, TEXT = W + "document", W + "body", W + "p", W + "r", W + "t"
TABLE, ROW, CELL = W + "tbl", W + "tr", W + "tc"
VAL, ID = W + "val", W + "id"

CONTROLS = frozenset({W + "sdt", W + "sdtContent", W + "customXml"})
"""Elements that stand around rows, cells or paragraphs without changing what they are."""

_PREFIXES = {W: "w:", W14: "w14:", R: "r:", MC: "mc:", WP: "wp:", XML: "xml:"}

_WORDS = {
    "body": "正文",
    "tbl": "表格",
    "tr": "表格行",
    "tc": "单元格",
    "p": "段落",
    "r": "文字块",
    "t": "文字",
    "tblPr": "表格属性",
    "tblGrid": "列宽表",
    "trPr": "行属性",
    "tcPr": "单元格属性",
    "pPr": "段落格式",
    "rPr": "文字格式",
    "sectPr": "页面设置",
    "settings": "文档设置",
}


def label(tag: str) -> str:
    """Name a tag or attribute as it stands in the file, `w:tc`."""
    space, brace, name = tag.rpartition("}")
    return _PREFIXES.get(space + brace, "") + name


def title(tag: str) -> str:
    """Name an element for a reader, with the file's own name behind where it has another: `单元格（w:tc）`."""
    word = _WORDS.get(tag.rpartition("}")[2]) if tag.startswith(W) else None
    return f"{word}（{label(tag)}）" if word else f"“{label(tag)}”"
