"""DOCX: the body with its tables, text boxes and pictures, as Word and WPS count it.

What was deleted under revision is not there, what was inserted is. Headers, footers, footnotes and comments are other
parts of the file and not looked at. Office has two sets of namespaces for all of this: tags are told by local names.
"""

from dataclasses import dataclass, field

from duban.domain.counting import words
from duban.domain.filekind import FileKind, Mark
from duban.reading.materials import markup
from duban.reading.materials.archive import BROKEN, Archive
from duban.reading.materials.captions import Seen, named
from duban.reading.materials.docstyles import Styles
from duban.reading.materials.docwalk import Cell, Image, Paragraph, Rows, Walk
from duban.reading.materials.found import Found, Grid, Line, Refused
from duban.reading.materials.limits import Limits
from duban.reading.materials.pictures import size_of_part

_OFFICE = "/officeDocument"
#: of what the body refers to, by the last part of the relation's type
_IMAGE = "/image"


@dataclass(kw_only=True)
class _Sum:
    """What was gathered so far, in the order of the page."""

    lines: list[Line] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    shots: list[Seen] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def read_word(archive: Archive, limits: Limits) -> Found:
    """Paragraphs with their levels, tables, pictures and 字数; Refused."""
    walk, gathered = _gathered(archive, limits)
    text = "\n".join(gathered.texts)
    if len(text) > limits.characters:
        raise Refused(Mark.UNREADABLE, f"文本超过 {limits.characters} 字")
    return Found(
        kind=FileKind.DOCX,
        paragraphs=tuple(gathered.lines),
        tables=tuple(gathered.grids),
        pictures=named(gathered.shots[: limits.pictures]),
        words=words(text),
        notes=_notes(archive, walk),
    )


def picture_in(archive: Archive, number: int, limits: Limits) -> bytes:
    """The bytes of a picture (from 1, in the order of ``read_word``); empty where the file holds none. Refused."""
    _, gathered = _gathered(archive, limits)
    parts = [seen.part for seen in gathered.shots[: limits.pictures]]
    part = parts[number - 1] if 1 <= number <= len(parts) else ""
    return archive.part(part) if part in archive.names() else b""


def _gathered(archive: Archive, limits: Limits) -> tuple[Walk, _Sum]:
    main = _main_part(archive)
    root = markup.tree(_part(archive, main))
    body = next((node for node in root if markup.local(node) == "body"), None)
    if body is None:
        raise Refused(Mark.BROKEN, BROKEN)
    walk = Walk(_styles(archive, main), _images(archive, main), limits.blocks)
    gathered = _Sum()
    _gather(walk.blocks(body), gathered)
    return walk, gathered


def _main_part(archive: Archive) -> str:
    """Where the body is, as the package says; where Office puts it, when it says nothing."""
    for kind, target in _relations(archive, "_rels/.rels").values():
        if kind.endswith(_OFFICE):
            return target.lstrip("/")
    return "word/document.xml"


def _part(archive: Archive, name: str) -> bytes:
    try:
        return archive.part(name)
    except KeyError:
        raise Refused(Mark.BROKEN, BROKEN) from None


def _relations(archive: Archive, name: str) -> dict[str, tuple[str, str]]:
    """Type and target by id, of what lies inside the file."""
    if name not in archive.names():
        return {}
    return {
        markup.value(node, "Id"): (markup.value(node, "Type"), markup.value(node, "Target"))
        for node in markup.tree(archive.part(name))
        if markup.value(node, "TargetMode") != "External"
    }


def _styles(archive: Archive, main: str) -> Styles:
    name = f"{main.rpartition('/')[0]}/styles.xml".lstrip("/")
    return Styles.read(markup.tree(archive.part(name)) if name in archive.names() else None)


def _images(archive: Archive, main: str) -> dict[str, Image]:
    """The pictures that the body may show, by relation."""
    folder, _, file = main.rpartition("/")
    found = {}
    for key, (kind, target) in _relations(archive, f"{folder}/_rels/{file}.rels".lstrip("/")).items():
        if kind.endswith(_IMAGE):
            name = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            width, height = size_of_part(archive, name)
            found[key] = Image(part=name, width=width, height=height)
    return found


def _notes(archive: Archive, walk: Walk) -> tuple[str, ...]:
    found = []
    if markup.outside(archive):
        found.append("文件引用了外部内容，未打开")
    if walk.embeds or any("/embeddings/" in name for name in archive.names()):
        found.append("文件内嵌了其他文件，未打开")
    return tuple(found)


def _gather(blocks: list[Paragraph | Rows], into: _Sum) -> None:
    """Body text as paragraphs; the pictures' captions are looked for among what stands beside them."""
    for at, block in enumerate(blocks):
        if isinstance(block, Rows):
            _gather_rows(block, into)
            continue
        if block.text.strip():
            into.lines.append(Line(text=block.text.strip(), level=block.level))
        _gather_shots(blocks, at, "", into)
        into.texts.append(block.text)
        for box in block.boxes:
            _gather(box, into)


def _gather_rows(rows: Rows, into: _Sum) -> None:
    grid = rows.texts()
    into.grids.append(Grid(rows=grid))
    for row in rows.cells:
        for cell in row:
            _gather_cell(cell, rows.below(cell), into)


def _gather_cell(cell: Cell, below: str, into: _Sum) -> None:
    """The text of a cell is in its table; here its pictures, its boxes and what is nested in it."""
    for at, block in enumerate(cell.blocks):
        if isinstance(block, Rows):
            _gather_rows(block, into)
            continue
        _gather_shots(cell.blocks, at, below, into)
        into.texts.append(block.text)
        for box in block.boxes:
            _gather(box, into)


def _gather_shots(blocks: list[Paragraph | Rows], at: int, below: str, into: _Sum) -> None:
    block = blocks[at]
    if not isinstance(block, Paragraph):
        return
    for shot in block.shots:
        into.shots.append(
            Seen(
                width=shot.width,
                height=shot.height,
                part=shot.part,
                alt=shot.alt,
                own=block.text,
                before=_text(blocks, at - 1),
                after=_text(blocks, at + 1) or below,
            )
        )


def _text(blocks: list[Paragraph | Rows], at: int) -> str:
    """What a paragraph says that stands there, shows no picture itself and is no heading."""
    block = blocks[at] if 0 <= at < len(blocks) else None
    return block.text if isinstance(block, Paragraph) and not block.shots and not block.level else ""
