"""Reminders by hand: a look before, the press, and taking it back."""

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.clock import real_now
from duban.domain.deeds import Deed
from duban.domain.errors import ActRefused, InputRefused
from duban.services import pressing, quota
from duban.services.ahead import next_rungs
from duban.services.choosing import Chosen, NothingChosen, chosen_rows
from duban.services.figures import Show
from duban.services.records import Records
from duban.services.specimen import post_trial, specimen
from duban.web.desk.choice import Choosing
from duban.web.desk.press_view import SPECIMENS, Look, PressedView, preview
from duban.web.language.saying import term
from duban.web.rules import needs, notice_of, unit_of
from duban.web.visit import Visit, Visiting
from notifications.clean import is_mailbox
from notifications.letter import Person

router = APIRouter(prefix="/notices/{notice}")
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.post("/press/preview")
@needs(Deed.PRESS, within=notice_of)
def before(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """Who would be written to, in which words, and who would not; nothing is changed."""
    chosen = ticked.within(notice, visit.scope(Deed.PRESS))
    try:
        return _preview(visit, chosen, ticked.hidden)
    except NothingChosen:
        return ticked.in_ledger(notice, "nothing")
    except ActRefused:
        return ticked.in_ledger(notice, "closed")


def _preview(visit: Visit, chosen: Chosen, hidden: tuple[tuple[str, str], ...]) -> HTMLResponse:
    with visit.reading() as session:
        records = Records(session)
        rows = chosen_rows(records, chosen, now=visit.now)
        found = pressing.sort(records, chosen, now=visit.now)
        mint = visit.duban.mint
        shown = [specimen(records, chosen.notice, found, one, mint=mint) for one in found.parcels[:SPECIMENS]]
        left = quota.left_today(session, visit.duban.sender().outlets, real_now=real_now())
        ahead = next_rungs(records, rows, now=visit.now)
        look = Look(notice=chosen.notice, found=found, specimens=shown, accounts=left, ahead=ahead)
        view = preview(records, look, now=visit.now)
    return visit.page("press.html", view=view, hidden=(*hidden, ("key", secrets.token_hex(8))))


@router.post("/press")
@needs(Deed.PRESS, within=notice_of)
def press(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """The mails wait in the outbox; a second click is the same press."""
    key = ticked.typed.get("key", "")
    if not key:
        return ticked.in_ledger(notice, "unseen")
    try:
        with visit.writing() as session:
            chosen = ticked.within(notice, visit.scope(Deed.PRESS))
            number = pressing.press(session, chosen, key=key, by=visit.by, now=visit.now)
    except NothingChosen:
        return ticked.in_ledger(notice, "nothing")
    except ActRefused:
        return ticked.in_ledger(notice, "nobody")
    return RedirectResponse(f"/notices/{quote(notice)}/presses/{number}", status_code=303)


@router.get("/presses/{press}")
@needs(Deed.PRESS, within=notice_of)
def pressed(visit: Visiting, notice: str, press: Number) -> HTMLResponse:
    """What has become of a press; while its mails wait they can be taken back."""
    return _pressed(visit, notice, press)


@router.post("/presses/{press}/undo")
@needs(Deed.PRESS, within=notice_of)
def undo(visit: Visiting, notice: str, press: Number) -> Response:
    """Every mail that has not begun to leave stays here."""
    try:
        with visit.writing() as session:
            pressing.pressed(session, notice, press)
            pressing.undo(session, press, by=visit.by, now=visit.now)
    except ActRefused as refused:
        return _pressed(visit, notice, press, problem=term(refused))
    return RedirectResponse(f"/notices/{quote(notice)}/presses/{press}", status_code=303)


def _pressed(visit: Visit, notice: str, number: int, *, problem: str = "") -> HTMLResponse:
    with visit.reading() as session:
        found = pressing.pressed(session, notice, number)
        view = PressedView(Records(session), found, visit.now)
    return visit.page("pressed.html", view=view, problem=problem, status=400 if problem else 200)


@router.post("/units/{unit}/trial")
@needs(Deed.PRESS, thing=unit_of)
def trial(visit: Visiting, notice: str, unit: str) -> Response:
    """The mail that the unit's clerk would get, to whoever asks, marked as a test."""
    if not is_mailbox(visit.by):
        raise InputRefused("您的账号没有邮箱地址，不能试发", "the account has no mail address")
    chosen = Chosen(notice=notice, ticked=frozenset({unit}), show=Show.MISSING, scope=visit.scope(Deed.PRESS))
    to = Person(name=visit.subject.name, email=visit.by)
    with visit.writing() as session:
        found = pressing.sort(Records(session), chosen, now=visit.now)
        post_trial(session, notice, found, unit=unit, to=to, key=secrets.token_hex(8))
    return RedirectResponse(f"/notices/{quote(notice)}/units/{quote(unit)}?done=trial", status_code=303)
