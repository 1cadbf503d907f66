"""What every database starts with: the table of working days, and units."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from duban.domain.calendar import WorkCalendar
from duban.domain.roster import Difference, Roster, Unit, differences
from duban.services.records import KNOWN_UNTIL, Records
from models.merger import check_not_below, mark_merged, move_contacts
from models.setting import put_setting, put_workdays, setting
from models.tree import number_units
from models.unit import put_units


def seed_calendar(session: Session, calendar: WorkCalendar) -> None:
    """Fill an empty table of working days; a table that is there is left as the office has it."""
    if setting(session, KNOWN_UNTIL) is None:
        put_setting(session, KNOWN_UNTIL, calendar.known_until.isoformat())
        put_workdays(session, calendar.exceptions, source="published")


def import_calendar(session: Session, days: Mapping[date, bool]) -> int:
    """Put the office's own days over the published ones; answers how many."""
    known = date.fromisoformat(setting(session, KNOWN_UNTIL) or date.min.isoformat())
    year_end = max(days, default=date.min).replace(month=12, day=31)
    put_setting(session, KNOWN_UNTIL, max(known, year_end).isoformat())
    put_workdays(session, days, source="office")
    return len(days)


def import_units(session: Session, roster: Roster, *, dry_run: bool = False) -> list[Difference]:
    """Put the units of a file in force (units not named stay); answers what differs. A dry run only answers."""
    found = [d for d in differences(Records(session).roster, roster) if d.change != "removed"]
    if not dry_run:
        units = [_row(unit, rank) for rank, unit in enumerate(roster.units)]
        put_units(session, units, (c for unit in roster.units for c in _contacts(unit)))
        number_units(session)
    return found


def inherit(session: Session, former: str, into: str) -> int:
    """A unit has gone into another: its units and people go over; answers how many people.

    People only in roles in which the other unit has nobody. InputRefused where the other lies under it.
    """
    check_not_below(session, former, into)
    moved = move_contacts(session, former, into)
    mark_merged(session, former, into)
    number_units(session)
    return moved


def _row(unit: Unit, rank: int) -> dict[str, object]:
    return {
        "id": unit.id,
        "name": unit.name,
        "parent_id": unit.parent,
        "kind": unit.kind,
        "relation": str(unit.relation),
        "position": unit.order,
        "rank": rank,
    }


def _contacts(unit: Unit) -> list[dict[str, object]]:
    return [
        {
            "unit_id": unit.id,
            "role": str(contact.role),
            "person": contact.person,
            "email": contact.email,
            "address": contact.email.lower(),
            "phone": contact.phone,
            "position": n,
        }
        for n, contact in enumerate(unit.contacts)
    ]
