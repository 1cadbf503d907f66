"""A blank form as .xlsx: for tables. Drawn from its layout."""

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from duban.papers.layout import Blank, Layout
from duban.papers.packing import Imprint
from duban.papers.sheet import HEI, TEXT, WHOLE, Look, Pen, height_of, lines_of
from duban.papers.texts import width

#: points
_ROW, _CROSSWISE_ROW, _BLANK_ROW = 26.0, 48.0, 24.0
#: centimetres of a Han character, and the most that row heads get on one line
_HAN, _MOST_HEADS = 0.4, 5.6
#: Han characters that the room of a field holds, where there are columns enough
_ROOM = 16

_LABEL, _TITLE = Look(size=14, font=HEI, across="left"), Look(size=16, is_bold=True)
_NAME, _FIELD = Look(across="left"), Look(across="left", border="under", form=TEXT)
_HEADER, _NOTE = Look(font=HEI, border="box", is_grey=True), Look(size=10.5, across="left")
_ROW_HEAD, _SERIAL = Look(font=HEI, border="box"), Look(border="box", form="0")
_TEXT, _NUMBER = Look(across="left", border="box", form=TEXT), Look(border="box", form=WHOLE)


def form_xlsx(form: Layout, imprint: Imprint) -> bytes:
    """The file. Names of fields and the room for them are cells of their own, beside each other."""
    pen = Pen(imprint, form.label or form.title)
    widths = _widths(form)
    pen.set_widths(widths)
    header = _blanks(pen, form.above, widths, _head(pen, form, widths))
    row = _notes(pen, form, widths, _table(pen, form, widths, header))
    _blanks(pen, form.below, widths, row)
    pen.set_page(is_wide=form.is_wide, header=header, office=imprint.office)
    pen.sheet.freeze_panes = f"{'B' if form.is_crosswise else 'A'}{header + 1}"
    return pen.saved()


def _widths(form: Layout) -> list[float]:
    """Those of the layout; the first column wide enough for row heads, and for names of fields that end in it."""
    widths = [column.width for column in form.columns]
    heads = [width(head) * _HAN + 0.3 for head in form.heads] if form.is_crosswise else []
    beside = sum(widths[1:-1])
    names = [width(blank.label) * _HAN + 0.2 - beside for blank in (*form.above, *form.below)]
    widths[0] = max(widths[0], min(max(heads + names, default=0.0), _MOST_HEADS))
    return widths


def _head(pen: Pen, form: Layout, widths: Sequence[float]) -> int:
    """Label and title; answers the next row."""
    if form.label:
        pen.band(1, form.label, widths, _LABEL)
        pen.band(2, form.title, widths, _TITLE)
        return 3
    pen.band(1, form.title, widths, _TITLE)
    return 2


def _blanks(pen: Pen, blanks: Sequence[Blank], widths: Sequence[float], row: int) -> int:
    """One field a row: its name, and room with a line under it. Answers the next row."""
    for blank in blanks:
        wide = _columns_for(blank.label, widths[:-1])
        pen.across(row, 1, wide, blank.label, _NAME)
        pen.across(row, wide + 1, max(wide + _columns_for("宽" * _ROOM, widths[wide:]), 2), None, _FIELD)
        pen.set_height(row, _BLANK_ROW)
        row += 1
    return row


def _columns_for(text: str, widths: Sequence[float]) -> int:
    """How many columns hold ``text`` on one line; all of them where it is too long, one where there are none."""
    wanted, had = width(text) * _HAN + 0.2, 0.0
    for number, wide in enumerate(widths, start=1):
        had += wide
        if had >= wanted:
            return number
    return max(len(widths), 1)


def _table(pen: Pen, form: Layout, widths: Sequence[float], header: int) -> int:
    """Header and rows to fill; answers the next row."""
    lines = 1
    for number, column in enumerate(form.columns):
        pen.put(header, number + 1, column.head, _HEADER)
        lines = max(lines, lines_of(column.head, widths[number], _HEADER.size))
    pen.set_height(header, max(height_of(lines, _HEADER.size), _ROW))
    for number in range(len(form.heads)):
        _row(pen, form, widths, header + 1 + number, number)
    _ask_for_numbers(pen, form, header + 1)
    return header + 1 + len(form.heads)


def _row(pen: Pen, form: Layout, widths: Sequence[float], row: int, number: int) -> None:
    """A row: what stands in its first column, and cells that take text as text and numbers as numbers."""
    head, first = form.heads[number], form.columns[0]
    if first.is_serial:
        pen.put(row, 1, int(head), _SERIAL)
    elif form.is_crosswise:
        pen.put(row, 1, head, _ROW_HEAD)
    else:
        pen.put(row, 1, None, _NUMBER if first.is_number else _TEXT)
    for at, column in enumerate(form.columns[1:], start=2):
        is_number = column.is_number or number in form.number_rows
        pen.put(row, at, None, _NUMBER if is_number else _TEXT)
    least = _CROSSWISE_ROW if form.is_crosswise else _ROW
    pen.set_height(row, max(height_of(lines_of(head, widths[0], 11), 11), least))


def _ask_for_numbers(pen: Pen, form: Layout, first: int) -> None:
    """Where numbers belong, the program says so when something else is typed; it may stay."""
    rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    rule.errorStyle, rule.showErrorMessage = "warning", True
    rule.errorTitle, rule.error = "请填写数字", "此处请填写整数，不带单位和文字。"
    last, right = first + len(form.heads) - 1, get_column_letter(len(form.columns))
    for number, column in enumerate(form.columns, start=1):
        if column.is_number:
            rule.add(f"{get_column_letter(number)}{first}:{get_column_letter(number)}{last}")
    for number in sorted(form.number_rows):
        rule.add(f"B{first + number}:{right}{first + number}")
    if rule.sqref.ranges:
        pen.sheet.add_data_validation(rule)


def _notes(pen: Pen, form: Layout, widths: Sequence[float], row: int) -> int:
    """``注：…``, each a row; answers the next row."""
    for number, note in enumerate(form.notes, start=1):
        words = f"{number}．{note}" if len(form.notes) > 1 else note
        pen.band(row, f"注：{words}", widths, _NOTE)
        row += 1
    return row
