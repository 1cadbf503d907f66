"""The ledger of a notice (台账)."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from duban.domain.access import scope_of
from duban.domain.deeds import Deed
from duban.services.board import board, check_asked, names, told
from duban.services.breakdown import breakdown
from duban.services.lapsing import by_rule
from duban.services.things import notice_within
from duban.web.after import After
from duban.web.breakdown_view import BreakdownView
from duban.web.ledger_query import Query as Asked
from duban.web.ledger_view import LedgerView
from duban.web.rules import needs, notice_of
from duban.web.visit import Visit, Visiting

router = APIRouter()
Word = Annotated[str, Query(max_length=100)]


def _words(
    *, show: Word = "", unit: Word = "", stage: Word = "", under: Word = "", material: Word = "", step: Word = ""
) -> dict[str, str]:
    return {"show": show, "unit": unit, "stage": stage, "under": under, "material": material, "step": step}


#: What is shown of a ledger, and what narrows it, as its address says.
Words = Annotated[dict[str, str], Depends(_words)]


@router.get("/notices/{notice}")
@needs(Deed.SEE_LEDGER, within=notice_of)
def ledger(
    visit: Visiting,
    notice: str,
    words: Words,
    *,
    view: Word = "",
    page: int = 1,
    done: Word = "",
    changed: Annotated[str, Query(max_length=8000)] = "",
) -> HTMLResponse:
    """Unit × material, or one row per obligation; filtered. ``changed``: rows that are marked after an act."""
    asked, after = Asked.read(notice, {**words, "view": view}, page=page), After.read(done, changed)
    return _page(visit, asked, after, template="rows.html" if asked.view == "rows" else "ledger.html")


@router.get("/notices/{notice}/overview")
@needs(Deed.SEE_LEDGER, within=notice_of)
def overview(visit: Visiting, notice: str) -> HTMLResponse:
    """The large parts: by the units right below the issuer, and by material."""
    with visit.reading() as session:
        found = breakdown(session, notice, visit.scope(Deed.SEE_LEDGER), now=visit.now)
    return visit.page("overview.html", board=found, view=BreakdownView(found), query=Asked(notice=notice))


@router.get("/notices/{notice}/names")
@needs(Deed.SEE_LEDGER, within=notice_of)
def lists(visit: Visiting, notice: str, words: Words) -> HTMLResponse:
    """The names of the units that are missing, for each material. For internal use only."""
    return _page(visit, Asked.read(notice, words), After(), template="names.html")


def _page(visit: Visit, asked: Asked, after: After, *, template: str) -> HTMLResponse:
    with visit.reading() as session:
        found = board(session, asked.notice, replace(asked.part, scope=visit.scope(Deed.SEE_LEDGER)), now=visit.now)
        check_asked(found)
        view = LedgerView(found, asked, told(session, found), by_rule(session, found))
        listed = template == "names.html" or view.has_room_for_names
        missing = names(session, found, view.named) if listed else None
        picks = notice_within(session, scope_of(visit.subject, Deed.PRESS), asked.notice)
    lists = None if missing is None else view.names(missing)
    return visit.page(template, board=found, query=asked, view=view, lists=lists, picks=picks, after=after)
