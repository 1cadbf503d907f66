"""The blocks of a DOCX in order: paragraphs with what they show, and tables with their cells, nested ones too."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from duban.domain.filekind import Mark
from duban.reading.materials.docstyles import Styles
from duban.reading.materials.found import TOO_MUCH, Refused, fit
from duban.reading.materials.markup import local, value

#: what is not on the page: deleted text, commands of fields, settings, the second telling of a drawing, ruby
_UNSEEN = frozenset(
    ("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "Fallback", "rt")
)
_SAID = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
#: columns of a table beyond which nobody looks
_COLUMNS = 256
#: one pixel of 96 to the inch, in the unit of drawings
_EMU = 9525


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture in the package."""

    #: its name there
    part: str
    #: pixels; 0 where they cannot be told
    width: int = 0
    height: int = 0


@dataclass(frozen=True, kw_only=True)
class Shown:
    width: int
    height: int
    #: its name in the package; empty: it lies outside
    part: str
    #: what its author says it shows
    alt: str


@dataclass(kw_only=True)
class Paragraph:
    text: str = ""
    level: int = 0
    shots: list[Shown] = field(default_factory=list)
    #: text boxes that hang on it, each with blocks of its own
    boxes: list[list["Paragraph | Rows"]] = field(default_factory=list)


@dataclass(kw_only=True)
class Cell:
    row: int
    column: int
    #: columns that it spans
    span: int
    #: it goes on from the cell above
    continued: bool
    blocks: list["Paragraph | Rows"]

    def text(self) -> str:
        """Its own paragraphs; what is nested in it is a table of its own."""
        return "\n".join(b.text.strip() for b in self.blocks if isinstance(b, Paragraph) and b.text.strip())


@dataclass(kw_only=True)
class Rows:
    cells: list[list[Cell]] = field(default_factory=list)

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """Merged cells repeat their text; rows of unlike length are filled up."""
        grid: list[list[str]] = []
        for row in self.cells:
            line: list[str] = []
            for cell in row:
                line += [""] * (cell.column - len(line))
                above = grid[-1][cell.column] if cell.continued and grid and cell.column < len(grid[-1]) else None
                line += [above if above is not None else cell.text()] * cell.span
            grid.append(line)
        width = max(map(len, grid), default=0)
        return tuple(tuple(line + [""] * (width - len(line))) for line in grid)

    def below(self, cell: Cell) -> str:
        """What the cell under ``cell`` says: where pictures stand in one row and their names in the next."""
        rows = self.cells[cell.row + 1 : cell.row + 2]
        return next((under.text() for row in rows for under in row if under.column == cell.column), "")


class Walk:
    """Walks one document, ``most`` paragraphs and cells; ``images`` has its pictures by relation."""

    def __init__(self, styles: Styles, images: dict[str, Image], most: int) -> None:
        self._styles = styles
        self._images = images
        #: another document stands in the body as a whole
        self.embeds = False
        self._left = most

    def blocks(self, container: etree._Element) -> list[Paragraph | Rows]:
        """The paragraphs and tables of a body, a cell or a text box; content controls and the like are seen through."""
        found: list[Paragraph | Rows] = []
        for node in container:
            tag = local(node)
            if tag == "p":
                found.append(self._paragraph(node))
            elif tag == "tbl":
                found.append(self._table(node))
            elif tag == "altChunk":
                self.embeds = True
            elif tag not in _UNSEEN:
                found += self.blocks(node)
        return found

    def _paragraph(self, node: etree._Element) -> Paragraph:
        self._count()
        made = Paragraph(level=self._styles.level(node))
        made.text = fit("".join(self._inline(node, made, _Drawing())))
        return made

    def _inline(self, node: etree._Element, into: Paragraph, drawing: "_Drawing") -> Iterator[str]:
        """The text of a paragraph, run by run; pictures and text boxes are put aside on the way."""
        for child in node:
            tag = local(child)
            if tag == "t":
                yield child.text or ""
            elif tag in _SAID:
                yield _SAID[tag]
            elif tag == "sym":
                yield _symbol(value(child, "char"))
            elif tag == "txbxContent":
                into.boxes.append(self.blocks(child))
            elif tag == "r" and _is_hidden(child):
                continue
            elif tag not in _UNSEEN:
                inner = _Drawing() if tag in ("drawing", "pict") else drawing
                inner.look(tag, child)
                if tag in ("blip", "imagedata"):
                    into.shots.append(self._shown(child, inner))
                yield from self._inline(child, into, inner)

    def _shown(self, node: etree._Element, drawing: "_Drawing") -> Shown:
        key = value(node, "embed") or value(node, "id") or value(node, "link")
        image = self._images.get(key, Image(part=""))
        width, height = image.width or drawing.width, image.height or drawing.height
        return Shown(part=image.part, width=width, height=height, alt=drawing.alt)

    def _table(self, node: etree._Element) -> Rows:
        made = Rows()
        for number, row in enumerate(_within(node, "tr")):
            cells: list[Cell] = []
            column = _number(row, "trPr", "gridBefore")
            for cell in _within(row, "tc"):
                span = max(1, min(_number(cell, "tcPr", "gridSpan"), _COLUMNS))
                if column + span > _COLUMNS:
                    break
                self._count()
                cells.append(
                    Cell(
                        row=number,
                        column=column,
                        span=span,
                        continued=_is_continued(cell),
                        blocks=self.blocks(cell),
                    )
                )
                column += span
            made.cells.append(cells)
        return made

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Refused(Mark.UNREADABLE, TOO_MUCH)


class _Drawing:
    """What a drawing says of itself before its picture comes."""

    def __init__(self) -> None:
        self.width = self.height = 0
        self.alt = ""

    def look(self, tag: str, node: etree._Element) -> None:
        if tag == "extent":
            self.width, self.height = _pixels(value(node, "cx")), _pixels(value(node, "cy"))
        elif tag in ("docPr", "shape"):
            self.alt = value(node, "descr") or value(node, "title") or value(node, "alt")


def _within(node: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, through content controls, not through other tables."""
    for child in node:
        tag = local(child)
        if tag == wanted:
            if not _is_deleted(child):
                yield child
        elif tag not in _UNSEEN and tag not in ("p", "tbl", "tr", "tc"):
            yield from _within(child, wanted)


def _setting(node: etree._Element, settings: str, name: str) -> etree._Element | None:
    for child in node:
        if local(child) == settings:
            return next((one for one in child if local(one) == name), None)
    return None


def _number(node: etree._Element, settings: str, name: str) -> int:
    found = _setting(node, settings, name)
    text = value(found, "val") if found is not None else ""
    return min(int(text), _COLUMNS) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _is_continued(cell: etree._Element) -> bool:
    merge = _setting(cell, "tcPr", "vMerge")
    return merge is not None and value(merge, "val") in ("", "continue")


def _is_deleted(node: etree._Element) -> bool:
    """A row or a cell that a revision took away."""
    return _setting(node, "trPr", "del") is not None or _setting(node, "tcPr", "cellDel") is not None


def _is_hidden(run: etree._Element) -> bool:
    hidden = _setting(run, "rPr", "vanish")
    return hidden is not None and value(hidden, "val") not in ("0", "false", "off")


def _symbol(code: str) -> str:
    """A character of a symbol font, as the placeholder that it is; fonts of symbols live in the private area."""
    return "□" if code else ""


def _pixels(text: str) -> int:
    return int(text) // _EMU if text.isascii() and text.isdecimal() and len(text) < 12 else 0
