"""Texts from outside, made fit for a document: nothing that a program would obey, nothing that XML cannot hold."""

import re
import unicodedata

#: What spreadsheet programs take for the beginning of a formula; the full-width ones too, in East Asian versions.
_HAZARDS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\0", "\r", "\n")
#: what a cell of a workbook holds
_MOST_IN_CELL = 32_767
#: control characters (tab and line feed are texts' own), halves of characters, and what is no character
_UNPRINTABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: what turns or hides the text after it
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Excel and WPS read ``_x003D_`` as ``=``
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

#: what no file system takes in a name
_NO_NAME = re.compile(r'[\\/:*?"<>|\s]+')
#: what no workbook takes in the name of a sheet
_NO_SHEET = re.compile(r"[\\/:*?\[\]]+")
#: what Windows keeps for itself, with whatever ending
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
#: bytes of a file's name without its ending, well below every system's 255
_MOST_IN_NAME = 160


def printable(text: str) -> str:
    """``text`` without control characters; every end of line is one line feed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _TURNING.sub("", _UNPRINTABLE.sub("", lines))


def one_line(text: str) -> str:
    """``text`` on one line, blanks counted once."""
    return " ".join(printable(text).split())


def formula_safe(text: str) -> str:
    """``text`` for a cell: what begins like a formula gets an apostrophe before it (ASVS 1.2.10)."""
    clean = _CODED.sub("_x005F_", printable(text))
    is_hazard = text.startswith(_HAZARDS) or clean.startswith(_HAZARDS)
    return ("'" + clean if is_hazard else clean)[:_MOST_IN_CELL]


def file_stem(name: str) -> str:
    """``name`` as the name of a file, without its ending; never empty, never a way out of a folder."""
    stem = _NO_NAME.sub(" ", one_line(name)).strip(". ")
    cut = unicodedata.normalize("NFC", stem).encode()[:_MOST_IN_NAME].decode(errors="ignore").strip(". ")
    return f"_{cut}" if _DEVICE.match(cut) else cut or "未命名"


def sheet_title(name: str) -> str:
    """``name`` as the name of a sheet: at most 31 characters."""
    return _NO_SHEET.sub(" ", one_line(name))[:31].strip("' ") or "表"


def width(text: str) -> float:
    """How wide ``text`` is, in Han characters: a Latin letter or digit is half of one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)
