"""Sessions of browsers, on the server: each can be ended from here. Real time."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import delete, update
from sqlmodel import Field, Session, col, select

from models.entry_link import EntryLinkRow
from models.row import Row


class WebSessionRow(Row, table=True):
    """A browser that somebody came in with."""

    __tablename__ = "web_session"

    #: SHA-256 of the cookie's value, hex
    hash: str = Field(primary_key=True)
    #: None: came in by links alone
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    made_at: datetime
    #: when it was last used, within a minute
    seen_at: datetime
    #: over then, whatever is done
    ends_at: datetime = Field(index=True)


class SessionScopeRow(Row, table=True):
    """A link that was entered in a session."""

    __tablename__ = "session_scope"

    session_hash: str = Field(foreign_key="web_session.hash", primary_key=True)
    link_hash: str = Field(foreign_key="entry_link.hash", primary_key=True, index=True)
    #: the unit's 口令 was said
    is_cleared: bool = False


class Entered(NamedTuple):
    """A link as it was entered in a session."""

    link: EntryLinkRow
    is_cleared: bool


def begin_session(
    session: Session, found: str, *, person: int | None, made_at: datetime, now: datetime, ends_at: datetime
) -> None:
    """Write a new session down."""
    session.add(WebSessionRow(hash=found, person_id=person, made_at=made_at, seen_at=now, ends_at=ends_at))
    session.flush()


def scopes_of(session: Session, found: str) -> list[Entered]:
    """The links entered in a session, in force or not, in a fixed order."""
    query = select(EntryLinkRow, SessionScopeRow.is_cleared).join(
        SessionScopeRow, col(SessionScopeRow.link_hash) == col(EntryLinkRow.hash)
    )
    mine = query.where(SessionScopeRow.session_hash == found).order_by(col(EntryLinkRow.made_at), EntryLinkRow.hash)
    return [Entered(link, is_cleared) for link, is_cleared in session.exec(mine)]


def add_scope(session: Session, found: str, link: str, *, is_cleared: bool = False) -> None:
    """Add a link to a session."""
    session.merge(SessionScopeRow(session_hash=found, link_hash=link, is_cleared=is_cleared))
    session.flush()


def clear_unit(session: Session, found: str, unit: str) -> None:
    """Note that a unit's 口令 was said in a session."""
    links = sqlalchemy.select(col(EntryLinkRow.hash)).where(col(EntryLinkRow.unit_id) == unit)
    mine = (col(SessionScopeRow.session_hash) == found, col(SessionScopeRow.link_hash).in_(links))
    session.connection().execute(update(SessionScopeRow).where(*mine).values(is_cleared=True))


def touch(session: Session, found: str, *, now: datetime) -> None:
    """Note that a session is in use."""
    mine = update(WebSessionRow).where(col(WebSessionRow.hash) == found)
    session.connection().execute(mine.values(seen_at=now))


def end_sessions(session: Session, hashes: Iterable[str]) -> None:
    """End sessions."""
    _end(session, col(WebSessionRow.hash).in_(list(hashes)))


def end_sessions_of(session: Session, person: int) -> None:
    """End every session of a person."""
    _end(session, col(WebSessionRow.person_id) == person)


def forget_ended(session: Session, *, now: datetime, idle_since: datetime) -> None:
    """Forget sessions that are over."""
    _end(session, (col(WebSessionRow.ends_at) <= now) | (col(WebSessionRow.seen_at) <= idle_since))


def _end(session: Session, which: sqlalchemy.ColumnElement[bool]) -> None:
    connection = session.connection()
    mine = sqlalchemy.select(col(WebSessionRow.hash)).where(which)
    connection.execute(delete(SessionScopeRow).where(col(SessionScopeRow.session_hash).in_(mine)))
    connection.execute(delete(WebSessionRow).where(which))
    session.expire_all()
