"""XLSX: each sheet as a table of text, with the values that the office program left for its formulas.

openpyxl reads cell by cell and builds no sheet in memory. Sheets that are hidden are read too, and told.
"""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._reader import WorkSheetParser

from duban.domain.counting import words
from duban.domain.filekind import FileKind, Mark
from duban.reading.materials import markup
from duban.reading.materials.archive import BROKEN, Archive
from duban.reading.materials.found import Found, Grid, Refused, fit
from duban.reading.materials.limits import Limits

#: how a formula is told whose value is not in the file
_UNCOMPUTED = "#CALC!"


def read_workbook(archive: Archive, limits: Limits) -> Found:
    """Tables in the order of the sheets, 字数 of every cell once; Refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that are of no interest here
        try:
            return _read(archive, limits)
        except (Refused, MemoryError):
            raise
        except Exception:  # openpyxl lets anything through on hostile bytes: KeyError, XML errors, RecursionError
            raise Refused(Mark.BROKEN, BROKEN) from None


def _read(archive: Archive, limits: Limits) -> Found:
    source: Any = archive.file.fp
    book: Any = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    sheets = [_Sheet(sheet, limits.columns) for sheet in book.worksheets]
    room = limits.cells
    for sheet in sheets:
        room -= sheet.read(room)
    told = "\n".join(text for sheet in sheets for text in sheet.cells.values())
    return Found(
        kind=FileKind.XLSX,
        tables=tuple(Grid(rows=rows, sheet=fit(sheet.title)) for sheet in sheets if (rows := sheet.rows())),
        words=words(told),
        notes=tuple(_notes(archive, sheets)),
    )


def _notes(archive: Archive, sheets: "list[_Sheet]") -> Iterator[str]:
    hidden = [fit(sheet.title) for sheet in sheets if sheet.is_hidden]
    if hidden:
        yield f"含隐藏的工作表：{'、'.join(hidden)}"
    if any(_UNCOMPUTED in sheet.cells.values() for sheet in sheets):
        yield "部分公式没有计算结果，请用 WPS 或 Excel 打开保存一次后重新上传"
    if any(sheet.is_cut for sheet in sheets):
        yield "表格过大，只读取了前面的部分"
    if markup.outside(archive):
        yield "文件引用了外部内容，未打开"


class _Parser(WorkSheetParser):
    """Tells a formula without a value from an empty cell."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and any(markup.local(child) == "f" for child in element):
            cell["value"] = _UNCOMPUTED
        return cell


class _Sheet:
    """One sheet: the text of its cells by row and column, both from 1."""

    def __init__(self, sheet: Any, columns: int) -> None:
        self.title = str(sheet.title)
        self.is_hidden = sheet.sheet_state != "visible"
        self.is_cut = False
        self.cells: dict[tuple[int, int], str] = {}
        self._sheet = sheet
        self._columns = columns
        self._merged: list[tuple[int, int, int, int]] = []

    def read(self, room: int) -> int:
        """Read at most ``room`` cells; how many there were."""
        book = self._sheet.parent
        with self._sheet._get_source() as source:
            parser = _Parser(
                source,
                self._sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for _, row in parser.parse():
                self._take(row, room)
                if self.is_cut:
                    break
            for merged in parser.merged_cells.mergeCell if parser.merged_cells else ():
                self._merged.append(merged.bounds)
        return len(self.cells)

    def _take(self, row: list[dict[str, Any]], room: int) -> None:
        for cell in row:
            text = _text(cell["value"])
            if text and (len(self.cells) >= room or cell["column"] > self._columns):
                self.is_cut = True
            elif text:
                self.cells[cell["row"], cell["column"]] = text

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Rows that hold text, as wide as the widest; merged cells repeat theirs within them."""
        numbers = sorted({row for row, _ in self.cells})
        width = max((column for _, column in self.cells), default=0)
        filled = dict(self.cells)
        for left, top, right, bottom in self._merged[: len(self.cells)]:
            text = self.cells.get((top, left))
            if text:
                for row in numbers:
                    if top <= row <= bottom:
                        filled.update({(row, column): text for column in range(left, min(right, width) + 1)})
        return tuple(tuple(filled.get((row, column), "") for column in range(1, width + 1)) for row in numbers)


def _text(value: Any) -> str:
    """A cell as people write it: whole numbers without a fraction, days without a time of 00:00."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return fit(str(value)).strip()
