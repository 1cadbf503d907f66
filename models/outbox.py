"""The outbox: all mail leaves by it. ``pending → claimed → data → sent | deferred | failed | unknown | cancelled``."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Index, bindparam, func, update
from sqlmodel import Field, Session, col, select

from models.bulk import among
from models.obligation import ObligationRow
from models.prepared import Prepared
from models.row import Row, metadata


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


_OUTBOX = metadata.tables["outbox"]
_GIVEN_BACK = {"state": str(MailState.PENDING), "claimed_by": None, "lease_until": None}


def claim(session: Session, *, owner: str, now: datetime, lease: datetime, limit: int) -> list[MailRow]:
    """Take up to ``limit`` mails that may leave by ``now``, the longest due first; what others hold is passed over."""
    found = [mail for state in (MailState.DEFERRED, MailState.PENDING) for mail in _ready(session, state, now, limit)]
    taken = sorted(found, key=lambda mail: (mail.not_before, mail.id))[:limit]
    if taken:
        mine = _OUTBOX.c.id.in_([mail.id for mail in taken])
        values = {"state": str(MailState.CLAIMED), "claimed_by": owner, "lease_until": lease}
        session.execute(update(_OUTBOX).where(mine).values(values))
    return taken


def _ready(session: Session, state: MailState, now: datetime, limit: int) -> list[MailRow]:
    """One state at a time: the index answers in order, and what is not due yet is never looked at."""
    query = select(MailRow).where(MailRow.state == state, col(MailRow.not_before) <= now)
    ordered = query.order_by(col(MailRow.not_before), col(MailRow.id)).limit(limit)
    return list(session.exec(ordered.with_for_update(skip_locked=True)))


def begin(session: Session, mail_id: int, owner: str, values: Mapping[str, Any]) -> bool:
    """Write down what a claimed mail becomes (its sending begins, or it does not); False when it is not ours."""
    return _change(session, mail_id, owner, MailState.CLAIMED, values)


def settle(session: Session, mail_id: int, owner: str, values: Mapping[str, Any]) -> bool:
    """Write down what became of a mail under way; False when it was taken for abandoned, and is another's now."""
    return _change(session, mail_id, owner, MailState.DATA, values)


def _change(session: Session, mail_id: int, owner: str, state: MailState, values: Mapping[str, Any]) -> bool:
    named = {f"new_{name}": value for name, value in values.items()}
    found = _changing(tuple(values)).run(session, mail_id=mail_id, owner=owner, former=str(state), **named)
    return bool(found.rowcount)


@lru_cache(maxsize=64)
def _changing(names: tuple[str, ...]) -> Prepared:
    """Built once for each set of columns: it is run twice for every mail."""
    c = _OUTBOX.c
    mine = (c.id == bindparam("mail_id"), c.claimed_by == bindparam("owner"), c.state == bindparam("former"))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return Prepared(lambda _: update(_OUTBOX).where(*mine).values(values))


def release(session: Session, owner: str) -> None:
    """Give back what a sender has claimed and not begun."""
    c = _OUTBOX.c
    held = update(_OUTBOX).where(c.state == str(MailState.CLAIMED), c.claimed_by == owner)
    session.execute(held.values(_GIVEN_BACK))


def release_abandoned(session: Session, real_now: datetime) -> None:
    """Give back what a sender that died had claimed and not begun."""
    c = _OUTBOX.c
    held = update(_OUTBOX).where(c.state == str(MailState.CLAIMED), c.lease_until < real_now)
    session.execute(held.values(_GIVEN_BACK))


def abandoned_in_data(session: Session, real_now: datetime) -> list[MailRow]:
    """Mails whose sender died while transmitting."""
    query = select(MailRow).where(MailRow.state == MailState.DATA, col(MailRow.lease_until) < real_now)
    return list(session.exec(query.with_for_update(skip_locked=True)))


def said_again(session: Session, mail: MailRow) -> set[int]:
    """The obligations of a digest that a later digest to the same person speaks of."""
    mine = select(MailItemRow.obligation_id).where(MailItemRow.mail_id == mail.id)
    later = (
        select(MailItemRow.obligation_id)
        .join(MailRow, col(MailRow.id) == col(MailItemRow.mail_id))
        .where(MailRow.to_email == mail.to_email, col(MailRow.digest_day) > mail.digest_day)
        .where(col(MailRow.state).not_in([MailState.CANCELLED, MailState.FAILED]))
        .where(col(MailItemRow.obligation_id).in_(mine))
    )
    return set(session.exec(later))


def waiting_mails(session: Session, until: datetime) -> int:
    """How many mails wait that may leave by a moment."""
    states = [str(state) for state in (MailState.PENDING, MailState.DEFERRED, MailState.CLAIMED)]
    query = select(func.count()).select_from(MailRow)
    return session.exec(query.where(col(MailRow.state).in_(states), col(MailRow.not_before) <= until)).one()


def moments_of_mails(session: Session) -> list[datetime]:
    """The moment of each mail's act or tick."""
    return list(session.exec(select(MailRow.at)))


def items_of(session: Session, mails: Sequence[int]) -> dict[int, list[MailItemRow]]:
    """The items of some mails, each in order."""
    found: dict[int, list[MailItemRow]] = {mail: [] for mail in mails}
    query = select(MailItemRow).where(among(session, col(MailItemRow.mail_id), mails))
    for item in session.exec(query.order_by(col(MailItemRow.mail_id), col(MailItemRow.position))):
        found[item.mail_id].append(item)
    return found


def units_of_items(session: Session, mails: Sequence[int]) -> dict[int, str]:
    """Obligation → unit, for the items of some mails."""
    query = (
        select(col(ObligationRow.id), col(ObligationRow.unit_id))
        .join(MailItemRow, col(MailItemRow.obligation_id) == col(ObligationRow.id))
        .where(col(MailItemRow.mail_id).in_(mails))
    )
    return {number: unit for number, unit in session.exec(query) if number is not None}


def mails(session: Session, *, states: Iterable[MailState] | None = None) -> list[MailRow]:
    """Mails by moment and address."""
    query = select(MailRow)
    if states is not None:
        query = query.where(col(MailRow.state).in_(list(states)))
    return list(session.exec(query.order_by(col(MailRow.at), MailRow.to_email, col(MailRow.id))))
