"""Notices and their revisions: a definition in force is stored with its canonical text and hash."""

from datetime import datetime

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Field, Session, select

from models.bulk import table_of
from models.prepared import Prepared
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
    #: its obligations are counted in ``tally``; else readers count the facts
    is_counted: bool = Field(default=False, sa_column_kwargs={"server_default": sqlalchemy.false()})


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


_NOTICE, _REVISION = table_of(NoticeRow), table_of(RevisionRow)
_IN_FORCE = Prepared(
    lambda _: (
        sqlalchemy.select(_REVISION.c.number, _REVISION.c.sha256)
        .join_from(
            _NOTICE, _REVISION, (_REVISION.c.notice_id == _NOTICE.c.id) & (_REVISION.c.number == _NOTICE.c.revision)
        )
        .where(_NOTICE.c.id == bindparam("notice"))
    ),
    columns=(_REVISION.c.number, _REVISION.c.sha256),
)


def version_in_force(session: Session, notice_id: str) -> tuple[int, str] | None:
    """Number and hash of the definition in force: whoever has read it knows it."""
    found = _IN_FORCE.first(session, notice=notice_id)
    return None if found is None else (found[0], found[1])
