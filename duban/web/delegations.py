"""Delegation during leave: what one has lent and what one acts for, a new one, its end."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.errors import Denied, DubanError, InputRefused, NotFound
from duban.domain.terms import Hat
from duban.services.delegating import Delegated, Wanted, check, delegate, delegations, end, lendable
from duban.services.people import find
from duban.web.act_door import Form, Typed, page
from duban.web.act_form import ActForm, day_typed, line_typed
from duban.web.delegation_view import (
    SURE,
    URL,
    delegation_form,
    delegation_words,
    delegations_view,
    end_form,
)
from duban.web.language.saying import refusal, say
from duban.web.rules import INSIDE, ruled
from duban.web.visit import Visit, Visiting
from models import PersonRow

router = APIRouter(prefix=URL)
Word = Annotated[str, Query(max_length=20)]


@router.get("")
@ruled(INSIDE)
def listed(visit: Visiting, done: Word = "") -> HTMLResponse:
    """What one gave and took."""
    person = _person(visit)
    with visit.reading() as session:
        found = delegations(session, person, now=visit.now)
        may_lend = bool(lendable(session, person))
    return visit.page(
        "delegations.html", view=delegations_view(found, person.address, visit.now, done), may_lend=may_lend
    )


@router.get("/new")
@ruled(INSIDE)
def form(visit: Visiting) -> HTMLResponse:
    """What is lent, to whom, from when to when."""
    return page(visit, _form(visit))


@router.post("/new")
@ruled(INSIDE)
def lend(visit: Visiting, typed: Typed) -> Response:
    """Shown first, then in force; the colleague is told by mail."""
    person = _person(visit)
    try:
        wanted = _wanted(person, typed)
        if (SURE[0], typed.get(SURE[0])) != SURE:
            with visit.reading() as session:
                check(session, wanted, now=visit.now)
                taker = find(session, wanted.taker).name
            return page(visit, delegation_words(_form(visit), typed, wanted, taker))
        with visit.writing() as session:
            delegate(session, wanted, by=person.address, now=visit.now)
    except DubanError as error:
        return page(visit, _form(visit).again(typed, refusal(error)))
    return RedirectResponse(f"{URL}?done=lent", status_code=303)


@router.get("/{number}/end")
@ruled(INSIDE)
def ending(visit: Visiting, number: str) -> HTMLResponse:
    """Which one ends."""
    return page(visit, end_form(_one(visit, number), visit.now))


@router.post("/{number}/end")
@ruled(INSIDE)
def ended(visit: Visiting, number: str) -> Response:
    """It is over."""
    person = _person(visit)
    with visit.writing() as session:
        end(session, _number(number), person=person, by=person.address, now=visit.now)
    return RedirectResponse(f"{URL}?done=ended", status_code=303)


def _person(visit: Visit) -> PersonRow:
    account = visit.inside.account
    if account is None:
        raise Denied("休假委托用账号办理，请先登录。", "log in to delegate")
    return account


def _form(visit: Visit) -> ActForm:
    with visit.reading() as session:
        hats = lendable(session, _person(visit))
    if not hats:
        raise Denied("您没有可以委托的权限。", "nothing to lend")
    return delegation_form(hats, visit.now.date())


def _wanted(person: PersonRow, typed: Form) -> Wanted:
    hat, _, unit = typed.get("duty", "").partition("@")
    first, last = day_typed(typed, "first_day", say("开始日期")), day_typed(typed, "last_day", say("结束日期"))
    taker = line_typed(typed, "taker", say("同事的邮箱"))
    if hat not in list(Hat) or not taker or first is None or last is None:
        raise InputRefused("请选择事项，填写同事的邮箱和起止日期", "name the hat, the colleague and both days")
    reason = line_typed(typed, "reason", say("事由"))
    return Wanted(
        giver=person.address,
        taker=taker.lower(),
        hat=Hat(hat),
        unit=unit,
        first_day=first,
        last_day=last,
        reason=reason,
    )


def _one(visit: Visit, number: str) -> Delegated:
    with visit.reading() as session:
        found = delegations(session, _person(visit), now=visit.now)
    one = next((one for one in found if one.number == _number(number)), None)
    if one is None:
        raise NotFound(f"没有第 {quote(number)} 号委托", "no such delegation")
    return one


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
