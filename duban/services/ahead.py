"""When the ladder speaks next of an obligation, if nobody acts. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from duban.domain.plan import moments
from duban.domain.terms import MailKind
from duban.services.records import Records
from duban.services.turns import in_groups
from models.obligation import Facts


@dataclass(frozen=True, kw_only=True)
class Next:
    """The next rung: a mail, or (without a kind) a call that is left to the coordinator."""

    #: in the notice's zone
    at: datetime
    code: str
    kind: MailKind | None


def next_rungs(records: Records, rows: Sequence[Facts], *, now: datetime) -> dict[int, Next]:
    """Obligation → the rung that comes next after ``now``; those of which none will come are left out."""
    found: dict[int, Next] = {}
    for group in in_groups(records, rows):
        if group.ball is None:
            continue
        later = [(at, rung) for at, rung in moments(group.ball, records.calendar) if at > now]
        if later:
            at, rung = later[0]
            found |= {row.id: Next(at=at, code=rung.code, kind=rung.kind) for row in group.rows}
    return found
