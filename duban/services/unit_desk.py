"""What the coordinator has at hand about one unit: what to say to it, what is held, calls to be made. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.services.noting import open_calls
from duban.services.records import Records
from duban.services.spoken import spoken
from duban.services.turns import turn_of
from models.hold import Held, held_of
from models.obligation import facts_of_units


@dataclass(frozen=True, kw_only=True)
class UnitDesk:
    """One unit in one notice."""

    #: to be sent by WeChat or said on the telephone; empty where nothing is asked of it now
    text: str
    #: deliverable (or occurrence) → whether it is held, where somebody is to move
    held: dict[str, Held | None]
    #: calls that are to be made
    calls: int


def unit_desk(session: Session, notice: str, unit: str, *, now: datetime) -> UnitDesk:
    """What is at hand about ``unit``."""
    records = Records(session)
    rows = facts_of_units(session, notice, [unit])
    held = held_of(session, [row.id for row in rows])
    turns = {row.deliverable: (row.id, ball) for row in rows if (ball := records.ball(row)) is not None}
    return UnitDesk(
        text=spoken(records, notice, rows, now=now).get(unit, ""),
        held={name: held.get(turn_of(number, ball)) for name, (number, ball) in turns.items()},
        calls=len(open_calls(session, notice, unit)),
    )
