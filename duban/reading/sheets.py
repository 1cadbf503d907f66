"""The first sheet of an XLSX file into rows of text; nothing is computed, nothing is unpacked to disk."""

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from itertools import islice, zip_longest
from typing import Any

#: rows of data in a table
MOST_ROWS = 100_000
#: columns of a table that are looked at
MOST_COLUMNS = 60
#: the last row that a sheet can have
LAST_ROW = 1_048_576
#: what the parts of the file may come to, unpacked
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2000
#: unpacked size by packed size
MOST_RATIO = 100

ZIP_MAGIC = b"PK\x03\x04"
#: old .xls files, and encrypted new ones
OLE_MAGIC = b"\xd0\xcf\x11\xe0"

#: What Excel and WPS leave in a cell whose formula failed.
FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
#: of these, it stands for a formula in a file that no office program has computed
UNCOMPUTED = "#CALC!"


class Unreadable(ValueError):
    """The file as a whole cannot be read."""

    def __init__(self, text: str, hint: str, number: int = 0) -> None:
        super().__init__(text)
        self.text = text
        self.hint = hint
        #: the line, where one is known
        self.number = number


def is_sheet(data: bytes) -> bool:
    """True for what begins as an XLSX; an old or encrypted one is Unreadable."""
    if data.startswith(OLE_MAGIC):
        raise Unreadable("是旧版 .xls 或加密的文件", "去掉密码，另存为 .xlsx 或 CSV UTF-8")
    return data.startswith(ZIP_MAGIC)


def letter(position: int) -> str:
    """The name of a sheet's column: 0 is A, 26 is AA."""
    name = ""
    while position >= 0:
        name = chr(ord("A") + position % 26) + name
        position = position // 26 - 1
    return name


def sheet_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and texts; Unreadable.

    A formula gives the value that the office program left in the file; text that begins with = is text.
    """
    _check_sizes(data)
    try:
        rows = _texts(data, values=False)
        if any(UNCOMPUTED in texts for _, texts in rows):
            values = dict(_texts(data, values=True))
            rows = [(number, _computed(texts, values.get(number, []))) for number, texts in rows]
    except Exception:  # openpyxl lets anything through on hostile bytes: KeyError, XML errors, RecursionError
        raise Unreadable("文件损坏或不是 .xlsx", "用 Excel、WPS 打开，另存为 .xlsx") from None
    return iter(rows)


def _check_sizes(data: bytes) -> None:
    """Refuse what would unpack to too much: a reader never gets more of a part than the list of parts says."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except Exception:  # zipfile: BadZipFile, NotImplementedError, ValueError, struct.error
        raise Unreadable("文件损坏或不是 .xlsx", "用 Excel、WPS 打开，另存为 .xlsx") from None
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > min(MOST_UNPACKED, MOST_RATIO * len(data)):
        raise Unreadable("文件解压后过大", "删去多余的工作表和图片，另存为 .xlsx")


def _texts(data: bytes, *, values: bool) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet that have anything in them."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that are of no interest here
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
        try:
            cells = book.worksheets[0].iter_rows(min_row=1, max_row=LAST_ROW, min_col=1, max_col=MOST_COLUMNS)
            return list(islice(_filled(cells), MOST_ROWS + 2))
        finally:
            book.close()


def _filled(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows that have any text. One same blank row fills every gap: it is looked at once."""
    blank: tuple[Any, ...] | None = None
    for number, row in enumerate(rows, start=1):
        if row is blank:
            continue
        texts = [_text(cell) for cell in row]
        if any(texts):
            yield number, texts
        else:
            blank = row


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a fraction, days without a time of 00:00."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return UNCOMPUTED
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    return str(value)


def _computed(texts: list[str], values: list[str]) -> list[str]:
    """``texts`` with the values of its formulas; a formula without one stays UNCOMPUTED."""
    return [
        value or UNCOMPUTED if text == UNCOMPUTED else text
        for text, value in zip_longest(texts, values[: len(texts)], fillvalue="")
    ]
