"""The first page."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.access import may_somewhere
from duban.domain.deeds import Deed
from duban.services.overview import MOST, Eyes, glances, today
from duban.web.home_view import errand_panels, notice_cards, panels
from duban.web.rules import INSIDE, needs, ruled
from duban.web.supervision.monday_view import URL
from duban.web.visit import Visiting, lands_on_supervision

router = APIRouter()


@router.get("/")
@ruled(INSIDE)
def home(visit: Visiting) -> Response:
    """What there is to do today, and every notice with its figures; whoever sees no ledger goes to the own page."""
    if not may_somewhere(visit.subject, Deed.SEE_LEDGER):
        at = "/reviews" if may_somewhere(visit.subject, Deed.REVIEW_INBOX) else "/my"
        return RedirectResponse(at, status_code=303)
    eyes, presses = Eyes.of(visit.subject), may_somewhere(visit.subject, Deed.PRESS)
    if lands_on_supervision(visit.subject):
        return RedirectResponse(URL, status_code=303)
    with visit.reading() as session:
        cards = notice_cards(glances(session, now=visit.now, eyes=eyes))
        found = panels(today(session, now=visit.now, eyes=eyes), cards, visit.now, presses=presses)
    return visit.page("home.html", cards=cards, panels=found, presses=presses)


@router.get("/tasks")
@needs(Deed.SEE_TASKS)
def tasks(visit: Visiting) -> HTMLResponse:
    """Everything that is left to the coordinator, uncut."""
    with visit.reading() as session:
        presses = may_somewhere(visit.subject, Deed.PRESS)
        found = today(session, now=visit.now, eyes=Eyes.of(visit.subject))
        found_panels = errand_panels(found, visit.now, most=MOST, presses=presses)
    return visit.page("tasks.html", panels=found_panels)
