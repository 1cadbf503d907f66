"""PDF by pdfium: its text as paragraphs, its pictures' pixels, how many pages."""

from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

from duban.domain.counting import words
from duban.domain.filekind import FileKind, Mark
from duban.reading.materials.found import Found, Line, Refused, Shot, fit
from duban.reading.materials.limits import Limits
from duban.reading.materials.pdflines import paragraphs, printed_lines
from duban.reading.materials.radicals import mended

BROKEN = "PDF 已损坏或上传不完整，请重新上传"
#: forms within forms that are looked into for pictures
_DEPTH = 4


def read_pdf(path: Path, limits: Limits) -> Found:
    """Refused when it is encrypted or broken; marked as a scan when no page has text."""
    document = open_pdf(path)
    texts: list[list[str]] = []
    shots: list[Shot] = []
    for number in range(min(len(document), limits.pages)):
        page = _page(document, number)
        if page is None:
            texts.append([])
            continue
        texts.append(paragraphs(printed_lines(page)))
        shots += _shots(page, limits.pictures - len(shots))
        page.close()
    lines = [fit(mended(line)) for text in texts for line in text]
    if sum(map(len, lines)) > limits.characters:
        raise Refused(Mark.UNREADABLE, f"文本超过 {limits.characters} 字")
    found = Found(
        kind=FileKind.PDF,
        paragraphs=tuple(Line(text=line) for line in lines),
        pictures=tuple(shots),
        pages=len(document),
        words=words("\n".join(lines)) if lines else None,
        notes=tuple(_notes(document, texts)),
        trouble="" if lines else "是扫描件或图片，没有文字层",
    )
    return found if lines else found.marked(Mark.SCAN)


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Refused when it has a password, is broken or has no page."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Refused(Mark.ENCRYPTED, "PDF 有密码，请去掉密码后重新上传") from None
        raise Refused(Mark.BROKEN, BROKEN) from None
    if not len(document):
        raise Refused(Mark.BROKEN, BROKEN)
    return document


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage | None:
    """None for a page that is listed and not there."""
    try:
        return document[number]
    except pypdfium2.PdfiumError:
        return None


def _shots(page: pypdfium2.PdfPage, room: int) -> list[Shot]:
    found: list[Shot] = []
    for shown in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH):
        if len(found) >= room:
            break
        width, height = _pixels(shown)
        if width and height:
            found.append(Shot(width=width, height=height))
    return found


def _pixels(shown: Any) -> tuple[int, int]:
    try:
        width, height = shown.get_px_size()
    except pypdfium2.PdfiumError:
        return (0, 0)
    return (int(width), int(height))


def _notes(document: pypdfium2.PdfDocument, texts: list[list[str]]) -> list[str]:
    found = []
    empty = [str(number) for number, text in enumerate(texts, start=1) if not text]
    if empty and len(empty) < len(texts):
        more = " 等" if len(empty) > 10 else ""
        found.append(f"第 {'、'.join(empty[:10])}{more} 页没有文字，未计入字数")
    if len(document) > len(texts):
        found.append(f"共 {len(document)} 页，只读取了前 {len(texts)} 页")
    if document.count_attachments():
        found.append("PDF 内嵌了其他文件，未打开")
    return found
