"""The first page."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from duban.services.overview import MOST, glances, today
from duban.web.home_view import errand_panels, notice_cards, panels
from duban.web.visit import Visiting

router = APIRouter()


@router.get("/")
def home(visit: Visiting) -> HTMLResponse:
    """What there is to do today, and every notice with its figures."""
    with visit.reading() as session:
        cards = notice_cards(glances(session, now=visit.now))
        found = panels(today(session, now=visit.now), cards, visit.now)
    return visit.page("home.html", cards=cards, panels=found)


@router.get("/tasks")
def tasks(visit: Visiting) -> HTMLResponse:
    """Everything that is left to the coordinator, uncut."""
    with visit.reading() as session:
        found = errand_panels(today(session, now=visit.now), visit.now, most=MOST)
    return visit.page("tasks.html", panels=found)
