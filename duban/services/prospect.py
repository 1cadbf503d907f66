"""What publishing a draft would bring: the deadlines as read, the mails of the days to come, and what may be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.calendar import WorkCalendar
from duban.domain.fitting import Overflow
from duban.services.bound import Bound, bound
from duban.services.foreseeing import allowances, shortfall
from duban.services.issuing import Examined, examined, unconfirmed
from duban.services.outlook import Outlook, outlook
from duban.services.pooling import Outlet
from duban.services.readings import Reading, readings
from duban.services.records import Records
from models.session import reading


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """A draft and the days to come; of one that cannot be published as it stands, nothing but the draft."""

    found: Examined
    calendar: WorkCalendar
    readings: tuple[Reading, ...] = ()
    ahead: Outlook = field(default=Outlook(days=()))
    #: day → mails that may be sent; empty: as many as there are
    allowed: Mapping[date, int] = field(default_factory=dict)
    #: days at whose end mails are left
    over: tuple[Overflow, ...] = ()


def prospect(engine: Engine, number: int, outlets: Sequence[Outlet], *, now: datetime) -> Prospect:
    """The days after a publication at ``now`` by these accounts; NotFound for an unknown draft."""
    with reading(engine) as session:
        found, calendar = examined(session, number), Records(session).calendar
        if found.publishable is None:
            return Prospect(found=found, calendar=calendar)
        read = readings(session, found.publishable, now=now)
        ahead = outlook(session, found.publishable, now=now)
    return Prospect(
        found=found,
        calendar=calendar,
        readings=read,
        ahead=ahead,
        allowed=allowances(engine, outlets, ahead.wanted, now=now),
        over=shortfall(engine, outlets, ahead.wanted, now=now),
    )


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """A draft in the numbers that a person confirms."""

    found: Examined
    bound: Bound = field(default=Bound(issuer=None))
    #: mails that leave at once, and those that would follow if nobody moved
    first: int = 0
    later: int = 0
    #: deadlines that nobody has confirmed
    unsure: int = 0


def reckoned(session: Session, number: int, *, now: datetime) -> Reckoned:
    """What publishing at ``now`` comes to; NotFound for an unknown draft."""
    found = examined(session, number)
    notice = found.publishable
    if notice is None:
        return Reckoned(found=found)
    ahead = outlook(session, notice, now=now)
    today = now.astimezone(notice.tz).date()
    first = sum(day.mails for day in ahead.days if day.day == today)
    return Reckoned(
        found=found,
        bound=bound(session, notice, now=now),
        first=first,
        later=sum(day.mails for day in ahead.days) - first,
        unsure=len(unconfirmed(session, found, now=now)),
    )
