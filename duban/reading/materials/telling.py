"""From a file to what it holds, step by step: each step knows more, and a refusal keeps what was known before it."""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import IO

from duban.domain.filekind import FileKind, Mark
from duban.reading.materials import archive, ole, sniffing
from duban.reading.materials.found import Found, Refused
from duban.reading.materials.limits import Limits
from duban.reading.materials.naming import is_misnamed

#: kinds that nothing here reads, and what a person is told
_BY_HAND = {
    FileKind.DOC: "旧版 .doc 文档",
    FileKind.WPS: "WPS 旧版 .wps 文档",
    FileKind.XLS: "旧版 .xls 表格",
    FileKind.ET: "WPS 旧版 .et 表格",
    FileKind.PPTX: "演示文稿",
    FileKind.HEIC: "手机 HEIC 照片，请另存为 JPG 后重新上传",
    FileKind.MP4: "视频",
    FileKind.MEDIA: "视频或音频",
    FileKind.RAR: "RAR 压缩包，请改用 ZIP 后重新上传",
    FileKind.OTHER: "文件类型无法识别",
}


#: the reader of each kind
_READERS = {
    FileKind.TXT: "plain",
    FileKind.PDF: "pdf",
    FileKind.DOCX: "word",
    FileKind.XLSX: "workbook",
    **dict.fromkeys(
        (FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.BMP, FileKind.TIFF, FileKind.WEBP), "pictures"
    ),
}


def prepare(head: bytes) -> None:
    """Import the reader that a file seems to need, while its compiled form may still be written."""
    kind = sniffing.kind_of(head)
    reader = _READERS.get(sniffing.kind_of_torso(head) if kind is FileKind.ZIP else kind)
    if reader:
        import_module(f"duban.reading.materials.{reader}")


def told(file: IO[bytes], path: Path, name: str, limits: Limits) -> Iterator[Found]:
    """What is known after each step; the last is all there is. Refused, and whatever libraries raise."""
    head = file.read(sniffing.HEAD)
    kind = sniffing.kind_of(head)
    if kind is FileKind.ZIP:
        yield from _archive(file, head, name, limits)
    elif head.startswith(ole.MAGIC):
        yield from _compound(head + file.read(), name)
    else:
        yield from _plain(file, path, kind, name, limits)


def _plain(file: IO[bytes], path: Path, kind: FileKind, name: str, limits: Limits) -> Iterator[Found]:
    known = _named(Found(kind=kind), name)
    yield known
    if kind is FileKind.EMPTY:
        raise Refused(Mark.EMPTY, "文件是空的（0 字节），请重新上传")
    if kind in _BY_HAND:
        raise Refused(Mark.BY_HAND, _BY_HAND[kind])
    file.seek(0)
    yield _onto(known, _read(file, path, kind, name, limits))


def _read(file: IO[bytes], path: Path, kind: FileKind, name: str, limits: Limits) -> Found:
    """Each reader is imported when its kind comes, if ``prepare`` did not foresee it."""
    if kind is FileKind.TXT:
        from duban.reading.materials.plain import read_text

        return read_text(file.read(), limits)
    if kind is FileKind.PDF:
        from duban.reading.materials.pdf import read_pdf

        return read_pdf(path, limits)
    from duban.reading.materials.pictures import read_picture

    return read_picture(file, kind, name, limits)


def _archive(file: IO[bytes], head: bytes, name: str, limits: Limits) -> Iterator[Found]:
    yield _named(Found(kind=sniffing.kind_of_torso(head)), name)
    size = file.seek(0, 2)
    listed = archive.open_list(file, limits)
    names = listed.namelist()
    known = _named(Found(kind=sniffing.kind_of_archive(names)), name)
    if archive.has_macros(names):
        known = known.marked(Mark.MACROS)
    yield known
    if known.kind is FileKind.ZIP:
        yield _onto(known, archive.read_archive(listed, size, limits))
    else:
        yield from _office(archive.checked(listed, size, limits), known, limits)


def _office(checked: archive.Archive, known: Found, limits: Limits) -> Iterator[Found]:
    from duban.reading.materials.markup import refuse_declarations

    if b"macroEnabled" in checked.part("[Content_Types].xml"):
        known = known.marked(Mark.MACROS)
        yield known
    refuse_declarations(checked)
    if known.kind is FileKind.DOCX:
        from duban.reading.materials.word import read_word

        yield _onto(known, read_word(checked, limits))
    elif known.kind is FileKind.XLSX:
        from duban.reading.materials.workbook import read_workbook

        yield _onto(known, read_workbook(checked, limits))
    else:
        raise Refused(Mark.BY_HAND, _BY_HAND[known.kind])


def _compound(data: bytes, name: str) -> Iterator[Found]:
    directory = ole.read_directory(data)
    if directory is None:
        yield _named(Found(kind=sniffing.kind_of_wrapped(name)), name)
        raise Refused(Mark.BROKEN, archive.BROKEN)
    kind = sniffing.kind_of_ole(directory, name)
    marks = directory.marks()
    yield _named(Found(kind=kind), name).marked(*marks)
    if Mark.ENCRYPTED in marks:
        raise Refused(Mark.ENCRYPTED, "文件有密码，请去掉密码后重新上传")
    raise Refused(Mark.BY_HAND, _BY_HAND[kind])


def _named(found: Found, name: str) -> Found:
    return found.marked(Mark.MISNAMED) if is_misnamed(name, found.kind) else found


def _onto(known: Found, read: Found) -> Found:
    """What was read, with the marks that were known before."""
    return replace(read, kind=known.kind).marked(*known.marks)
