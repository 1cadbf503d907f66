"""Looking for a notice, a unit, a person or a material."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from duban.domain.deeds import Deed
from duban.domain.searching import is_too_short
from duban.services.figures import Show
from duban.services.search import MOST, search
from duban.web.ledger_query import Query as Asked
from duban.web.rules import needs
from duban.web.visit import Visiting

router = APIRouter()
#: Characters of a question; what is typed beyond is not looked for.
LONGEST = 100


@router.get("/search")
@needs(Deed.SEE_LEDGER)
def find(visit: Visiting, q: str = "") -> HTMLResponse:
    """What there is of what was typed, within what the reader may see."""
    q = q[:LONGEST]
    with visit.reading() as session:
        found = search(session, q, visit.scope(Deed.SEE_LEDGER))
    return visit.page("search.html", asked=q, found=found, most=MOST, is_short=is_too_short(q), rows=_rows)


def _rows(notice: str, material: str) -> str:
    """The address of the rows of a material."""
    return Asked(notice=notice, material=material, show=Show.ALL, view="rows").url()
