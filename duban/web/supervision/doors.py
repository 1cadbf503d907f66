"""The supervisor's Monday: what presses in the own subtree, over all notices; the same as a file."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from duban.domain.access import may_somewhere
from duban.domain.deeds import Deed
from duban.services.overseeing import WHOLE, Monday, monday
from duban.services.overview import Eyes, glances
from duban.services.records import Records
from duban.services.reviewing import inbox
from duban.services.trend import trend
from duban.services.weekly import wants, wish
from duban.web.facts import rule_words
from duban.web.home_view import notice_cards
from duban.web.language.saying import in_chinese
from duban.web.rules import needs
from duban.web.supervision.monday_sheet import monday_sheet
from duban.web.supervision.monday_view import FILE, URL, monday_view
from duban.web.visit import Visit, Visiting
from duban.web.words import ZONE

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Word = Annotated[str, Query(max_length=200)]


@router.get(URL)
@needs(Deed.SEE_LEDGER)
def supervision(
    visit: Visiting, done: Word = "", at: Word = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> HTMLResponse:
    """Approvals that wait, late units, what is near, the trend, every notice."""
    scope = visit.scope(Deed.SEE_LEDGER)
    with visit.reading() as session:
        found = monday(session, scope, now=visit.now, page=page)
        points = trend(session, scope, now=visit.now, zone=ZONE)
        cards = notice_cards(glances(session, now=visit.now, eyes=Eyes.of(visit.subject)))
        view = monday_view(found, points, rules(session, found), done=done, at=at)
        reviews = _reviews(visit, session)
        weekly = wants(session, visit.subject)
    return visit.page(
        "supervision.html", view=view, found=found, cards=cards, reviews=reviews, weekly=weekly, may_act=_may_act(visit)
    )


@router.get(FILE)
@needs(Deed.SEE_LEDGER)
def export(visit: Visiting) -> Response:
    """What the page shows, all pages, as a workbook."""
    scope = visit.scope(Deed.SEE_LEDGER)
    with in_chinese(), visit.reading() as session:
        found = monday(session, scope, now=visit.now, size=WHOLE)
        view = monday_view(found, [], rules(session, found))
        sheet = monday_sheet(view, visit.subject.name, visit.now)
    name = f"督办情况 {visit.now:%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f"attachment; filename=\"supervision.xlsx\"; filename*=UTF-8''{quote(name)}"}
    return Response(sheet, media_type=XLSX, headers=headers)


@router.post(f"{URL}/weekly")
@needs(Deed.RECOMMEND)
def weekly(visit: Visiting) -> Response:
    """Ask for the weekly mail, or for it no more."""
    with visit.writing() as session:
        wanted = wish(session, visit.inside.account, now=visit.now)
    return RedirectResponse(f"{URL}?done={'weekly' if wanted else 'unweekly'}", status_code=303)


def rules(session: Session, found: Monday) -> dict[str, str]:
    """By which rule the ladder of each notice is climbed."""
    records = Records(session)
    return {notice: rule_words(records.notice(notice).ladder) for notice in found.offices}


def _reviews(visit: Visit, session: Session) -> int:
    """How many approvals wait for whoever reads."""
    if not may_somewhere(visit.subject, Deed.REVIEW_INBOX):
        return 0
    found = inbox(session, visit.subject, now=visit.now)
    return len(found.waiting) + found.more


def _may_act(visit: Visit) -> bool:
    return may_somewhere(visit.subject, Deed.RECOMMEND)
