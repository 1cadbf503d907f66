"""The text as it was meant: one width, no page furniture, whole lines; and the place of each character.

Nothing is added: a mended text has the characters of the original, some of them in another width, some left out.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from duban.drafting.joining import goes_on, usual_width
from duban.drafting.script import SIMPLIFIED

#: How a text is written does not matter for what it says; for matching, marks have one form.
_MARKS = {
    **dict.fromkeys(map(ord, "—–－―─‐‑‒−~～∼〜"), "-"),
    **dict.fromkeys(map(ord, "‘’＇`"), "'"),
    **dict.fromkeys(map(ord, "“”„‟＂「」『』"), '"'),
    **dict.fromkeys(map(ord, "｡."), "."),
    **dict.fromkeys(map(ord, "︰∶ː﹕"), ":"),
    **dict.fromkeys(map(ord, "﹐"), ","),
    **dict.fromkeys(map(ord, "﹙❨"), "("),
    **dict.fromkeys(map(ord, "﹚❩"), ")"),
    **dict.fromkeys(map(ord, "［〔【﹝"), "["),
    **dict.fromkeys(map(ord, "］〕】﹞"), "]"),
    **dict.fromkeys(map(ord, "○〇"), "〇"),
}
#: Shown as printed, but for width: letters, digits and signs of addresses.
_KEPT_WIDE = frozenset("，：；！？（）")
#: ① is a number before a paragraph, not the digit.
_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_MARKUP = re.compile(r"\*\*|__|^\s*#{1,6}\s+|^\s*>\s?|^\s*[-*_]{3,}\s*$")
_PAGE = re.compile(
    r"[\s\-—–·.]*(?:第?\s*\d{1,4}\s*页?|第\s*\d+\s*页\s*[,，/]?\s*共\s*\d+\s*页|\d{1,3}\s*/\s*\d{1,3})[\s\-—–·.]*"
)
#: A row of a table, its cells between bars.
_BARS = re.compile(r"^[ \t]*\|[^\n]*$", re.MULTILINE)
#: Letters alone on a line of a Chinese document are a watermark; an address is not.
_WATERMARK = re.compile(r"\s*[A-Za-z][A-Za-z ]{2,30}\s*")
#: Lines of a text that are read; a notice with all its annexes has some thousand.
MOST_LINES = 20_000
#: A line that stands so often is a header or footer.
_FURNITURE = 3
#: Spaces stay before what people look for by its label.
_LABEL = re.compile(
    r"联系|电话|手机|邮箱|电子|传真|地址|邮编|邮政|附件|[Ee]-?mail|QQ|微信|单位|时间|抄|"
    r"20\d\d年|[(（]?[一二三四五六七八九十]{1,3}[、)）]"
)
_LABEL_STARTS = frozenset("联电手邮传地附EeQ微单时抄2(（一二三四五六七八九十")


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A mended text: paragraphs, a line each; a row of a table is a line of cells with tabs between them."""

    original: str
    #: as printed, but for broken lines and widths
    shown: str
    #: of the same length, for matching: simplified, marks of one form
    plain: str
    #: where pieces of ``shown`` begin, and where each stands in ``original``
    starts: tuple[int, ...]
    places: tuple[int, ...]

    def place(self, at: int) -> int:
        """The place in ``original`` of the character at ``at`` in ``shown``."""
        piece = bisect_right(self.starts, at) - 1
        return self.places[piece] + at - self.starts[piece]


#: From where to where in the original; an end of ``LINE_END`` stands for the end of a paragraph.
Piece = tuple[int, int]
LINE_END = -1


def mend(text: str) -> Mended:
    """Mend a text as it came."""
    one_width = _BARS.sub(lambda row: row[0].replace("|", "\t"), text.translate(_widths(text)))
    lines = _lines(one_width)
    pieces: list[Piece] = []
    width = usual_width(one_width, lines)
    before: list[Piece] = []
    for line in lines:
        if before and not goes_on(one_width, before, line, width):
            pieces.append((before[-1][1], LINE_END))
        pieces += line
        before = line
    return _cut(text, one_width, pieces)


def _cut(text: str, one_width: str, pieces: list[Piece]) -> Mended:
    """The pieces one after the other."""
    shown, starts, places, at = [], [], [], 0
    for start, end in pieces:
        words = "\n" if end == LINE_END else one_width[start:end]
        shown.append(words)
        starts.append(at)
        places.append(start)
        at += len(words)
    whole = "".join(shown)
    plain = whole.translate(_plain_table(whole)).translate(SIMPLIFIED)
    return Mended(original=text, shown=whole, plain=plain, starts=(*starts,) or (0,), places=(*places,) or (0,))


def _widths(text: str) -> dict[int, str]:
    """Each character of ``text`` that NFKC writes otherwise, in one character; Chinese marks stay wide."""
    table = {}
    for char in set(text):
        narrow = unicodedata.normalize("NFKC", char)
        kept = char in _KEPT_WIDE or char in _CIRCLED or char in "\u3000\u00a0"
        if len(narrow) == 1 and narrow != char and not kept:
            table[ord(char)] = narrow
    return table


def _plain_table(text: str) -> dict[int, str]:
    table = {ord(char): unicodedata.normalize("NFKC", char) for char in set(text) if char in _KEPT_WIDE}
    return {**table, **_MARKS}


def _lines(text: str) -> list[list[Piece]]:
    """The lines that say something, each as pieces without what does not belong to the words."""
    found = (one.span() for one in re.finditer(r"[^\n\r\f\v\u2028\u2029\x85]+", text))
    raw = list(islice((span for span in found if not text[span[0] : span[1]].isspace()), MOST_LINES))
    stripped = [text[start:end].strip() for start, end in raw]
    often = Counter(line for line in stripped if len(line) <= 40)
    return [
        pieces
        for (start, end), line in zip(raw, stripped, strict=True)
        if not _is_furniture(line, often) and (pieces := list(_pieces(text, start, end)))
    ]


def _is_furniture(line: str, often: Counter[str]) -> bool:
    if not line or _PAGE.fullmatch(line) or _WATERMARK.fullmatch(line):
        return True
    repeated = often[line] >= _FURNITURE and len(line) > 3
    return repeated and not re.search(r"[\t|:：。]|附件|附表|盖章|^[(（\d]|电话|联系|年\s*月", line)


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """What of a line stays."""
    line = text[start:end]
    drop = [found.span() for found in _INVISIBLE.finditer(line)] + [found.span() for found in _MARKUP.finditer(line)]
    is_row = bool(re.search(r"\S *\t[ \t]*\S", line))
    for found in _SPACES.finditer(line):
        first, last = found.span()
        if not is_row and first > 0 and last < len(line) and _is_gap(line[first - 1], line[last], last - first):
            drop.append((first, last))
        else:
            drop += _dropped_spaces(line, first, last, is_row=is_row)
    at = 0
    for first, last in sorted(drop):
        if first > at:
            yield start + at, start + first
        at = max(at, last)
    if at < len(line):
        yield start + at, end


def _is_gap(before: str, after: str, length: int) -> bool:
    """A space between Chinese characters that parts nothing; the common case, decided quickly."""
    return not (before < "\x80" and after < "\x80") and after not in _LABEL_STARTS and length == 1


def _dropped_spaces(line: str, start: int, end: int, *, is_row: bool) -> list[Piece]:
    """One space stays where it parts words; between Chinese characters and in numbers none does; in rows, tabs stay."""
    if is_row and "\t" in line[start:end]:
        begin = start + (start == 0)
        return [(begin - (start == 0), begin)] * (start == 0) + [
            (at, at + 1) for at in range(begin, end) if line[at] != "\t" or end == len(line)
        ]
    if start == 0 or end == len(line):
        return [(start, end)]
    if _parts_words(line, start, end):
        return [(start + 1, end)]
    return [(start, end)]


def _parts_words(line: str, start: int, end: int) -> bool:
    before, after = line[start - 1], line[end]
    if before.isascii() and after.isascii():
        if before.isdigit() and after.isdigit() and re.match(r"\d{1,3} *[年月日时点:：分前]", line[end : end + 6]):
            return False
        return before not in ".@-:" and after not in ".@-:"
    return (after in _LABEL_STARTS and bool(_LABEL.match(line, end))) or (end - start > 1 and before in "。.;；")
