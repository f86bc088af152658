"""Which values may an attribute have?

Of the transitional schema the attributes whose bad value makes Word refuse a file or lose a format.
An attribute that is not in the table is not looked at.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from perfdoc.docx.sound.faults import Slip
from perfdoc.docx.sound.markup import Index
from perfdoc.docx.sound.names import W14, XML, W, label, title

DAY = "(02-(0[1-9]|[12][0-9])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01]))"
"""Month and day."""
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[-+][0-9]{2}:[0-9]{2})?"
"""Time of day, with or without its zone."""

_SHORT, _FEW = 30, 6
"""So much of a value, and so many choices, fit into a message."""

_UNIT = "(mm|cm|in|pt|pc|pi)"
_PATTERNS = {
    "integer": ("-?[0-9]+", "应为整数"),
    "count": ("[0-9]+", "应为不小于 0 的整数"),
    "positive": ("0*[1-9][0-9]{0,3}", "应为大于 0 的整数"),
    "length": (rf"-?[0-9]+|-?[0-9]+(\.[0-9]+)?{_UNIT}", "应为整数（或带单位的长度，如 2cm）"),
    "size": (rf"[0-9]+|[0-9]+(\.[0-9]+)?{_UNIT}", "应为不小于 0 的整数（或带单位的长度，如 2cm）"),
    "width": (rf"-?[0-9]+|-?[0-9]+(\.[0-9]+)?({_UNIT}|%)", "应为整数（或百分数、带单位的长度）"),
    "scale": ("[0-9]+%?", "应为不小于 0 的整数"),
    "colour": ("auto|[0-9A-Fa-f]{6}", "应为 auto 或六位十六进制颜色"),
    "hex4": ("[0-9A-Fa-f]{4}", "应为四位十六进制数"),
    "mark": ("[0-7][0-9A-Fa-f]{7}", "应为小于 80000000 的八位十六进制数"),
    "word": ("[A-Za-z0-9]+", "应为 Word 的选项名"),
    "flags": ("[01]{12}", "应为十二个 0 或 1"),
    "level": ("[0-8]", "应为 0 到 8"),
    "outline": ("[0-9]", "应为 0 到 9"),
    "date": (rf"-?[0-9]{{4,}}-{DAY}T{TIME}", "应为日期和时间，如 2021-05-25T08:00:00Z"),
    "any": (r"(?s).*", "不能缺"),
}

_CHOICES = {
    "switch": "0 1 on off true false",
    "align": "left center right both distribute start end mediumKashida numTab highKashida lowKashida thaiDistribute",
    "merge": "restart continue",
    "widthType": "nil pct dxa auto",
    "layout": "fixed autofit",
    "vertical": "top center both bottom",
    "direction": "tb rl lr tbV rlV lrV btLr lrTb lrTbV tbLrV tbRl tbRlV",
    "baseline": "top center baseline bottom auto",
    "rule": "auto exact atLeast",
    "stop": "clear start center end decimal bar num left right",
    "leader": "none dot hyphen underscore heavy middleDot",
    "break": "page column textWrapping",
    "clear": "none left right all",
    "field": "begin separate end",
    "proof": "spellStart spellEnd gramStart gramEnd",
    "underline": "single words double thick dotted dottedHeavy dash dashedHeavy dashLong dashLongHeavy dotDash "
    "dashDotHeavy dotDotDash dashDotDotHeavy wave wavyHeavy wavyDouble none",
    "script": "baseline superscript subscript",
    "emphasis": "none dot comma circle underDot",
    "highlight": "black blue cyan green magenta red yellow white darkBlue darkCyan darkGreen darkMagenta darkRed "
    "darkYellow darkGray lightGray none",
    "hint": "default eastAsia cs",
    "theme": "majorEastAsia majorBidi majorAscii majorHAnsi minorEastAsia minorBidi minorAscii minorHAnsi",
    "shading": "nil clear solid horzStripe vertStripe reverseDiagStripe diagStripe horzCross diagCross thinHorzStripe "
    "thinVertStripe thinReverseDiagStripe thinDiagStripe thinHorzCross thinDiagCross pct5 pct10 pct12 pct15 pct20 pct25 "
    "pct30 pct35 pct37 pct40 pct45 pct50 pct55 pct60 pct62 pct65 pct70 pct75 pct80 pct85 pct87 pct90 pct95",
    # w:type stands in a section, a text field and a mail merge
    "type": "nextPage nextColumn continuous evenPage oddPage regular number date currentTime currentDate calculated "
    "null dbColumn database addressBook document1 document2 text email native legacy master",
    "paper": "portrait landscape",
    "grid": "default lines linesAndChars snapToChars",
    "page": "default first even",
    "note": "normal separator continuationSeparator continuationNotice",
    "style": "paragraph character table numbering",
    "levels": "singleLevel multilevel hybridMultilevel",
    "suffix": "tab space nothing",
    "region": "wholeTable firstRow lastRow firstCol lastCol band1Vert band2Vert band1Horz band2Horz neCell nwCell seCell "
    "swCell",
    "space": "default preserve",
}

# Elements, then their attributes, each with the kind of its value; `!` marks an attribute that must be there.
_RULES = """
b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden rtl cs
   specVanish oMath keepNext keepLines pageBreakBefore widowControl suppressLineNumbers suppressAutoHyphens kinsoku
   wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd contextualSpacing mirrorIndents
   suppressOverlap cantSplit tblHeader hidden noWrap tcFitText hideMark bidiVisual titlePg noEndnote formProt rtlGutter
   semiHidden unhideWhenUsed qFormat locked isLgl updateFields evenAndOddHeaders mirrorMargins = val:switch
sz szCs kern = val!:size
position spacing = val:length before:size beforeLines:integer beforeAutospacing:switch after:size afterLines:integer
   afterAutospacing:switch line:length lineRule:rule
w = val:scale
color = val!:colour
highlight = val!:highlight
u = val:underline color:colour
vertAlign = val!:script
em = val!:emphasis
shd = val!:shading color:colour fill:colour
bdr top left start bottom end right insideH insideV between bar tl2br tr2bl = val:word sz:count space:count color:colour
   w:width type:widthType
rFonts = hint:hint asciiTheme:theme hAnsiTheme:theme eastAsiaTheme:theme cstheme:theme
fitText = val!:size id:integer
ind = left:length right:length start:length end:length hanging:size firstLine:size leftChars:integer rightChars:integer
   startChars:integer endChars:integer hangingChars:integer firstLineChars:integer
jc lvlJc = val!:align
textAlignment = val!:baseline
textDirection = val!:direction
outlineLvl = val!:outline
ilvl = val!:level
numId abstractNumId startOverride lvlRestart lvlPicBulletId uiPriority divId = val!:integer
pStyle rStyle tblStyle basedOn next link = val!:any
tab = val:stop leader:leader pos:length
framePr = w:size h:size x:length y:length lines:integer hRule:rule
cnfStyle = val:flags
tcW tblW tblInd wBefore wAfter tblCellSpacing = w:width type:widthType
tblLayout = type:layout
tblLook = val:hex4
tblStyleRowBandSize tblStyleColBandSize gridBefore gridAfter = val!:count
gridSpan = val!:positive
gridCol = w:size
vMerge hMerge = val:merge
vAlign = val!:vertical
trHeight = val:size hRule:rule
pgSz = w:size h:size orient:paper code:integer
pgMar = top:length right:size bottom:length left:size header:size footer:size gutter:size
cols = num:integer space:size equalWidth:switch
col = w:size space:size
docGrid = type:grid linePitch:integer charSpace:integer
pgNumType = start:integer fmt:word
lnNumType = countBy:integer start:integer distance:size
type = val:type
headerReference footerReference = type!:page
br = type:break clear:clear
t delText instrText delInstrText = xml:space:space
sym = char:hex4
fldChar = fldCharType!:field dirty:switch fldLock:switch
fldSimple = instr!:any
proofErr = type!:proof
p tr = w14:paraId:mark w14:textId:mark
bookmarkStart = id!:integer name!:any
bookmarkEnd commentRangeStart commentRangeEnd commentReference footnoteReference endnoteReference moveFromRangeEnd
   moveToRangeEnd = id!:integer
ins del moveFrom moveTo rPrChange pPrChange tblPrChange trPrChange tcPrChange sectPrChange tblPrExChange cellIns cellDel
   cellMerge = id!:integer author!:any date:date
comment = id!:integer author!:any date:date
footnote endnote = id!:integer type:note
style = type:style default:switch customStyle:switch
tblStylePr = type!:region
abstractNum = abstractNumId!:integer
num = numId!:integer
lvl lvlOverride = ilvl!:level
multiLevelType = val!:levels
suff = val!:suffix
numFmt = val!:word
defaultTabStop = val!:size
"""


class Kind(NamedTuple):
    """A kind of value: the test, and the message where it fails."""

    accepts: Callable[[str], object]
    wanted: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One attribute of an element: its name, the kind of its value and whether it must be there."""

    name: str
    kind: Kind
    required: bool


def unfit(index: Index) -> Iterator[Slip]:
    """Find attributes that are missing or have a value that Word does not take."""
    for tag, elements in index.items():
        for rule in _RULED.get(tag, ()):
            values = {element.get(rule.name) for element in elements}
            bad = {value: _complaint(tag, rule, value) for value in values if not _fits(rule, value)}
            if bad:
                held = ((element, element.get(rule.name)) for element in elements)
                yield from ((element, bad[value]) for element, value in held if value in bad)


def _fits(rule: Rule, value: str | None) -> bool:
    return not rule.required if value is None else bool(rule.kind.accepts(value))


def _complaint(tag: str, rule: Rule, value: str | None) -> str:
    if value is None:
        return f"{title(tag)}缺少“{label(rule.name)}”。"
    return f"{title(tag)}的“{label(rule.name)}”是“{_short(value)}”，{rule.kind.wanted}。"


def _short(value: str) -> str:
    return value if len(value) <= _SHORT else f"{value[:_SHORT]}…"


def _kinds() -> dict[str, Kind]:
    """Read the tables of kinds; a pattern is compiled when it is first asked, which saves 2 ms at the start."""
    kinds = {
        name: Kind(partial(re.fullmatch, pattern), wanted) for name, (pattern, wanted) in _PATTERNS.items()
    }
    for name, words in _CHOICES.items():
        choices = words.split()
        wanted = "、".join(choices[:_FEW]) + (" 等" if len(choices) > _FEW else "")
        kinds[name] = Kind(frozenset(choices).__contains__, f"应为 {wanted} 之一")
    return kinds


def _rules(text: str) -> dict[str, tuple[Rule, ...]]:
    """Read the table of rules."""
    kinds = _kinds()
    rules: dict[str, tuple[Rule, ...]] = {}
    for line in text.replace("\n   ", " ").strip().splitlines():
        names, _, attributes = line.partition(" = ")
        found = tuple(_rule(attribute, kinds) for attribute in attributes.split())
        rules.update((W + name, found) for name in names.split())
    return rules


def _rule(written: str, kinds: dict[str, Kind]) -> Rule:
    *prefix, name, kind = written.split(":")
    space = {"xml": XML, "w14": W14}[prefix[0]] if prefix else W
    return Rule(space + name.rstrip("!"), kinds[kind], name.endswith("!"))


_RULED = _rules(_RULES)
