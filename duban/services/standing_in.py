"""Who acts for an absent colleague today: hats that are lent, and whom a reviewer's reminders go to meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from duban.domain.access import Grant
from duban.domain.roster import Contact
from duban.domain.terms import Hat, Role
from models import PersonRow
from models.delegation import Lent, lent_to, lent_with

#: Hats that are lent.
LENDABLE = (Hat.COORDINATOR, Hat.REVIEWER, Hat.SUPERVISOR)
#: Those of them that review.
REVIEWERS = (Hat.COORDINATOR, Hat.REVIEWER)


def is_on(lent: Lent, now: datetime) -> bool:
    """True from the beginning of the first day to the end of the last, in the delegation's zone."""
    return lent.first_day <= now.astimezone(ZoneInfo(lent.zone)).date() <= lent.last_day


def lent_hats(session: Session, person: PersonRow, *, now: datetime) -> tuple[Grant, ...]:
    """What ``person`` wears today for absent colleagues. ``now``: the domain's."""
    return tuple(
        Grant(
            hat=Hat(lent.hat),
            unit=lent.unit_id,
            holder=person.address,
            absent=lent.giver,
            absent_name=lent.giver_name,
        )
        for lent in lent_to(session, person.id or 0)
        if is_on(lent, now)
    )


#: Unit and address (small letters) of who is absent → who reviews meanwhile.
StandIns = Mapping[tuple[str, str], Contact]


def stand_ins(session: Session, *, now: datetime) -> StandIns:
    """Who gets a reviewer's reminders today in place of whom."""
    return {
        (lent.unit_id, lent.giver): Contact(role=Role.CLERK, person=lent.taker_name, email=lent.taker)
        for lent in lent_with(session, [str(hat) for hat in REVIEWERS])
        if is_on(lent, now)
    }
