"""What a notice says, and one unit in it."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from duban.domain.access import may
from duban.domain.deeds import Deed
from duban.services import things
from duban.services.answering import still_waiting
from duban.services.board import board, told
from duban.services.describing import described, reviewed_in
from duban.services.dossier import dossier
from duban.services.figures import Show
from duban.services.lapsing import by_rule
from duban.services.unit_desk import unit_desk
from duban.web.about_view import AboutView
from duban.web.after import After
from duban.web.ending_view import units_way, ways_to_end
from duban.web.issuer_act_view import ways
from duban.web.ledger_query import Query as Asked
from duban.web.ledger_view import LedgerView
from duban.web.rules import needs, notice_of, unit_of
from duban.web.unit_view import contacts, timeline
from duban.web.units.people_view import people_url
from duban.web.visit import Visiting

router = APIRouter()
Word = Annotated[str, Query(max_length=100)]
Words = Annotated[str, Query(max_length=8000)]


@router.get("/notices/{notice}/about")
@needs(Deed.SEE_NOTICE, within=notice_of)
def about(visit: Visiting, notice: str) -> HTMLResponse:
    """The definition in force, in words."""
    with visit.reading() as session:
        found = described(session, notice)
        only = reviewed_in(session, visit.scope(Deed.SEE_NOTICE), notice)
        is_ours = may(visit.subject, Deed.ISSUE, things.notice(session, notice))
        keeps = may(visit.subject, Deed.KEEP_UNITS, things.notice(session, notice))
    todo = [*([units_way(notice)] if keeps else []), *(ways_to_end(found.row) if is_ours else [])]
    return visit.page("about.html", notice=found.notice, view=AboutView(found, visit.now, only), ways=todo)


@router.get("/notices/{notice}/units/{unit}")
@needs(Deed.SEE_UNIT, thing=unit_of)
def unit(visit: Visiting, notice: str, unit: str, *, done: Word = "", changed: Words = "") -> HTMLResponse:
    """What one unit owes, who can be reached, what happened; what to say to it by hand."""
    query = Asked(notice=notice, show=Show.ALL, unit=unit, view="rows")
    with visit.reading() as session:
        found = board(session, notice, replace(query.part, scope=visit.scope(Deed.SEE_UNIT)), now=visit.now)
        about_unit = dossier(session, notice, unit)
        view = LedgerView(found, query, told(session, found), by_rule(session, found))
        asking = still_waiting(session, [cell.obligation for cell in found.cells])
        thing = things.unit_in_notice(session, notice, unit)
        is_ours = may(visit.subject, Deed.EXTEND, thing)
        keeps = may(visit.subject, Deed.KEEP_UNITS, thing)
        desk = unit_desk(session, notice, unit, now=visit.now) if is_ours else None
    days, people = timeline(about_unit, found.asked.now), contacts(about_unit)
    todo = ways(found, asking) if is_ours else []
    about: dict[str, Any] = {
        "days": days,
        "people": people,
        "ways": todo,
        "desk": desk,
        "after": After.read(done, changed),
        "people_url": people_url(notice, unit) if keeps else "",
    }
    return visit.page("unit.html", board=found, dossier=about_unit, view=view, **about)
