"""What a file is by its content, whatever it is called.

Containers by what is inside them, films and phone pictures by their brand, the rest by puremagic's table; then text;
then it is something else. A file that is two things at once is what it begins as.
"""

from duban.domain.filekind import FileKind
from duban.reading.materials import ole, plain
from duban.reading.materials.naming import ending

#: bytes that are looked at
HEAD = 64 * 1024
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")

#: brands of the ISO container ([ISO 14496-12] ftyp) that are pictures; all others are film or sound
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
_SOUND = frozenset({b"M4A ", b"M4B ", b"F4A "})
#: what puremagic calls them
_CALLED = {
    ".pdf": FileKind.PDF,
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".jfif": FileKind.JPEG,
    ".png": FileKind.PNG,
    ".gif": FileKind.GIF,
    ".tif": FileKind.TIFF,
    ".tiff": FileKind.TIFF,
    ".webp": FileKind.WEBP,
    ".rar": FileKind.RAR,
    # they begin like text and are none
    ".svg": FileKind.OTHER,
    ".html": FileKind.OTHER,
    ".xml": FileKind.OTHER,
    ".rtf": FileKind.OTHER,
    ".eps": FileKind.OTHER,
    ".exe": FileKind.OTHER,
    ".7z": FileKind.OTHER,
}
#: bytes that a signature must have to be believed: two are found in any text
_LEAST = 3
_BMP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))
#: the part of the file's head by which an archive that is broken is still known
_INSIDE = ((b"word/", FileKind.DOCX), (b"xl/", FileKind.XLSX), (b"ppt/", FileKind.PPTX))
#: what an OLE2 file of ours is
_OLD = (FileKind.DOC, FileKind.XLS, FileKind.WPS, FileKind.ET)
#: one container, two makers: the name tells them apart
_MAKERS = {
    (FileKind.DOC, "wps"): FileKind.WPS,
    (FileKind.DOC, "wpt"): FileKind.WPS,
    (FileKind.XLS, "et"): FileKind.ET,
    (FileKind.XLS, "ett"): FileKind.ET,
}
#: what is wrapped by encryption, or broken
_WRAPPED = {kind.value: kind for kind in (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, *_OLD)}


def kind_of(head: bytes) -> FileKind:
    """The kind by the first ``HEAD`` bytes; ZIP for every archive, OTHER for every OLE2 file: look inside them."""
    if head.startswith(ZIP_MAGIC):
        return FileKind.ZIP
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if not head or head.startswith(ole.MAGIC):
        return FileKind.OTHER if head else FileKind.EMPTY
    return _by_signature(head) or _by_letters(head)


def kind_of_archive(names: list[str]) -> FileKind:
    """What a ZIP is by the parts in it."""
    if "[Content_Types].xml" in names:
        for folder, kind in _INSIDE:
            if any(name.startswith(folder.decode()) for name in names):
                return kind
    return FileKind.ZIP


def kind_of_torso(head: bytes) -> FileKind:
    """What an archive probably is, or was before its list of parts was lost."""
    return next((kind for folder, kind in _INSIDE if folder in head), FileKind.ZIP)


def kind_of_ole(directory: ole.Directory, name: str) -> FileKind:
    """What an OLE2 file is; Word's and WPS's own, and what is wrapped by encryption, as the name says."""
    if "encryptedpackage" in directory.streams:
        return kind_of_wrapped(name)
    kind = directory.kind()
    return _MAKERS.get((kind, ending(name)), kind)


def kind_of_wrapped(name: str) -> FileKind:
    """What an OLE2 file is that cannot be looked into: only its name says."""
    return _WRAPPED.get(ending(name), FileKind.OTHER)


def _by_brand(brand: bytes) -> FileKind:
    if brand in _HEIC:
        return FileKind.HEIC
    return FileKind.MEDIA if brand in _SOUND else FileKind.MP4


def _by_signature(head: bytes) -> FileKind | None:
    """By puremagic's table, the longest signature first; None where it has no word for it that we use."""
    import puremagic

    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        matches = []
    for match in matches:
        if len(match.byte_match) < _LEAST or not _begins(head, match.byte_match, match.offset):
            continue
        if match.extension in _CALLED:
            return _CALLED[match.extension]
        if match.mime_type.startswith(("video/", "audio/")):
            return FileKind.MEDIA
    return FileKind.BMP if _is_bmp(head) else None


def _by_letters(head: bytes) -> FileKind:
    """A PDF may begin a little later (ISO 32000-1, note 13 of annex H); then what reads as text is text."""
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    return FileKind.TXT if plain.looks_like_text(head) else FileKind.OTHER


def _begins(head: bytes, signature: bytes, offset: int) -> bool:
    """Not at the end of the file, where puremagic looks too; signatures of two parts are told from the first one on."""
    return head.startswith(signature) or (offset > 0 and head.startswith(signature, offset))


def _is_bmp(head: bytes) -> bool:
    """Two letters prove nothing: the reserved bytes and the size of the header must be right too."""
    return head.startswith(b"BM") and head[6:10] == bytes(4) and head[14:18] in _BMP_HEADERS
