"""The page of a unit for one notice; handing it on; the unit's 口令."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.access import Grant, Thing, may
from duban.domain.deeds import Deed
from duban.domain.errors import NotFound
from duban.domain.terms import Hat
from duban.services import entering, inviting
from duban.services.agenda import agenda
from duban.services.handing_in import handing_in, others_of
from duban.web.entry.login import send_soon
from duban.web.language.saying import label, say
from duban.web.rules import needs, unit_of
from duban.web.unit.page_view import PageView, Reader
from duban.web.visit import Visit, Visiting
from notifications.invite import FILE_NAME
from notifications.letter import Person

router = APIRouter(prefix="/units/{unit}/notices/{notice}")
#: What the page says after an act, by the word in its address.
SAID = {
    "submitted": label("已报送。"),
    "sent": label("已登记寄出。"),
    "requested": label("延期申请已提交，答复后会有邮件。"),
    "withdrawn": label("已撤回，材料仍在下面，改好后可再次报送。"),
    "acknowledged": label("已签收。"),
    "linked": label("链接已重发到登记邮箱。"),
}


@router.get("")
@needs(Deed.SEE_OWED, thing=unit_of)
def owed(visit: Visiting, unit: str, notice: str, said: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """What one unit owes of one notice."""
    return page(visit, unit, notice, said=SAID.get(said, ""))


def page(visit: Visit, unit: str, notice: str, *, said: str = "", refused: str = "", status: int = 200) -> HTMLResponse:
    """The page with a word on what was just done, or why it was not."""
    with visit.reading() as session:
        found = handing_in(session, notice, unit, now=visit.now)
        thing = unit_of(session, {"unit": unit, "notice": notice})
    view = PageView(found, _reader(visit, thing), now=visit.now)
    return visit.page("unit_page.html", status=status, view=view, said=said, refused=refused)


def _reader(visit: Visit, thing: Thing) -> Reader:
    mine = _worn_for(visit, thing.unit, thing.notice)
    is_link = bool(mine) and all(grant.by_link for grant in mine)
    return Reader(
        locked=is_link and not any(grant.is_cleared for grant in mine),
        may_act=may(visit.subject, Deed.UPLOAD, thing),
        may_hand_on=bool(mine),
        reachable=frozenset(g.notice for g in mine_of(visit, thing.unit) if g.notice) if is_link else None,
    )


def mine_of(visit: Visit, unit: str) -> list[Grant]:
    """The hats of who hands in for the unit, for whatever notice."""
    return [grant for grant in visit.subject.grants if grant.hat is Hat.CLERK and grant.unit == unit]


def _worn_for(visit: Visit, unit: str, notice: str) -> list[Grant]:
    return [grant for grant in mine_of(visit, unit) if grant.notice in (None, notice)]


@router.get("/deadlines.ics")
@needs(Deed.SEE_OWED, thing=unit_of)
def calendar(visit: Visiting, unit: str, notice: str) -> Response:
    """The days of what is open, for a calendar."""
    with visit.reading() as session:
        found = agenda(session, notice, unit, now=visit.now)
    if found is None:
        raise NotFound("没有要加入日历的日期", "nothing open has a day")
    name = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(found, media_type="text/calendar; charset=utf-8", headers=name)


@router.post("/hand-on")
@needs(Deed.HAND_ON, thing=unit_of)
def hand_on(
    visit: Visiting,
    unit: str,
    notice: str,
    later: BackgroundTasks,
    *,
    name: Annotated[str, Form(max_length=40)] = "",
    address: Annotated[str, Form(max_length=254)] = "",
) -> HTMLResponse:
    """Give a colleague a link of his own."""
    to = inviting.Colleague(name=name, address=address)
    with visit.writing() as session:
        inviting.hand_on(session, unit, notice, by=_holder(visit, unit, notice), to=to, moment=visit.moment)
    later.add_task(send_soon, visit)
    return page(
        visit, unit, notice, said=say("已请 {to} 办理，链接已发往其邮箱。", to=to.name.strip() or to.address.strip())
    )


def _holder(visit: Visit, unit: str, notice: str) -> Person:
    """Who hands on: the holder of the link, or the person who logged in."""
    grant = _worn_for(visit, unit, notice)[0]
    link = next((one for one in visit.inside.links if one.unit_id == unit and one.address == grant.holder), None)
    return Person(name=link.person if link else visit.subject.name, email=grant.holder)


@router.post("/word")
@needs(Deed.SEE_OWED, thing=unit_of)
def say_word(visit: Visiting, unit: str, notice: str, word: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Say the unit's 口令, to open what holds personal data."""
    inside, came_from = visit.inside.session, visit.came_from
    with visit.writing() as session:
        fits = entering.say_word(session, unit, word, in_session=inside, came_from=came_from, moment=visit.moment)
    if not fits:
        return page(visit, unit, notice, refused=say("口令不正确，或尝试过多。请核对，或15分钟后再试。"))
    return RedirectResponse(f"/units/{unit}/notices/{notice}", status_code=303)


@router.post("/links")
@needs(Deed.HAND_ON, thing=unit_of)
def mail_links(visit: Visiting, unit: str, notice: str, later: BackgroundTasks) -> Response:
    """Mail the links of the unit's other notices to its mailbox on record."""
    with visit.writing() as session:
        others = [one.pile.notice for one in others_of(session, notice, unit)]
        inviting.send_others(session, unit, others, came_from=visit.came_from, moment=visit.moment)
    later.add_task(send_soon, visit)
    return RedirectResponse(f"/units/{unit}/notices/{notice}?said=linked", status_code=303)
