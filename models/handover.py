"""Tracks as they were handed in, posted and received: one row for each thing that happened to one track."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, null, update
from sqlmodel import Field, Session

from models.bulk import among, fetch, insert_many, listed, plain, table_of
from models.prepared import Prepared
from models.row import Row


class HandoverRow(Row, table=True):
    """One track of an obligation was handed in, posted or received; the last row that stands says how it is."""

    __tablename__ = "handover"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    #: the track's position in the definition, from 0
    track: int
    round: int
    #: ``handed_in``, ``sent`` or ``received``
    state: str
    courier: str = ""
    #: of the courier
    number: str = ""
    #: posted on, or arrived on
    day: date | None = None
    copies: int | None = None
    #: whether there is a seal on it; None: nobody said
    seal_seen: bool | None = None
    at: datetime
    #: the moment that counts for being late: a posting by the day is in time whenever it is entered
    counts_at: datetime
    #: ``unit`` or ``issuer``
    by: str
    by_person: str = ""
    note: str = ""
    #: since when it stands no more: returned, withdrawn, entered anew
    void_at: datetime | None = None


class Handover(NamedTuple):
    """A handover by value."""

    obligation_id: int
    track: int
    round: int
    state: str
    courier: str
    number: str
    day: date | None
    copies: int | None
    seal_seen: bool | None
    at: datetime
    counts_at: datetime
    by: str
    by_person: str
    note: str


_TABLE = table_of(HandoverRow)
_STANDING = plain(HandoverRow, Handover._fields)
_OF = Prepared(
    lambda kind: (
        update(_TABLE)
        .where(
            _TABLE.c.obligation_id == bindparam("owed"),
            listed(kind, _TABLE.c.track, "which"),
            _TABLE.c.void_at.is_(None),
        )
        .values(void_at=bindparam("moment"))
    )
)
_LIKE = Prepared(
    lambda kind: (
        update(_TABLE)
        .where(
            _TABLE.c.obligation_id == bindparam("owed"),
            listed(kind, _TABLE.c.track, "which"),
            _TABLE.c.state == bindparam("like"),
            _TABLE.c.void_at.is_(None),
        )
        .values(void_at=bindparam("moment"))
    )
)
_RESTORE = Prepared(
    lambda _: (
        update(_TABLE)
        .where(_TABLE.c.obligation_id == bindparam("owed"), _TABLE.c.void_at == bindparam("moment"))
        .values(void_at=null())
    )
)


def enter_handovers(session: Session, rows: Sequence[Handover]) -> None:
    """Write down what happened to tracks of one obligation, all alike; the same entered before stands no more."""
    if rows:
        first = rows[0]
        which = [row.track for row in rows]
        _LIKE.run(session, owed=first.obligation_id, which=which, like=first.state, moment=first.at)
        insert_many(session, HandoverRow, (*Handover._fields, "void_at"), [(*row, None) for row in rows])


def void_handovers(session: Session, obligation: int, tracks: Sequence[int], *, at: datetime) -> None:
    """What was handed over of these tracks stands no more."""
    _OF.run(session, owed=obligation, which=list(tracks), moment=at)


def restore_handovers(session: Session, obligation: int, *, at: datetime) -> None:
    """What an act at ``at`` made void stands again."""
    _RESTORE.run(session, owed=obligation, moment=at)


def handovers_of(session: Session, obligations: Collection[int]) -> dict[int, list[Handover]]:
    """What stands of some obligations, in the order of its writing; those without any are not in it."""
    mine = among(session, _TABLE.c.obligation_id, obligations)
    query = _STANDING.query.where(mine, _TABLE.c.void_at.is_(None)).order_by(_TABLE.c.id)
    found: dict[int, list[Handover]] = {}
    for one in fetch(session, _STANDING, query, Handover._make):
        found.setdefault(one.obligation_id, []).append(one)
    return found
