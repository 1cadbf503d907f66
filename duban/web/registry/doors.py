"""The registry desk: one field for the code, one page for an envelope, and back to the field."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError, NotFound
from duban.services import registry
from duban.services.intake import Asked
from duban.services.registering import Envelope, register
from duban.web.act_door import About, issuer_door
from duban.web.act_form import day_typed, words_typed
from duban.web.language.saying import refusal, say
from duban.web.registry.registry_view import SEALS, Entered, code_in, envelope_view, is_code, lines
from duban.web.rules import needs, obligation_of
from duban.web.visit import Visit, Visiting

router = APIRouter()
Word = Annotated[str, Query(max_length=300)]
Values = Annotated[list[str], Form(default_factory=list)]
#: So many materials at once are said to be registered.
Count = Annotated[int, Query(ge=0, le=registry.MOST_TOGETHER + 1)]


@router.get("/registry")
@needs(Deed.RECEIVE)
def desk(visit: Visiting, code: Word = "", q: Word = "", done: Count = 0) -> Response:
    """The field for the code. A code leads on to its envelope; other words are searched for."""
    typed = code_in(code or q)
    try:
        if not code and not is_code(typed):
            return _desk(visit, q=q.strip(), done=done)
        with visit.reading() as session:
            asked = registry.behind(session, visit.subject, typed)
    except NotFound as error:
        return _desk(visit, q=typed, problem=refusal(error))
    return RedirectResponse(issuer_door(asked, "receive"), status_code=303)


@router.get("/notices/{notice}/units/{unit}/{deliverable}/receive")
@needs(Deed.RECEIVE, thing=obligation_of)
def envelope(visit: Visiting, about: About) -> HTMLResponse:
    """What may lie in an envelope, and what is on record of it."""
    return _envelope(visit, about)


@router.post("/notices/{notice}/units/{unit}/{deliverable}/receive")
@needs(Deed.RECEIVE, thing=obligation_of)
def receive(
    visit: Visiting,
    about: About,
    *,
    taken: Values,
    deliverable_of: Values,
    copies: Values,
    seal: Values,
    day: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """It has come: everything that is ticked, or nothing."""
    entered = Entered(
        deliverables=tuple(deliverable_of),
        taken=frozenset(taken),
        copies=tuple(copies),
        seals=tuple(seal),
        day=day,
        note=note,
    )
    try:
        with visit.writing() as session:
            events = register(session, _arrived(about, entered), by_person=visit.by, now=visit.now)
    except DubanError as error:
        return _envelope(visit, about, entered, refusal(error))
    return RedirectResponse(f"/registry?done={len(events)}", status_code=303)


def _arrived(about: Asked, entered: Entered) -> Envelope:
    typed = {"day": entered.day, "note": entered.note}
    return Envelope(
        notice=about.notice,
        unit=about.unit,
        day=day_typed(typed, "day", say("收到日期")),
        note=words_typed(typed, "note", say("备注")),
        arrived=entered.arrived(),
    )


def _envelope(visit: Visit, about: Asked, entered: Entered | None = None, problem: str = "") -> HTMLResponse:
    with visit.reading() as session:
        expected = registry.expected(session, about)
    today = visit.now.astimezone(expected.asked.notice.tz).date()
    view = envelope_view(expected, about, today, entered, problem)
    return visit.page("envelope.html", status=400 if problem else 200, view=view, seals=SEALS)


def _desk(visit: Visit, *, q: str = "", done: int = 0, problem: str = "") -> HTMLResponse:
    with visit.reading() as session:
        found = registry.search(session, visit.subject, q) if q and not problem else []
        today = registry.registered_today(session, visit.subject, now=visit.now)
        posted = registry.under_way(session, visit.subject)
    return visit.page(
        "registry.html",
        status=404 if problem else 200,
        q=q,
        done=done,
        problem=problem,
        found=lines(found, visit.now),
        today=lines(today, visit.now),
        posted=lines(posted, visit.now),
    )
