"""The mailbox: every mail as its reader sees it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from duban.clock import real_now
from duban.domain.access import may_somewhere
from duban.domain.deeds import Deed
from duban.domain.errors import DubanError, NotFound
from duban.services import mailroom
from duban.services.mailbox import Wanted, opened, post
from duban.services.mailroom import Choice
from duban.services.quota import left_today
from duban.web.exit_view import ExitView, exit_view
from duban.web.guard import MAILS
from duban.web.mail_view import ListView, OpenedView
from duban.web.rules import mail_of, needs
from duban.web.visit import Visit, Visiting
from duban.web.words import ZONE

router = APIRouter(prefix="/mail")
Word = Annotated[str, Query(max_length=200)]
#: What a database can count to.
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
@needs(Deed.SEE_MAIL, is_demo=True)
def mails(
    visit: Visiting,
    *,
    kind: Word = "",
    state: Word = "",
    person: Word = "",
    day: Word = "",
    q: Word = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The mails, the newest first."""
    wanted = Wanted(
        kind=kind, state=state, person=person, day=_day(day), words=q, page=page, scope=visit.scope(Deed.SEE_MAIL)
    )
    with visit.reading() as session:
        found = post(session, visit.box, wanted, zone=ZONE)
        exit_ = _exit(visit, session)
    view = ListView(found, wanted, visit.now, has_box=visit.box.is_there)
    return visit.page("mails.html", view=view, exit=exit_)


def _exit(visit: Visit, session: Session) -> ExitView | None:
    """How the exit stands, for those who may settle mails."""
    if not may_somewhere(visit.subject, Deed.DECIDE_MAIL):
        return None
    counts = mailroom.queue(session, limit=0)
    try:
        left = left_today(session, visit.duban.sender().outlets, real_now=real_now())
    except DubanError:
        # accounts that cannot be read keep nobody from reading mails; ``duban doctor`` says what is wrong
        left = ()
    return exit_view(counts, left)


@router.get("/{number}")
@needs(Deed.SEE_MAIL, within=mail_of, is_demo=True)
def mail(visit: Visiting, number: Number, width: int = 700) -> HTMLResponse:
    """One mail."""
    with visit.reading() as session:
        found = opened(session, visit.box, number, with_links=visit.reads_for_all)
    view = OpenedView(found, visit.now, width=width, has_box=visit.box.is_there)
    may_decide = may_somewhere(visit.subject, Deed.DECIDE_MAIL)
    return visit.page("mail.html", view=view, may_decide=may_decide)


@router.post("/{number}/decide")
@needs(Deed.DECIDE_MAIL, within=mail_of)
def decide(visit: Visiting, number: Number, choice: Annotated[Choice, Form()]) -> RedirectResponse:
    """A person settles a mail that has not arrived, or of which nobody knows."""
    with visit.writing() as session:
        mailroom.resolve(session, number, choice, by=visit.by, now=visit.now)
    return RedirectResponse(f"/mail/{number}", status_code=303)


@router.get("/{number}/html")
@needs(Deed.SEE_MAIL, within=mail_of, is_demo=True)
def html(visit: Visiting, number: Number) -> HTMLResponse:
    """The HTML part alone, shut in: no script, no picture, no request."""
    with visit.reading() as session:
        found = opened(session, visit.box, number, with_links=visit.reads_for_all).html
    if not found:
        raise NotFound(f"第 {number} 号邮件还没有正文", f"mail {number} has no text yet")
    return HTMLResponse(found, headers={"Content-Security-Policy": MAILS})


@router.get("/{number}/calendar")
@needs(Deed.SEE_MAIL, within=mail_of, is_demo=True)
def calendar(visit: Visiting, number: Number) -> Response:
    """The calendar file."""
    with visit.reading() as session:
        received = opened(session, visit.box, number, with_links=visit.reads_for_all).received
    if received is None or not received.calendar:
        raise NotFound(f"第 {number} 号邮件没有日历附件", f"mail {number} has no calendar file")
    name = f'attachment; filename="duban-{number}.ics"'
    return Response(received.calendar, media_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name})


def _day(text: str) -> date | None:
    """A day as a date field gives it; what is none does not narrow."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
