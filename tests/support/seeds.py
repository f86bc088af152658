"""A sound package, the faults to sow in it, what stands in documents rightly, and tables drawn at random."""

import io
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

from hypothesis import strategies as st

from perfdoc.docx import package
from perfdoc.docx.sound import Fault, read, survey

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{RELATIONS}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" mc:Ignorable="w14"'
)

DOCUMENT = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document {NAMESPACES}><w:body>
<w:p w14:paraId="00000001" w14:textId="77777777"><w:pPr><w:pStyle w:val="title"/><w:jc w:val="center"/></w:pPr>
<w:bookmarkStart w:id="0" w:name="标题"/><w:r><w:rPr><w:rStyle w:val="strong"/><w:b/><w:sz w:val="36"/></w:rPr>
<w:t>整体绩效自评表</w:t></w:r><w:bookmarkEnd w:id="0"/></w:p>
<w:p w14:paraId="00000002"><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>
<w:hyperlink r:id="rLink"><w:r><w:t>办法</w:t></w:r></w:hyperlink>
<w:commentRangeStart w:id="5"/><w:r><w:t>填报</w:t></w:r><w:commentRangeEnd w:id="5"/>
<w:r><w:commentReference w:id="5"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r>
<w:r><w:drawing><wp:inline><wp:docPr id="1" name="章"/><a:blip r:embed="rImage"/></wp:inline></w:drawing></w:r>
<w:r><w:drawing><wp:inline><wp:docPr id="2" name="签"/><a:blip r:embed="rImage"/></wp:inline></w:drawing></w:r></w:p>
<w:tbl><w:tblPr><w:tblStyle w:val="grid"/><w:tblW w:w="9000" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>
<w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/></w:tblGrid>
<w:tr><w:trPr><w:cantSplit/></w:trPr>
<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/><w:vMerge w:val="restart"/><w:vAlign w:val="center"/></w:tcPr>
<w:p><w:r><w:t>产出指标</w:t></w:r></w:p></w:tc>
<w:tc><w:tcPr><w:tcW w:w="6000" w:type="dxa"/><w:gridSpan w:val="2"/></w:tcPr>
<w:p><w:r><w:t>数量指标</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/><w:vMerge/></w:tcPr><w:p/></w:tc>
<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>得分</w:t></w:r></w:p></w:tc>
<w:tc><w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="900"/></w:tblGrid>
<w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p w14:paraId="00000003"/></w:tc></w:tr></w:tbl>
<w:p><w:r><w:t xml:space="preserve">备注 </w:t><w:br/><w:t>完</w:t></w:r></w:p>
<w:sectPr><w:headerReference w:type="default" r:id="rHeader"/><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>
</w:body></w:document>"""

STYLES = f"""<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="normal"><w:name w:val="Normal"/><w:qFormat/><w:uiPriority w:val="0"/></w:style>
<w:style w:type="paragraph" w:styleId="title"><w:name w:val="Title"/><w:basedOn w:val="normal"/></w:style>
<w:style w:type="character" w:styleId="strong"><w:name w:val="Strong"/></w:style>
<w:style w:type="table" w:styleId="grid"><w:name w:val="Table Grid"/></w:style></w:styles>"""

NUMBERING = f"""<w:numbering {NAMESPACES}>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""

SETTINGS = f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/></w:settings>'

CORE = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>自评表</dc:title><dc:creator>智造园</dc:creator>
<dcterms:created xsi:type="dcterms:W3CDTF">2021-05-25T08:00:00Z</dcterms:created>
<cp:lastPrinted>2021-05-26T08:00:00Z</cp:lastPrinted></cp:coreProperties>"""

TYPES = f"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{WORD}.styles+xml"/>
<Override PartName="/word/numbering.xml" ContentType="{WORD}.numbering+xml"/>
<Override PartName="/word/settings.xml" ContentType="{WORD}.settings+xml"/>
<Override PartName="/word/header1.xml" ContentType="{WORD}.header+xml"/>
<Override PartName="/word/footnotes.xml" ContentType="{WORD}.footnotes+xml"/>
<Override PartName="/word/comments.xml" ContentType="{WORD}.comments+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"""

PROPERTIES_OF_FILE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
ROOT_RELATIONS = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>
<Relationship Id="r2" Type="{PROPERTIES_OF_FILE}"
 Target="docProps/core.xml"/></Relationships>"""

DOCUMENT_RELATIONS = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rStyles" Type="{RELATIONS}/styles" Target="styles.xml"/>
<Relationship Id="rNumbering" Type="{RELATIONS}/numbering" Target="/word/numbering.xml"/>
<Relationship Id="rSettings" Type="{RELATIONS}/settings" Target="settings.xml"/>
<Relationship Id="rHeader" Type="{RELATIONS}/header" Target="header1.xml"/>
<Relationship Id="rFootnotes" Type="{RELATIONS}/footnotes" Target="footnotes.xml"/>
<Relationship Id="rComments" Type="{RELATIONS}/comments" Target="comments.xml"/>
<Relationship Id="rImage" Type="{RELATIONS}/image" Target="media/../media/image1.png"/>
<Relationship Id="rLink" Type="{RELATIONS}/hyperlink" Target="http://例子.cn/办法?a=1#b" TargetMode="External"/></Relationships>"""

SOUND: Mapping[str, str] = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": ROOT_RELATIONS,
    "docProps/core.xml": CORE,
    "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
    "word/comments.xml": f'<w:comments {NAMESPACES}><w:comment w:id="5" w:author="审"><w:p/></w:comment></w:comments>',
    "word/document.xml": DOCUMENT,
    "word/footnotes.xml": f'<w:footnotes {NAMESPACES}><w:footnote w:id="2"><w:p/></w:footnote></w:footnotes>',
    "word/header1.xml": f"<w:hdr {NAMESPACES}><w:p><w:r><w:t>附件3</w:t></w:r></w:p></w:hdr>",
    "word/media/image1.png": "图",
    "word/numbering.xml": NUMBERING,
    "word/settings.xml": SETTINGS,
    "word/styles.xml": STYLES,
}


class Seed(NamedTuple):
    """A fault: in `part`, `old` becomes `new`, and exactly one message says so."""

    name: str
    old: str
    new: str
    says: str
    where: str = ""
    part: str = "word/document.xml"


CELL = "第1行 第1格"
FIRST, MERGED, NESTED = f"表1 {CELL}", "表1 第2行 第1格", f"表1 第2行 第3格 内表1 {CELL}"
TEXT = "<w:p><w:r><w:t>产出指标</w:t></w:r></w:p>"
SCORE = "<w:p><w:r><w:t>得分</w:t></w:r></w:p>"
MIDDLE = f'<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>{SCORE}</w:tc>'
INNER = "<w:p><w:r><w:t>内</w:t></w:r></w:p>"

# One fault a line:
# fmt: off
UNREADABLE = [
    Seed("control character", "备注 ", "备\x0b注", "不能写进 Word 的字符 U+000B", "“备”之后"),
    Seed("reference to a control character", "备注 ", "备注&#x1f;", "XML 没有的字符引用", "“备注”之后"),
    Seed("U+FFFE", "备注 ", "备注\ufffe", "U+FFFE", "“备注”之后"),
    Seed("U+FFFF", "备注 ", "备注\uffff", "U+FFFF", "“备注”之后"),
    Seed("lone surrogate", "备注 ", "备注\ud800", "U+D800", "“备注”之后"),
    Seed("bare ampersand", "备注 ", "R&D ", "未转义的 &", "“R”之后"),
    Seed("unescaped less-than", "备注 ", "得分<60", "未转义的 & 或 <", "“得分”之后"),
    Seed("undefined entity", "备注 ", "&nbsp;", "XML 没有的字符引用", "“内”之后"),
    Seed("truncated part", "</w:body></w:document>", "", "文件不完整", "“完”之后"),
    Seed("empty part", DOCUMENT, "", "是空的"),
    Seed("document type", "<w:document ", "<!DOCTYPE w:document><w:document ", "DTD"),
    Seed("entity bomb", "<w:document ", '<!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><w:document ', "DTD"),
    Seed("external entity", "<w:document ", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><w:document ', "DTD"),
    Seed("foreign encoding", 'encoding="UTF-8"', 'encoding="cp037"', "编码是“cp037”"),
    Seed("another root", DOCUMENT, f"<w:body {NAMESPACES}/>", "最外层是“w:body”，应为“w:document”"),
    Seed("prefix in mc:Ignorable that nobody declares", 'Ignorable="w14"', 'Ignorable="w14 w15"', "前缀“w15”写在 mc:Ignorable 里，却没有声明"),
    Seed("document in the strict format", "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main", "严格 Open XML 文档"),
    Seed("prefix in mc:Choice that nobody declares", "<w:br/>", '<mc:AlternateContent><mc:Choice Requires="wpg"/></mc:AlternateContent>', "前缀“wpg”写在 mc:Choice 里，却没有声明", "第3段"),
]

CELLS = [
    Seed("cell without a paragraph, in a control", MIDDLE, "<w:sdt><w:sdtContent><w:tc/></w:sdtContent></w:sdt>", "单元格里没有段落", "表1 第2行 第2格"),
    Seed("cell without a paragraph", TEXT, "", "单元格里没有段落", FIRST),
    Seed("cell without anything", INNER, "", "单元格里没有段落", NESTED),
    Seed("cell ending in a nested table", '<w:p w14:paraId="00000003"/>', "", "以内嵌的表格结尾", "表1 第2行 第3格"),
    Seed("cell ending in foreign content", TEXT, TEXT + "<w:altChunk/>", "最后不是段落", FIRST),
    Seed("cell with an empty content control only", TEXT, "<w:sdt><w:sdtContent/></w:sdt>", "单元格里没有段落", FIRST),
    Seed("spans beyond the grid", '"2"/></w:tcPr>', '"3"/></w:tcPr>', "占 4 列，表格的列宽表（w:tblGrid）却是 3 列", "表1 第1行"),
    Seed("row with too few cells", MIDDLE, "", "占 2 列", "表1 第2行"),
    Seed("skipped column too many", "<w:cantSplit/>", '<w:gridBefore w:val="1"/>', "占 4 列", "表1 第1行"),
    Seed("grid of another width", '<w:gridCol w:w="900"/>', "", "却是 0 列", "表1 第2行 第3格 内表1 第1行"),
    Seed("merge without a beginning", '<w:vMerge w:val="restart"/>', "", "上一行同样的几列没有合并的开头", MERGED),
    Seed("merge over other columns", f"<w:vMerge/></w:tcPr><w:p/></w:tc>\n{MIDDLE}", '<w:gridSpan w:val="2"/><w:vMerge/></w:tcPr><w:p/></w:tc>', "没有合并的开头", MERGED),
    Seed("table without rows", f"<w:tr><w:tc>{INNER}</w:tc></w:tr>", "", "表格一行也没有", "表1 第2行 第3格 内表1"),
    Seed("row without cells", f"<w:tc>{INNER}</w:tc>", "", "一格也没有", "表1 第2行 第3格 内表1 第1行"),
    Seed("table without grid", '<w:tblGrid><w:gridCol w:w="900"/></w:tblGrid>', "", "没有列宽表", "表1 第2行 第3格 内表1"),
    Seed("table without properties", "<w:tbl><w:tblPr/>", "<w:tbl>", "没有表格属性", "表1 第2行 第3格 内表1"),
]

NESTING = [
    Seed("paragraph in a paragraph", TEXT, "<w:p><w:p/></w:p>", "段落（w:p）不能直接放在段落（w:p）里", FIRST),
    Seed("text outside a run", TEXT, "<w:p><w:t>产出</w:t></w:p>", "文字（w:t）不能直接放在段落（w:p）里", FIRST),
    Seed("paragraph in a row", "<w:tr><w:trPr>", "<w:tr><w:p/><w:trPr>", "段落（w:p）不能直接放在表格行（w:tr）里", "表1 第1行"),
    Seed("cell in a table", "</w:tblGrid>\n<w:tr>", "</w:tblGrid>\n<w:tc><w:p/></w:tc><w:tr>", "单元格（w:tc）不能直接放在表格（w:tbl）里", "表1"),
    Seed("row in the body", "<w:body>", "<w:body><w:tr><w:tc><w:p/></w:tc></w:tr>", "表格行（w:tr）不能直接放在正文（w:body）里"),
    Seed("run in a cell", TEXT, f"<w:r/>{TEXT}", "文字块（w:r）不能直接放在单元格（w:tc）里", FIRST),
    Seed("run in a run", "<w:t>产出指标</w:t>", "<w:r/>", "文字块（w:r）不能直接放在文字块（w:r）里", FIRST),
    Seed("words between elements", TEXT, f"走失{TEXT}", "“走失”直接写在单元格（w:tc）里", FIRST),
    Seed("element within text", "产出指标", "产出<w:br/>指标", "“w:br”不能直接放在文字（w:t）里", FIRST),
    Seed("unknown element", "<w:br/>", "<w:brr/>", "Word 没有“w:brr”这种元素", "第3段"),
    Seed("unknown property", "<w:b/>", "<w:bold/>", "Word 没有“w:bold”这种元素", "第1段"),
    Seed("two page settings", "</w:sectPr>", "</w:sectPr><w:sectPr/>", "只能有一个“w:sectPr”"),
    Seed("no body", DOCUMENT, f"<w:document {NAMESPACES}/>", "没有正文"),
]

ORDER = [
    Seed("page setting not last", "</w:sectPr>", "</w:sectPr><w:p/>", "“w:p”应当排在“w:sectPr”前面"),
    Seed("run properties after text", "<w:t>产出指标</w:t>", "<w:t>产出指标</w:t><w:rPr/>", "“w:rPr”应当排在“w:t”前面", FIRST),
    Seed("cell properties after a paragraph", TEXT, f"{TEXT}<w:tcPr/><w:p/>", "“w:tcPr”应当排在“w:p”前面", FIRST),
    Seed("paragraph properties after a run", TEXT, "<w:p><w:r/><w:pPr/></w:p>", "“w:pPr”应当排在“w:r”前面", FIRST),
    Seed("row properties after a cell", f"{INNER}</w:tc>", f"{INNER}</w:tc><w:trPr/>", "“w:trPr”应当排在“w:tc”前面", "表1 第2行 第3格 内表1 第1行"),
    Seed("order within cell properties", '<w:tcW w:w="3000" w:type="dxa"/><w:vMerge/>', '<w:vMerge/><w:tcW w:w="3000"/>', "“w:tcW”应当排在“w:vMerge”前面", MERGED),
    Seed("merge after alignment, as docxtpl writes", "<w:vMerge/>", '<w:vAlign w:val="top"/><w:vMerge/>', "“w:vMerge”应当排在“w:vAlign”前面", MERGED),
    Seed("order within run properties", '<w:b/><w:sz w:val="36"/>', '<w:sz w:val="36"/><w:b/>', "“w:b”应当排在“w:sz”前面", "第1段"),
    Seed("order within paragraph properties", '<w:pStyle w:val="title"/><w:jc w:val="center"/>', '<w:jc w:val="center"/><w:pStyle w:val="title"/>', "“w:pStyle”应当排在“w:jc”前面", "第1段"),
    Seed("order within table properties", '<w:tblLayout w:type="fixed"/>', '<w:tblLayout w:type="fixed"/><w:jc w:val="center"/>', "“w:jc”应当排在“w:tblLayout”前面", "表1"),
    Seed("tracked insertion before row properties", "<w:cantSplit/>", '<w:ins w:id="9" w:author="某"/><w:cantSplit/>', "“w:cantSplit”应当排在“w:ins”前面", "表1 第1行"),
    Seed("grid after the rows", "</w:tr></w:tbl>\n<w:p>", "</w:tr><w:tblGrid/></w:tbl>\n<w:p>", "“w:tblGrid”应当排在“w:tr”前面", "表1"),
    Seed("property twice", "<w:cantSplit/></w:trPr>", "<w:cantSplit/></w:trPr><w:trPr/>", "只能有一个“w:trPr”", "表1 第1行"),
]

VALUES = [
    Seed("fraction as a size", '<w:sz w:val="36"/>', '<w:sz w:val="10.5"/>', "“w:val”是“10.5”，应为不小于 0 的整数", "第1段"),
    Seed("text as a size", '<w:sz w:val="36"/>', '<w:sz w:val="小四"/>', "“w:val”是“小四”", "第1段"),
    Seed("size without a value", '<w:sz w:val="36"/>', "<w:sz/>", "“w:sz”缺少“w:val”", "第1段"),
    Seed("full-width digits", '<w:sz w:val="36"/>', '<w:sz w:val="３６"/>', "“w:val”是“３６”", "第1段"),
    Seed("fraction as a width", 'w:w="6000"', 'w:w="6000.5"', "“w:w”是“6000.5”，应为整数", "表1 第1行 第2格"),
    Seed("alignment that does not exist", '<w:jc w:val="center"/>', '<w:jc w:val="middle"/>', "“w:val”是“middle”，应为 left、center", "第1段"),
    Seed("vertical alignment that does not exist", '<w:vAlign w:val="center"/>', '<w:vAlign w:val="middle"/>', "“w:val”是“middle”", FIRST),
    Seed("merge word that does not exist", '"restart"', '"begin"', "“w:val”是“begin”，应为 restart、continue 之一", FIRST),
    Seed("switch that is neither on nor off", "<w:b/>", '<w:b w:val="是"/>', "“w:val”是“是”", "第1段"),
    Seed("span of nothing", '"2"/></w:tcPr>', '"0"/></w:tcPr>', "“w:val”是“0”，应为大于 0 的整数", "表1 第1行 第2格"),
    Seed("span without end", '"2"/></w:tcPr>', f'"{"9" * 5000}"/></w:tcPr>', "9999…”，应为大于 0 的整数", "表1 第1行 第2格"),
    Seed("page in words", 'w:h="16838"', 'w:h="A4"', "“w:h”是“A4”"),
    Seed("level beyond the ninth", '<w:ilvl w:val="0"/>', '<w:ilvl w:val="9"/>', "应为 0 到 8", "第2段"),
    Seed("bookmark without a name", ' w:name="标题"', "", "缺少“w:name”", "第1段"),
    Seed("paragraph id too large", "00000003", "80000000", "应为小于 80000000", "表1 第2行 第3格"),
    Seed("colour by name", "<w:b/>", '<w:b/><w:color w:val="red"/>', "应为 auto 或六位十六进制颜色", "第1段"),
]

IDS = [
    Seed("relation that does not exist", 'r:id="rLink"', 'r:id="rOther"', "引用的关系“rOther”不存在", "第2段"),
    Seed("picture that does not exist", 'r:embed="rImage"', 'r:embed="rOther"', "引用的关系“rOther”不存在", "第2段"),
    Seed("header relation to something else", 'r:id="rHeader"', 'r:id="rStyles"', "种类不对：是 styles，应为 header"),
    Seed("paragraph style that does not exist", '"title"/><w:jc', '"heading"/><w:jc', "样式“heading”不存在", "第1段"),
    Seed("character style on a paragraph", '"title"/><w:jc', '"strong"/><w:jc', "样式“strong”不是段落样式，是字符样式", "第1段"),
    Seed("character style that does not exist", '<w:rStyle w:val="strong"/>', '<w:rStyle w:val="weak"/>', "样式“weak”不存在", "第1段"),
    Seed("table style that does not exist", '<w:tblStyle w:val="grid"/>', '<w:tblStyle w:val="lines"/>', "样式“lines”不存在", "表1"),
    Seed("list that does not exist", '<w:numId w:val="1"/>', '<w:numId w:val="7"/>', "编号列表“7”不存在", "第2段"),
    Seed("comment that does not exist", '<w:commentReference w:id="5"/>', '<w:commentReference w:id="6"/>', "批注“6”不存在", "第2段"),
    Seed("footnote that does not exist", '<w:footnoteReference w:id="2"/>', '<w:footnoteReference w:id="3"/>', "脚注“3”不存在", "第2段"),
    Seed("endnote that does not exist", "<w:br/>", '<w:endnoteReference w:id="3"/>', "尾注“3”不存在", "第3段"),
    Seed("bookmark without an end", '<w:bookmarkEnd w:id="0"/>', "", "书签“标题”没有结尾", "第1段"),
    Seed("bookmark without a start", '<w:bookmarkStart w:id="0" w:name="标题"/>', "", "书签结尾“0”没有开头", "第1段"),
    Seed("bookmark id twice", "<w:p><w:r><w:t>产出", '<w:p><w:bookmarkStart w:id="0" w:name="二"/><w:r><w:t>产出', "书签编号“0”重复", FIRST),
    Seed("paragraph id twice", "00000003", "00000002", "段落标识（w14:paraId）“00000002”重复", "表1 第2行 第3格"),
    Seed("picture id twice", '<wp:docPr id="2"', '<wp:docPr id="1"', "图片或图形的编号（wp:docPr）“1”重复", "第2段"),
]


def of(part: str, *seeds: Seed) -> list[Seed]:
    return [seed._replace(part=part) for seed in seeds]


CONSTANT = [
    *of(
        "word/styles.xml",
        Seed("style id twice", "</w:styles>", '<w:style w:type="table" w:styleId="grid"/></w:styles>', "样式编号“grid”重复"),
        Seed("style based on nothing", '<w:basedOn w:val="normal"/>', '<w:basedOn w:val="gone"/>', "依据的样式“gone”不存在"),
        Seed("order within a style", '<w:name w:val="Strong"/>', '<w:rPr/><w:name w:val="Strong"/>', "“w:name”应当排在“w:rPr”前面"),
        Seed("fraction in a style", 'w:val="21"', 'w:val="10.5"', "“w:val”是“10.5”"),
    ),
    *of(
        "word/settings.xml",
        Seed("unknown setting", "<w:zoom ", "<w:zoomed ", "Word 没有“w:zoomed”这种元素"),
        Seed("settings that are something else", SETTINGS, f"<w:styles {NAMESPACES}/>", "最外层不是“w:settings”"),
    ),
    *of(
        "word/numbering.xml",
        Seed("list without a format", '<w:abstractNumId w:val="0"/>', '<w:abstractNumId w:val="4"/>', "编号格式“4”不存在"),
        Seed("list before its format", "\n<w:abstractNum ", '\n<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num><w:abstractNum ', "“w:abstractNum”应当排在“w:num”前面"),
        Seed("list id twice", "</w:num>", '</w:num><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>', "编号列表“1”重复"),
    ),
    *of(
        "word/comments.xml",
        Seed("comment id twice", "</w:comments>", '<w:comment w:id="5" w:author="审"><w:p/></w:comment></w:comments>', "批注编号“5”重复"),
    ),
    *of("word/footnotes.xml", Seed("empty footnote", "<w:p/>", "", "脚注是空的")),
    *of(
        "word/header1.xml",
        Seed("cell without a paragraph in the header", "<w:p>", "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc/></w:tr></w:tbl><w:p>", "单元格里没有段落", FIRST),
        Seed("relation of the body used in the header", "<w:p><w:r>", '<w:p><w:hyperlink r:id="rLink"/><w:r>', "关系“rLink”不存在", "第1段"),
        Seed("document type in the header", "<w:hdr ", "<!DOCTYPE w:hdr><w:hdr ", "DTD"),
        Seed("header cut off", "</w:hdr>", "", "文件不完整", "“附件3”之后"),
    ),
    *of(
        "docProps/core.xml",
        Seed("two titles", "<dc:title>", "<dc:title>一</dc:title><dc:title>", "文件属性“dc:title”只能写一次"),
        Seed("date that is none", "2021-05-25T08:00:00Z", "2021年5月25日", "创建时间“2021年5月25日”不是日期"),
        Seed("day that the month does not have", "2021-05-25T08", "2021-02-30T08", "创建时间“2021-02-30T08:00:00Z”不是日期"),
        Seed("date without its type", ' xsi:type="dcterms:W3CDTF"', "", "创建时间没有写明类型"),
        Seed("printed at no time", "2021-05-26T08:00:00Z", "昨天", "上次打印时间“昨天”"),
        Seed("unknown property of the file", "<dc:creator>智造园</dc:creator>", "<dc:author>智造园</dc:author>", "文件属性里没有“author”"),
    ),
    *of(
        "[Content_Types].xml",
        Seed("part without content type", '<Override PartName="/word/styles.xml"', '<Override PartName="/word/style.xml"', "没有内容类型"),
        Seed("picture without content type", 'Extension="png"', 'Extension="jpg"', "没有内容类型"),
        Seed("no main document type", "document.main+xml", "template.main+xml", "应为“application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml”"),
        Seed("header typed as a footer", ".header+xml", ".footer+xml", "wordprocessingml.header+xml”"),
        Seed("type written twice", "</Types>", '<Default Extension="PNG" ContentType="image/png"/></Types>', "“.png”的类型写了两次"),
        Seed("type left blank", 'ContentType="image/png"', 'ContentType=""', "没有内容类型"),
    ),
    *of(
        "_rels/.rels",
        Seed("no main document", "relationships/officeDocument", "relationships/glossaryDocument", "没有指明主文档"),
        Seed("two parts with properties", "</Relationships>", f'<Relationship Id="r3" Type="{PROPERTIES_OF_FILE}" Target="docProps/core.xml"/></Relationships>', "只能有一份"),
        Seed("properties that are not there", "docProps/core.xml", "docProps/gone.xml", "指向的部件“docProps/gone.xml”不在文件里"),
    ),
    *of(
        "word/_rels/document.xml.rels",
        Seed("relation id twice", "</Relationships>", f'<Relationship Id="rLink" Type="{RELATIONS}/hyperlink" Target="#" TargetMode="External"/></Relationships>', "关系编号“rLink”重复"),
        Seed("relation to a missing part", "media/../media/image1.png", "media/image2.png", "指向的部件“word/media/image2.png”不在文件里"),
        Seed("link with a blank", "http://例子.cn", "http://例 子.cn", "写法不对"),
        Seed("link with a broken host", "http://例子.cn", "http://[例子", "写法不对"),
        Seed("link without a host", "http://例子.cn/", "http:///", "写法不对"),
        Seed("link with a word for a port", "http://例子.cn", "http://例子.cn:端口", "写法不对"),
        Seed("link with a tag left over", "http://例子.cn", "http://{{ 网址 }}", "写法不对"),
        Seed("link to nowhere", "http://例子.cn/办法?a=1#b", "", "不完整"),
    ),
]
# fmt: on

SEEDS = [*UNREADABLE, *CELLS, *NESTING, *ORDER, *VALUES, *IDS, *CONSTANT]


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, text in parts.items():
            archive.writestr(name, text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    return stream.getvalue()


def package_faults(data: bytes) -> tuple[Fault, ...]:
    """Check a whole file: what stays in it, and its body."""
    parts = {name: part.data for name, part in package.read(data).items()}
    around, faults = survey(parts)
    return (*faults, *read(parts["word/document.xml"], around).faults)


def changed(part: str, old: str, new: str) -> dict[str, str]:
    assert old in SOUND[part], f"the sound package has no {old} in {part}"
    return {**SOUND, part: SOUND[part].replace(old, new, 1)}


TRACKED = 'w:id="90" w:author="某" w:date="2021-05-25T08:00:00Z"'
BOX = '<w:txbxContent><w:p w14:paraId="00000010">{}<w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>'
BOOKMARK = '<w:bookmarkStart w:id="8" w:name="框"/><w:bookmarkEnd w:id="8"/>'
RIGHTLY = {
    "spelling marks": '<w:proofErr w:type="spellStart"/><w:r><w:t>词</w:t></w:r><w:proofErr w:type="spellEnd"/>',
    "bookmark": '<w:bookmarkStart w:id="7" w:name="_GoBack"/><w:bookmarkEnd w:id="7"/>',
    "content control": '<w:sdt><w:sdtPr><w:alias w:val="名"/><w:id w:val="-1"/><w14:checkbox/><w:text/></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>值</w:t></w:r></w:sdtContent></w:sdt>",
    "link within the document": '<w:hyperlink w:anchor="标题" w:history="1"><w:r><w:t>见</w:t></w:r></w:hyperlink>',
    "insertion": f"<w:ins {TRACKED}><w:r><w:t>增</w:t></w:r></w:ins>",
    "deletion": f"<w:del {TRACKED}><w:r><w:delText>删</w:delText></w:r></w:del>",
    "move": f"<w:moveFrom {TRACKED}><w:r><w:t>移</w:t></w:r></w:moveFrom>",
    "smart tag": '<w:smartTag w:uri="u" w:element="date"><w:smartTagPr><w:attr w:name="Year" w:val="2021"/></w:smartTagPr>'
    "<w:r><w:t>2021年</w:t></w:r></w:smartTag>",
    "simple field": '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>',
    "field": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "old form field": '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="名"/><w:enabled/><w:calcOnExit w:val="0"/>'
    '<w:textInput><w:type w:val="number"/><w:maxLength w:val="9"/></w:textInput></w:ffData></w:fldChar></w:r>',
    "signs": '<w:r><w:tab/><w:sym w:font="Wingdings" w:char="F0FE"/><w:noBreakHyphen/><w:softHyphen/><w:cr/>'
    '<w:lastRenderedPageBreak/><w:br w:type="page"/><w:ptab w:alignment="left" w:relativeTo="margin" w:leader="none"/></w:r>',
    "ruby": '<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="10"/></w:rubyPr>'
    "<w:rt><w:r><w:t>zhì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>智</w:t></w:r></w:rubyBase></w:ruby></w:r>",
    "formula": "<m:oMathPara><m:oMath><m:r><m:t>B/A</m:t></m:r></m:oMath></m:oMathPara>",
    "permission": '<w:permStart w:id="1" w:edGrp="everyone"/><w:permEnd w:id="1"/>',
    "text box, twice over": '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="3" name="框"/>'
    f"<wps:txbx>{BOX.format(BOOKMARK)}</wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
    f"{BOX.format(BOOKMARK)}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
    "picture linked to nothing": '<w:r><w:drawing><a:hlinkClick r:id=""/></w:drawing></w:r>',
    "older drawing": '<w:r><w:pict><v:shape><v:imagedata r:id="rImage"/></v:shape></w:pict></w:r>',
    "embedded object": '<w:r><w:object w:dxaOrig="1" w:dyaOrig="1"><v:shape/></w:object></w:r>',
    "revision marks of a session": '<w:r w:rsidR="00A1B2C3" w:rsidRPr="00A1B2C3"><w:t>词</w:t></w:r>',
}  # fmt: skip
PROPERTIES = {
    "all kinds of run properties": '<w:rFonts w:hint="eastAsia" w:ascii="宋体" w:cs=""/><w:b w:val="0"/><w:bCs/><w:noProof/>'
    '<w:color w:val="auto" w:themeColor="text1"/><w:spacing w:val="-4"/><w:w w:val="90"/><w:kern w:val="2"/><w:position w:val="-6"/>'
    '<w:sz w:val="10.5pt"/><w:szCs w:val="21"/><w:highlight w:val="yellow"/><w:u w:val="single"/><w:shd w:val="clear" w:fill="auto"/>'
    '<w:vertAlign w:val="superscript"/><w:em w:val="dot"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/><w14:textFill/>',
    "format given twice, as LibreOffice does": "<w:b/><w:b/><w:bCs/>",
    "tracked format": f"<w:b/><w:rPrChange {TRACKED}><w:rPr/></w:rPrChange>",
}  # fmt: skip
BLOCKS = {
    "section break at the beginning, as LibreOffice does": '<w:p><w:pPr><w:sectPr/><w:pStyle w:val="title"/></w:pPr></w:p>',
    "section break at the end": f'<w:p><w:pPr><w:rPr><w:ins {TRACKED}/><w:b/></w:rPr><w:sectPr><w:type w:val="continuous"/>'
    '<w:cols w:num="1" w:space="425"/><w:docGrid w:type="lines" w:linePitch="312" w:charSpace="0"/></w:sectPr>'
    f"<w:pPrChange {TRACKED}><w:pPr/></w:pPrChange></w:pPr></w:p>",
    "content control around paragraphs": "<w:sdt><w:sdtPr/><w:sdtContent><w:p/><w:p/></w:sdtContent></w:sdt>",
    "marks between paragraphs": '<w:proofErr w:type="gramStart"/><w:bookmarkStart w:id="7" w:name="甲"/><w:p/><w:bookmarkEnd w:id="7"/>',
    "paragraph out of its list": '<w:p><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:p>',
    "tabs and indents": '<w:p><w:pPr><w:tabs><w:tab w:val="clear" w:pos="420"/><w:tab w:val="left" w:leader="dot" w:pos="8306"/></w:tabs>'
    '<w:spacing w:before="0" w:beforeAutospacing="0" w:line="360" w:lineRule="auto"/><w:ind w:left="-105" w:firstLineChars="200"/></w:pPr></w:p>',
    "tracked row and cell, free columns, controls around row and cell": '<w:tbl><w:tblPr><w:tblOverlap w:val="never"/>'
    '<w:tblW w:w="50%" w:type="pct"/><w:tblLook w:val="04A0"/></w:tblPr><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>'
    f'<w:tr><w:tblPrEx><w:tblW w:w="0" w:type="auto"/></w:tblPrEx><w:trPr><w:trHeight w:val="390"/><w:gridAfter w:val="1"/>'
    f"<w:cantSplit/><w:ins {TRACKED}/></w:trPr><w:tc><w:tcPr><w:tcW/><w:cellIns {TRACKED}/></w:tcPr><w:p/></w:tc></w:tr>"
    '<w:sdt><w:sdtContent><w:tr><w:tc><w:p/><w:bookmarkStart w:id="7" w:name="甲"/><w:bookmarkEnd w:id="7"/></w:tc><w:sdt>'
    "<w:sdtContent><w:tc><w:sdt><w:sdtContent><w:p/></w:sdtContent></w:sdt></w:tc></w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>",
    "older way to merge across": "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr>"
    '<w:hMerge w:val="restart"/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>',
    "words of another namespace": "<m:oMathPara>式</m:oMathPara>",
}  # fmt: skip
LEGITIMATE = {
    **{name: ("<w:p><w:r><w:t>产出指标</w:t></w:r>", f"<w:p><w:r><w:t>产出指标</w:t></w:r>{new}") for name, new in RIGHTLY.items()},
    **{name: ("<w:p><w:r><w:t>产出指标", f"<w:p><w:r><w:rPr>{new}</w:rPr><w:t>产出指标") for name, new in PROPERTIES.items()},
    **{name: ("<w:sectPr>", f"{new}<w:sectPr>") for name, new in BLOCKS.items()},
    "byte order mark": ("<?xml", "\ufeff<?xml"),
    "no XML declaration": ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', ""),
    "page background": ("<w:body>", '<w:background w:color="FFFFFF"/><w:body>'),
}  # fmt: skip


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(body: str) -> bytes:
    return f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>'.encode()


def said(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r>{run}</w:r>" for run in runs) + "</w:p>"


WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=4)


@st.composite
def tables(draw: st.DrawFn, depth: int = 1) -> tuple[str, list[str]]:
    """Draw a table with spans, merges and free columns that fit, and the words placed in it."""
    width = draw(st.integers(1, 5))
    words: list[str] = []
    rows: list[str] = []
    merged: set[tuple[int, int]] = set()
    for _ in range(draw(st.integers(1, 4))):
        before, after = draw(st.sampled_from([(0, 0)] * 3 + [(1, 0), (0, 1)])) if width > 2 else (0, 0)
        cells, column, open_now = "", before, set()
        while column < width - after:
            span = draw(st.integers(1, width - after - column))
            columns = (column, column + span)
            merge = draw(
                st.sampled_from(["", '<w:vMerge w:val="restart"/>', *["<w:vMerge/>"] * (columns in merged)])
            )
            if merge:
                open_now.add(columns)
            content, placed = draw(contents(depth)) if merge != "<w:vMerge/>" else ("<w:p/>", [])
            words += placed
            cells += f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>{content}</w:tc>'
            column += span
        free = (
            f'<w:trPr><w:gridBefore w:val="{before}"/><w:gridAfter w:val="{after}"/></w:trPr>'
            if before or after
            else ""
        )
        rows.append(f"<w:tr>{free}{cells}</w:tr>")
        merged = open_now
    grid = '<w:gridCol w:w="900"/>' * width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>", words


@st.composite
def contents(draw: st.DrawFn, depth: int) -> tuple[str, list[str]]:
    """Draw what a cell holds, a paragraph last, and the words in it."""
    words = draw(st.lists(WORDS, max_size=2))
    paragraphs = "".join(
        said(f"<w:t>{word.replace('&', '&amp;').replace('<', '&lt;')}</w:t>") for word in words
    )
    nested, more = draw(tables(depth - 1)) if depth and draw(st.booleans()) else ("", [])
    return f"{nested}{paragraphs or '<w:p/>'}", more + words


def form(rows: int) -> bytes:
    """Write a form of seven columns, some hundred elements a row, as a template with direct formatting prints it."""
    cell = (
        '<w:tc><w:tcPr><w:tcW w:w="1300" w:type="dxa"/>{}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:spacing w:line="300"/>'
        '<w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="21"/></w:rPr><w:t>{}</w:t></w:r></w:p></w:tc>'
    )
    merges = ["<w:vMerge/>" if row % 5 else '<w:vMerge w:val="restart"/>' for row in range(rows)]
    table = "".join(
        f"<w:tr>{''.join(cell.format(merge if c < 2 else '', f'第{row}项指标的完成情况') for c in range(7))}</w:tr>"
        for row, merge in enumerate(merges)
    )
    grid = '<w:gridCol w:w="1300"/>' * 7
    return document(f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{table}</w:tbl><w:p/>")
