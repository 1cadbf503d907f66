"""Lists for programs: notices, units, ledgers, what waits for a review, what is left to the coordinator."""

from typing import Annotated

from fastapi import Query

from duban.domain.access import Scope
from duban.domain.deeds import Deed
from duban.domain.terms import Status
from duban.services.ledger import Wanted, ledger_page
from duban.services.listing import check_owing, notice_listed, notices_listed, units_listed
from duban.services.overview import Eyes, today
from duban.services.records import Records
from duban.services.reviewing import inbox
from duban.web.api import answers, telling
from duban.web.api.doors import doors
from duban.web.rules import needs, notice_of, unit_of
from duban.web.visit import Visiting

router = doors()
Number = Annotated[int, Query(ge=1, le=100_000)]
Size = Annotated[int, Query(ge=1, le=500)]
Word = Annotated[str, Query(max_length=100)]


@router.get("/notices")
@needs(Deed.SEE_NOTICE)
def notices(visit: Visiting, page: Number = 1, size: Size = 100) -> answers.Page[answers.NoticeRow]:
    """The notices of which the caller may see something, newest first."""
    with visit.reading() as session:
        found = notices_listed(session, visit.scope(Deed.SEE_NOTICE))
    return telling.cut([telling.notice(one) for one in found], page=page, size=size)


@router.get("/notices/{notice}")
@needs(Deed.SEE_NOTICE, within=notice_of)
def notice(visit: Visiting, notice: str) -> answers.NoticeWhole:
    """One notice with its definition in force."""
    with visit.reading() as session:
        listed = notice_listed(session, notice)
        definition = Records(session).notice(notice).model_dump(mode="json", exclude_defaults=True)
    return answers.NoticeWhole(**vars(listed), definition=definition)


@router.get("/notices/{notice}/ledger")
@needs(Deed.SEE_LEDGER, within=notice_of)
def ledger(
    visit: Visiting,
    notice: str,
    *,
    unit: Word = "",
    status: Status | None = None,
    overdue: bool | None = None,
    page: Number = 1,
    size: Size = 100,
) -> answers.Page[answers.LedgerRow]:
    """The ledger: a row per obligation, by unit order, then the notice's order."""
    scope = visit.scope(Deed.SEE_LEDGER)
    wanted = Wanted(unit=unit, status=status, overdue=overdue, scope=scope, page=page, size=size)
    with visit.reading() as session:
        total, found = ledger_page(session, notice, wanted, now=visit.now)
    return telling.paged([telling.row(one) for one in found], total=total, page=page, size=size)


@router.get("/notices/{notice}/units/{unit}")
@needs(Deed.SEE_OWED, thing=unit_of)
def owed(
    visit: Visiting, notice: str, unit: str, page: Number = 1, size: Size = 100
) -> answers.Page[answers.LedgerRow]:
    """What one unit owes of one notice, in the notice's order."""
    with visit.reading() as session:
        check_owing(session, notice, unit)
        total, found = ledger_page(session, notice, Wanted(unit=unit, page=page, size=size), now=visit.now)
    return telling.paged([telling.row(one) for one in found], total=total, page=page, size=size)


@router.get("/units")
@needs(Deed.SEE_OWED)
def units(visit: Visiting, page: Number = 1, size: Size = 100) -> answers.Page[answers.UnitRow]:
    """The units that owe something to, under or as the caller, in their order; what a caller reviews is in /reviews."""
    with visit.reading() as session:
        total, found = units_listed(session, visit.scope(Deed.SEE_OWED), page=page, size=size)
    return telling.paged([telling.unit(one) for one in found], total=total, page=page, size=size)


@router.get("/reviews")
@needs(Deed.REVIEW_INBOX)
def waiting(visit: Visiting, page: Number = 1, size: Size = 100) -> answers.Page[answers.Waiting]:
    """What waits for the caller's review, by notice, step and unit; 200 at most."""
    with visit.reading() as session:
        found = inbox(session, visit.subject, now=visit.now).waiting
    return telling.cut([telling.waiting(one) for one in found], page=page, size=size)


@router.get("/tasks")
@needs(Deed.SEE_TASKS)
def tasks(visit: Visiting, page: Number = 1, size: Size = 100) -> answers.Page[answers.Task]:
    """What is left to the coordinator, the oldest first."""
    eyes = Eyes(ledger=Scope(), tasks=visit.scope(Deed.SEE_TASKS), mails=Scope())
    with visit.reading() as session:
        found = today(session, now=visit.now, eyes=eyes).errands
    return telling.cut([telling.task(one) for one in found], page=page, size=size)
