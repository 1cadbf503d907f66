"""What a unit does beside handing in: post, ask for a later day, report nil, withdraw, acknowledge."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.terms import ISSUER, Act, Hat
from duban.services.acting import Request, act
from duban.services.intake import Asked
from duban.services.receipts import standing_receipt
from duban.web.act_door import About, Form, Typed, attempt, found, page, unit_page
from duban.web.act_form import ActForm, day_typed, line_typed, number_typed, words_typed
from duban.web.language.saying import say
from duban.web.rules import needs, obligation_of
from duban.web.unit_act_view import unit_act_form
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/units/{unit}/notices/{notice}/{deliverable}")


@router.get("/send")
@needs(Deed.SEND, thing=obligation_of)
def send_form(visit: Visiting, about: About) -> HTMLResponse:
    """Register paper that was posted."""
    return page(visit, _form(visit, about, Act.SEND))


@router.post("/send")
@needs(Deed.SEND, thing=obligation_of)
def send(visit: Visiting, about: About, typed: Typed) -> Response:
    """It was posted; a coordinator enters what an envelope shows."""
    return _does(visit, about, Act.SEND, typed)


@router.get("/request")
@needs(Deed.REQUEST, thing=obligation_of)
def request_form(visit: Visiting, about: About) -> HTMLResponse:
    """Ask for a later day."""
    return page(visit, _form(visit, about, Act.REQUEST))


@router.post("/request")
@needs(Deed.REQUEST, thing=obligation_of)
def request(visit: Visiting, about: About, typed: Typed) -> Response:
    """A later day is asked for; the issuer answers."""
    return _does(visit, about, Act.REQUEST, typed)


@router.get("/nil")
@needs(Deed.NIL, thing=obligation_of)
def nil_form(visit: Visiting, about: About) -> HTMLResponse:
    """Report that there is nothing to report."""
    return page(visit, _form(visit, about, Act.NIL))


@router.post("/nil")
@needs(Deed.NIL, thing=obligation_of)
def nil(visit: Visiting, about: About, typed: Typed) -> Response:
    """There is nothing to report; on to the receipt."""
    return _does(visit, about, Act.NIL, typed)


@router.get("/withdraw")
@needs(Deed.WITHDRAW, thing=obligation_of)
def withdraw_form(visit: Visiting, about: About) -> HTMLResponse:
    """Take back what was handed in."""
    return page(visit, _form(visit, about, Act.WITHDRAW))


@router.post("/withdraw")
@needs(Deed.WITHDRAW, thing=obligation_of)
def withdraw(visit: Visiting, about: About, typed: Typed) -> Response:
    """It is taken back."""
    return _does(visit, about, Act.WITHDRAW, typed)


@router.post("/acknowledge")
@needs(Deed.ACKNOWLEDGE, thing=obligation_of)
def acknowledge(visit: Visiting, about: About) -> RedirectResponse:
    """The unit has the notice (签收)."""
    with visit.writing() as session:
        act(session, Request(**vars(about), act=Act.ACKNOWLEDGE, by_person=visit.by), now=visit.now)
    return RedirectResponse(unit_page(about), status_code=303)


def _form(visit: Visit, about: Asked, asked: Act) -> ActForm:
    situation = found(visit, about)
    return unit_act_form(asked, situation, about, visit.now.astimezone(situation.notice.tz).date())


def _does(visit: Visit, about: Asked, asked: Act, typed: Form) -> Response:
    def do() -> str:
        with visit.writing() as session:
            act(session, _request(visit, about, asked, typed), now=visit.now)
            receipt = standing_receipt(session, about) if asked is Act.NIL else None
        return f"/receipts/{receipt.number}" if receipt else unit_page(about)

    return attempt(visit, lambda: _form(visit, about, asked), typed, do)


def _request(visit: Visit, about: Asked, asked: Act, typed: Form) -> Request:
    """What was typed, as an act; a field that the form does not have stays empty."""
    by_issuer = asked is Act.SEND and not _is_clerk(visit, about)
    return Request(
        **vars(about),
        act=asked,
        by=ISSUER if by_issuer else "",
        by_person=visit.by,
        note=words_typed(typed, "note", say("说明")),
        due=day_typed(typed, "due", say("日期")),
        day=day_typed(typed, "day", say("日期")),
        courier=line_typed(typed, "courier", say("寄送方式")),
        number=line_typed(typed, "number", say("单号")),
        copies=number_typed(typed, "copies", say("份数")),
    )


def _is_clerk(visit: Visit, about: Asked) -> bool:
    """Who acts hands in for the unit; else it is the issuer's coordinator."""
    return any(grant.hat is Hat.CLERK and grant.unit == about.unit for grant in visit.subject.grants)
