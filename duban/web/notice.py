"""What a notice says, and one unit in it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from duban.services.board import board, told
from duban.services.describing import described
from duban.services.dossier import dossier
from duban.services.figures import Show
from duban.web.about_view import AboutView
from duban.web.ledger_query import Query
from duban.web.ledger_view import LedgerView
from duban.web.unit_view import contacts, timeline
from duban.web.visit import Visiting

router = APIRouter()


@router.get("/notices/{notice}/about")
def about(visit: Visiting, notice: str) -> HTMLResponse:
    """The definition in force, in words."""
    with visit.reading() as session:
        found = described(session, notice)
    return visit.page("about.html", notice=found.notice, view=AboutView(found, visit.now))


@router.get("/notices/{notice}/units/{unit}")
def unit(visit: Visiting, notice: str, unit: str) -> HTMLResponse:
    """What one unit owes, who can be reached, what happened."""
    query = Query(notice=notice, show=Show.ALL, unit=unit, view="rows")
    with visit.reading() as session:
        found = board(session, notice, query.part, now=visit.now)
        about_unit = dossier(session, notice, unit)
        view = LedgerView(found, query, told(session, found))
    days, people = timeline(about_unit, found.asked.now), contacts(about_unit)
    return visit.page("unit.html", board=found, dossier=about_unit, view=view, days=days, people=people)
