"""Units and notices within a scope, as lists. Reads only."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.errors import NotFound
from duban.domain.roster import Unit
from duban.services.directory import unit_of
from duban.services.records import Records
from models import NoticeRow, UnitRow
from models.obligation import facts_of_units
from models.scoping import units_seen
from models.unit import UnitFacts
from models.views import notices_within


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A published notice."""

    id: str
    document_number: str
    title: str
    #: the unit that has issued it
    issuer: str
    #: in the notice's zone
    published_at: datetime
    closed_at: datetime | None
    #: the number of the definition in force
    revision: int


def notices_listed(session: Session, scope: Scope) -> list[Listed]:
    """The notices of which something is within ``scope``, newest first."""
    records = Records(session)
    return [_listed(records, row) for row in notices_within(session, scope)]


def notice_listed(session: Session, notice: str) -> Listed:
    """One notice; NotFound."""
    records = Records(session)
    records.notice(notice)
    return _listed(records, session.get_one(NoticeRow, notice))


def _listed(records: Records, row: NoticeRow) -> Listed:
    zone = records.notice(row.id).tz
    return Listed(
        id=row.id,
        document_number=row.document_number,
        title=row.title,
        issuer=row.issuer_id,
        published_at=row.published_at.astimezone(zone),
        closed_at=row.closed_at and row.closed_at.astimezone(zone),
        revision=row.revision,
    )


def units_listed(session: Session, scope: Scope, *, page: int, size: int) -> tuple[int, list[Unit]]:
    """How many units owe something within ``scope``, and those of a page, in order; without their people.

    What a unit reviews stands in definitions, not in the database: it is listed by ``desk.reviews``, not here.
    """
    seen = replace(scope, reviewers=frozenset())
    total, rows = units_seen(session, seen, offset=(page - 1) * size, limit=size)
    return total, [unit_of(_facts(row), ()) for row in rows]


def check_owing(session: Session, notice: str, unit: str) -> None:
    """NotFound unless a notice asks something of a unit."""
    records = Records(session)
    records.notice(notice)
    records.unit(unit)
    if not facts_of_units(session, notice, [unit]):
        raise NotFound(f"通知 {notice} 没有要求 {unit} 报送材料", f"{unit} owes nothing of {notice}")


def _facts(row: UnitRow) -> UnitFacts:
    return UnitFacts._make(getattr(row, name) for name in UnitFacts._fields)
