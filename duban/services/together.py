"""One act for many at once: all of them in one transaction, or none and every refusal told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.errors import DubanError, ManyRefused, NotFound
from duban.domain.terms import Act
from duban.services.acting import do, owes_none
from duban.services.lines import deliverable_name
from duban.services.records import Records
from duban.services.request import Request
from models.obligation import locked_together

#: Units with what they owe: unit and deliverable (or occurrence).
Wanted = Sequence[tuple[str, str]]


def extend_many(
    session: Session, notice: str, wanted: Wanted, *, due: date, note: str = "", by_person: str = "", now: datetime
) -> list[int]:
    """The issuer grants the same later day to several."""
    asked = Request(notice=notice, unit="", deliverable="", act=Act.EXTEND, due=due, note=note, by_person=by_person)
    return act_together(session, asked, wanted, now=now)


def approve_many(
    session: Session, notice: str, wanted: Wanted, *, by: str = "", note: str = "", by_person: str = "", now: datetime
) -> list[int]:
    """A step (``by``: ``review:STEP``; empty: whichever holds each) approves several."""
    asked = Request(notice=notice, unit="", deliverable="", act=Act.APPROVE, by=by, note=note, by_person=by_person)
    return act_together(session, asked, wanted, now=now)


def return_many(
    session: Session,
    notice: str,
    wanted: Wanted,
    *,
    due: date,
    note: str,
    by: str = "",
    by_person: str = "",
    now: datetime,
) -> list[int]:
    """A step returns several for the same reason, until the same day."""
    asked = Request(
        notice=notice, unit="", deliverable="", act=Act.RETURN, by=by, due=due, note=note, by_person=by_person
    )
    return act_together(session, asked, wanted, now=now)


def act_together(session: Session, asked: Request, wanted: Wanted, *, now: datetime) -> list[int]:
    """Do ``asked`` to each of ``wanted``; as ``do_together``."""
    each = [replace(asked, unit=unit, deliverable=name) for unit, name in dict.fromkeys(wanted)]
    return do_together(session, asked.notice, each, now=now)


def do_together(session: Session, notice: str, requests: Sequence[Request], *, now: datetime) -> list[int]:
    """Do all of ``requests``, of one notice and each about another obligation; answers the events' numbers in order.

    ManyRefused names every unit that it is refused for, and why: roll the transaction back. NotFound for the notice.
    """
    records = Records(session)
    wanted = [(request.unit, request.deliverable) for request in requests]
    # locked first: whoever waits here for a supplement reads the definition that it has put in force
    rows = locked_together(session, notice, wanted)
    records.notice(notice)
    records.units.fetch(unit for unit, _ in wanted)
    events: list[int] = []
    refusals: list[tuple[str, DubanError]] = []
    for request in requests:
        row = rows.get((request.unit, request.deliverable))
        try:
            if row is None:
                raise owes_none(request)
            events.append(do(records, row, request, now=now))
        except DubanError as error:
            refusals.append((_named(records, notice, request.unit, request.deliverable), error))
    if refusals:
        raise ManyRefused(refusals)
    return events


def _named(records: Records, notice: str, unit: str, name: str) -> str:
    """``长春市教育局“工作总结”``; what is not known is named as it was asked for."""
    try:
        known = records.unit(unit).name
        return f"{known}“{deliverable_name(records.find(notice, name)[1].name, name)}”"
    except (NotFound, KeyError):
        return f"{unit} {name}"
