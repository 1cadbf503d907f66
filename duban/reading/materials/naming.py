"""The names that people give to files: what they promise, and how they are printed. A name is never a path here."""

from duban.domain.filekind import FileKind
from duban.reading.materials.found import one_line

#: The endings that promise a kind. WPS saves its own formats and those of Office under its own endings.
ENDINGS = {
    FileKind.DOCX: frozenset({"docx", "docm", "dotx", "dotm", "wps", "wpt"}),
    FileKind.DOC: frozenset({"doc", "dot"}),
    FileKind.WPS: frozenset({"wps", "wpt"}),
    FileKind.PDF: frozenset({"pdf"}),
    FileKind.TXT: frozenset({"txt", "csv", "md", "log"}),
    FileKind.XLSX: frozenset({"xlsx", "xlsm", "xltx", "xltm", "et", "ett"}),
    FileKind.XLS: frozenset({"xls", "xlt"}),
    FileKind.ET: frozenset({"et", "ett"}),
    FileKind.PPTX: frozenset({"pptx", "pptm", "ppsx", "potx", "dps"}),
    FileKind.JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    FileKind.PNG: frozenset({"png"}),
    FileKind.GIF: frozenset({"gif"}),
    FileKind.BMP: frozenset({"bmp", "dib"}),
    FileKind.TIFF: frozenset({"tif", "tiff"}),
    FileKind.WEBP: frozenset({"webp"}),
    FileKind.HEIC: frozenset({"heic", "heif", "hif"}),
    FileKind.MP4: frozenset({"mp4", "m4v", "mov", "3gp"}),
    FileKind.MEDIA: frozenset(
        {"avi", "wmv", "mkv", "webm", "flv", "mpg", "mpeg", "vob", "ts", "asf", "rm", "rmvb"}
        | {"mp3", "m4a", "wav", "wma", "aac", "amr", "ogg", "opus", "flac"}
    ),
    FileKind.ZIP: frozenset({"zip"}),
    FileKind.RAR: frozenset({"rar"}),
}
_PROMISED = frozenset().union(*ENDINGS.values())
#: characters of a name that is printed
MOST = 255


def printed(name: str) -> str:
    """The last part of ``name`` in one line, without what people cannot see; it may be empty."""
    return one_line(name.replace("\\", "/").rsplit("/", 1)[-1])[:MOST]


def printed_entry(name: str) -> str:
    """A name inside an archive with its folders, as it stands there but for what people cannot see."""
    return one_line(name)[:MOST]


def stem(name: str) -> str:
    """``printed`` without its ending."""
    whole = printed(name)
    before, dot, _ = whole.rpartition(".")
    return before if dot and before else whole


def ending(name: str) -> str:
    """The ending in small letters, without its dot; empty where there is none."""
    before, _, after = printed(name).rpartition(".")
    return after.strip().lower() if before else ""


def is_misnamed(name: str, kind: FileKind) -> bool:
    """True when the ending promises something else than ``kind``; no ending promises nothing."""
    promised = ending(name)
    if not promised or kind is FileKind.EMPTY:
        return False
    return promised in _PROMISED if kind is FileKind.OTHER else promised not in ENDINGS[kind]
