"""The lines of a PDF page, and the paragraphs that they make.

A PDF knows glyphs at places, no paragraphs. A line that reaches the right margin goes on in the next one, unless that
one is indented, set in another size, or further down than lines are; within Chinese nothing comes between the two.
"""

import re
import unicodedata
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

#: how pdfium writes a hyphen that parts a word at the end of a line
_PARTED = ("\ufffe", "\x02", "\u00ad")
_PARTS = re.compile(f"[{''.join(_PARTED)}]")
#: in heights of a line: what may lack to the margin, how far an indent is, how far apart lines are
_LACK, _INDENT, _LEADING = 1.5, 1.5, 2.6
#: two sizes of type
_OTHER_SIZE = 1.25


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A line and where it stands on the page, in points from the lower left."""

    text: str
    left: float
    right: float
    bottom: float
    height: float


def printed_lines(page: pypdfium2.PdfPage) -> list[Printed]:
    """The lines of a page in reading order, as pdfium tells it; blank ones are left out."""
    layer = page.get_textpage()
    try:
        found = []
        at = 0
        for text in _text(layer).split("\n"):
            begin, end = at, at + len(text)
            at = end + 1
            if text.strip():
                found.append(_placed(layer, text, begin, end))
        return found
    finally:
        layer.close()


def paragraphs(lines: list[Printed]) -> list[str]:
    """The paragraphs that the lines of one page make."""
    margin = max((line.right for line in lines), default=0.0)
    found: list[str] = []
    last: Printed | None = None
    for line in lines:
        if last is not None and _goes_on(last, line, margin):
            found[-1] = _joined(found[-1], line.text.strip())
        else:
            found.append(line.text.strip())
        last = line
    return [whole for text in found if (whole := _PARTS.sub("", text).strip())]


def _text(layer: pypdfium2.PdfTextPage) -> str:
    """One character for each of pdfium's, so that its places can be asked; line ends as newlines."""
    count = layer.count_chars()
    return "".join(_character(raw.FPDFText_GetUnicode(layer, index)) for index in range(count))


def _character(code: int) -> str:
    """CR becomes a blank, so that CR LF ends one line; so does what is none."""
    return " " if code in (0x00, 0x0D) or code > 0x10FFFF else chr(code)


def _placed(layer: pypdfium2.PdfTextPage, text: str, begin: int, end: int) -> Printed:
    """By the first and the last character that can be seen."""
    seen = [index for index in range(begin, end) if not text[index - begin].isspace()]
    left, bottom, _, _ = _box(layer, seen[0])
    _, _, right, top = _box(layer, seen[-1])
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Printed(text=whole, left=left, right=right, bottom=bottom, height=max(1.0, top - bottom))


def _box(layer: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top by the font, not by the ink; zeros for what has no place."""
    try:
        left, bottom, right, top = layer.get_charbox(index, loose=True)
    except pypdfium2.PdfiumError:
        return (0.0, 0.0, 0.0, 0.0)
    return (left, bottom, right, top)


def _goes_on(last: Printed, line: Printed, margin: float) -> bool:
    height = max(last.height, line.height)
    return (
        last.right >= margin - _LACK * height
        and line.left <= last.left + _INDENT * height
        and height <= min(last.height, line.height) * _OTHER_SIZE
        and 0 < last.bottom - line.bottom <= _LEADING * height
    )


def _joined(before: str, after: str) -> str:
    """A parted word is whole again; Latin words keep a space between them; Chinese has none."""
    if before.endswith(_PARTED):
        return before[:-1] + after
    between = "" if _is_wide(before[-1:]) or _is_wide(after[:1]) else " "
    return f"{before}{between}{after}"


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WFA"
