"""A notice's units with who can be written to; the people of one of them: changed, added, taken away."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from duban.domain.deeds import Deed
from duban.domain.errors import InputRefused, NotFound
from duban.domain.links import Purpose
from duban.domain.terms import Role
from duban.services.contacts import Desk, Wish, put_contact, remove_contact
from duban.services.inviting import send_again
from duban.services.notice_units import UnitPeople, Wanted, notice_units, unit_people
from duban.web.act_door import Form, Typed, attempt, page
from duban.web.act_form import line_typed
from duban.web.entry.login import send_soon
from duban.web.language.saying import label, say
from duban.web.rules import needs, notice_itself
from duban.web.units.people_view import (
    TELLS,
    PeopleView,
    UnitsView,
    contact_form,
    gap_of,
    people_url,
    removal_form,
    said_of,
)
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/notices/{notice}/people")
Word = Annotated[str, Query(max_length=100)]
Page = Annotated[int, Query(ge=1, le=100_000)]
#: The number of a contact; 0: somebody new.
Number = Annotated[int, Query(ge=0, le=2_000_000_000)]


def desk_of(visit: Visit, notice: str) -> Desk:
    """Who changes something, as the services ask."""
    return Desk(within=visit.scope(Deed.KEEP_UNITS), notice=notice, by_person=visit.by)


@router.get("")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def units(visit: Visiting, notice: str, gap: Word = "", q: Word = "", page: Page = 1) -> HTMLResponse:
    """The units of a notice, those first to whom no mail gets."""
    wanted = Wanted(gap=gap_of(gap), words=q, page=page)
    with visit.reading() as session:
        found = notice_units(session, notice, wanted)
    return visit.page("notice_units.html", view=UnitsView(found, wanted))


@router.get("/{unit}")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def people(visit: Visiting, notice: str, unit: str, done: Word = "") -> HTMLResponse:
    """The people of one unit."""
    return visit.page("unit_people.html", view=PeopleView(_found(visit, notice, unit)), said=said_of(done))


@router.get("/{unit}/contact")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def contact(visit: Visiting, notice: str, unit: str, number: Number = 0) -> HTMLResponse:
    """Another contact in the place of one, or one more."""
    return page(visit, contact_form(_found(visit, notice, unit), number))


@router.post("/{unit}/contact")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def put(
    visit: Visiting, notice: str, unit: str, typed: Typed, later: BackgroundTasks, *, number: Number = 0
) -> Response:
    """The contact is as it was typed; mails that wait go there."""
    found = _found(visit, notice, unit)

    def do() -> str:
        wish = _wish(typed)
        with visit.writing() as session:
            _check_unseen(found, number, typed)
            desk = desk_of(visit, notice)
            put_contact(session, unit, wish, number=number or None, desk=desk, moment=visit.moment)
            sent = _tell(session, visit, found, wish, typed)
        if sent:
            later.add_task(send_soon, visit)
        return f"{people_url(notice, unit)}?done={'told' if sent else 'put'}"

    return attempt(visit, partial(contact_form, found, number), typed, do)


@router.get("/{unit}/contact/remove")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def removal(visit: Visiting, notice: str, unit: str, number: Number = 0) -> HTMLResponse:
    """What it means that somebody is no contact any more."""
    return page(visit, removal_form(_found(visit, notice, unit), number))


@router.post("/{unit}/contact/remove")
@needs(Deed.KEEP_UNITS, thing=notice_itself)
def remove(visit: Visiting, notice: str, unit: str, typed: Typed, number: Number = 0) -> Response:
    """Somebody is no contact any more."""
    found = _found(visit, notice, unit)

    def do() -> str:
        with visit.writing() as session:
            _check_unseen(found, number, typed)
            remove_contact(session, unit, number, desk=desk_of(visit, notice), moment=visit.moment)
        return f"{people_url(notice, unit)}?done=removed"

    return attempt(visit, partial(removal_form, found, number), typed, do)


def _found(visit: Visit, notice: str, unit: str) -> UnitPeople:
    with visit.reading() as session:
        return unit_people(session, notice, unit)


def _wish(typed: Form) -> Wish:
    """What was typed; InputRefused."""
    role = typed.get("role", "")
    if role not in set(Role):
        raise InputRefused("请选择角色", "say which role")
    person, email = (
        line_typed(typed, "person", say("姓名")),
        line_typed(typed, "email", label("邮箱", en="Mail address")),
    )
    return Wish(role=Role(role), person=person, email=email, phone=line_typed(typed, "phone", say("电话")))


def _check_unseen(found: UnitPeople, number: int, typed: Form) -> None:
    """NotFound where the contact is another one than the form has shown."""
    row = next((row for row in found.people if row.id == number), None)
    if number and (row is None or row.address != typed.get("was", "")):
        raise NotFound("这位联系人刚被他人更改，请返回后重新查看", "somebody else has changed it meanwhile")


def _tell(session: Session, visit: Visit, found: UnitPeople, wish: Wish, typed: Form) -> bool:
    """The notice's link goes to who hands in, where that is wished; True when a mail waits."""
    is_wished = typed.get(TELLS) == "yes" and wish.role is Role.CLERK and found.owes and not found.is_closed
    if not is_wished or visit.duban.mint is None:
        return False
    return bool(send_again(session, Purpose.UNIT, found.unit.id, found.notice.id, moment=visit.moment))
