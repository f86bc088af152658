"""Which elements may stand in which, and in what order?

The table is the transitional schema of ECMA-376 (wml.xsd), widened where WPS and LibreOffice are known to write
otherwise and Word takes it: the order within a style, a list level, the settings and the properties of a row or a
content control is free, a character format may be given twice, and a section break may open its paragraph.
Elements of other namespaces are nobody's business here; Word skips or knows them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.faults import Slip
from perfdoc.docx.sound.markup import Index
from perfdoc.docx.sound.names import W, label, title

_GROUPS = {
    "RANGES": "bookmarkStart bookmarkEnd moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd "
    "commentRangeStart commentRangeEnd customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart "
    "customXmlDelRangeEnd customXmlMoveFromRangeStart customXmlMoveFromRangeEnd customXmlMoveToRangeStart "
    "customXmlMoveToRangeEnd",
    "MARKS": "proofErr permStart permEnd ins del moveFrom moveTo RANGES",
    "BLOCKS": "p tbl sdt customXml altChunk MARKS",
    "INLINES": "r hyperlink fldSimple smartTag sdt customXml dir bdo subDoc MARKS",
}
"""Names for sets of elements; a group may use another that stands above it."""

# A step is one element, or several joined by `|`, or a set in `( )` or a group, which may come in any order.
# A step occurs once at most, unless a `*` follows it or the name of the parent. `~` marks what may stand anywhere.
_MODELS = """
document: background body
body: BLOCKS* sectPr
hdr ftr footnote endnote comment txbxContent docPartBody: BLOCKS*
tbl: RANGES* tblPr tblGrid (tr sdt customXml MARKS)*
tr: tblPrEx trPr (tc sdt customXml MARKS)*
tc: tcPr BLOCKS*
p: pPr INLINES*
hyperlink dir bdo moveFrom moveTo: INLINES*
ins del: (rPr INLINES)*
fldSimple: fldData INLINES*
smartTag: smartTagPr INLINES*
customXml: customXmlPr (p tbl tr tc altChunk INLINES)*
sdt: sdtPr sdtEndPr sdtContent
sdtContent: (p tbl tr tc altChunk INLINES)*
r: rPr (br t contentPart delText instrText delInstrText noBreakHyphen softHyphen dayShort monthShort yearShort dayLong
   monthLong yearLong annotationRef footnoteRef endnoteRef separator continuationSeparator sym pgNum cr tab object pict
   fldChar ruby footnoteReference endnoteReference commentReference drawing ptab lastRenderedPageBreak)*

pPr: pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
   suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
   snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
   textboxTightWrap outlineLvl divId cnfStyle rPr ~sectPr pPrChange
numPr: ilvl numId numberingChange ins
pBdr: top left bottom right between bar
tabs: tab*
rPr*: ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint
   noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText
   vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange
tblPr: tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd
   tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange
tblPrEx: tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblPrExChange
tblGrid: gridCol* tblGridChange
tblBorders: top start left bottom end right insideH insideV
tblCellMar tcMar: top start left bottom end right
trPr: (cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc hidden)* ins
   del trPrChange
tcPr: cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark headers
   cellIns|cellDel|cellMerge tcPrChange
tcBorders: top start left bottom end right insideH insideV tl2br tr2bl
headers: header*
sectPr: (headerReference footerReference)* footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType
   cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings sectPrChange
pgBorders: top left bottom right
cols: col*
footnotePr: pos numFmt numStart numRestart footnote*
endnotePr: pos numFmt numStart numRestart endnote*
rPrChange: rPr
pPrChange: pPr
sectPrChange: sectPr
tblPrChange: tblPr
tblPrExChange: tblPrEx
tblGridChange: tblGrid
trPrChange: trPr
tcPrChange: tcPr

sdtPr: (rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex equation comboBox date
   docPartObj docPartList dropDownList picture richText text citation group bibliography)*
sdtEndPr: rPr*
placeholder: docPart
comboBox dropDownList: listItem*
date: (dateFormat lid storeMappedDataAs calendar)*
docPartObj docPartList: (docPartGallery docPartCategory docPartUnique)*
smartTagPr customXmlPr: placeholder attr*
altChunk: altChunkPr
altChunkPr: matchSrc
background: drawing
object: drawing control|objectLink|objectEmbed|movie
pict: movie control
fldChar: (fldData ffData numberingChange)*
ffData: (name label tabIndex enabled calcOnExit entryMacro exitMacro helpText statusText checkBox ddList textInput)*
checkBox: (size sizeAuto default checked)*
ddList: result default listEntry*
textInput: (type default maxLength format)*
ruby: rubyPr rt rubyBase
rubyPr: (rubyAlign hps hpsRaise hpsBaseText lid dirty)*
rt rubyBase: (r MARKS)*

footnotes: footnote*
endnotes: endnote*
comments: comment*
styles: docDefaults latentStyles style*
docDefaults: rPrDefault pPrDefault
rPrDefault: rPr
pPrDefault: pPr
latentStyles: lsdException*
style: (name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal
   personalCompose personalReply rsid)* pPr rPr tblPr trPr tcPr tblStylePr*
tblStylePr: pPr rPr tblPr trPr tcPr
numbering: numPicBullet* abstractNum* num* numIdMacAtCleanup
numPicBullet: pict|drawing
abstractNum: nsid multiLevelType tmpl name styleLink numStyleLink lvl*
lvl: (start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc)* pPr rPr
num: abstractNumId lvlOverride*
lvlOverride: startOverride lvl
settings: (writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries
   displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData embedTrueTypeFonts
   embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges bordersDoNotSurroundHeader
   bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors activeWritingStyle proofState
   formsDesign attachedTemplate linkStyles stylePaneFormatFilter stylePaneSortMethod documentType mailMerge revisionView
   trackRevisions doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride styleLockTheme
   styleLockQFSet defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope
   summaryLength clickAndTypeStyle defaultTableStyle evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting
   bookFoldPrintingSheets drawingGridHorizontalSpacing drawingGridVerticalSpacing displayHorizontalDrawingGridEvery
   displayVerticalDrawingGridEvery doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin
   drawingGridVerticalOrigin doNotShadeFormData noPunctuationKerning characterSpacingControl printTwoOnOne
   strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore savePreviewPicture doNotValidateAgainstSchema
   saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText doNotDemarcateInvalidXml saveXmlDataOnly
   useXSLTWhenSaving saveThroughXslt showXMLTags alwaysMergeEmptyNamespace updateFields hdrShapeDefaults footnotePr
   endnotePr compat docVars rsids attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats
   doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType shapeDefaults doNotEmbedSmartTags
   decimalSymbol listSeparator)*
rsids: rsidRoot rsid*
docVars: docVar*
compat: (useSingleBorderforContiguousCells wpJustification noTabHangInd noLeading spaceForUL noColumnBalance
   balanceSingleByteDoubleByteWidth noExtraLineSpacing doNotLeaveBackslashAlone ulTrailSpace doNotExpandShiftReturn
   spacingInWholePoints lineWrapLikeWord6 printBodyTextBeforeHeader printColBlack wpSpaceWidth showBreaksInFrames
   subFontBySize suppressBottomSpacing suppressTopSpacing suppressSpacingAtTopOfPage suppressTopSpacingWP
   suppressSpBfAfterPgBrk swapBordersFacingPages convMailMergeEsc truncateFontHeightsLikeWP6 mwSmallCaps
   usePrinterMetrics doNotSuppressParagraphBorders wrapTrailSpaces footnoteLayoutLikeWW8 shapeLayoutLikeWW8
   alignTablesRowByRow forgetLastTabAlignment adjustLineHeightInTable autoSpaceLikeWord95 noSpaceRaiseLower
   doNotUseHTMLParagraphAutoSpacing layoutRawTableWidth layoutTableRowsApart useWord97LineBreakRules
   doNotBreakWrappedTables doNotSnapToGridInCell selectFldWithFirstOrLastChar applyBreakingRules
   doNotWrapTextWithPunct doNotUseEastAsianBreakRules useWord2002TableStyleRules growAutofit useFELayout
   useNormalStyleForList doNotUseIndentAsNumberingTabStop useAltKinsokuLineBreakRules allowSpaceOfSameStyleInTable
   doNotSuppressIndentation doNotAutofitConstrainedTables autofitToFirstFixedWidthCell underlineTabInNumList
   displayHangulFixedWidth splitPgBreakAndParaMark doNotVertAlignCellWithSp doNotBreakConstrainedForcedTable
   doNotVertAlignInTxbx useAnsiKerningPairs cachedColBalance compatSetting)*
"""

_TAG = attrgetter("tag")

_ANYWHERE = -1
"""The step of a child that keeps no order."""

_OPAQUE = frozenset(W + name for name in ("mailMerge", "captions", "hdrShapeDefaults", "shapeDefaults"))
"""Settings that no form has and nobody needs checked further in."""

_TEXTUAL = frozenset(W + name for name in ("t", "delText", "instrText", "delInstrText", "fldData"))

_ROWS, _CELLS = ("tr", "sdt", "customXml"), ("tc", "sdt", "customXml")
_BLOCKS = ("p", "tbl", "sdt", "customXml", "altChunk")
_NEEDED: Mapping[str, Sequence[tuple[Sequence[str], str]]] = {
    "document": [(("body",), "没有正文（w:body）。")],
    "tbl": [
        (("tblPr",), "表格没有表格属性（w:tblPr）。"),
        (("tblGrid",), "表格没有列宽表（w:tblGrid）。"),
        (_ROWS, "表格一行也没有。"),
    ],
    "tr": [(_CELLS, "表格行一格也没有。")],
    "hdr": [(_BLOCKS, "页眉是空的，至少要有一个段落。")],
    "ftr": [(_BLOCKS, "页脚是空的，至少要有一个段落。")],
    "footnote": [(_BLOCKS, "脚注是空的，至少要有一个段落。")],
    "endnote": [(_BLOCKS, "尾注是空的，至少要有一个段落。")],
    "txbxContent": [(_BLOCKS, "文本框是空的，至少要有一个段落。")],
}


@dataclass(frozen=True, slots=True)
class Model:
    """What may stand in an element.

    Attributes:
        ranks: The step of each child allowed; children come in the order of their steps.
        repeated: The steps that may occur more than once.
        needs: Children of which one at least must be there, with the complaint when none is.
    """

    ranks: Mapping[str, int]
    repeated: frozenset[int]
    needs: tuple[tuple[frozenset[str], str], ...]


def misplaced(index: Index) -> Iterator[Slip]:
    """Find children that do not belong in their parent, stand in the wrong order or are missing."""
    for tag, elements in index.items():
        if tag in _ALLOWED:
            shapes = {tuple(map(_TAG, element)) for element in elements}
            bad = {shape: found for shape in shapes if (found := [*_complaints(tag, shape)])}
            if bad:
                shaped = ((element, tuple(map(_TAG, element))) for element in elements)
                yield from ((element, message) for element, shape in shaped for message in bad.get(shape, ()))
        elif tag in _LEAVES and any(map(len, elements)):
            children = (child for element in elements for child in element if child.tag.startswith(W))
            yield from ((child, _unwanted(tag, child.tag)) for child in children)


def strayed(root: Element, index: Index) -> Iterator[Slip]:
    """Find words between the elements, where Word shows none; other namespaces may keep theirs.

    Counted first, and looked for only when the counts differ: 0.04 ms on a form of 2,500 elements, against 0.6 ms.
    """
    textual = (tag for tag in index if tag in _TEXTUAL or not tag.startswith(W))
    rightly = _visible(element.text or "" for tag in textual for element in index[tag])
    if rightly == _visible(root.itertext()):
        return
    for tag in index:
        if tag.startswith(W) and tag not in _TEXTUAL:
            for element in index[tag]:
                strays = [element.text, *(child.tail for child in element)]
                words = " ".join(stray.strip() for stray in strays if stray and not stray.isspace())
                if words:
                    yield (
                        element,
                        f"“{words[:20]}”直接写在{title(tag)}里，没有放进文字（w:t），Word 不会显示它。",
                    )


def _visible(texts: Iterable[str]) -> int:
    """Count the characters that are not whitespace."""
    return len("".join("".join(texts).split()))


def _complaints(tag: str, shape: tuple[str, ...]) -> Iterator[str]:
    """Hold one sequence of children against the model of their parent."""
    model = _ALLOWED[tag]
    reached, before = -1, ""
    for child in shape:
        rank = model.ranks.get(child)
        if rank is None:
            if child.startswith(W):
                yield _unwanted(tag, child)
        elif rank == _ANYWHERE:
            continue
        elif rank < reached:
            yield f"{title(tag)}里的“{label(child)}”应当排在“{label(before)}”前面。"
        elif rank == reached and rank not in model.repeated:
            yield f"{title(tag)}里只能有一个“{label(child)}”。"
        else:
            reached, before = rank, child
    yield from (complaint for needed, complaint in model.needs if needed.isdisjoint(shape))


def _unwanted(tag: str, child: str) -> str:
    if child not in _KNOWN:
        return f"Word 没有“{label(child)}”这种元素。"
    return f"{title(child)}不能直接放在{title(tag)}里。"


def _models(text: str) -> dict[str, Model]:
    """Read the table of models."""
    lines = text.replace("\n   ", " ").strip().splitlines()
    models: dict[str, Model] = {}
    for names, _, steps in (line.partition(":") for line in lines if line):
        models.update((W + name.rstrip("*"), _model(name, steps)) for name in names.split())
    return models


def _model(name: str, steps: str) -> Model:
    ranks: dict[str, int] = {}
    repeated: set[int] = set()
    for rank, step in enumerate(_STEP.finditer(steps)):
        ranks.update((W + child, _ANYWHERE if step["free"] else rank) for child in _names(step["names"]))
        if step["star"] or name.endswith("*"):
            repeated.add(rank)
    needs = tuple(
        (frozenset(W + child for child in children), complaint)
        for children, complaint in _NEEDED.get(name, ())
    )
    return Model(ranks, frozenset(repeated), needs)


def _names(step: str) -> list[str]:
    """Write the groups of a step out."""
    return [
        name
        for word in step.replace("|", " ").split()
        for name in (_names(_GROUPS[word]) if word in _GROUPS else [word])
    ]


_STEP = re.compile(r"(?P<free>~?)\(?(?P<names>(?<=\()[^)]+|[\w|]+)\)?(?P<star>\*?)")
_ALLOWED = _models(_MODELS)
_KNOWN = frozenset(_ALLOWED).union(*(model.ranks for model in _ALLOWED.values()))
_LEAVES = _KNOWN - frozenset(_ALLOWED) - _OPAQUE
