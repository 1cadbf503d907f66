"""What the child found, on its way to being ``Content``: the same fields, and text that any database can keep."""

import re
from dataclasses import dataclass, replace

from duban.domain.filekind import FileKind, Mark

#: what no text for people holds: control characters but tab and newline, halves of pairs, marks that turn the
#: reading direction, and the noncharacters
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BLANKS = re.compile(r"\s+")


#: why a reader gives up, or is given up
TOO_MUCH = "文件过大或过于复杂，超出读取的限度"


class Refused(Exception):
    """The file cannot be read for a reason that has a name; ``trouble`` says what to do, for people."""

    def __init__(self, mark: Mark, trouble: str) -> None:
        super().__init__(trouble)
        self.mark = mark
        self.trouble = trouble


@dataclass(frozen=True, kw_only=True)
class Line:
    text: str
    level: int = 0


@dataclass(frozen=True, kw_only=True)
class Grid:
    rows: tuple[tuple[str, ...], ...]
    sheet: str = ""


@dataclass(frozen=True, kw_only=True)
class Shot:
    width: int
    height: int
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The fields of ``Content``, as they go over the wire."""

    kind: FileKind
    marks: tuple[Mark, ...] = ()
    trouble: str = ""
    paragraphs: tuple[Line, ...] = ()
    tables: tuple[Grid, ...] = ()
    pictures: tuple[Shot, ...] = ()
    pages: int | None = None
    words: int | None = None
    entries: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def marked(self, *marks: Mark) -> "Found":
        """With these marks too, each once, in the order of ``Mark``."""
        every = {*self.marks, *marks}
        return replace(self, marks=tuple(mark for mark in Mark if mark in every))


def fit(text: str) -> str:
    """``text`` without what people cannot read and databases refuse; what parts words becomes a blank."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n"))


def one_line(text: str) -> str:
    """``text`` in one line, blanks as single spaces, none around it."""
    return _BLANKS.sub(" ", fit(text)).strip()


def sentence(trouble: str) -> str:
    """For people: why it was not read, and whether its sender or its reader must do something."""
    return f"无法自动核验：{trouble}" if "重新上传" in trouble else f"无法自动核验，请人工核验：{trouble}"
