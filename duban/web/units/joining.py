"""A unit more, and a unit that goes into another: looked at first, then done."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError
from duban.domain.terms import Relation
from duban.services.merging import add_unit, foresee_merger, foresee_unit, merge_units, units_lacking
from duban.services.notice_units import is_open, unit_people
from duban.services.records import Records
from duban.services.rostering import NewUnit, enlist, kinds_asked, unit_called
from duban.web.act_door import Form, Typed, attempt, page
from duban.web.act_form import ActForm, line_typed
from duban.web.language.saying import refusal, say
from duban.web.rules import needs, notice_itself
from duban.web.units.doors import desk_of
from duban.web.units.joining_view import JoinView, MergerView, new_unit_form
from duban.web.units.people_view import people_url
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/notices/{notice}")
Word = Annotated[str, Query(max_length=100)]


@router.get("/join")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def lacking(visit: Visiting, notice: str) -> HTMLResponse:
    """The units that a clause names and that owe nothing yet; a form for one that the roster does not have."""
    with visit.reading() as session:
        found = Records(session).notice(notice)
        units = units_lacking(session, notice, now=visit.now) if is_open(session, notice) else ()
    return visit.page("join.html", notice=found, units=units, url=f"/notices/{quote(notice)}/join")


@router.get("/new-unit")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def unit_form(visit: Visiting, notice: str) -> HTMLResponse:
    """A unit that the roster does not have."""
    return page(visit, _new_form(visit, notice))


@router.post("/new-unit")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def new_unit(visit: Visiting, notice: str, typed: Typed) -> Response:
    """The roster has it; what it would owe is looked at next."""

    def do() -> str:
        with visit.writing() as session:
            new = _new(
                typed, unit_called(session, above) if (above := line_typed(typed, "parent", say("上级单位"))) else ""
            )
            made = enlist(session, new, desk=desk_of(visit, notice), moment=visit.moment)
        return f"/notices/{quote(notice)}/join/{quote(made)}"

    return attempt(visit, lambda: _new_form(visit, notice), typed, do)


def _new_form(visit: Visit, notice: str) -> ActForm:
    with visit.reading() as session:
        records = Records(session)
        found = records.notice(notice)
        return new_unit_form(found, records.unit(found.issuer).name, kinds_asked(found))


def _new(typed: Form, parent: str) -> NewUnit:
    relation = Relation.PARALLEL if typed.get("relation") == Relation.PARALLEL else Relation.SUBORDINATE
    return NewUnit(
        name=line_typed(typed, "name", say("单位名称")),
        parent=parent,
        kind=line_typed(typed, "kind", say("种类")),
        relation=relation,
        id=line_typed(typed, "id", say("编号")),
    )


@router.get("/join/{unit}")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def look(visit: Visiting, notice: str, unit: str) -> HTMLResponse:
    """What would be asked of a unit, and who would be told."""
    return _look(visit, notice, unit)


@router.post("/join/{unit}")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def join(visit: Visiting, notice: str, unit: str) -> Response:
    """It is asked of the unit, and its people are told."""
    try:
        with visit.writing() as session:
            unit_people(session, notice, unit)
            add_unit(session, notice, unit, now=visit.now, by_person=visit.by)
    except DubanError as error:
        return _look(visit, notice, unit, refused=refusal(error))
    return RedirectResponse(f"{people_url(notice, unit)}?done=joined", status_code=303)


def _look(visit: Visit, notice: str, unit: str, *, refused: str = "") -> HTMLResponse:
    with visit.reading() as session:
        found, bound = unit_people(session, notice, unit), None
        try:
            bound = foresee_unit(session, notice, unit, now=visit.now)
        except DubanError as error:
            refused = refused or refusal(error)
        view = JoinView(Records(session), found, bound)
    return visit.page("join_look.html", status=400 if refused else 200, view=view, refused=refused)


@router.get("/people/{unit}/merge")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def merger(visit: Visiting, notice: str, unit: str, into: Word = "") -> HTMLResponse:
    """Into which unit; once that is said, what follows."""
    return _merger(visit, notice, unit, into)


@router.post("/people/{unit}/merge")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def merge(visit: Visiting, notice: str, unit: str, typed: Typed) -> Response:
    """The unit has gone into the other."""
    into = line_typed(typed, "into", say("并入的单位"))
    try:
        with visit.writing() as session:
            unit_people(session, notice, unit)
            within = visit.scope(Deed.KEEP_UNITS)
            found = unit_called(session, into)
            merge_units(session, unit, found, now=visit.now, by_person=visit.by, within=within)
    except DubanError as error:
        return _merger(visit, notice, unit, into, refused=refusal(error))
    return RedirectResponse(f"{people_url(notice, found)}?done=merged", status_code=303)


def _merger(visit: Visit, notice: str, unit: str, into: str, *, refused: str = "") -> HTMLResponse:
    with visit.reading() as session:
        found, ahead = unit_people(session, notice, unit), None
        try:
            if into:
                other = unit_called(session, into)
                ahead = foresee_merger(session, unit, other, within=visit.scope(Deed.KEEP_UNITS))
        except DubanError as error:
            refused = refused or refusal(error)
    view = MergerView(found, ahead, into)
    return visit.page("merger.html", status=400 if refused else 200, view=view, refused=refused)
