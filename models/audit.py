"""The record of events as it is looked through by people: narrowed, newest first, a page at a time by number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import func, or_
from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope
from models.bulk import table_of
from models.event import EventRow
from models.notice import NoticeRow
from models.obligation import ObligationRow
from models.scoping import events_seen
from models.unit import UnitRow

_EVENT, _OWED, _UNIT, _NOTICE = (table_of(row) for row in (EventRow, ObligationRow, UnitRow, NoticeRow))


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """Which events; what is empty or None does not narrow."""

    notice: str = ""
    #: a unit's id, or a part of its name
    unit: str = ""
    #: a part of the address of who did it
    person: str = ""
    #: from this moment on
    since: datetime | None = None
    #: before this moment
    until: datetime | None = None
    #: with a smaller number
    below: int | None = None
    #: whose eyes these are
    scope: Scope = EVERYTHING


class Told(NamedTuple):
    """An event with what it is about."""

    seq: int
    at: datetime
    name: str
    by: str
    #: canonical JSON
    data: str
    hash: str
    notice_id: str | None
    document_number: str | None
    unit_name: str | None
    #: the deliverable's key in its notice
    deliverable: str | None


def events_wanted(session: Session, wanted: EventFilter, *, limit: int) -> list[Told]:
    """Such events, the newest first. They are chosen first, and then told: only those of the page are joined."""
    chosen = sqlalchemy.select(_EVENT.c.seq).where(*_narrowed(wanted)).order_by(_EVENT.c.seq.desc()).limit(limit)
    columns = (*(_EVENT.c[name] for name in ("seq", "at", "name", "by", "data", "hash", "notice_id")),)
    about = (_NOTICE.c.document_number, _UNIT.c.name, _OWED.c.deliverable)
    joined = (
        _EVENT.outerjoin(_OWED, _OWED.c.id == _EVENT.c.obligation_id)
        .outerjoin(_UNIT, _UNIT.c.id == _OWED.c.unit_id)
        .outerjoin(_NOTICE, _NOTICE.c.id == _EVENT.c.notice_id)
    )
    query = sqlalchemy.select(*columns, *about).select_from(joined).where(_EVENT.c.seq.in_(chosen))
    return [Told(*row) for row in session.connection().execute(query.order_by(_EVENT.c.seq.desc()))]


def _narrowed(wanted: EventFilter) -> Iterator[Any]:
    if not wanted.scope.is_all:
        yield events_seen(wanted.scope)
    if wanted.notice:
        yield _EVENT.c.notice_id == wanted.notice
    if wanted.unit:
        units = sqlalchemy.select(_UNIT.c.id).where(
            or_(_UNIT.c.id == wanted.unit, _UNIT.c.name.contains(wanted.unit, autoescape=True))
        )
        yield _EVENT.c.obligation_id.in_(sqlalchemy.select(_OWED.c.id).where(_OWED.c.unit_id.in_(units)))
    if wanted.person:
        said = func.lower(_EVENT.c.by).contains(wanted.person.lower(), autoescape=True)
        # who acted for a unit or an office stands in the words of the event
        yield or_(said, _EVENT.c.data.contains(f'"person":"{wanted.person.lower()}', autoescape=True))
    if wanted.since:
        yield _EVENT.c.at >= wanted.since
    if wanted.until:
        yield _EVENT.c.at < wanted.until
    if wanted.below is not None:
        yield _EVENT.c.seq < wanted.below
