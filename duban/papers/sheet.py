"""An .xlsx with the manners of an office: A4, a header that stays, nothing that a program would obey."""

import io
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from math import ceil
from typing import Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from duban.papers.packing import Imprint, repacked
from duban.papers.texts import formula_safe, one_line, printable, sheet_title, width

SONG, HEI = "宋体", "黑体"
TEXT, WHOLE, DAY = "@", "#,##0", 'yyyy"年"m"月"d"日"'
_A4 = 9
_LINE = Side(style="thin", color="000000")
_BORDERS = {
    "": Border(),
    "box": Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE),
    "under": Border(bottom=_LINE),
}
_GREY = PatternFill("solid", fgColor="EDEFF2")
#: height of a line by the size of its letters
_LEADING = 1.35
#: points of a centimetre
_POINTS = 28.35
#: the width of a column is counted in digits; so many make a centimetre
_DIGITS = 4.7
#: points: no row can be higher
_HIGHEST = 409.0

#: What a cell holds: text, a whole number, a day, nothing. Shares and moments are said as text.
Value = str | int | date | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a cell looks."""

    #: points
    size: float = 11
    font: str = SONG
    is_bold: bool = False
    across: Literal["left", "center", "right"] = "center"
    border: Literal["", "box", "under"] = ""
    is_grey: bool = False
    #: the format of numbers and days; empty: by the value
    form: str = ""


PLAIN = Look()


class Pen:
    """Writes into the one sheet of a new workbook."""

    def __init__(self, imprint: Imprint, name: str) -> None:
        book = Workbook()
        properties = book.properties
        properties.title = printable(imprint.title)[:255]
        properties.creator = properties.lastModifiedBy = printable(imprint.office)[:255]
        properties.created = properties.modified = imprint.moment.replace(tzinfo=None)
        assert isinstance(book.active, Worksheet)
        self.book, self.sheet = book, book.active
        self.sheet.title = sheet_title(name)
        self.sheet.sheet_view.showGridLines = False
        #: looks that cells have had already: a style is looked up once, not once a cell
        self._styles: dict[Look, Any] = {}

    def saved(self) -> bytes:
        """The file; the same sheet gives the same bytes. (``Workbook.save`` would write the moment of saving.)"""
        out = io.BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(self.book, archive).write_data()
        return repacked(out.getvalue())

    def put(self, row: int, column: int, value: Value, look: Look = PLAIN) -> None:
        """A value with its look; text is text, whatever it begins with. Counted from 1."""
        cell: Any = self.sheet.cell(row, column)
        if isinstance(value, str):
            cell.value, cell.data_type = formula_safe(value), "s"
            look = look if look.form else _formed(look, TEXT)
        elif value is not None:
            cell.value = value
            look = look if look.form else _formed(look, _FORMS.get(type(value), ""))
        known = self._styles.get(look)
        if known is None:
            _dress(cell, look)
            self._styles[look] = cell._style
        else:
            cell._style = copy(known)

    def across(self, row: int, first: int, last: int, value: Value, look: Look = PLAIN) -> None:
        """As ``put``, over the columns ``first`` to ``last``."""
        for column in range(first + 1, last + 1):
            self.put(row, column, None, look)
        if last > first:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
        self.put(row, first, value, look)

    def band(self, row: int, text: str, widths: Sequence[float], look: Look = PLAIN) -> None:
        """``text`` over the whole width, in a row that is high enough for it."""
        self.across(row, 1, len(widths), text, look)
        self.set_height(row, height_of(lines_of(text, sum(widths), look.size), look.size))

    def set_height(self, row: int, points: float) -> None:
        self.sheet.row_dimensions[row].height = round(min(points, _HIGHEST), 1)

    def set_widths(self, centimetres: Sequence[float]) -> None:
        for number, wanted in enumerate(centimetres, start=1):
            self.sheet.column_dimensions[get_column_letter(number)].width = round(wanted * _DIGITS, 1)

    def set_page(self, *, is_wide: bool, header: int, office: str) -> None:
        """A4 to the page's width; row ``header`` comes again on each page; office and page x/y at the foot."""
        sheet = self.sheet
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.orientation = "landscape" if is_wide else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        assert sheet.sheet_properties.pageSetUpPr is not None
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.6
        margins.top, margins.bottom, margins.footer = 0.7, 0.75, 0.35
        sheet.print_title_rows = f"{header}:{header}"
        # & begins a command there
        footer: Any = sheet.oddFooter
        footer.left.text = one_line(office)[:80].replace("&", "＆")
        footer.center.text = "第&P页 共&N页"


_FORMS: dict[type, str] = {date: DAY, int: WHOLE}


@cache
def _formed(look: Look, form: str) -> Look:
    return replace(look, form=form)


def _dress(cell: Any, look: Look) -> None:
    cell.font = Font(name=look.font, size=look.size, bold=look.is_bold)
    # off the border
    indent = 1 if look.border == "box" and look.across != "center" else 0
    cell.alignment = Alignment(horizontal=look.across, vertical="center", wrap_text=True, indent=indent)
    cell.border = _BORDERS[look.border]
    cell.number_format = look.form or "General"
    if look.is_grey:
        cell.fill = _GREY


def lines_of(text: str, centimetres: float, size: float) -> int:
    """How many lines ``text`` takes at so many centimetres and points."""
    room = max(centimetres * _POINTS / size - 0.7, 1)
    return sum(max(1, ceil(width(line) / room)) for line in text.split("\n"))


def height_of(lines: int, size: float) -> float:
    """Points of a row with so many lines."""
    return lines * size * _LEADING + 4
