"""The ledger (台账): one row per obligation, with the judgements as of a moment."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope
from duban.domain.obligation import is_overdue, late_by_days
from duban.domain.terms import Status
from duban.services.figures import Asked, Show, shows
from duban.services.records import Records, standing
from models import ObligationRow
from models.obligation import Owed, of_notice
from models.within import Facts, Within, count_within, rows_within, tallies


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the ledger; times aware, in the notice's zone."""

    unit: str
    deliverable: str
    stage: str
    status: Status
    round: int
    #: the unit's day in force, never the reviewer's
    due_at: datetime | None
    first_submitted_at: datetime | None
    completed_at: datetime | None
    #: the unit holds the ball and its due moment has passed
    overdue: bool
    late_by_days: int

    def as_json(self) -> dict[str, object]:
        """As ``replay --json`` and ``status --json`` print it."""
        return {
            "unit": self.unit,
            "deliverable": self.deliverable,
            "stage": self.stage,
            "status": str(self.status),
            "round": self.round,
            "due_at": iso(self.due_at),
            "first_submitted_at": iso(self.first_submitted_at),
            "completed_at": iso(self.completed_at),
            "overdue": self.overdue,
            "late_by_days": self.late_by_days,
        }


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows of a ledger; what is empty or None does not narrow."""

    unit: str = ""
    status: Status | None = None
    overdue: bool | None = None
    #: whose eyes these are
    scope: Scope = EVERYTHING
    #: from 1
    page: int = 1
    #: rows on a page
    size: int = 100


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with the zone it carries, to the second."""
    return moment.replace(microsecond=0).isoformat() if moment else None


def ledger(session: Session, notice_id: str, *, now: datetime) -> list[Entry]:
    """The rows of a notice as of ``now`` (closed: as of then): by unit order, then the notice's order. NotFound."""
    records = Records(session)
    zone, now = records.notice(notice_id).tz, records.as_of(notice_id, now)
    return [entry(row, now=now, zone=zone) for row in of_notice(session, notice_id)]


def ledger_page(session: Session, notice_id: str, wanted: Wanted, *, now: datetime) -> tuple[int, list[Entry]]:
    """How many rows of a notice are wanted as of ``now``, and those of the page, in order; NotFound."""
    records = Records(session)
    zone, now = records.notice(notice_id).tz, records.as_of(notice_id, now)
    within = Within(notice=notice_id, unit=wanted.unit, scope=wanted.scope)
    if wanted.status is not None or wanted.overdue is not None:
        known = {facts for _, facts in tallies(session, within)}
        asked = Asked(now=now.astimezone(zone), calendar=records.calendar)
        within = replace(within, facts=frozenset(_meant(known, wanted, asked)))
    rows = rows_within(session, within, offset=(wanted.page - 1) * wanted.size, limit=wanted.size)
    return count_within(session, within), [entry(row, now=now, zone=zone) for row in rows]


def _meant(known: set[Facts], wanted: Wanted, asked: Asked) -> Iterator[Facts]:
    """The judgement is made here, once for all that are alike."""
    for status, day, at in known:
        is_late = Show.OVERDUE in shows(Status(status), day, at, asked)
        if wanted.status in (None, Status(status)) and wanted.overdue in (None, is_late):
            yield status, day, at


def entry(row: ObligationRow | Owed, *, now: datetime, zone: ZoneInfo) -> Entry:
    """One row as of ``now``."""
    facts = standing(row)
    return Entry(
        unit=row.unit_id,
        deliverable=row.deliverable,
        stage=row.stage,
        status=facts.status,
        round=row.round,
        due_at=_local(row.due_at, zone),
        first_submitted_at=_local(row.first_submitted_at, zone),
        completed_at=_local(row.completed_at, zone),
        overdue=is_overdue(facts, now),
        late_by_days=late_by_days(facts, now, zone),
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment and moment.astimezone(zone)
