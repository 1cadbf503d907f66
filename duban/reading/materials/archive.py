"""ZIP archives, and documents that are archives: what is in them, within limits. Nothing is written to disk.

The list of parts is believed in nothing: parts that lie over each other are refused, and every part is read through
once and counted before any reader gets it, so a false size is found by its checksum.
"""

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from duban.domain.filekind import FileKind, Mark
from duban.reading.materials.found import Found, Refused
from duban.reading.materials.limits import Limits
from duban.reading.materials.naming import printed_entry

BROKEN = "文件已损坏或上传不完整，请重新上传"
#: the header before each part, without its name
_LOCAL = 30
_CHUNK = 256 * 1024
_ENCRYPTED, _UTF8 = 0x1, 0x800
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tar")


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A checked archive: its parts may be read without another thought."""

    file: zipfile.ZipFile
    limits: Limits

    def names(self) -> list[str]:
        return self.file.namelist()

    def part(self, name: str) -> bytes:
        """A part as a whole; Refused when it is too large for that, KeyError when there is none."""
        if self.file.getinfo(name).file_size > self.limits.part:
            raise Refused(Mark.UNREADABLE, f"文件的一部分展开后超过 {self.limits.part // 1024 // 1024} MB")
        return self.file.read(name)


def open_list(file: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """The list of parts, not yet checked; Refused when it is broken or too long."""
    try:
        found = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise Refused(Mark.BROKEN, BROKEN) from None
    if len(found.infolist()) > limits.entries:
        raise Refused(Mark.BOMB, f"压缩包内的文件超过 {limits.entries} 个")
    return found


def checked(found: zipfile.ZipFile, packed: int, limits: Limits) -> Archive:
    """The archive, when it keeps to the limits; Refused. ``packed``: the size of the file."""
    parts = found.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Refused(Mark.ENCRYPTED, "压缩包有密码，请去掉密码后重新上传")
    _refuse_overlaps(parts, packed)
    most = min(limits.unpacked, max(limits.unsuspicious, packed * limits.ratio))
    _refuse_bombs(sum(part.file_size for part in parts), most)
    total = 0
    for part in parts:
        for size in _sizes(found, part):
            total += size
            _refuse_bombs(total, most)
    return Archive(file=found, limits=limits)


def read_archive(found: zipfile.ZipFile, packed: int, limits: Limits) -> Found:
    """The names inside, in the archive's order; folders are left out. A nested archive is named, never opened."""
    parts = [part for part in found.infolist() if not part.is_dir()]
    names = tuple(printed_entry(_decoded(part)) for part in parts)
    notes = ("压缩包内还有压缩包，未打开",) if any(name.lower().endswith(_NESTED) for name in names) else ()
    known = Found(kind=FileKind.ZIP, entries=names, notes=notes)
    try:
        checked(found, packed, limits)
    except Refused as refused:
        if refused.mark is not Mark.ENCRYPTED:
            raise
        return Found(kind=FileKind.ZIP, entries=names, notes=notes, trouble=refused.trouble).marked(refused.mark)
    return known


def has_macros(names: Iterable[str]) -> bool:
    """True when an Office document carries a program."""
    return any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names)


def _decoded(part: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 were mostly written by Chinese Windows."""
    if part.flag_bits & _UTF8:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename


def _refuse_overlaps(parts: list[zipfile.ZipInfo], packed: int) -> None:
    """Parts that share bytes unfold without end (David Fifield, A better zip bomb)."""
    at = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < at:
            raise Refused(Mark.BOMB, "压缩包内的文件互相重叠")
        at = part.header_offset + _LOCAL + part.compress_size
    if at > packed:
        raise Refused(Mark.BROKEN, BROKEN)


def _refuse_bombs(size: int, most: int) -> None:
    if size > most:
        raise Refused(Mark.BOMB, "文件展开后过大，可能是压缩炸弹，请勿打开")


def _sizes(found: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterable[int]:
    """How much each step of reading gave; the checksum is looked at behind the last one."""
    try:
        with found.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                yield len(chunk)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Refused(Mark.BROKEN, BROKEN) from None
