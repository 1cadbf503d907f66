"""The audit log: every change of an obligation, hash-chained, in the transaction of the change."""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam, func, update
from sqlmodel import Field, Session, col, select

from duban.domain.chain import GENESIS, End, Link, Verdict, digest, judge
from models.bulk import Plain, among, table_of
from models.prepared import Prepared, insertion
from models.row import Row

#: Events read in one query when the chain is looked through.
BATCH = 5000
#: What is noted of an obligation and changes nothing of it.
BESIDE = ("held", "hold_lifted")


class EventRow(Row, table=True):
    """One event. ``hash`` is SHA-256 over the previous hash and the canonical JSON of the rest."""

    __tablename__ = "event"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(index=True)
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


#: Where a transaction keeps for whom it acts.
_FOR = "duban_for"


def speak_for(session: Session, absent: str) -> None:
    """From here on the events of this session are done for ``absent`` (an address); empty: in one's own name."""
    session.info[_FOR] = absent


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
    """Write one event behind the chain's end; answers its number.

    Done for an absent colleague (``speak_for``), the event says for whom.
    """
    absent = session.info.get(_FOR)
    data = data | {"for": absent} if absent else data
    end = _HEAD.first(session)
    if end is None:
        session.add(ChainHeadRow())
        session.flush()
    last, prev = end or (0, GENESIS)
    seq, text = int(last) + 1, _canonical(data)
    hash_ = digest(Link(seq, _iso(at), by, name, notice, obligation, text, prev, ""))
    event = {"seq": seq, "at": at, "name": name, "by": by, "notice_id": notice, "obligation_id": obligation}
    _EVENT.run(session, **event, data=text, prev=prev, hash=hash_)
    _ADVANCE.run(session, to=seq, end=hash_)
    return seq


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


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
_CHANGES = sqlalchemy.and_(*(_TABLE.c.name != name for name in BESIDE))
_LAST = Prepared(
    lambda _: (
        sqlalchemy.select(_TABLE.c.name)
        .where(_TABLE.c.obligation_id == bindparam("owed"), _CHANGES)
        .order_by(_TABLE.c.seq.desc())
        .limit(1)
    ),
    columns=(_TABLE.c.name,),
)


def last_name(session: Session, obligation: int) -> str | None:
    """The name of the last event that changed an obligation; None where there is none but that of its publication."""
    found = _LAST.first(session, owed=obligation)
    return None if found is None else str(found[0])


def last_names(session: Session, obligations: Collection[int]) -> dict[int, str]:
    """The name of the last event that changed each of some obligations; those without are left out."""
    mine = among(session, _TABLE.c.obligation_id, obligations) & _CHANGES
    last = sqlalchemy.select(func.max(_TABLE.c.seq)).where(mine).group_by(_TABLE.c.obligation_id)
    query = sqlalchemy.select(_TABLE.c.obligation_id, _TABLE.c.name).where(_TABLE.c.seq.in_(last))
    return dict(session.connection().execute(query).tuples().all())


def count(session: Session) -> int:
    """How many events there are."""
    return session.exec(select(func.count()).select_from(EventRow)).one()


def chain(session: Session) -> list[EventRow]:
    """All events in order."""
    return list(session.exec(select(EventRow).order_by(col(EventRow.seq))))


_LINK = Plain(*(_TABLE.c[name] for name in Link._fields))


def links(session: Session) -> Iterator[Link]:
    """All events in order as the chain sees them, read bit by bit: also those that somebody has damaged."""
    connection, last = session.connection(), None
    moment = _TABLE.c.at.type.dialect_impl(connection.dialect).result_processor(connection.dialect, None)
    ordered = _LINK.query.order_by(_TABLE.c.seq).limit(BATCH)
    while rows := connection.execute(ordered.where(_TABLE.c.seq > last) if last is not None else ordered).all():
        at, said = None, ""
        for row in rows:
            if row[1] != at:
                at, said = row[1], _said(moment, row[1])
            yield Link(row[0], said, *row[2:])
        last = rows[-1][0]


def _said(moment: Any, raw: Any) -> str:
    """A moment as the chain has it; empty for what is none."""
    with suppress(TypeError, ValueError, AttributeError):
        return _iso(moment(raw) if moment else raw)
    return ""


def head(session: Session) -> End | None:
    """Where the record says that the chain ends; None before the first event."""
    found = session.execute(sqlalchemy.select(_END.c.seq, _END.c.hash)).first()
    return None if found is None else End(found[0], found[1])


def look_through(session: Session, *, anchor: End | None = None) -> Verdict:
    """Is every event as it was written, and is it all? ``anchor``: a number and hash that were printed before.

    Events that are written meanwhile do no harm where the session sees one picture (``models.session.steady``).
    """
    return judge(links(session), head=head(session), anchor=anchor)


def chain_is_whole(session: Session) -> bool:
    """True when every event has the hash that it must have, and the chain ends where its head says."""
    return look_through(session).is_whole
