"""The directory of an OLE2 file (Word, Excel 97–2003, WPS; also what an encrypted new document is wrapped in).

Only names and first sectors are read, with every chain bounded. Source: [MS-CFB] 2.2, 2.6; [MS-DOC] FibBase;
[MS-XLS] 2.4.117 FilePass.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from duban.domain.filekind import FileKind, Mark

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: sectors of a directory that are read; a document has a few
MOST_SECTORS = 512
_ENTRY = 128
_ROOT = 5
_LAST = 0xFFFFFFFA
#: storages and streams that macros live in
_MACROS = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur", "_vba_project_cur "})


@dataclass(frozen=True, kw_only=True)
class Directory:
    #: each name in small letters, with the first bytes of its stream (empty for small streams and storages)
    streams: dict[str, bytes]

    def kind(self) -> FileKind:
        """OTHER where it is none of ours, and for wrapped documents, which do not say what they are."""
        if "worddocument" in self.streams:
            return FileKind.DOC
        return FileKind.XLS if {"workbook", "book"} & self.streams.keys() else FileKind.OTHER

    def marks(self) -> set[Mark]:
        found = {Mark.MACROS} if _MACROS & self.streams.keys() else set()
        return found | {Mark.ENCRYPTED} if self._is_encrypted() else found

    def _is_encrypted(self) -> bool:
        if {"encryptedpackage", "encryptioninfo"} & self.streams.keys():
            return True
        word = self.streams.get("worddocument", b"")
        book = self.streams.get("workbook") or self.streams.get("book") or b""
        return bool(len(word) > 11 and word[11] & 0x01) or _has_filepass(book)


def read_directory(data: bytes) -> Directory | None:
    """None when the file does not hold together."""
    try:
        return Directory(streams=dict(_streams(data)))
    except (struct.error, ValueError):
        return None


def _streams(data: bytes) -> Iterator[tuple[str, bytes]]:
    shift, cutoff = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 56)[0]
    if shift not in (9, 12):
        raise ValueError(shift)
    size, is_whole = 1 << shift, False
    for sector in _chain(data, struct.unpack_from("<I", data, 48)[0], size):
        for at in range(0, len(sector) - _ENTRY + 1, _ENTRY):
            entry = sector[at : at + _ENTRY]
            length = struct.unpack_from("<H", entry, 64)[0]
            is_whole = is_whole or entry[66] == _ROOT
            if entry[66] in (1, 2) and 2 <= length <= 64:
                start, whole = struct.unpack_from("<II", entry, 116)
                name = entry[: length - 2].decode("utf-16-le", "replace").lower()
                yield name, _sector(data, start, size) if entry[66] == 2 and whole >= cutoff else b""
    if not is_whole:
        raise ValueError("no root")


def _chain(data: bytes, start: int, size: int) -> Iterator[bytes]:
    """The sectors from ``start`` on, as the table links them: its first 109 parts, which is 7 MB of file."""
    tables = struct.unpack_from("<109I", data, 76)
    seen: set[int] = set()
    while start < _LAST and start not in seen and len(seen) < MOST_SECTORS:
        seen.add(start)
        yield _sector(data, start, size)
        table, position = divmod(start, size // 4)
        if table >= len(tables) or tables[table] >= _LAST:
            return
        start = struct.unpack_from("<I", data, (tables[table] + 1) * size + 4 * position)[0]


def _sector(data: bytes, number: int, size: int) -> bytes:
    at = (number + 1) * size
    return data[at : at + size]


def _has_filepass(book: bytes) -> bool:
    """Records from the beginning of a workbook; the one that says it is encrypted comes within the first few."""
    at = 0
    for _ in range(8):
        if at + 4 > len(book):
            return False
        number, length = struct.unpack_from("<HH", book, at)
        if number == 0x002F:
            return True
        at += 4 + length
    return False
