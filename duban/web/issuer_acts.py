"""What the issuer does to one obligation: a later day, no later day, nothing owed, open again."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from duban.domain.deeds import Deed
from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.intake import Asked
from duban.web.act_door import About, Form, Typed, attempt, found, issuer_page, page
from duban.web.act_form import ActForm, day_typed, words_typed
from duban.web.guard import own_path
from duban.web.issuer_act_view import issuer_act_form
from duban.web.language.saying import say
from duban.web.rules import needs, obligation_of
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/notices/{notice}/units/{unit}/{deliverable}")
#: Where one came from.
Back = Annotated[str, Query(max_length=300)]


@router.get("/extend")
@needs(Deed.EXTEND, thing=obligation_of)
def extend_form(visit: Visiting, about: About, back: Back = "") -> HTMLResponse:
    """A later day, asked for or not."""
    return page(visit, _form(visit, about, Act.EXTEND, back))


@router.post("/extend")
@needs(Deed.EXTEND, thing=obligation_of)
def extend(visit: Visiting, about: About, typed: Typed) -> Response:
    """A later day is granted."""
    return _does(visit, about, Act.EXTEND, typed)


@router.get("/refuse")
@needs(Deed.REFUSE, thing=obligation_of)
def refuse_form(visit: Visiting, about: About, back: Back = "") -> HTMLResponse:
    """No to a request for a later day."""
    return page(visit, _form(visit, about, Act.REFUSE, back))


@router.post("/refuse")
@needs(Deed.REFUSE, thing=obligation_of)
def refuse(visit: Visiting, about: About, typed: Typed) -> Response:
    """The day stays."""
    return _does(visit, about, Act.REFUSE, typed)


@router.get("/waive")
@needs(Deed.WAIVE, thing=obligation_of)
def waive_form(visit: Visiting, about: About, back: Back = "") -> HTMLResponse:
    """The unit need not hand it in."""
    return page(visit, _form(visit, about, Act.WAIVE, back))


@router.post("/waive")
@needs(Deed.WAIVE, thing=obligation_of)
def waive(visit: Visiting, about: About, typed: Typed) -> Response:
    """Nothing is owed any more."""
    return _does(visit, about, Act.WAIVE, typed)


@router.get("/reopen")
@needs(Deed.REOPEN, thing=obligation_of)
def reopen_form(visit: Visiting, about: About, back: Back = "") -> HTMLResponse:
    """Open again what was done with."""
    return page(visit, _form(visit, about, Act.REOPEN, back))


@router.post("/reopen")
@needs(Deed.REOPEN, thing=obligation_of)
def reopen(visit: Visiting, about: About, typed: Typed) -> Response:
    """The unit has it again, until a new day."""
    return _does(visit, about, Act.REOPEN, typed)


def _form(visit: Visit, about: Asked, asked: Act, back: str) -> ActForm:
    situation = found(visit, about)
    today = visit.now.astimezone(situation.notice.tz).date()
    return issuer_act_form(asked, situation, about, today, back=_back(about, back))


def _back(about: Asked, back: str) -> str:
    """Back to where one came from; else to the page of the unit."""
    return own_path(back) if back else issuer_page(about)


def _does(visit: Visit, about: Asked, asked: Act, typed: Form) -> Response:
    back = typed.get("back", "")

    def do() -> str:
        note, due = words_typed(typed, "note", say("理由")), day_typed(typed, "due", say("日期"))
        request = Request(**vars(about), act=asked, note=note, due=due, by_person=visit.by)
        with visit.writing() as session:
            act(session, request, now=visit.now)
        return _back(about, back)

    return attempt(visit, lambda: _form(visit, about, asked, back), typed, do)
