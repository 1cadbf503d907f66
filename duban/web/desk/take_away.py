"""A ledger to take away: the workbook of what the screen shows, and what to say to each unit."""

from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from duban.domain.deeds import Deed
from duban.papers.ledger import ledger_xlsx
from duban.services.board import board, check_asked, told
from duban.services.choosing import NothingChosen, chosen_rows
from duban.services.lapsing import by_rule
from duban.services.records import Records
from duban.services.spoken import spoken
from duban.web.desk.choice import Choosing, Ticked
from duban.web.desk.export_view import ledger_table
from duban.web.language.saying import in_chinese
from duban.web.ledger import Word, Words
from duban.web.ledger_query import Query as Asked
from duban.web.ledger_view import LedgerView
from duban.web.rules import needs, notice_of
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/notices/{notice}")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Units or obligations in one workbook: all of them.
ALL_ROWS = 1_000_000


@router.get("/ledger.xlsx")
@needs(Deed.SEE_LEDGER, within=notice_of)
def workbook(visit: Visiting, notice: str, words: Words, view: Word = "") -> Response:
    """The rows that the screen shows with the same filter, over all pages."""
    asked = Asked.read(notice, {**words, "view": view})
    with in_chinese(), visit.reading() as session:
        part = replace(asked.part, scope=visit.scope(Deed.SEE_LEDGER), size=ALL_ROWS)
        found = board(session, notice, part, now=visit.now)
        check_asked(found)
        table = ledger_table(LedgerView(found, asked, told(session, found), by_rule(session, found)))
    name = f"{found.notice.document_number} 台账 {visit.now:%Y-%m-%d}.xlsx"
    named = f"attachment; filename=\"ledger.xlsx\"; filename*=UTF-8''{quote(name)}"
    return Response(ledger_xlsx(table), media_type=XLSX, headers={"Content-Disposition": named})


@router.post("/texts")
@needs(Deed.PRESS, within=notice_of)
def texts(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """For each unit the words to send it by hand: only its own items."""
    try:
        return _texts(visit, notice, ticked)
    except NothingChosen:
        return ticked.in_ledger(notice, "nothing")


def _texts(visit: Visit, notice: str, ticked: Ticked) -> HTMLResponse:
    with visit.reading() as session:
        records = Records(session)
        rows = chosen_rows(records, ticked.within(notice, visit.scope(Deed.PRESS)), now=visit.now)
        found = spoken(records, notice, rows, now=visit.now)
        units = [(records.unit(unit), text) for unit, text in found.items()]
        definition = records.notice(notice)
    return visit.page("texts.html", notice=definition, units=units)
