"""Notices and their revisions: a definition in force is stored with its canonical text and hash."""

from datetime import datetime

from sqlmodel import Field, Session, select

from models.row import Row


class NoticeRow(Row, table=True):
    """A published notice."""

    __tablename__ = "notice"

    id: str = Field(primary_key=True)
    document_number: str
    title: str
    issuer_id: str = Field(foreign_key="unit.id")
    published_at: datetime
    #: the revision in force
    revision: int
    closed_at: datetime | None = None


class RevisionRow(Row, table=True):
    """A definition as it was in force; never changed."""

    __tablename__ = "notice_revision"

    notice_id: str = Field(foreign_key="notice.id", primary_key=True)
    number: int = Field(primary_key=True)
    #: canonical JSON of the definition
    definition: str
    sha256: str
    created_at: datetime


def notices(session: Session) -> list[NoticeRow]:
    """Every notice, newest first."""
    return list(session.exec(select(NoticeRow).order_by(NoticeRow.published_at.desc(), NoticeRow.id)))  # type: ignore[attr-defined]


def revision_in_force(session: Session, notice_id: str) -> RevisionRow | None:
    """The definition in force of a notice."""
    notice = session.get(NoticeRow, notice_id)
    return None if notice is None else session.get(RevisionRow, (notice_id, notice.revision))
