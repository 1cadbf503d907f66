"""The audit log: every change of an obligation, hash-chained, in the transaction of the change."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Field, Session, col, select

from models.row import Row

#: What the first event is chained to.
GENESIS = "0" * 64


class EventRow(Row, table=True):
    """One event. ``hash`` is SHA-256 over the previous hash and the canonical JSON of the rest."""

    __tablename__ = "event"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    name: str
    by: str
    notice_id: str | None = Field(default=None, index=True)
    obligation_id: int | None = Field(default=None, index=True)
    #: canonical JSON
    data: str
    prev: str
    hash: str


class ChainHeadRow(Row, table=True):
    """The end of the chain; locked by whoever writes an event, so that the chain never forks."""

    __tablename__ = "event_head"

    id: int = Field(default=1, primary_key=True)
    seq: int = 0
    hash: str = GENESIS


def record(
    session: Session,
    *,
    at: datetime,
    name: str,
    by: str,
    data: dict[str, Any],
    notice: str | None = None,
    obligation: int | None = None,
) -> int:
    """Write one event behind the chain's end; answers its number."""
    head = session.exec(select(ChainHeadRow).with_for_update()).one_or_none()
    if head is None:
        head = ChainHeadRow()
        session.add(head)
    event = EventRow(
        seq=head.seq + 1,
        at=at,
        name=name,
        by=by,
        notice_id=notice,
        obligation_id=obligation,
        data=_canonical(data),
        prev=head.hash,
        hash="",
    )
    event.hash = digest(event)
    head.seq, head.hash = event.seq, event.hash
    session.add(event)
    session.flush()
    return event.seq


def digest(event: EventRow) -> str:
    """The hash that an event must have."""
    body = event.model_dump(exclude={"hash", "prev", "at"}) | {"at": event.at.astimezone(UTC).isoformat()}
    return hashlib.sha256((event.prev + _canonical(body)).encode()).hexdigest()


def _canonical(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def count(session: Session) -> int:
    """How many events there are."""
    return session.exec(select(func.count()).select_from(EventRow)).one()


def chain(session: Session) -> list[EventRow]:
    """All events in order."""
    return list(session.exec(select(EventRow).order_by(col(EventRow.seq))))


def chain_is_whole(session: Session) -> bool:
    """True when every event has the hash that it must have, and the chain ends where its head says."""
    prev, seq = GENESIS, 0
    for event in chain(session):
        if (event.prev, event.seq) != (prev, seq + 1) or digest(event) != event.hash:
            return False
        prev, seq = event.hash, event.seq
    head = session.exec(select(ChainHeadRow)).one_or_none()
    return (head.seq, head.hash) == (seq, prev) if head else seq == 0
