"""Telephone calls, written down by hand."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Field, Session, col, select

from models.bulk import among
from models.row import Row
from models.upsert import insert_new


class PhoneNoteRow(Row, table=True):
    """One call with a unit about a notice."""

    __tablename__ = "phone_note"

    id: int | None = Field(default=None, primary_key=True)
    #: of the form that was sent: a second click is the same note
    key: str = Field(unique=True)
    notice_id: str = Field(foreign_key="notice.id", index=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    #: with whom
    person: str
    called_at: datetime
    said: str
    by: str
    at: datetime


def enter_note(session: Session, values: dict[str, object]) -> bool:
    """Write down a call; False where this form was sent already."""
    return insert_new(session, PhoneNoteRow, values) is not None


def last_notes(session: Session, units: Collection[str]) -> dict[tuple[str, str], PhoneNoteRow]:
    """The last call with each of some units, by notice and unit."""
    query = select(PhoneNoteRow).where(among(session, col(PhoneNoteRow.unit_id), units))
    rows = session.exec(query.order_by(col(PhoneNoteRow.called_at), col(PhoneNoteRow.id)))
    return {(row.notice_id, row.unit_id): row for row in rows}


def notes_of(session: Session, *, notice: str, unit: str) -> list[PhoneNoteRow]:
    """The calls with a unit about a notice, the oldest first."""
    mine = select(PhoneNoteRow).where(PhoneNoteRow.notice_id == notice, PhoneNoteRow.unit_id == unit)
    return list(session.exec(mine.order_by(col(PhoneNoteRow.called_at), col(PhoneNoteRow.id))))
