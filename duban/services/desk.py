"""What somebody finds who comes in: the notices of the own units. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.state import HOLDER
from duban.domain.terms import UNIT, Status
from duban.services.records import Records
from models.owing import Pile, piles

_OPEN = [str(status) for status in Status if HOLDER[status] == UNIT]


@dataclass(frozen=True, kw_only=True)
class Own:
    """A notice as one unit has it."""

    pile: Pile
    unit_name: str
    notice_title: str
    document_number: str
    #: in the notice's zone; None: nothing open has a day
    next_due: datetime | None


def own(session: Session, scope: Scope) -> list[Own]:
    """The units and notices within ``scope``, the newest notices first."""
    records = Records(session)
    return [_own(records, pile) for pile in piles(session, scope, _OPEN)]


def _own(records: Records, pile: Pile) -> Own:
    notice = records.notice(pile.notice)
    return Own(
        pile=pile,
        unit_name=records.unit(pile.unit).name,
        notice_title=notice.title,
        document_number=notice.document_number,
        next_due=pile.next_due and pile.next_due.astimezone(notice.tz),
    )
