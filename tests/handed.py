"""What units hand in, as the reader would have found it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from duban.domain.checks import Finding, Grade, Handed, check
from duban.domain.content import Content, FileKind, Mark, Paragraph, Picture, Table
from duban.domain.counting import words
from duban.domain.notice import Deliverable, Notice
from duban.reading.definitions import read_definition

NOTICES = Path(__file__).resolve().parents[1] / "flows" / "notices"
Rows = Sequence[Sequence[str]]


def han(number: int) -> str:
    """So many Han characters."""
    return "学" * number


def paragraph(text: str | tuple[int, str]) -> Paragraph:
    """A line of text, or ``(level, heading)``."""
    return Paragraph(text=text) if isinstance(text, str) else Paragraph(level=text[0], text=text[1])


def paper(
    name: str,
    *lines: str | tuple[int, str],
    tables: Sequence[Rows] = (),
    kind: FileKind = FileKind.DOCX,
    item: str = "",
    **more: Any,
) -> Handed:
    """A document; its 字数 is that of its lines and cells, unless told otherwise."""
    cells = [cell for rows in tables for row in rows for cell in row]
    content: dict[str, Any] = {
        "paragraphs": tuple(map(paragraph, lines)),
        "tables": tuple(Table(rows=tuple(map(tuple, rows))) for rows in tables),
        "words": sum(words(line if isinstance(line, str) else line[1]) for line in lines) + sum(map(words, cells)),
    }
    return Handed(name=name, size=20_000, item=item, content=Content(kind=kind, **content | more))


def sheet(name: str, *rows: Sequence[str], **more: Any) -> Handed:
    """A workbook of one table."""
    return paper(name, tables=[rows], kind=FileKind.XLSX, **more)


def photo(name: str, width: int = 4000, height: int = 3000, size: int = 0, **more: Any) -> Handed:
    """A picture as a file of its own; its size in bytes is its own unless told otherwise."""
    own = size or 100_000 + sum(name.encode())
    picture = Picture(width=width, height=height, name=name.rpartition(".")[0])
    return Handed(name=name, size=own, content=Content(kind=FileKind.JPEG, pictures=(picture,), **more))


def photos(number: int, *, start: int = 1) -> list[Handed]:
    """So many pictures, each with a name of its own."""
    return [photo(f"开幕式现场{at}.jpg") for at in range(start, start + number)]


def film(name: str) -> Handed:
    return Handed(name=name, size=9_000_000, content=Content(kind=FileKind.MP4))


def archive(name: str, *entries: str) -> Handed:
    return Handed(name=name, size=9_000_000, content=Content(kind=FileKind.ZIP, entries=entries))


def marked(name: str, *marks: Mark, kind: FileKind = FileKind.DOCX, trouble: str = "") -> Handed:
    """A file with something wrong about it."""
    return Handed(name=name, size=1_000, content=Content(kind=kind, marks=marks, trouble=trouble))


def unread(name: str, item: str = "") -> Handed:
    """A file that is still being read."""
    return Handed(name=name, size=1_000, item=item)


def definition(name: str) -> Notice:
    """A shipped definition."""
    return read_definition(NOTICES / f"{name}.yaml")


def found(notice: Notice, deliverable: str | Deliverable, *handed: Handed, is_complete: bool = True) -> list[Finding]:
    """The findings on these files."""
    asked = notice.find(deliverable)[1] if isinstance(deliverable, str) else deliverable
    return list(check(asked, notice, handed, is_complete=is_complete))


def said(findings: Sequence[Finding]) -> list[tuple[Grade, str]]:
    """Grades and sentences alone."""
    return [(finding.grade, finding.zh) for finding in findings]
