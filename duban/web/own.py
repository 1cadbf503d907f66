"""The pages of those who hand in: their units and notices, and what one owes."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from duban.domain.access import Scope
from duban.domain.deeds import Deed
from duban.services.desk import own
from duban.web.rules import INSIDE, ruled
from duban.web.visit import Visiting

router = APIRouter()


@router.get("/my")
@ruled(INSIDE)
def my(visit: Visiting) -> HTMLResponse:
    """The own units and notices."""
    mine = visit.scope(Deed.HAND_ON)
    with visit.reading() as session:
        found = own(session, Scope(units=mine.units))
    return visit.page("my.html", found=found)
