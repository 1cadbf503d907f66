"""Requests for a later day: all that wait, and answers to several at once."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import ActRefused, DubanError
from duban.services.advising import waiting_advice
from duban.services.answering import grant_wanted, refuse_wanted, waiting, waiting_of
from duban.web.act_door import Typed, page
from duban.web.act_form import ActForm, day_typed, words_typed
from duban.web.extensions.extension_view import INBOX, Answer, confirmation, inbox, wanted_in
from duban.web.language.saying import refusal, say
from duban.web.rules import needs, notice_of
from duban.web.visit import Visit, Visiting

router = APIRouter()
Keys = list[str]
Asked = Annotated[Keys, Query(default_factory=list)]
Ticked = Annotated[Keys, Form(default_factory=list)]


@router.get(INBOX)
@needs(Deed.EXTEND)
def requests(visit: Visiting, done: Annotated[int, Query(ge=0, le=10_000)] = 0, settled: bool = False) -> HTMLResponse:
    """What waits for an answer, the oldest first."""
    with visit.reading() as session:
        found = waiting(session, visit.scope(Deed.EXTEND))
        advice = waiting_advice(session, visit.scope(Deed.EXTEND))
    return visit.page("extensions.html", view=inbox(found, visit.now, advice), done=done, settled=settled)


@router.get("/notices/{notice}/extensions")
@needs(Deed.EXTEND, within=notice_of)
def confirm(
    visit: Visiting,
    notice: str,
    chosen: Asked,
    answer: Answer = Answer.GRANT,
) -> HTMLResponse:
    """Whom the answer is about, before it is given."""
    return page(visit, _form(visit, notice, answer, chosen))


@router.post("/notices/{notice}/extensions/grant")
@needs(Deed.EXTEND, within=notice_of)
def grant(visit: Visiting, notice: str, typed: Typed, chosen: Ticked) -> Response:
    """Later days for all of them, or for none."""
    try:
        wanted, due = wanted_in(chosen), day_typed(typed, "due", say("日期"))
        note = words_typed(typed, "note", say("说明"))
        with visit.writing() as session:
            events = grant_wanted(session, notice, wanted, due=due, note=note, by_person=visit.by, now=visit.now)
    except DubanError as error:
        return page(visit, _form(visit, notice, Answer.GRANT, chosen).again(typed, refusal(error)))
    return RedirectResponse(f"{INBOX}?done={len(events)}", status_code=303)


@router.post("/notices/{notice}/extensions/refuse")
@needs(Deed.REFUSE, within=notice_of)
def refuse(visit: Visiting, notice: str, typed: Typed, chosen: Ticked) -> Response:
    """The days stay, for all of them, or none is answered."""
    try:
        wanted, note = wanted_in(chosen), words_typed(typed, "note", say("理由"))
        with visit.writing() as session:
            events = refuse_wanted(session, notice, wanted, note=note, by_person=visit.by, now=visit.now)
    except DubanError as error:
        return page(visit, _form(visit, notice, Answer.REFUSE, chosen).again(typed, refusal(error)))
    return RedirectResponse(f"{INBOX}?done={len(events)}", status_code=303)


def _form(visit: Visit, notice: str, answer: Answer, chosen: Keys) -> ActForm:
    """ActRefused where nothing of it waits any more."""
    with visit.reading() as session:
        found = waiting_of(session, notice, wanted_in(chosen))
    if not found:
        raise ActRefused("所选的申请已经答复或失效", "what was ticked has been answered already")
    return confirmation(notice, answer, found, visit.now)
