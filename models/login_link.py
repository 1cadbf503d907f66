"""One-time login links: random, stored hashed, used once."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Field, Session, col

from models.row import Row


class LoginLinkRow(Row, table=True):
    """A link that logs one person in, once. Real time."""

    __tablename__ = "login_link"

    #: SHA-256 of the token, hex
    hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None


def put_login_link(session: Session, *, found: str, person: int, expires_at: datetime, now: datetime) -> None:
    """Write a link down; those that are long over are forgotten."""
    session.connection().execute(delete(LoginLinkRow).where(col(LoginLinkRow.expires_at) < now))
    session.merge(LoginLinkRow(hash=found, person_id=person, expires_at=expires_at))
    session.flush()


def use_login_link(session: Session, found: str, *, now: datetime) -> int | None:
    """Use a link up; answers the person's number, None when it is unknown, used or over. Of two users one wins."""
    unused = (col(LoginLinkRow.used_at).is_(None), col(LoginLinkRow.expires_at) > now)
    mine = update(LoginLinkRow).where(col(LoginLinkRow.hash) == found, *unused).values(used_at=now)
    row = session.connection().execute(mine.returning(col(LoginLinkRow.person_id))).first()
    return None if row is None else int(row[0])


def is_usable(session: Session, found: str, *, now: datetime) -> bool:
    """True while a link has not been used and is not over."""
    row = session.get(LoginLinkRow, found)
    return row is not None and row.used_at is None and row.expires_at > now


def drop_login_links(session: Session, person: int) -> None:
    """Make a person's unused links void."""
    session.connection().execute(delete(LoginLinkRow).where(col(LoginLinkRow.person_id) == person))
