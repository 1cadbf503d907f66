"""The audit log: every change of an obligation, hash-chained, in the transaction of the change."""

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam, func, update
from sqlmodel import Field, Session, col, select

from models.bulk import among, table_of
from models.prepared import Prepared, insertion
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


_END = table_of(ChainHeadRow)
_HEAD = Prepared(
    lambda _: sqlalchemy.select(_END.c.seq, _END.c.hash).with_for_update(), columns=(_END.c.seq, _END.c.hash)
)
_EVENT = insertion(EventRow, tuple(EventRow.model_fields))
_ADVANCE = Prepared(lambda _: update(_END).values(seq=bindparam("to"), hash=bindparam("end")))


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
    end = _HEAD.first(session)
    if end is None:
        session.add(ChainHeadRow())
        session.flush()
    last, prev = end or (0, GENESIS)
    seq = int(last) + 1
    event = {
        "seq": seq,
        "at": at,
        "name": name,
        "by": by,
        "notice_id": notice,
        "obligation_id": obligation,
        "data": _canonical(data),
    }
    hash_ = _digest(event, prev)
    _EVENT.run(session, **event, prev=prev, hash=hash_)
    _ADVANCE.run(session, to=seq, end=hash_)
    return seq


def digest(event: EventRow) -> str:
    """The hash that an event must have."""
    return _digest(event.model_dump(exclude={"hash", "prev"}), event.prev)


def _digest(event: dict[str, Any], prev: str) -> str:
    body = event | {"at": event["at"].astimezone(UTC).isoformat()}
    return hashlib.sha256((prev + _canonical(body)).encode()).hexdigest()


def _canonical(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def events_named(session: Session, notice: str, names: Collection[str]) -> list[EventRow]:
    """The events of a notice that have one of these names, in order."""
    query = select(EventRow).where(EventRow.notice_id == notice, col(EventRow.name).in_(list(names)))
    return list(session.exec(query.order_by(col(EventRow.seq))))


def reason_of(session: Session, seq: int) -> str:
    """The reason that an event was given; empty where it has none."""
    event = session.get(EventRow, seq)
    return str(json.loads(event.data).get("reason", "")) if event else ""


_TABLE = table_of(EventRow)
_LAST = Prepared(
    lambda _: (
        sqlalchemy.select(_TABLE.c.name)
        .where(_TABLE.c.obligation_id == bindparam("owed"))
        .order_by(_TABLE.c.seq.desc())
        .limit(1)
    ),
    columns=(_TABLE.c.name,),
)


def last_name(session: Session, obligation: int) -> str | None:
    """The name of the last event of an obligation; None where there is none but that of its publication."""
    found = _LAST.first(session, owed=obligation)
    return None if found is None else str(found[0])


def last_names(session: Session, obligations: Collection[int]) -> dict[int, str]:
    """The name of the last event of each of some obligations; those without are left out."""
    mine = among(session, _TABLE.c.obligation_id, obligations)
    last = sqlalchemy.select(func.max(_TABLE.c.seq)).where(mine).group_by(_TABLE.c.obligation_id)
    query = sqlalchemy.select(_TABLE.c.obligation_id, _TABLE.c.name).where(_TABLE.c.seq.in_(last))
    return dict(session.connection().execute(query).tuples().all())


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
