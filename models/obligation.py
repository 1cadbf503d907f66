"""Obligations: unit × deliverable. Facts only; overdue and who holds the ball are computed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import Index, UniqueConstraint, bindparam, func, tuple_, update
from sqlmodel import Field, Session, col, select

from models.bulk import among, fetch, plain, table_of
from models.prepared import Prepared
from models.row import Row


class ObligationRow(Row, table=True):
    """What one unit owes of one deliverable (one occurrence of a recurring one)."""

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("unit_id", "notice_id", "deliverable"),
        # a tick reads only what is due to be looked at
        Index("ix_obligation_wake_at_id", "wake_at", "id"),
        Index("ix_obligation_notice_id_position", "notice_id", "unit_position", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    notice_id: str = Field(foreign_key="notice.id")
    unit_id: str = Field(foreign_key="unit.id")
    #: the deliverable's id; an occurrence is ``ID@YYYY-MM-DD``
    deliverable: str
    stage: str
    #: the class through which the unit is bound
    unit_class: str
    #: toward the issuer, when published
    relation: str
    unit_position: int
    position: int
    status: str
    round: int = 1
    #: the step of review that holds the ball
    step: str | None = None
    due_day: date | None = None
    due_at: datetime | None = None
    #: a day that the coordinator set (经办设定)
    due_set_by_coordinator: bool = False
    #: when the present turn opened
    opened_at: datetime
    acknowledged_at: datetime | None = None
    first_submitted_at: datetime | None = None
    #: the submission that stands
    submitted_at: datetime | None = None
    completed_at: datetime | None = None
    is_nil: bool = False
    #: why it was returned, waived or reopened
    reason: str = ""
    #: how each track stands, a mark a track (``duban.domain.tracks``); empty: as the whole
    tracks: str = Field(default="", sa_column_kwargs={"server_default": ""})
    #: when the planner must look again: an index, recomputed on every change
    wake_at: datetime | None = None


class Facts(NamedTuple):
    """What a judgement needs of an obligation, read by the thousand. ``turn`` is what alike obligations share."""

    id: int
    unit_id: str
    notice_id: str
    deliverable: str
    status: str
    round: int
    step: str | None
    relation: str
    due_day: date | None
    due_at: datetime | None
    opened_at: datetime
    wake_at: datetime | None
    unit_position: int
    position: int

    @property
    def turn(self) -> tuple[object, ...]:
        """Obligations with the same turn have the same ball."""
        return self[2:11]


#: The columns of ``Facts``, in order.
FACTS = plain(ObligationRow, Facts._fields)


@dataclass(slots=True)
class Owed:
    """One obligation by value, all its columns: read, changed and written back by an act."""

    id: int
    notice_id: str
    unit_id: str
    deliverable: str
    stage: str
    unit_class: str
    relation: str
    unit_position: int
    position: int
    status: str
    round: int
    step: str | None
    due_day: date | None
    due_at: datetime | None
    due_set_by_coordinator: bool
    opened_at: datetime
    acknowledged_at: datetime | None
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    completed_at: datetime | None
    is_nil: bool
    reason: str
    tracks: str
    wake_at: datetime | None


_TABLE = table_of(ObligationRow)
_COLUMNS = tuple(field.name for field in fields(Owed))
#: What an act may change.
_CHANGING = _COLUMNS[_COLUMNS.index("status") :]
_WHOLE = tuple(_TABLE.c[name] for name in _COLUMNS)
_NAMED = sqlalchemy.select(*_WHOLE).where(
    _TABLE.c.unit_id == bindparam("unit"),
    _TABLE.c.notice_id == bindparam("notice"),
    _TABLE.c.deliverable == bindparam("owed"),
)
_LOCKED = Prepared(lambda _: _NAMED.with_for_update(), columns=_WHOLE)
_READ = Prepared(lambda _: _NAMED, columns=_WHOLE)
_CHANGE = Prepared(
    lambda _: (
        update(_TABLE).where(_TABLE.c.id == bindparam("number")).values({name: bindparam(name) for name in _CHANGING})
    )
)


def locked(session: Session, *, notice: str, unit: str, deliverable: str) -> Owed | None:
    """One obligation, locked for this transaction."""
    found = _LOCKED.first(session, notice=notice, unit=unit, owed=deliverable)
    return None if found is None else Owed(*found)


def owed_by_name(session: Session, *, notice: str, unit: str, deliverable: str) -> Owed | None:
    """One obligation, only read."""
    found = _READ.first(session, notice=notice, unit=unit, owed=deliverable)
    return None if found is None else Owed(*found)


_OWED = plain(ObligationRow, _COLUMNS)


def locked_together(session: Session, notice: str, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Owed]:
    """Obligations of a notice by unit and deliverable, all locked, in an order in which nobody waits for each other."""
    units, names = {unit for unit, _ in wanted}, {name for _, name in wanted}
    mine = (
        _TABLE.c.notice_id == notice,
        among(session, _TABLE.c.unit_id, sorted(units)),
        among(session, _TABLE.c.deliverable, sorted(names)),
        # these and no other pairs of them
        among(session, _TABLE.c.unit_id + "/" + _TABLE.c.deliverable, [f"{unit}/{name}" for unit, name in wanted]),
    )
    query = _OWED.query.where(*mine).order_by(_TABLE.c.id).with_for_update()
    return {(owed.unit_id, owed.deliverable): owed for owed in fetch(session, _OWED, query, _owed)}


def owed_by_ids(session: Session, ids: Collection[int]) -> dict[int, Owed]:
    """Obligations by id, by value."""
    query = _OWED.query.where(among(session, _TABLE.c.id, ids))
    return {owed.id: owed for owed in fetch(session, _OWED, query, _owed)}


def owed_of_units(session: Session, units: Collection[str]) -> dict[str, list[Owed]]:
    """Everything that some units owe, over all notices, in the notices' order."""
    query = _OWED.query.where(among(session, _TABLE.c.unit_id, units)).order_by(_TABLE.c.notice_id, _TABLE.c.position)
    found: dict[str, list[Owed]] = {unit: [] for unit in units}
    for owed in fetch(session, _OWED, query, _owed):
        found[owed.unit_id].append(owed)
    return found


def _owed(row: tuple[Any, ...]) -> Owed:
    return Owed(*row)


def change(session: Session, owed: Owed) -> None:
    """Write an obligation back."""
    _CHANGE.run(session, number=owed.id, **{name: getattr(owed, name) for name in _CHANGING})


@dataclass(frozen=True, kw_only=True)
class Shard:
    """A part of the units: those with places from ``first`` to ``last``, both included."""

    first: int
    last: int


def to_wake(
    session: Session,
    now: datetime,
    *,
    notice: str | None,
    shard: Shard | None = None,
    after: Facts | None = None,
    limit: int,
) -> list[Facts]:
    """Obligations at which the planner must look by ``now``, the earliest first, beyond ``after``; locked.

    What another planner has locked is left to it.
    """
    key = (col(ObligationRow.wake_at), col(ObligationRow.id))
    query = FACTS.query.where(*_due(now, notice, shard))
    if after:
        query = query.where(tuple_(*key) > (after.wake_at, after.id))
    # as a sender holds them, so that neither waits for the other
    locked = query.order_by(*key).limit(limit).with_for_update(skip_locked=True, key_share=True)
    return fetch(session, FACTS, locked, Facts._make)


def _due(now: datetime, notice: str | None, shard: Shard | None) -> Iterator[Any]:
    yield col(ObligationRow.wake_at) <= now
    if notice:
        yield ObligationRow.notice_id == notice
    if shard:
        yield col(ObligationRow.unit_position).between(shard.first, shard.last)


def shards_to_wake(session: Session, now: datetime, *, notice: str | None, most: int) -> list[Shard]:
    """What must be looked at by ``now``, in up to ``most`` parts of about the same size that share no unit."""
    place = col(ObligationRow.unit_position)
    part = func.ntile(most).over(order_by=place).label("part")
    due = sqlalchemy.select(place.label("place"), part).where(*_due(now, notice, None)).subquery()
    ends = sqlalchemy.select(func.min(due.c.place), func.max(due.c.place)).group_by(due.c.part).order_by(due.c.part)
    found: list[Shard] = []
    for first, last in session.execute(ends):
        begin = max(first, found[-1].last + 1) if found else first
        if begin <= last:
            found.append(Shard(first=begin, last=last))
    return found


def put_wakes(session: Session, wakes: Mapping[datetime | None, Sequence[int]]) -> None:
    """Set when the planner must look again: moment → obligations."""
    table = table_of(ObligationRow)
    for wake, ids in wakes.items():
        mine = among(session, table.c.id, ids)
        session.connection().execute(update(table).where(mine).values(wake_at=wake))


def next_wake(session: Session) -> datetime | None:
    """The earliest moment at which the planner must look."""
    return session.exec(select(func.min(ObligationRow.wake_at))).one()


def of_notice(session: Session, notice: str) -> list[ObligationRow]:
    """All obligations of a notice: by unit order, then the notice's order."""
    query = select(ObligationRow).where(ObligationRow.notice_id == notice)
    order = (ObligationRow.unit_position, ObligationRow.unit_id, ObligationRow.position, ObligationRow.deliverable)
    return list(session.exec(query.order_by(*order)))  # type: ignore[arg-type]


def of_units(session: Session, units: Iterable[str]) -> list[ObligationRow]:
    """All obligations of some units, over all notices."""
    query = select(ObligationRow).where(col(ObligationRow.unit_id).in_(list(units)))
    return list(session.exec(query.order_by(ObligationRow.notice_id, col(ObligationRow.position))))


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, ObligationRow]:
    """Obligations by id."""
    query = select(ObligationRow).where(among(session, col(ObligationRow.id), list(ids)))
    return {row.id: row for row in session.exec(query) if row.id is not None}


def facts_after(session: Session, last: int, limit: int, *, notice: str | None = None) -> list[Facts]:
    """Obligations by id, beyond ``last``; ``notice``: only of this one."""
    number = col(ObligationRow.id)
    query = FACTS.query.where(number > last).order_by(number).limit(limit)
    query = query.where(col(ObligationRow.notice_id) == notice) if notice else query
    return fetch(session, FACTS, query, Facts._make)


def facts_of_units(session: Session, notice: str, units: Sequence[str]) -> list[Facts]:
    """What some units owe of a notice: by unit order, then the notice's order."""
    these = among(session, col(ObligationRow.unit_id), units) & (col(ObligationRow.notice_id) == notice)
    found = fetch(session, FACTS, FACTS.query.where(these), Facts._make)
    return sorted(found, key=lambda row: (row.unit_position, row.unit_id, row.position, row.deliverable))
