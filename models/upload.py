"""Uploads under way: whose they are, and what was announced. The bytes that have come lie in the store."""

from datetime import datetime

import sqlalchemy
from sqlalchemy import BigInteger, delete, func, update
from sqlmodel import Field, Session, col, select

from models.bulk import table_of
from models.obligation import ObligationRow
from models.row import Row


class UploadRow(Row, table=True):
    """One upload that has begun and is not finished. Its moments are real time."""

    __tablename__ = "upload"

    #: random, at least 128 bits: who knows it may go on with it
    id: str = Field(primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    name: str
    #: bytes, as announced
    size: int = Field(sa_type=BigInteger)
    item: str = ""
    added_by: str
    began_at: datetime
    touched_at: datetime = Field(index=True)


def upload_of(session: Session, key: str) -> UploadRow | None:
    """One upload under way."""
    return session.get(UploadRow, key)


def uploads_of(session: Session, obligation: int) -> list[UploadRow]:
    """The uploads under way of an obligation, the oldest first."""
    query = select(UploadRow).where(UploadRow.obligation_id == obligation)
    return list(session.exec(query.order_by(col(UploadRow.began_at), col(UploadRow.id))))


def announced(session: Session, *, notice: str, unit: str, but: str = "") -> dict[str, tuple[int, int]]:
    """How many files and bytes are on their way from a unit, by deliverable; ``but``: an upload that is left out."""
    owed, mine = table_of(ObligationRow), table_of(UploadRow)
    query = (
        sqlalchemy.select(owed.c.deliverable, func.count(), func.sum(mine.c.size))
        .join_from(owed, mine, mine.c.obligation_id == owed.c.id)
        .where(owed.c.notice_id == notice, owed.c.unit_id == unit, mine.c.id != but)
        .group_by(owed.c.deliverable)
    )
    return {deliverable: (files, int(size)) for deliverable, files, size in session.connection().execute(query)}


def touch_upload(session: Session, key: str, at: datetime) -> None:
    """Somebody goes on with it."""
    session.connection().execute(update(UploadRow).where(col(UploadRow.id) == key).values(touched_at=at))


def end_upload(session: Session, key: str) -> bool:
    """It is finished or given up; False when it was not under way."""
    return bool(session.connection().execute(delete(UploadRow).where(col(UploadRow.id) == key)).rowcount)


def stale_uploads(session: Session, before: datetime) -> list[str]:
    """Uploads that nobody has gone on with since ``before``."""
    return list(session.exec(select(col(UploadRow.id)).where(col(UploadRow.touched_at) < before)))
