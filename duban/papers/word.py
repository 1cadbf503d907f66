"""A .docx with the manners of an office: A4, 宋体 黑体 仿宋, tables that can be typed into, page x/y."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from duban.papers.packing import Imprint, repacked
from duban.papers.texts import printable

SONG, HEI, FANG = "宋体", "黑体", "仿宋"
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
MIDDLE, BOTTOM = WD_CELL_VERTICAL_ALIGNMENT.CENTER, WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
TOP = WD_CELL_VERTICAL_ALIGNMENT.TOP

#: centimetres: A4, and the margins of each way to lay it
_SHORT, _LONG = 21.0, 29.7
_MARGINS = {False: (2.4, 2.0, 2.2), True: (2.0, 1.8, 2.0)}
#: the picture of the template's first page
_THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"


def new_paper(imprint: Imprint, *, is_wide: bool) -> Paper:
    """An empty A4 page with its page number, its properties and its first fonts."""
    paper = Document()
    _lay(paper, is_wide=is_wide)
    _speak_chinese(paper)
    _sign(paper, imprint)
    _number_pages(paper)
    return paper


def saved(paper: Paper) -> bytes:
    """The file; the same paper gives the same bytes."""
    out = io.BytesIO()
    paper.save(out)
    return repacked(out.getvalue())


def _lay(paper: Paper, *, is_wide: bool) -> None:
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    width, height = (_LONG, _SHORT) if is_wide else (_SHORT, _LONG)
    section.page_width, section.page_height = Cm(width), Cm(height)
    top, bottom, side = _MARGINS[is_wide]
    section.top_margin, section.bottom_margin = Cm(top), Cm(bottom)
    section.left_margin = section.right_margin = Cm(side)
    section.footer_distance = Cm(1.0)


def _speak_chinese(paper: Paper) -> None:
    """仿宋 12 everywhere, Chinese for the speller, no spaces between paragraphs."""
    style: Any = paper.styles["Normal"]
    style.font.size = Pt(12)
    _set_font(style.element.get_or_add_rPr(), FANG)
    style.paragraph_format.space_after = Pt(0)
    for lang in paper.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")
    for setting in paper.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _sign(paper: Paper, imprint: Imprint) -> None:
    """Properties: the office and the day; nothing of the library and its template."""
    properties = paper.core_properties
    properties.title = printable(imprint.title)[:255]
    properties.author = properties.last_modified_by = printable(imprint.office)[:255]
    properties.created = properties.modified = imprint.moment
    properties.comments = properties.keywords = ""
    properties.language = "zh-CN"
    relations = paper.part.package.rels if paper.part.package else {}
    for key in [key for key, relation in relations.items() if relation.reltype == _THUMBNAIL]:
        del relations[key]


def _number_pages(paper: Paper) -> None:
    """``第1页 共2页`` at the foot."""
    line = paper.sections[0].footer.paragraphs[0]
    line.alignment = CENTER
    for text, field in (("第", "PAGE"), ("页 共", "NUMPAGES"), ("页", "")):
        write(line, text, size=9, font=SONG)
        if field:
            _field(line, field)


def _field(line: Paragraph, name: str) -> None:
    """A field that the word processor computes; it shows 1 until then."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = write(line, "1", size=9, font=SONG)
    field.append(run._element)
    line._p.append(field)


def _set_font(properties: Any, font: str) -> None:
    """The same font for Chinese and Latin; without ``eastAsia`` Word takes its own for Chinese."""
    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{key}"), font)


def write(line: Paragraph, text: str, *, size: float = 12, font: str = FANG, is_bold: bool = False) -> Run:
    """Put ``text`` at the end of ``line``; a tab goes to the next tab stop."""
    run = line.add_run(printable(text))
    run.font.size = Pt(size)
    run.font.bold = is_bold or None
    _set_font(run._element.get_or_add_rPr(), font)
    return run


def say(
    paper: Paper,
    text: str = "",
    *,
    size: float = 12,
    font: str = FANG,
    is_bold: bool = False,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    above: float = 0,
    below: float = 0,
) -> Paragraph:
    """A paragraph; ``above`` and ``below`` in points."""
    line = paper.add_paragraph()
    space(line, above=above, below=below)
    line.alignment = align
    if text:
        write(line, text, size=size, font=font, is_bold=is_bold)
    return line


def space(line: Paragraph, *, above: float = 0, below: float = 0, leading: float = 1.2) -> None:
    form = line.paragraph_format
    form.space_before, form.space_after = Pt(above), Pt(below)
    form.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    form.line_spacing = leading


def new_table(paper: Paper, widths: Sequence[float]) -> Table:
    """A table without rows; ``widths`` in centimetres are kept, whatever is typed."""
    table: Table = paper.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _narrow_margins(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _narrow_margins(table: Table) -> None:
    """A millimetre at each side of a cell: heads of six characters stay on one line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    (look.addprevious if look is not None else table._tbl.tblPr.append)(margins)


def new_row(table: Table, height: float, *, is_header: bool = False, may_break: bool = False) -> _Row:
    """A row of at least ``height`` centimetres; a header comes again on each page."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    row.height = Cm(height)
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    properties = row._tr.get_or_add_trPr()
    if not may_break:
        properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))
    return row


def fill(
    cell: _Cell,
    text: str,
    *,
    size: float = 12,
    font: str = FANG,
    align: WD_ALIGN_PARAGRAPH = CENTER,
    at: WD_CELL_VERTICAL_ALIGNMENT = MIDDLE,
) -> None:
    """Write into an empty cell; each line of ``text`` is a paragraph. What is typed there later looks the same."""
    cell.vertical_alignment = at
    for number, words in enumerate(printable(text).split("\n")):
        line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        line.alignment = align
        space(line, leading=1.1)
        if words:
            write(line, words, size=size, font=font)
        _remember(line, size, font)


def _remember(line: Paragraph, size: float, font: str) -> None:
    """The mark at the paragraph's end has the font that typing goes on with."""
    properties = line._p.get_or_add_pPr()
    mark: Any = OxmlElement("w:rPr")
    _set_font(mark, font)
    for name in ("w:sz", "w:szCs"):
        half_points = OxmlElement(name)
        half_points.set(qn("w:val"), str(int(size * 2)))
        mark.append(half_points)
    properties.append(mark)


def hang(line: Paragraph, depth: float, *, from_start: bool) -> None:
    """Indent by ``depth`` centimetres; the first line too, unless it begins at the margin."""
    line.paragraph_format.left_indent = Cm(depth)
    line.paragraph_format.first_line_indent = Cm(-depth) if from_start else None


def tab_stops(line: Paragraph, places: Sequence[float]) -> None:
    """Tab stops, in centimetres from the margin."""
    for place in places:
        line.paragraph_format.tab_stops.add_tab_stop(Cm(place))
