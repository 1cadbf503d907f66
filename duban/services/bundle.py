"""A backup on the disk: a zip file or a folder, with a manifest that names every file, its size and its SHA-256."""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from duban.domain.errors import InputRefused

MANIFEST = "manifest.json"
DATABASE = "duban.db"
#: Folders of an installation that a backup may hold besides.
UPLOADS = "uploads"
FOLDERS = (UPLOADS, "maildir")
FORMAT = 1
#: Bytes read at once.
CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A file in a backup."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    #: ISO 8601, UTC
    made_at: str
    #: the revision of the schema
    schema: str
    #: rows by table
    counts: dict[str, int]
    #: the number and the hash of the last event
    events: tuple[int, str]
    files: dict[str, Packed]

    def as_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self), "events": {"count": self.events[0], "head": self.events[1]}}

    @classmethod
    def read(cls, text: str | bytes) -> "Manifest":
        """InputRefused for what is no manifest of ours."""
        try:
            value = json.loads(text)
            if value["format"] != FORMAT:
                raise InputRefused(f"备份格式 {value['format']} 无法识别", f"unknown format {value['format']}")
            return cls(
                made_at=str(value["made_at"]),
                schema=str(value["schema"]),
                counts={str(name): int(count) for name, count in value["counts"].items()},
                events=(int(value["events"]["count"]), str(value["events"]["head"])),
                files={_inside(name): Packed(**packed) for name, packed in value["files"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputRefused(f"备份的清单无法读取：{error}", f"the manifest cannot be read: {error}") from error


def _inside(name: str) -> str:
    """A name that stays in its folder: the database, or a file in one of the folders."""
    parts = PurePosixPath(name).parts
    known = name == DATABASE or (len(parts) > 1 and parts[0] in FOLDERS)
    if not known or ".." in parts or "\\" in name:
        raise InputRefused(f"备份中有不认识的文件 {name}", f"unknown file {name} in the backup")
    return name


def names_in(folder: Path, wanted: Iterable[str]) -> Iterator[str]:
    """The files of some of an installation's folders; what is not finished (in ``tmp``) is left out."""
    for name in wanted:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and not path.is_symlink() and path.parent != folder / name / "tmp":
                yield path.relative_to(folder).as_posix()


def copied(source: Path, target: Path) -> Packed:
    """Copy a file to the disk; answers what was copied, which is what the manifest then says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as reader, open(target, "wb", opener=_private) as writer:
        packed = _through(reader, writer)
        writer.flush()
        os.fsync(writer.fileno())
    return packed


def _private(path: str, flags: int) -> int:
    """For its owner alone: what was handed in is nobody else's."""
    return os.open(path, flags, 0o600)


def packed_of(path: Path) -> Packed:
    """Size and hash of a file."""
    with path.open("rb") as reader:
        return _through(reader, None)


def _through(reader: IO[bytes], writer: IO[bytes] | None) -> Packed:
    digest, size = hashlib.sha256(), 0
    while chunk := reader.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if writer:
            writer.write(chunk)
    return Packed(size=size, sha256=digest.hexdigest())


def close_up(staged: Path, target: Path, manifest: Manifest) -> None:
    """Make a staged folder the backup: whole under its name, or not there at all."""
    text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=2) + "\n"
    (staged / MANIFEST).write_text(text, encoding="utf-8")
    if target.suffix != ".zip":
        _rename(staged, target)
        return
    zipped = staged.with_suffix(".zip")
    with ZipFile(zipped, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name in (MANIFEST, *manifest.files):
            archive.write(staged / name, name)
    with zipped.open("rb+") as made:
        os.fsync(made.fileno())
    _rename(zipped, target)
    shutil.rmtree(staged)


def _rename(made: Path, target: Path) -> None:
    made.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def unpack(backup: Path, room: Path) -> tuple[Manifest, list[str]]:
    """Copy a backup's files into an empty folder; answers what it says of itself, and the names that do not fit it.

    InputRefused for what is no backup.
    """
    try:
        if backup.is_dir():
            manifest = Manifest.read((backup / MANIFEST).read_bytes())
            return manifest, [n for n, said in manifest.files.items() if _taken(backup, n, room) != said]
        with ZipFile(backup) as archive:
            manifest = Manifest.read(archive.read(MANIFEST))
            return manifest, [n for n, said in manifest.files.items() if _unzipped(archive, n, room) != said]
    except (BadZipFile, KeyError, FileNotFoundError) as error:
        raise InputRefused(f"{backup} 不是完整的督办备份", f"{backup} is no whole backup of Duban") from error


def _taken(backup: Path, name: str, room: Path) -> Packed | None:
    try:
        return copied(backup / name, room / name)
    except FileNotFoundError:
        return None


def _unzipped(archive: ZipFile, name: str, room: Path) -> Packed | None:
    """None: not there, or torn."""
    (room / name).parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(name) as reader, (room / name).open("wb") as writer:
            return _through(reader, writer)
    except (KeyError, BadZipFile, OSError, zlib.error):
        return None
