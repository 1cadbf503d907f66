"""Tables from outside (CSV; XLSX where asked for) into rows of clean text.

Whatever the bytes are, the outcome is rows or one ``TableRefused`` with one line for every fault:
``file:line:column 说明（建议：…）`` in a CSV, ``file:B7 说明（建议：…）`` in an XLSX.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import TypeVar

from duban.domain.errors import InputRefused
from duban.reading.sheets import FORMULA_ERRORS, MOST_COLUMNS, MOST_ROWS, Unreadable, is_sheet, letter, sheet_rows

#: bytes of a file
MOST_BYTES = 20 * 1024 * 1024
#: characters of a cell
MOST_CHARS = 500
#: faults of a table that are listed; the rest is counted
MOST_FAULTS = 1000
#: words among which a misspelt one is looked for
MOST_GUESSES = 500
#: characters of a value that a fault repeats
SHOWN = 40

#: marks that turn the reading direction: a name that reads otherwise than it is stored
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: the years of a day that is believed; beyond them arithmetic and databases fail
YEARS = range(1970, 3000)

Value = TypeVar("Value")


class TableRefused(InputRefused):
    """A table from outside is wrong; ``problems`` has every fault, one line each, in the file's order.

    ``str`` is the first one and how many more there are; ``total`` where not all of them are listed.
    """

    def __init__(self, problems: Sequence[str], total: int = 0) -> None:
        total = total or len(problems)
        more = f"；另有 {total - 1} 处问题" if total > 1 else ""
        super().__init__(problems[0] + more, f"{total} problem(s), nothing was read; the first: {problems[0]}")
        self.problems = list(problems)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns that a table must have, each once, in any order."""

    names: tuple[str, ...]
    #: other headers that are understood
    aliases: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its text by column, without blanks around it."""

    #: counted from 1 as the file's lines (CSV: the line on which the row begins) or rows
    number: int
    cells: Mapping[str, str]
    #: columns whose text was refused already; it reads as blank
    spoilt: frozenset[str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def line(place: str, text: str, hint: str = "") -> str:
    """The one form of a fault: where, what, and what to do."""
    return f"{place} {text}（建议：{hint}）" if hint else f"{place} {text}"


def shown(text: str, most: int = SHOWN) -> str:
    """``text`` fit to be repeated in one line: no control characters, not longer than ``most``."""
    clean = "".join("�" if _is_control(character) else character for character in text[: most + 1])
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def day_of(text: str) -> date | None:
    """A day written YYYY-MM-DD; None for anything else."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


class Table:
    """The rows of a file, and the faults found so far."""

    def __init__(
        self, file: str, header: Sequence[str], columns: Columns, refused: type[TableRefused], *, addresses: bool
    ) -> None:
        self.rows: list[Row] = []
        self.file = file
        self._raw = list(header)
        self._header = [text.strip() for text in header]
        while not self._header[-1]:
            self._header.pop()
        self._columns = columns
        self._refused = refused
        self._addresses = addresses
        names = [columns.aliases.get(text, text) for text in self._header]
        self._position = {name: names.index(name) for name in columns.names if name in names}
        self._named = {position for position, text in enumerate(self._header) if text}
        self._faults: list[tuple[int, int, str]] = []
        self._unlisted = 0

    def complain(self, row: Row, column: str, text: str, hint: str = "") -> None:
        """Note a fault of a cell, unless the cell was refused already."""
        if column not in row.spoilt:
            self.note(row.number, self._position[column], text, hint)

    def complain_of_word(self, row: Row, column: str, text: str, known: Iterable[str], hint: str) -> None:
        """Note a word that is not ``known``: the hint is the known word that was probably meant, else ``hint``."""
        self.complain(row, column, text, self._guess(row[column], known) or hint)

    def word(self, row: Row, column: str, known: Mapping[str, Value], called: str) -> Value | None:
        """What a cell means by a vocabulary; None, and a fault noted, when it is not in it."""
        if row[column] in known:
            return known[row[column]]
        text = f"{called}“{shown(row[column])}”不认识" if row[column] else f"{called}为空"
        self.complain_of_word(row, column, text, known, f"填写 {_choices(known)} 之一")
        return None

    def _guess(self, word: str, known: Iterable[str]) -> str:
        """Empty when no known word is near; not looked for among very many, or for a fault that is only counted."""
        words = list(islice(known, MOST_GUESSES + 1)) if len(self._faults) < MOST_FAULTS else []
        close = get_close_matches(word, words, n=1) if len(words) <= MOST_GUESSES else []
        return f"是否为 {close[0]}" if close else ""

    def note(self, number: int, position: int, text: str, hint: str = "") -> None:
        """Note a fault at a row and a position in it (from 0)."""
        if len(self._faults) == MOST_FAULTS:
            self._unlisted += 1
        else:
            self._faults.append((number, position, line(self.place(number, position), text, hint)))

    def place(self, number: int, position: int) -> str:
        if self._addresses:
            return f"{self.file}:{letter(position)}{number}"
        written = self._header[position] if position < len(self._header) else ""
        return f"{self.file}:{number}:{shown(written) or f'第{position + 1}列'}"

    def check_header(self, number: int) -> None:
        """Note spoilt, unknown and doubled columns; missing ones at the free places after the last."""
        names = [self._columns.aliases.get(text, text) for text in self._header]
        for position, name in enumerate(names):
            written = shown(self._header[position])
            if self._is_spoilt(number, position, self._raw[position]):
                continue
            if name and name not in self._columns.names:
                guess = self._guess(name, (*self._columns.names, *self._columns.aliases))
                self.note(number, position, f"不认识的列“{written}”", guess or "删去这一列")
            elif name in names[:position] and name:
                self.note(number, position, f"“{written}”列不止一列", "只留一列")
        missing = [name for name in self._columns.names if name not in names]
        for position, name in enumerate(missing, start=len(names)):
            self._header.append(name)
            self.note(number, position, f"缺少“{name}”列", f"在表头补上 {name}")

    def stop(self) -> None:
        """Raise when any fault was noted: all of them in the file's order."""
        if not self._faults:
            return
        said = [text for _, _, text in sorted(self._faults)]
        if self._unlisted:
            said.append(line(self.file, f"另有 {self._unlisted} 处问题未列出", "先改正以上各处"))
        raise self._refused(said, total=len(self._faults) + self._unlisted)

    def take(self, number: int, texts: Sequence[str]) -> None:
        """Add a row; note what no cell of any table may have."""
        spoilt = {position for position, text in enumerate(texts) if self._is_spoilt(number, position, text)}
        clean = {n: text.strip() for n, text in enumerate(texts) if n not in spoilt}
        extra = [n for n, text in clean.items() if text and n not in self._named]
        if extra:
            hint = "删去这一格" if self._addresses else "含逗号的内容用英文双引号括起来"
            self.note(number, extra[0], "表头没有这一列", hint)
        cells = {name: clean.get(n, "") for name, n in self._position.items()}
        bad = frozenset(name for name, n in self._position.items() if n in spoilt)
        self.rows.append(Row(number=number, cells=cells, spoilt=bad))

    def _is_spoilt(self, number: int, position: int, text: str) -> bool:
        control = next(filter(_is_control, text), None) if not text.isprintable() else None
        if control is not None:
            self.note(number, position, f"含控制字符 U+{ord(control):04X}", "删去单元格里的换行或不可见字符")
        elif len(text) > MOST_CHARS:
            self.note(number, position, f"共 {len(text)} 字，超过 {MOST_CHARS} 字", "缩短后再导入")
        elif text.strip() in FORMULA_ERRORS:
            self.note(number, position, f"公式没有结果（{text.strip()}）", "改为文字；或用 Excel、WPS 打开并保存一次")
        else:
            return False
        return True


def read_table(path: Path, columns: Columns, refused: type[TableRefused], *, sheets: bool = False) -> Table:
    """The rows of a file with exactly these columns; XLSX too where ``sheets``. Raises ``refused``.

    Blank rows are passed over. Faults of cells are noted in the table; the caller adds its own, then asks for all.
    """
    file = shown(path.name, 100)
    try:
        data = _bytes_of(path)
        addresses = (is_sheet(data) or path.suffix.lower() == ".xlsx") and sheets
        rows = _filled(sheet_rows(data) if addresses else _csv_rows(_decoded(data)))
    except Unreadable as fault:
        place = f"{file}:{fault.number}" if fault.number else file
        raise refused([line(place, fault.text, fault.hint)]) from None
    number, header = rows[0]
    table = Table(file, header, columns, refused, addresses=addresses)
    table.check_header(number)
    table.stop()
    for number, texts in rows[1:]:
        table.take(number, texts)
    return table


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise Unreadable("文件打不开", "检查路径和权限") from None
    if len(data) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES // 1024 // 1024} MB", "分成几个文件")
    return data


def _decoded(data: bytes) -> str:
    """The text of a CSV: UTF-8 with or without BOM, else GB18030 (what Excel writes in Chinese Windows)."""
    if b"\0" in data:
        raise Unreadable("不是文本文件（含 NUL 字节）", "另存为 CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if data.startswith(b"\xef\xbb\xbf") or _was_utf8(data[: fault.start]):
            raise Unreadable("UTF-8 编码损坏", "重新导出", data.count(b"\n", 0, fault.start) + 1) from None
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as fault:
        number = data.count(b"\n", 0, fault.start) + 1
        raise Unreadable("编码不是 UTF-8，也不是 GB18030", "另存为 CSV UTF-8", number) from None


def _was_utf8(start: bytes) -> bool:
    """True when Chinese text was read as UTF-8 before the first wrong byte: by chance GB18030 does not do that."""
    return sum(character >= "\u0800" for character in start.decode("utf-8")) > 2


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for texts in reader:
            yield begins, texts
            begins = reader.line_num + 1
    except csv.Error:
        raise Unreadable("英文双引号不成对，或一格过长", "成对使用双引号；格内的双引号写两个", begins) from None


def _filled(rows: Iterable[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The rows that have any text: the header and at most MOST_ROWS more."""
    found: list[tuple[int, list[str]]] = []
    for number, texts in rows:
        if any(map(str.strip, texts)):
            found.append((number, texts[:MOST_COLUMNS]))
        if len(texts) > MOST_COLUMNS and any(map(str.strip, texts[MOST_COLUMNS:])):
            raise Unreadable(f"超过 {MOST_COLUMNS} 列", "只留需要的列", number)
        if len(found) > MOST_ROWS + 1:
            raise Unreadable(f"超过 {MOST_ROWS} 行", "分成几个文件", number)
    if not found:
        raise Unreadable("文件是空的", "第一行写表头")
    return found


def _choices(known: Mapping[str, object]) -> str:
    """What may be written: each meaning by its first two spellings."""
    spellings: dict[object, list[str]] = {}
    for word, meaning in known.items():
        spellings.setdefault(meaning, []).append(word)
    return "、".join("/".join(words[:2]) for words in spellings.values())


def _is_control(character: str) -> bool:
    """Control characters, line separators, lone surrogates, and marks that turn the reading direction."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in TURNING
