"""The ledger of a notice (台账)."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from duban.services.board import board, check_asked, told
from duban.web.ledger_query import Query as Asked
from duban.web.ledger_view import LedgerView
from duban.web.visit import Visiting

router = APIRouter()
Word = Annotated[str, Query(max_length=100)]


@router.get("/notices/{notice}")
def ledger(
    visit: Visiting, notice: str, *, show: Word = "", unit: Word = "", stage: Word = "", view: Word = "", page: int = 1
) -> HTMLResponse:
    """Unit × material, or one row per obligation; filtered."""
    asked = Asked.read(notice, show=show, unit=unit, stage=stage, view=view, page=page)
    with visit.reading() as session:
        found = board(session, notice, now=visit.now)
        check_asked(found, unit=unit, stage=stage)
        laid_out = LedgerView(found, asked)
        mails = told(session, laid_out.page_cells())
    template = "rows.html" if asked.view == "rows" else "ledger.html"
    return visit.page(template, board=found, query=asked, view=laid_out, mails=mails)
