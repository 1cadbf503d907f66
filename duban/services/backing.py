"""Backup while running, and restore into an empty installation, which then sends nothing until somebody resumes."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from duban.domain.errors import InputRefused
from duban.services.bundle import (
    DATABASE,
    FOLDERS,
    UPLOADS,
    Manifest,
    Packed,
    close_up,
    copied,
    names_in,
    packed_of,
    unpack,
)
from duban.services.pausing import pause
from duban.services.pulse import forget_clock
from models import MaterialRow
from models.event import look_through, record
from models.material import needed
from models.migrating import current, migrate
from models.session import make_engine, reading, writing
from models.snapshot import chain_head, faults, is_used, pour, row_counts, take


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong with a backup."""

    zh: str
    en: str


def backup(engine: Engine, target: Path, *, folder: Path, with_mailbox: bool, real_now: datetime) -> Manifest:
    """Write a backup to ``target``: a zip file, or a folder where the name has no ``.zip``; answers its manifest.

    The database first, then files: a file is on the disk before a row names it, so none is missing.
    ``folder`` is the installation's. InputRefused when ``target`` is there already.
    """
    if target.exists():
        raise InputRefused(f"{target} 已存在，请换一个名字", f"{target} exists already")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _staging(target) as staged:
        take(engine, staged / DATABASE)
        files = {DATABASE: packed_of(staged / DATABASE)}
        for name in names_in(folder, FOLDERS if with_mailbox else FOLDERS[:1]):
            # a mail that is moved from new to cur meanwhile is no loss
            with suppress(FileNotFoundError):
                files[name] = copied(folder / name, staged / name)
        with _opened(staged / DATABASE) as made:
            manifest = Manifest(
                made_at=real_now.astimezone(UTC).isoformat(timespec="seconds"),
                schema=current(made),
                counts=row_counts(staged / DATABASE),
                events=_head(made),
                files=files,
            )
        close_up(staged, target, manifest)
    return manifest


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A folder beside the target, so that the backup gets its name in one step; nothing of it is left."""
    with TemporaryDirectory(prefix=f".{target.stem}-", dir=target.parent, ignore_cleanup_errors=True) as room:
        staged = Path(room) / "backup"
        staged.mkdir()
        yield staged


@contextmanager
def _opened(file: Path) -> Iterator[Engine]:
    """A look into a snapshot, by a copy of its own: opening a database writes beside it."""
    with TemporaryDirectory(dir=file.parent.parent) as room:
        engine = make_engine(f"sqlite:///{Path(shutil.copy(file, room)).absolute()}")
        try:
            yield engine
        finally:
            engine.dispose()


def _head(engine: Engine) -> tuple[int, str]:
    with reading(engine) as session:
        return chain_head(session)


def verify(file: Path, *, room: Path) -> tuple[Manifest, list[Finding]]:
    """What a backup says of itself, and what is wrong with it: hashes, pages, references, counts, chain of events.

    ``room``: a folder with space for all of it. InputRefused for what is no backup.
    """
    with TemporaryDirectory(prefix="verify-", dir=room) as inner:
        return _checked(file, Path(inner))


def _checked(file: Path, inner: Path) -> tuple[Manifest, list[Finding]]:
    unpacked = inner / "backup"
    unpacked.mkdir()
    manifest, wrong = unpack(file, unpacked)
    found = [Finding(zh=f"文件 {name} 缺失或已损坏", en=f"{name} is missing or damaged") for name in wrong]
    if DATABASE in wrong or DATABASE not in manifest.files:
        return manifest, found or [Finding(zh="备份中没有数据库", en="the backup holds no database")]
    try:
        return manifest, [*found, *_database_findings(unpacked / DATABASE, manifest)]
    except DatabaseError as error:
        return manifest, [*found, Finding(zh=f"数据库无法读取：{error.orig}", en=f"unreadable: {error.orig}")]


def _database_findings(file: Path, manifest: Manifest) -> Iterator[Finding]:
    found = faults(file)
    yield from (Finding(zh=f"数据库不完整：{fault}", en=f"the database is not whole: {fault}") for fault in found)
    if found:
        return
    counts = row_counts(file)
    for table in sorted({*counts, *manifest.counts}):
        there, said = counts.get(table, 0), manifest.counts.get(table, 0)
        if there != said:
            yield Finding(zh=f"表 {table} 应有 {said} 行，实有 {there} 行", en=f"{table}: {there} rows, not {said}")
    with _opened(file) as engine, reading(engine) as session:
        if current(engine) != manifest.schema:
            yield Finding(zh=f"数据库版本不是 {manifest.schema}", en=f"the schema is not {manifest.schema}")
        yield from _chain_findings(session, manifest)
        # schemas before materials have none
        if MaterialRow.__tablename__ in counts:
            yield from _file_findings(session, manifest)


def _chain_findings(session: Session, manifest: Manifest) -> Iterator[Finding]:
    """The chain of events is whole, and the one whose end the manifest has."""
    fault = look_through(session).fault
    if fault:
        yield Finding(zh=f"事件记录不完整：{fault.zh}", en=f"the chain of events is broken: {fault.en}")
    elif chain_head(session) != manifest.events:
        yield Finding(zh="事件记录与清单不符", en="the chain of events is not the one of the manifest")


def _file_findings(session: Session, manifest: Manifest) -> Iterator[Finding]:
    """Every file on record is in the backup; that each there is what the manifest says was found before."""
    for found in needed(session):
        name = f"{UPLOADS}/{found.sha256[:2]}/{found.sha256[2:]}"
        if manifest.files.get(name) != Packed(size=found.size, sha256=found.sha256):
            zh = f"备份中没有文件“{found.name}”，或与报送时不一致"
            yield Finding(zh=zh, en=f"{found.name} is not in the backup as it was handed in")


def restore(engine: Engine, file: Path, *, folder: Path, by: str, now: datetime) -> Manifest:
    """Pour a backup into an empty installation, database and files; older schemas are brought up on the way.

    Then mail is paused. InputRefused when the backup is damaged, or the installation is not empty; UsageError when
    the backup is of a newer Duban. Broken off, it can be begun again.
    """
    with reading(engine) as session:
        _check_empty(session)
    with TemporaryDirectory(prefix="restore-", dir=folder) as room:
        manifest, found = _checked(file, Path(room))
        if found:
            raise InputRefused(found[0].zh, found[0].en)
        unpacked = Path(room) / "backup"
        source = make_engine(f"sqlite:///{(unpacked / DATABASE).absolute()}")
        try:
            migrate(source)
            _put_files(unpacked, manifest, folder)
            _pour(source, engine, manifest, by=by, now=now)
        finally:
            source.dispose()
    return manifest


def _check_empty(session: Session) -> None:
    if is_used(session):
        zh = "这里已有数据，只能恢复到空的环境：请另设 DUBAN_DATA_DIR 或 DUBAN_DATABASE_URL"
        raise InputRefused(zh, "this installation holds data: restore into an empty one")


def _put_files(unpacked: Path, manifest: Manifest, folder: Path) -> None:
    """Files before rows. One that is there already must be the same: from a restore that was broken off."""
    for name, packed in manifest.files.items():
        if name == DATABASE:
            continue
        if (folder / name).exists() and packed_of(folder / name) != packed:
            raise InputRefused(f"{folder / name} 已存在且内容不同", f"{folder / name} exists and differs")
        copied(unpacked / name, folder / name)


def _pour(source: Engine, engine: Engine, manifest: Manifest, *, by: str, now: datetime) -> None:
    reason = f"从 {manifest.made_at} 的备份恢复，请先用 duban mail queue 核对：此后发出过的邮件会再发一次"
    with writing(engine) as session:
        _check_empty(session)
        pour(source, session)
        forget_clock(session)
        data = {"made_at": manifest.made_at, "events": manifest.events[0], "head": manifest.events[1]}
        record(session, at=now, name="restored", by=by, data=data)
        pause(session, reason, by=by, now=now)
