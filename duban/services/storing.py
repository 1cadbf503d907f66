"""The store beside the record: what is missing or changed, and what nobody needs."""

from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from duban.services.uploading import drop_upload
from duban.store.store import Kept, Store
from duban.store.sweeping import sweep
from models.material import known_hashes, needed
from models.session import reading
from models.upload import stale_uploads

#: What no row names, and what nobody goes on with, is kept for so long.
KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Amiss:
    """A file on record that is not in the store as it was handed in."""

    #: one of its names
    name: str
    sha256: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Tidied:
    """What was removed."""

    #: files that no row needs
    files: int
    #: uploads that nobody went on with
    uploads: int
    #: what else a killed process left
    temporary: int


def missing_or_changed(session: Session, store: Store) -> Iterator[Amiss]:
    """Every content on record that the store does not have, or has otherwise: all files are read."""
    for found in needed(session):
        kept = Kept(sha256=found.sha256, size=found.size)
        if not store.path(kept.sha256).is_file():
            yield _amiss(found.name, kept, "缺失", "is missing")
        elif not store.is_whole(kept):
            yield _amiss(found.name, kept, "与报送时不一致", "is not as it was handed in")


def _amiss(name: str, kept: Kept, zh: str, en: str) -> Amiss:
    mark = kept.sha256[:12]
    return Amiss(name=name, sha256=kept.sha256, zh=f"文件“{name}”（{mark}）{zh}", en=f"{name} ({mark}) {en}")


def tidy(engine: Engine, store: Store, *, now: datetime, real_now: datetime) -> Tidied:
    """Remove what has not been needed for a day: uploads given up, files without rows, drafts taken out.

    ``now`` is the domain's moment (drafts), ``real_now`` that of the machine (files and uploads).
    """

    def known(hashes: Collection[str]) -> Set[str]:
        with reading(engine) as session:
            return known_hashes(session, hashes, removed_since=now - KEPT_FOR)

    with reading(engine) as session:
        stale = stale_uploads(session, real_now - KEPT_FOR)
    for key in stale:
        drop_upload(engine, store, key)
    swept = sweep(store, known, older_than=real_now - KEPT_FOR)
    return Tidied(files=swept.files, uploads=len(stale), temporary=swept.temporary)
