"""The ledger (台账): one row per obligation, with the judgements as of a moment."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from duban.domain.obligation import is_overdue, late_by_days
from duban.domain.terms import Status
from duban.services.records import Records, standing
from models import ObligationRow
from models.obligation import of_notice


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


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with the zone it carries, to the second."""
    return moment.replace(microsecond=0).isoformat() if moment else None


def ledger(session: Session, notice_id: str, *, now: datetime) -> list[Entry]:
    """The rows of a notice as of ``now``: by unit order, then the notice's order. NotFound."""
    zone = Records(session).notice(notice_id).tz
    return [entry(row, now=now, zone=zone) for row in of_notice(session, notice_id)]


def entry(row: ObligationRow, *, now: datetime, zone: ZoneInfo) -> Entry:
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
