"""Notices and their revisions: a definition in force is stored with its canonical text and hash."""

from datetime import datetime

import sqlalchemy
from sqlalchemy import bindparam, false
from sqlmodel import Field, Session, col, select

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
    #: from here on nobody is chased; None while it is open
    closed_at: datetime | None = None
    #: its obligations are counted in ``tally``; else readers count the facts
    is_counted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    #: closed because it is cancelled: nothing is owed
    is_cancelled: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    #: why it was closed or cancelled
    closed_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    #: the event that closed or cancelled it
    closing_event: int | None = None
    #: how often it was closed, cancelled or opened again: what a mail says may have changed with each
    turns: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class RevisionRow(Row, table=True):
    """A definition as it was in force; never changed."""

    __tablename__ = "notice_revision"

    notice_id: str = Field(foreign_key="notice.id", primary_key=True)
    number: int = Field(primary_key=True)
    #: canonical JSON of the definition
    definition: str
    sha256: str
    created_at: datetime
    #: why it was changed; empty for the first
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    #: the person who changed it; empty where unknown
    by_person: str = Field(default="", sa_column_kwargs={"server_default": ""})
    #: the event of the supplement; None for the first
    event: int | None = None


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
        sqlalchemy.select(_REVISION.c.number, _REVISION.c.sha256, _NOTICE.c.closed_at)
        .join_from(
            _NOTICE, _REVISION, (_REVISION.c.notice_id == _NOTICE.c.id) & (_REVISION.c.number == _NOTICE.c.revision)
        )
        .where(_NOTICE.c.id == bindparam("notice"))
    ),
    columns=(_REVISION.c.number, _REVISION.c.sha256, _NOTICE.c.closed_at),
)


def version_in_force(session: Session, notice_id: str) -> tuple[int, str, datetime | None] | None:
    """Number and hash of the definition in force (whoever has read it knows it), and when the notice was closed."""
    found = _IN_FORCE.first(session, notice=notice_id)
    return None if found is None else (found[0], found[1], found[2])


def revisions_of(session: Session, notice_id: str) -> list[RevisionRow]:
    """Every definition that was in force, the first one first."""
    query = select(RevisionRow).where(RevisionRow.notice_id == notice_id)
    return list(session.exec(query.order_by(col(RevisionRow.number))))


def last_supplement(session: Session, notice_id: str) -> datetime | None:
    """When the definition in force was put there by a supplement; None: it is the first."""
    found = revision_in_force(session, notice_id)
    return found.created_at if found and found.number > 1 else None


def locked_notice(session: Session, notice_id: str) -> NoticeRow | None:
    """A notice, locked until this transaction ends."""
    query = select(NoticeRow).where(NoticeRow.id == notice_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()
