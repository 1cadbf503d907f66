"""The order of a mended text: documents, paragraphs with their headings, sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

#: A document number on a line of its own; brackets of all forms come as ``[``, ``(`` or ``"``.
NUMBER = re.compile(
    r"(?P<office>[\u4e00-\u9fff][\u4e00-\u9fff()A-Za-z·]{0,23}?)[\[(\"<{]? ?(?P<year>(?:19|"
    r"20)\d\d)[\])\">}]? ?第?(?P<count>\d{1,5})号"
)
_NUMBERED_LINE = re.compile(rf"(?:[^\n\d]{{0,24}} )?{NUMBER.pattern}(?: ?签发人.{{0,20}})?")
_TITLE = re.compile(r"关于|通知|函|方案|意见|决定|通报|公告")
_LEVELS = (
    (1, re.compile(r"(?:第[一二三四五六七八九十百\d]{1,4}[章节部条]|[一二三四五六七八九十]{1,3}[、.,])")),
    (2, re.compile(r"\([一二三四五六七八九十]{1,3}\)")),
    (3, re.compile(r"\d{1,2}(?:[、)]|\.(?!\d{1,2}(?!\d|[个份篇张名项件部年寸期]|课时|学时|分钟))) ?")),
    (4, re.compile(r"\(\d{1,2}\)")),
    (5, re.compile(r"[①-⑳⑴-⒇]")),
)
_ATTACHMENT = re.compile(r"附(?:件|表|录) ?[一二三四五六七八九十\d]{0,2}:?")
_ENDS = re.compile(r"[。!?]|(?<![\d.])\.(?=[\u4e00-\u9fff]|$)|$")
#: Paragraphs of a text that are read.
MOST_LINES = 20_000
#: A sentence is never longer; hostile texts have no marks.
_LONGEST = 800


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph, a heading, or a row of a table."""

    start: int
    end: int
    text: str
    #: of its number: 1 for 一、; 2 for （一）; 3 for 1. …; 9 for running text; 0 for the title of an attachment
    level: int
    #: the paragraphs (by index) under which it stands, from above
    path: tuple[int, ...]

    @property
    def is_row(self) -> bool:
        """True for a row of a table."""
        return "\t" in self.text

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The cells of a row; empty for other paragraphs."""
        return tuple(cell.strip() for cell in self.text.split("\t")) if "\t" in self.text else ()

    @property
    def body(self) -> int:
        """How many characters its number has."""
        found = next((form.match(self.text) for level, form in _LEVELS if level == self.level), None)
        return found.end() if found else 0


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document of a file."""

    paragraphs: tuple[Paragraph, ...]
    #: index of the first paragraph of the attachments; the number of paragraphs where there are none
    attached: int


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of a paragraph."""

    start: int
    end: int
    text: str
    #: the index of its paragraph
    paragraph: int


def documents(plain: str) -> list[Document]:
    """The documents of a text: each begins with its letterhead and number."""
    lines = list(islice(_lines(plain), MOST_LINES))
    firsts = _firsts([text for _, text in lines])
    bounds = [*firsts, len(lines)]
    return [_document(lines[start:end]) for start, end in pairwise(bounds)]


def _lines(plain: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in plain.split("\n"):
        if line.strip():
            yield at, line
        at += len(line) + 1


def _firsts(lines: list[str]) -> list[int]:
    """Where documents begin; the first always at the beginning."""
    found = [0]
    seen = 0
    for at, line in enumerate(lines):
        if len(line) > 60 or (not line.rstrip().endswith(("号", "人")) and "签发人" not in line):
            continue
        if _NUMBERED_LINE.fullmatch(line.strip()) and any(_TITLE.search(near) for near in lines[at + 1 : at + 7]):
            seen += 1
            if seen > 1:
                found.append(_letterhead(lines, at, found[-1] + 1))
    return found


def _letterhead(lines: list[str], at: int, floor: int) -> int:
    """The first line of the letterhead above a number."""
    while (
        at > floor
        and len(lines[at - 1]) <= 24
        and ":" not in lines[at - 1]
        and re.search(r"(?:文件|厅|局|委|会|部|办公室|中心|政府|大学|院)\)?$", lines[at - 1])
    ):
        at -= 1
    return at


def _document(lines: list[tuple[int, str]]) -> Document:
    paragraphs: list[Paragraph] = []
    path: list[int] = []
    attached = len(lines)
    for at, (start, text) in enumerate(lines):
        level = _level(text)
        if level == 0 and at > 3:
            attached = min(attached, at)
        while path and level <= paragraphs[path[-1]].level:
            path.pop()
        paragraphs.append(Paragraph(start=start, end=start + len(text), text=text, level=level, path=tuple(path)))
        if level < 9:
            path.append(at)
    return Document(paragraphs=tuple(paragraphs), attached=attached)


def _level(text: str) -> int:
    if len(text) < 12 and _ATTACHMENT.fullmatch(text.strip()):
        return 0
    return next((level for level, form in _LEVELS if form.match(text)), 9)


def sentences(paragraph: Paragraph, index: int) -> Iterator[Sentence]:
    """The sentences of a paragraph, behind its number; brackets are not parted."""
    text, at = paragraph.text, paragraph.body
    while at < len(text):
        end = _end(text, at)
        yield Sentence(start=paragraph.start + at, end=paragraph.start + end, text=text[at:end], paragraph=index)
        at = end


def _end(text: str, at: int) -> int:
    for found in _ENDS.finditer(text, at, at + _LONGEST):
        inside = text[at : found.end()]
        if inside.count("(") <= inside.count(")") or found.end() - at > 200:
            return max(found.end(), at + 1)
    return min(len(text), at + _LONGEST)
