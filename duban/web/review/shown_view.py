"""One file as it is shown on a page: pages and pictures by their addresses, documents as text and tables. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duban.domain.caps import size_phrase
from duban.domain.checks import Handed
from duban.domain.content import Content, FileKind, Mark, Paragraph, Table
from duban.services.previewing import PICTURES
from duban.web.language.saying import label, say
from models.material import Material

#: So many pages of a PDF, letters of text and rows of tables are shown at once.
PAGES, LETTERS, ROWS = 20, 60_000, 400

#: What a person should know before opening the original.
MARKS = {
    Mark.MACROS: label("文件含宏，打开原件时请勿启用"),
    Mark.MISNAMED: label("文件名后缀与实际类型不符"),
    Mark.SCAN: label("系扫描件，没有文字层，字数请人工核对"),
    Mark.ENCRYPTED: label("文件有密码"),
    Mark.BOMB: label("文件展开后过大，请勿打开原件"),
    Mark.ENTITIES: label("文件含外部引用，请勿直接打开原件"),
}


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture on the page."""

    url: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A file that can be chosen."""

    name: str
    url: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The file that is on."""

    name: str
    #: kind, size, pages, 字数
    about: str
    #: empty: it is not offered here
    url: str
    images: tuple[Image, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[Table, ...] = ()
    #: what stands in the text, below it
    inside: tuple[Image, ...] = ()
    #: sentences: what could not be read, what to take care of, what is not shown
    notes: tuple[str, ...] = ()
    #: address of the pages before and after these; empty: none
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the page is, for addresses on it."""

    #: of the page itself
    page: str
    #: of pictures: ``{previews}/{material}/{page}``
    previews: str
    #: of the originals: ``{files}/{material}``; empty: they are not offered
    files: str


def tabs(names: Sequence[str], place: Place, on: int) -> tuple[Tab, ...]:
    """The files, in order."""
    return tuple(Tab(name=name, url=f"{place.page}?file={n}", is_on=n == on) for n, name in enumerate(names))


def shown(material: Material, handed: Handed, place: Place, *, on: int, first: int) -> Shown:
    """The file at position ``on``, of a PDF the pages from ``first`` on."""
    content = handed.content
    base = Shown(
        name=material.name, about=_about(material, content), url=f"{place.files}/{material.id}" if place.files else ""
    )
    if content is None:
        return _with(base, notes=(say("文件尚未读取，稍后刷新即可查看；也可下载原件。"),))
    if content.kind in PICTURES:
        image = Image(url=f"{place.previews}/{material.id}/1", alt=material.name)
        return _with(base, images=() if _is_unreadable(content) else (image,), notes=_notes(content))
    if content.kind is FileKind.PDF and content.pages:
        return _pdf(base, material.id, content, place, on=on, first=first)
    return _with(_text(base, content), inside=tuple(_inside(material.id, content, place)))


def _with(base: Shown, **more: object) -> Shown:
    return Shown(**{**vars(base), **more})


def _about(material: Material, content: Content | None) -> str:
    parts = [size_phrase(material.size)]
    if content and content.pages:
        parts.append(say("{pages}页", pages=content.pages))
    if content and content.words is not None:
        parts.append(say("{words}字", words=content.words))
    if content and content.pictures and content.kind not in PICTURES:
        parts.append(say("图片{count}张", count=len(content.pictures)))
    return say("，").join(parts)


def _is_unreadable(content: Content) -> bool:
    return bool({Mark.BROKEN, Mark.BOMB, Mark.UNREADABLE, Mark.ENCRYPTED, Mark.EMPTY} & set(content.marks))


def _notes(content: Content) -> tuple[str, ...]:
    known = [MARKS[mark] for mark in content.marks if mark in MARKS and not content.trouble]
    return tuple(say("{note}。", note=note.rstrip("。")) for note in (content.trouble, *known, *content.notes) if note)


def _pdf(base: Shown, number: int, content: Content, place: Place, *, on: int, first: int) -> Shown:
    pages = content.pages or 0
    start = min(max(first, 1), max(pages, 1))
    last = min(start + PAGES - 1, pages)
    here = f"{place.page}?file={on}&from="
    return _with(
        base,
        images=tuple(
            Image(url=f"{place.previews}/{number}/{n}", alt=say("第{n}页，共{pages}页", n=n, pages=pages))
            for n in range(start, last + 1)
        ),
        notes=_notes(content),
        before=f"{here}{max(1, start - PAGES)}" if start > 1 else "",
        after=f"{here}{last + 1}" if last < pages else "",
    )


def _inside(number: int, content: Content, place: Place) -> Iterator[Image]:
    """The pictures of a Word document, the first ones."""
    if content.kind is FileKind.DOCX:
        for n, picture in enumerate(content.pictures[:PAGES], 1):
            yield Image(
                url=f"{place.previews}/{number}/{n}", alt=say("图{n} {picture}", n=n, picture=picture.name).strip()
            )


def _text(base: Shown, content: Content) -> Shown:
    paragraphs, tables = tuple(_some(content.paragraphs)), tuple(_some_rows(content.tables))
    notes = list(_notes(content))
    if len(paragraphs) < len(content.paragraphs) or _rows(tables) < _rows(content.tables):
        notes.append(say("内容较长，这里只显示前面一部分，全文请下载原件查看。"))
    if paragraphs and tables and content.kind not in (FileKind.XLSX, FileKind.XLS, FileKind.ET):
        notes.append(say("正文在前，表格依次列在后面，版式以原件为准。"))
    names = [picture.name for picture in content.pictures if picture.name]
    if content.pictures:
        named = say("，图题：{names}", names=say("、").join(names)) if names else say("，均未见图题")
        where = say("图片列在文字后面") if content.kind is FileKind.DOCX else say("图片请在原件中查看")
        notes.append(
            say("文中有图片{count}张{named}。{where}。", count=len(content.pictures), named=named, where=where)
        )
    if not (paragraphs or tables or notes):
        notes.append(say("这种文件不能在页面上显示，请下载原件查看。"))
    return _with(base, paragraphs=paragraphs, tables=tables, notes=tuple(notes))


def _some(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    left = LETTERS
    for paragraph in paragraphs:
        if left <= 0:
            return
        yield paragraph if len(paragraph.text) <= left else paragraph.model_copy(update={"text": paragraph.text[:left]})
        left -= len(paragraph.text) + 1


def _some_rows(tables: Sequence[Table]) -> Iterator[Table]:
    left = ROWS
    for table in tables:
        if left <= 0:
            return
        yield table if len(table.rows) <= left else table.model_copy(update={"rows": table.rows[:left]})
        left -= len(table.rows)


def _rows(tables: Sequence[Table]) -> int:
    return sum(len(table.rows) for table in tables)
