"""What was ticked in a ledger, as obligations: whole rows of units, single ones, or all that is shown."""

from dataclasses import dataclass
from datetime import datetime

from duban.domain.access import EVERYTHING, Scope
from duban.domain.errors import InputRefused
from duban.domain.terms import Status
from duban.services.figures import Asked, Show, shows
from duban.services.records import Records
from models.obligation import Facts
from models.within import Within, facts_within


class NothingChosen(InputRefused):
    """Nothing was ticked, or nothing of it is there."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A choice within a ledger; what is empty does not narrow."""

    notice: str
    #: ``UNIT`` (all that is shown of it), or ``UNIT/DELIVERABLE``
    ticked: frozenset[str] = frozenset()
    #: all that is shown, over all pages
    everything: bool = False
    unit: str = ""
    stage: str = ""
    #: a unit, and all below it
    under: str = ""
    #: a deliverable with all its occurrences
    material: str = ""
    #: the step of review that holds the ball
    step: str = ""
    show: Show = Show.ALL
    #: whose eyes these are
    scope: Scope = EVERYTHING


def chosen_rows(records: Records, chosen: Chosen, *, now: datetime) -> list[Facts]:
    """The obligations, by unit order, then the notice's order. NotFound for the notice; NothingChosen."""
    asked = Asked(now=now.astimezone(records.notice(chosen.notice).tz), calendar=records.calendar)
    within = Within(
        notice=chosen.notice,
        unit=chosen.unit,
        stage=chosen.stage,
        under=chosen.under,
        material=chosen.material,
        step=chosen.step,
        scope=chosen.scope,
    )
    found = [row for row in facts_within(records.session, within) if _is_meant(row, chosen, asked)]
    if not found:
        raise NothingChosen("没有选中任何单位，请先勾选", "nothing was ticked")
    records.units.fetch(row.unit_id for row in found)
    return found


def _is_meant(row: Facts, chosen: Chosen, asked: Asked) -> bool:
    if f"{row.unit_id}/{row.deliverable}" in chosen.ticked:
        return True
    if not (chosen.everything or row.unit_id in chosen.ticked):
        return False
    return chosen.show in shows(Status(row.status), row.due_day, row.due_at, asked)
