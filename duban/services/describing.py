"""What a notice says, with the units that its clauses name. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.calendar import WorkCalendar
from duban.domain.expand import selection
from duban.domain.notice import ARRIVAL_STEP, PARENT, Notice
from duban.domain.roster import Unit
from duban.domain.terms import ISSUER
from duban.services.columns import Column, columns_of
from duban.services.records import Records
from models import NoticeRow, RevisionRow
from models.binding import count_members, members_of
from models.notice import revision_in_force
from models.scoping import touches

#: So many units of a class are named.
MOST_NAMED = 500


@dataclass(frozen=True, kw_only=True)
class Members:
    """The units of a class."""

    #: the first ones, in the official order
    named: tuple[Unit, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class Described:
    """A notice in force with everything that is needed to read it."""

    notice: Notice
    calendar: WorkCalendar
    #: in the notice's zone
    published_at: datetime
    revision: RevisionRow
    #: the notice as it is kept: open, closed, cancelled
    row: NoticeRow
    columns: tuple[Column, ...]
    #: class → its units, in order
    rosters: Mapping[str, "Members"]
    #: units that the notice names: issuer, receivers, parts in events
    names: Mapping[str, str]


def described(session: Session, notice_id: str) -> Described:
    """The notice in force; NotFound."""
    records = Records(session)
    notice = records.notice(notice_id)
    row, revision = session.get_one(NoticeRow, notice_id), revision_in_force(session, notice_id)
    assert revision is not None
    return Described(
        notice=notice,
        calendar=records.calendar,
        published_at=row.published_at.astimezone(notice.tz),
        revision=revision,
        row=row,
        columns=tuple(columns_of(records, notice, row.published_at)),
        rosters={name: _members(records, notice, name) for name in notice.classes},
        names=_names(records, notice),
    )


def reviewed_in(session: Session, scope: Scope, notice_id: str) -> frozenset[str] | None:
    """The deliverables of a notice that somebody sees as their reviewer; None for whoever sees all of it."""
    if touches(session, replace(scope, reviewers=frozenset()), notice_id):
        return None
    notice = Records(session).notice(notice_id)
    mine = {unit for unit, only in scope.reviewers if only in (None, notice_id)}
    named = mine | ({ISSUER} if notice.issuer in mine else set())
    if touches(session, Scope(trees=frozenset(mine)), notice_id):
        named.add(PARENT)
    placed = (deliverable for _, deliverable in notice.placed())
    return frozenset(one.id for one in placed if any(step.by in named for step in (*notice.steps(one), ARRIVAL_STEP)))


def _names(records: Records, notice: Notice) -> dict[str, str]:
    """The names of the units of which the notice speaks one by one; a part in an event may be nobody of ours."""
    parts = {unit for event in notice.events.values() for unit in event.roles}
    reviewers = {step.by for _, deliverable in notice.placed() for step in notice.steps(deliverable)}
    spoken = {notice.issuer, *parts, *reviewers}
    records.units.fetch(spoken)
    return {unit.id: unit.name for unit in map(records.units.get, spoken) if unit is not None}


def _members(records: Records, notice: Notice, unit_class: str) -> Members:
    chosen = selection(notice, unit_class)
    first = members_of(records.session, chosen, issuer=notice.issuer, limit=MOST_NAMED)
    records.units.fetch(first)
    named = tuple(records.unit(unit) for unit in first)
    count = count_members(records.session, chosen, issuer=notice.issuer) if len(named) == MOST_NAMED else len(named)
    return Members(named=named, count=count)
