"""From a browser to a draft: uploads in parts that outlive a broken line, and files that come in one go.

No transaction is open while bytes come. A row is written only when its file is safe on the disk.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.errors import NotFound, NotStored
from duban.domain.file_name import clean, distinct
from duban.services.intake import Asked, candidate, check_open, open_to_files, owing, room
from duban.services.records import Records
from duban.store.parts import Parts
from duban.store.store import Kept, Store, TooBig
from models import UploadRow
from models.material import Material, drafts_of, enter_material
from models.obligation import Owed, owed_by_ids
from models.session import keeping, reading
from models.upload import end_upload, touch_upload, upload_of, uploads_of


def begin_upload(
    session: Session, store: Store, asked: Asked, *, name: str, size: int, item: str = "", by: str, real_now: datetime
) -> str:
    """An upload of ``size`` bytes begins; answers its key, which is all that is needed to go on with it.

    NotFound; ActRefused where nothing can be handed in; InputRefused beyond the caps; NotStored.
    """
    row = open_to_files(session, asked)
    shown = clean(name)
    room(Records(session), row).check(shown, size)
    key = Parts(store).begin()
    session.add(
        UploadRow(
            id=key,
            obligation_id=row.id,
            name=shown,
            size=size,
            item=candidate(item),
            added_by=by,
            began_at=real_now,
            touched_at=real_now,
        )
    )
    return key


def whose(session: Session, key: str) -> Asked:
    """To which obligation an upload belongs: what a door asks before it lets somebody go on. NotFound."""
    return _named(_upload(session, key)[1])


def under_way(session: Session, asked: Asked) -> list[UploadRow]:
    """The uploads of an obligation that are not finished, the oldest first."""
    return uploads_of(session, owing(session, asked).id)


def broken_off(session: Session, asked: Asked, *, name: str, size: int, by: str) -> str:
    """The key of the upload of the same file by the same person that has not come to its end; empty: there is none."""
    alike = [one for one in under_way(session, asked) if (one.name, one.size, one.added_by) == (clean(name), size, by)]
    return alike[-1].id if alike else ""


def announced_size(session: Session, key: str) -> int:
    """How many bytes an upload will have; NotFound."""
    return _upload(session, key)[0].size


def offset(store: Store, key: str) -> int:
    """How many bytes of an upload have come; NotFound."""
    return Parts(store).come(key)


def receive(engine: Engine, store: Store, key: str, *, offset: int, chunks: Iterable[bytes], real_now: datetime) -> int:
    """Add a stream at ``offset``; answers how much has come, on the disk by then.

    Where all has come already nothing is added: whoever lost the last answer goes on from there to the end.
    WrongOffset names the right one. When the stream breaks off, what came stays. NotFound, ActRefused; NotStored, or
    TooBig beyond what was announced: then the upload is over, and begins anew.
    """
    with reading(engine) as session:
        upload, _ = _going_on(session, key)
    try:
        if Parts(store).come(key) == upload.size:
            return upload.size
        come = Parts(store).append(key, offset, chunks, most=upload.size)
    except (NotStored, TooBig, NotFound):
        # a full disk may have no room for this either: then the row goes with the stale ones
        with suppress(NotStored):
            drop_upload(engine, store, key)
        raise
    with keeping(engine) as session:
        touch_upload(session, key, real_now)
    return come


def finish_upload(engine: Engine, store: Store, key: str, *, now: datetime) -> Material:
    """All has come: a draft of the obligation, its file safe on the disk before its row is written.

    NotWhole while more is to come; NotFound; ActRefused; InputRefused beyond the caps; NotStored. Killed in between,
    it is simply done again.
    """
    with reading(engine) as session:
        upload, asked = _going_on(session, key)
    kept = Parts(store).finish(key, upload.size)
    with keeping(engine) as session:
        if not end_upload(session, key):
            raise _gone()
        material = _enter(session, asked, kept, name=upload.name, item=upload.item, by=upload.added_by, now=now)
    Parts(store).drop(key)
    return material


def drop_upload(engine: Engine, store: Store, key: str) -> None:
    """Give an upload up; one that is not under way is as good as given up."""
    with keeping(engine) as session:
        end_upload(session, key)
    with suppress(NotFound):
        Parts(store).drop(key)


def add(
    engine: Engine,
    store: Store,
    asked: Asked,
    *,
    name: str,
    chunks: Iterable[bytes],
    item: str = "",
    by: str,
    now: datetime,
) -> Material:
    """A file in one go: a draft of the obligation, its file safe on the disk before its row is written.

    NotFound; ActRefused where nothing can be handed in; InputRefused beyond the caps, and nothing is kept; NotStored.
    """
    shown = clean(name)
    with reading(engine) as session:
        there = room(Records(session), open_to_files(session, asked))
    there.check(shown, 0)
    try:
        kept = store.put(chunks, most=min(there.caps.file, there.caps.total - there.size))
    except TooBig as error:
        there.check(shown, error.most + 1)
        raise
    with keeping(engine) as session:
        return _enter(session, asked, kept, name=shown, item=candidate(item), by=by, now=now)


def _enter(session: Session, asked: Asked, kept: Kept, *, name: str, item: str, by: str, now: datetime) -> Material:
    """The row of a file that is on the disk, when it still may be handed in and still fits."""
    row = open_to_files(session, asked)
    room(Records(session), row).check(name, kept.size)
    shown = distinct(name, [draft.name for draft in drafts_of(session, row.id)])
    return enter_material(
        session, obligation=row.id, name=shown, sha256=kept.sha256, size=kept.size, item=item, at=now, by=by
    )


def _going_on(session: Session, key: str) -> tuple[UploadRow, Asked]:
    """An upload under way where something can be handed in; NotFound, ActRefused."""
    upload, row = _upload(session, key)
    check_open(row)
    return upload, _named(row)


def _upload(session: Session, key: str) -> tuple[UploadRow, Owed]:
    """An upload and its obligation; NotFound."""
    upload = upload_of(session, key)
    if upload is None:
        raise _gone()
    return upload, owed_by_ids(session, [upload.obligation_id])[upload.obligation_id]


def _named(row: Owed) -> Asked:
    return Asked(notice=row.notice_id, unit=row.unit_id, deliverable=row.deliverable)


def _gone() -> NotFound:
    return NotFound("这次上传已结束或已失效，请重新上传", "this upload is finished or gone: begin again")
