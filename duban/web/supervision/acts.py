"""What a supervisor does about one unit in one notice: one thing at a time, previewed, confirmed, on record."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import InputRefused
from duban.domain.terms import AdviceKind, Hat
from duban.papers.order import Order, order_docx
from duban.services.advising import advise_pause, matters, recommend
from duban.services.noting import Call, note
from duban.services.ordering import draft_order, order
from duban.services.things import unit_in_notice
from duban.web.act_door import Form, Typed, attempt, page
from duban.web.act_form import ActForm, day_typed, line_typed, words_typed
from duban.web.language.saying import refusal, say
from duban.web.rules import needs, unit_of
from duban.web.supervision.act_view import (
    SURE,
    About,
    back_to,
    pause_form,
    pause_words,
    phone_form,
    phone_words,
    preview,
    recommend_form,
    recommend_words,
    said_of,
)
from duban.web.supervision.monday_view import URL
from duban.web.supervision.stages import STAGES
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix=f"{URL}/{{notice}}/{{unit}}")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _about(visit: Visiting, notice: str, unit: str) -> About:
    with visit.reading() as session:
        found = matters(session, notice, unit)
    return About(
        notice=notice,
        document_number=found.notice.document_number,
        unit=unit,
        unit_name=found.unit_name,
        materials=found.open,
        asked=found.asked,
        today=visit.now.astimezone(found.notice.tz).date(),
    )


Where = Annotated[About, Depends(_about)]


@router.get("/phone")
@needs(Deed.NOTE, thing=unit_of)
def phone(visit: Visiting, where: Where) -> HTMLResponse:
    """A call to write down."""
    return page(visit, phone_form(where))


@router.post("/phone")
@needs(Deed.NOTE, thing=unit_of)
def phoned(visit: Visiting, where: Where, typed: Typed) -> Response:
    """Shown first, then written down."""

    def do() -> str:
        call = Call(
            notice=where.notice,
            unit=where.unit,
            person=line_typed(typed, "with_whom", say("通话人")),
            called_at=visit.now,
            said=said_of(where, typed.get("deliverable", ""), words_typed(typed, "text", say("内容"))),
        )
        with visit.writing() as session:
            note(
                session, call, key=typed.get("key") or secrets.token_hex(8), by=visit.by, owner=visit.by, now=visit.now
            )
        return back_to(where, "phoned")

    said = partial(phone_words, where, typed)
    return _confirmed(visit, typed, _Step(form=phone_form(where), said=said, button=say("记入经过"), do=do))


@router.get("/recommend")
@needs(Deed.RECOMMEND, thing=unit_of)
def advice(visit: Visiting, where: Where) -> HTMLResponse:
    """For or against a later day."""
    return page(visit, recommend_form(where))


@router.post("/recommend")
@needs(Deed.RECOMMEND, thing=unit_of)
def advised(visit: Visiting, where: Where, typed: Typed) -> Response:
    """Shown first, then passed on to the issuer, who decides."""

    def do() -> str:
        kind, day = _kind(typed), day_typed(typed, "day", say("日期"))
        about = {"notice": where.notice, "unit": where.unit, "deliverable": typed.get("deliverable", "")}
        text = words_typed(typed, "text", say("理由"))
        with visit.writing() as session:
            recommend(session, **about, kind=kind, day=day, text=text, by=visit.by, at=visit.now)
        return back_to(where, "recommended")

    def said() -> str:
        return recommend_words(where, _kind(typed), day_typed(typed, "day", say("日期")), typed)

    return _confirmed(visit, typed, _Step(form=recommend_form(where), said=said, button=say("转发文机关"), do=do))


@router.get("/pause")
@needs(Deed.RECOMMEND, thing=unit_of)
def pause(visit: Visiting, where: Where) -> HTMLResponse:
    """A pause in chasing."""
    return page(visit, pause_form(where))


@router.post("/pause")
@needs(Deed.RECOMMEND, thing=unit_of)
def paused(visit: Visiting, where: Where, typed: Typed) -> Response:
    """Shown first, then passed on to the coordinator."""

    def do() -> str:
        day, text = day_typed(typed, "day", say("日期")), words_typed(typed, "text", say("理由"))
        if day is None:
            raise InputRefused("请填写暂缓到哪一天", "say until which day")
        with visit.writing() as session:
            about = {"notice": where.notice, "unit": where.unit}
            advise_pause(session, **about, until=day, text=text, by=visit.by, at=visit.now)
        return back_to(where, "paused")

    def said() -> str:
        return pause_words(where, day_typed(typed, "day", say("日期")), typed)

    return _confirmed(visit, typed, _Step(form=pause_form(where), said=said, button=say("转发文机关"), do=do))


@router.get("/order")
@needs(Deed.DRAFT_ORDER, thing=unit_of)
def order_page(visit: Visiting, notice: str, unit: str) -> HTMLResponse:
    """The draft of a 督办单 as it would be printed; nothing is issued."""
    with visit.reading() as session:
        office = _office(visit, unit_in_notice(session, notice, unit).above)
        found = order(session, visit.scope(Deed.DRAFT_ORDER), notice=notice, unit=unit, office=office, now=visit.now)
    return visit.page("order.html", order=found, chip=STAGES[found.stage], notice=notice, unit=unit)


@router.post("/order")
@needs(Deed.DRAFT_ORDER, thing=unit_of)
def order_file(visit: Visiting, notice: str, unit: str) -> Response:
    """The draft as a Word file; the record says that it was drafted."""
    scope = visit.scope(Deed.DRAFT_ORDER)
    with visit.writing() as session:
        about = {"notice": notice, "unit": unit, "office": _office(visit, unit_in_notice(session, notice, unit).above)}
        found = draft_order(session, scope, **about, by=visit.by, now=visit.now)
    return Response(order_docx(found), media_type=DOCX, headers=attached("order.docx", file_name(found)))


def file_name(found: Order) -> str:
    """``督办单（稿） 长春市教育局 2021-10-20.docx``."""
    return f"督办单（稿） {found.unit} {found.day.isoformat()}.docx"


def attached(plain: str, named: str) -> dict[str, str]:
    """The header of a download."""
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(named)}"}


def _office(visit: Visit, above: frozenset[str]) -> str:
    """The unit for which the reader supervises here; empty: the issuer drafts."""
    worn = [grant.unit for grant in visit.subject.grants if grant.hat is Hat.SUPERVISOR and grant.unit in above]
    return worn[0] if worn else ""


def _kind(typed: Form) -> AdviceKind:
    try:
        return AdviceKind(typed.get("kind", ""))
    except ValueError as error:
        raise InputRefused("请选择意见", "choose the advice") from error


@dataclass(frozen=True, kw_only=True)
class _Step:
    """An act that is confirmed before it is done."""

    form: ActForm
    #: what will be done, in one sentence
    said: Callable[[], str]
    button: str
    #: does it; answers where one goes then
    do: Callable[[], str]


def _confirmed(visit: Visit, typed: Form, step: _Step) -> Response:
    """Without a confirmation the preview, else the act; a refusal shows the form with what was typed."""
    if (SURE[0], typed.get(SURE[0])) == SURE:
        return attempt(visit, lambda: step.form, typed, step.do)
    try:
        _check_filled(step.form, typed)
        return page(visit, preview(step.form, typed, step.said(), step.button))
    except InputRefused as error:
        return page(visit, step.form.again(typed, refusal(error)))


def _check_filled(form: ActForm, typed: Form) -> None:
    for field in form.fields:
        if field.required and not typed.get(field.name, "").strip():
            raise InputRefused(f"请填写{field.label}", f"please fill in: {field.label}")
