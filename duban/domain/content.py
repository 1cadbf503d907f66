"""What is in a file that was handed in, as facts. ``reading`` finds them in a child process; ``checks`` judges them."""

from duban.domain.filekind import FileKind, Mark
from duban.domain.strict import Strict

__all__ = ["Content", "FileKind", "Mark", "Paragraph", "Picture", "Table"]


class Table(Strict):
    """A table as it stands, cells as text; merged cells repeat their text. Blank rows of a sheet are left out."""

    rows: tuple[tuple[str, ...], ...]
    #: the sheet it stands on, for workbooks
    sheet: str = ""


class Picture(Strict):
    """A picture: a file of its own, or inside a document."""

    width: int
    height: int
    #: the caption or the file's name without its ending; empty when there is none
    name: str = ""


class Paragraph(Strict):
    """A line of running text, in order."""

    text: str
    #: 1 for a title or heading of the first level …; 0 for running text
    level: int = 0


class Content(Strict):
    """What one file holds."""

    kind: FileKind
    #: each once, in the order of ``Mark``
    marks: tuple[Mark, ...] = ()
    #: a sentence for people about what could not be read; empty when all could
    trouble: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    #: None where pages are not known without laying out (docx)
    pages: int | None = None
    #: Word/WPS 字数 of body, tables and text boxes, footnotes not counted; None when it could not be counted
    words: int | None = None
    #: the names inside an archive
    entries: tuple[str, ...] = ()
    #: sentences for people about what was read but is easily overlooked (hidden sheets, references to other files)
    notes: tuple[str, ...] = ()
