"""Sorts of file, as demands speak of them: text, table, picture, film."""

from enum import StrEnum

from duban.domain.checks.finding import Handed
from duban.domain.content import FileKind, Mark


class Sort(StrEnum):
    """What a file is good for."""

    TEXT = "text"
    TABLE = "table"
    SLIDES = "slides"
    PICTURE = "picture"
    FILM = "film"
    ARCHIVE = "archive"
    #: a file of no use here, or one that nobody has looked into and whose name says nothing
    OTHER = "other"


_KINDS = {
    FileKind.DOCX: Sort.TEXT,
    FileKind.DOC: Sort.TEXT,
    FileKind.WPS: Sort.TEXT,
    FileKind.PDF: Sort.TEXT,
    FileKind.TXT: Sort.TEXT,
    FileKind.XLSX: Sort.TABLE,
    FileKind.XLS: Sort.TABLE,
    FileKind.ET: Sort.TABLE,
    FileKind.PPTX: Sort.SLIDES,
    FileKind.JPEG: Sort.PICTURE,
    FileKind.PNG: Sort.PICTURE,
    FileKind.GIF: Sort.PICTURE,
    FileKind.BMP: Sort.PICTURE,
    FileKind.TIFF: Sort.PICTURE,
    FileKind.WEBP: Sort.PICTURE,
    FileKind.HEIC: Sort.PICTURE,
    FileKind.MP4: Sort.FILM,
    FileKind.MEDIA: Sort.FILM,
    FileKind.ZIP: Sort.ARCHIVE,
    FileKind.RAR: Sort.ARCHIVE,
}

_ENDINGS = {
    Sort.TEXT: "doc docx docm wps pdf txt rtf ofd",
    Sort.TABLE: "xls xlsx xlsm et csv",
    Sort.SLIDES: "ppt pptx pptm dps",
    Sort.PICTURE: "jpg jpeg jpe jfif png gif bmp tif tiff webp heic heif",
    Sort.FILM: "mp4 mov avi wmv mkv flv mpg mpeg m4v rmvb 3gp mp3 wav m4a wma",
    Sort.ARCHIVE: "zip rar 7z",
}
_BY_ENDING = {ending: sort for sort, endings in _ENDINGS.items() for ending in endings.split()}

#: nothing usable is in the file: it counts for nothing until it is handed in anew
SPOILT = frozenset({Mark.EMPTY, Mark.BROKEN, Mark.BOMB})
#: the file may be good, but what it says is not known here
CLOSED = SPOILT | {Mark.ENCRYPTED, Mark.ENTITIES, Mark.UNREADABLE, Mark.BY_HAND}


def sort_of(handed: Handed) -> Sort:
    """By content where it is known, else by the name's ending.

    Documents of kinds that no reader knows (``.rtf``, ``.ofd``) go by their ending too; pictures and films are known.
    """
    promised = sort_by_name(handed.name)
    if handed.content is None:
        return promised
    unknown = Sort.OTHER if promised in (Sort.PICTURE, Sort.FILM) else promised
    return _KINDS.get(handed.content.kind, unknown)


def sort_by_name(name: str) -> Sort:
    """What the ending promises."""
    return _BY_ENDING.get(name.rpartition(".")[2].casefold(), Sort.OTHER)


def stem(name: str) -> str:
    """The name without its ending, where that is one that files bear, and without folders."""
    last = name.replace("\\", "/").rpartition("/")[2]
    before, dot, _ = last.rpartition(".")
    return before if dot and sort_by_name(last) is not Sort.OTHER else last


def is_spoilt(handed: Handed) -> bool:
    return handed.content is not None and not SPOILT.isdisjoint(handed.content.marks)


def is_open(handed: Handed) -> bool:
    """What it says is known."""
    return handed.content is not None and CLOSED.isdisjoint(handed.content.marks)


def is_scan(handed: Handed) -> bool:
    return handed.content is not None and Mark.SCAN in handed.content.marks
