"""The outbox: all mail leaves by it. ``pending → claimed → data → sent | deferred | failed | unknown | cancelled``."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, or_, update
from sqlmodel import Field, Session, col, select

from models.row import Row
from models.upsert import insert_new


class MailState(StrEnum):
    """Where a mail stands."""

    PENDING = "pending"
    CLAIMED = "claimed"
    #: the transmission of its text has begun
    DATA = "data"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    #: it may or may not have arrived: a person decides
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


#: States from which a mail has left, or may have.
LEFT = (MailState.DATA, MailState.SENT, MailState.UNKNOWN)


class MailRow(Row, table=True):
    """One message to one person."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_not_before", "state", "not_before"),)

    id: int | None = Field(default=None, primary_key=True)
    #: a digest: ``digest:ADDRESS:DAY``; an immediate mail: ``KIND:EVENT:ADDRESS``
    key: str = Field(unique=True)
    kind: str
    #: the notice of an immediate mail; None for a digest over all notices
    notice_id: str | None = Field(default=None, foreign_key="notice.id", index=True)
    to_email: str = Field(index=True)
    to_person: str
    #: the unit and role under which the person is addressed
    unit_id: str = Field(foreign_key="unit.id")
    role: str
    #: the moment of its act or tick (the domain's time)
    at: datetime
    #: the local day of a digest
    digest_day: date | None = None
    #: what its event says beyond the items (reason, former day), as JSON
    detail: str = "{}"
    message_id: str = Field(unique=True)
    #: the short code by which a reply is matched
    code: str = Field(index=True)
    state: str = MailState.PENDING
    not_before: datetime
    claimed_by: str | None = None
    #: real time, not the domain's
    lease_until: datetime | None = None
    attempts: int = 0
    #: how often it may or may not have arrived
    doubts: int = 0
    reason: str = ""
    sent_at: datetime | None = None
    #: the address of the account that took it, or tried to
    account: str | None = None
    #: leaves without its attachment: a server found it too big, or of a kind it does not take
    bare: bool = False
    subject: str = ""
    text: str = ""
    html: str = ""


class MailItemRow(Row, table=True):
    """A due action, or an obligation touched, that caused a mail."""

    __tablename__ = "outbox_item"

    mail_id: int = Field(foreign_key="outbox.id", primary_key=True)
    position: int = Field(primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    owner: str
    rung: str | None = None
    round: int
    due_at: datetime | None = None
    role: str


def enqueue(session: Session, mail: dict[str, Any], items: Iterable[dict[str, Any]]) -> int | None:
    """Put a mail and its items into the outbox; None when its key is there already."""
    mail_id: int | None = insert_new(session, MailRow, mail)
    if mail_id is None:
        return None
    rows = [MailItemRow(mail_id=mail_id, position=n, **item) for n, item in enumerate(items)]
    session.add_all(rows)
    session.flush()
    return mail_id


def claim(session: Session, *, owner: str, now: datetime, real_now: datetime, lease: datetime, limit: int) -> list[int]:
    """Take up to ``limit`` mails that may leave by ``now``; abandoned claims (lease over) are taken again."""
    ready = or_(
        col(MailRow.state).in_([MailState.PENDING, MailState.DEFERRED]) & (col(MailRow.not_before) <= now),
        (col(MailRow.state) == MailState.CLAIMED) & (col(MailRow.lease_until) < real_now),
    )
    query = select(MailRow.id).where(ready).order_by(col(MailRow.id)).limit(limit).with_for_update(skip_locked=True)
    ids = [n for n in session.exec(query) if n is not None]
    if ids:
        taken = update(MailRow).where(col(MailRow.id).in_(ids))
        session.execute(taken.values(state=str(MailState.CLAIMED), claimed_by=owner, lease_until=lease))
    return ids


def release(session: Session, owner: str) -> None:
    """Give back what a sender has claimed and not begun."""
    held = update(MailRow).where(col(MailRow.state) == MailState.CLAIMED, col(MailRow.claimed_by) == owner)
    session.execute(held.values(state=str(MailState.PENDING), claimed_by=None, lease_until=None))


def abandoned_in_data(session: Session, real_now: datetime) -> list[MailRow]:
    """Mails whose sender died while transmitting."""
    query = select(MailRow).where(MailRow.state == MailState.DATA, col(MailRow.lease_until) < real_now)
    return list(session.exec(query.with_for_update(skip_locked=True)))


def mine(session: Session, mail_id: int, owner: str) -> MailRow | None:
    """A mail that this sender has claimed, locked."""
    query = select(MailRow).where(
        MailRow.id == mail_id, MailRow.claimed_by == owner, MailRow.state == MailState.CLAIMED
    )
    return session.exec(query.with_for_update()).first()


def under_way(session: Session, mail_id: int, owner: str) -> MailRow | None:
    """A mail that this sender is transmitting, locked; None when somebody else has taken it for abandoned."""
    query = select(MailRow).where(MailRow.id == mail_id, MailRow.claimed_by == owner, MailRow.state == MailState.DATA)
    return session.exec(query.with_for_update()).first()


def items_of(session: Session, mails: Sequence[int]) -> dict[int, list[MailItemRow]]:
    """The items of some mails, each in order."""
    found: dict[int, list[MailItemRow]] = {mail: [] for mail in mails}
    for start in range(0, len(mails), 500):
        query = select(MailItemRow).where(col(MailItemRow.mail_id).in_(mails[start : start + 500]))
        for item in session.exec(query.order_by(col(MailItemRow.mail_id), col(MailItemRow.position))):
            found[item.mail_id].append(item)
    return found


def mails(session: Session, *, states: Iterable[MailState] | None = None) -> list[MailRow]:
    """Mails by moment and address."""
    query = select(MailRow)
    if states is not None:
        query = query.where(col(MailRow.state).in_(list(states)))
    return list(session.exec(query.order_by(col(MailRow.at), MailRow.to_email, col(MailRow.id))))


def told_since(session: Session, obligation: int, kinds: Iterable[str], since: datetime) -> set[str]:
    """The addresses that a mail of these kinds about this obligation went to since a moment."""
    query = (
        select(MailRow.to_email)
        .join(MailItemRow, col(MailItemRow.mail_id) == col(MailRow.id))
        .where(MailItemRow.obligation_id == obligation, col(MailRow.kind).in_(list(kinds)), col(MailRow.at) >= since)
    )
    return set(session.exec(query))


def notice_message_id(session: Session, notice: str, email: str) -> str | None:
    """The Message-ID of the notice mail that this person got."""
    query = select(MailRow.message_id).where(
        MailRow.notice_id == notice, MailRow.kind == "notice", MailRow.to_email == email
    )
    return session.exec(query.order_by(col(MailRow.id))).first()
