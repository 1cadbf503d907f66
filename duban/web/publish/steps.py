"""A draft on its way: the text, the units it binds, their contacts; and giving it up."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError
from duban.drafting.doubts import settled
from duban.services import defining
from duban.services.bound import bound, gap_file
from duban.services.issuing import examined
from duban.web.act_form import ActForm
from duban.web.language.saying import refusal, say
from duban.web.publish.bound_view import bound_view
from duban.web.publish.drafts import Number, back
from duban.web.publish.form import Typed, Typing
from duban.web.publish.source_view import source_view, with_lines
from duban.web.publish.steps_view import steps_view
from duban.web.rules import draft_of, needs
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/publish/{draft}")


@router.get("")
@needs(Deed.ISSUE, thing=draft_of)
def check(visit: Visiting, draft: Number) -> HTMLResponse:
    """The text with what is wrong in it, line by line."""
    return _check(visit, draft)


@router.post("")
@needs(Deed.ISSUE, thing=draft_of, streams=True)
def change(visit: Visiting, draft: Number, typed: Typing) -> Response:
    """The text is changed, whole or in some lines; on with the units once nothing is wrong."""
    try:
        keep_typed(visit, draft, typed)
    except DubanError as error:
        return _check(visit, draft, refused=refusal(error), kept=typed.words.get("text"))
    return RedirectResponse(f"/publish/{draft}", status_code=303)


def keep_typed(visit: Visit, number: int, typed: Typed) -> None:
    """Keep what a form of the text held: the whole text, or lines, values and confirmations in it."""
    typed.check()
    with visit.writing() as session:
        text = defining.draft(session, number).text
        if "text" in typed.words:
            text = defining.typed(typed.words["text"])
        else:
            text = with_lines(text, typed.numbered("line"))
            text = settled(text, sure=frozenset(typed.numbered("sure")), values=typed.numbered("value"))
            text = defining.typed(text)
        defining.change(session, number, typed.number("version"), text, by=visit.by, now=visit.now)


def _check(visit: Visit, number: int, *, refused: str = "", kept: str | None = None) -> HTMLResponse:
    with visit.reading() as session:
        found = examined(session, number)
    view = source_view(found.draft.text, found.problems)
    return visit.page(
        "publish/check.html",
        status=400 if refused else 200,
        steps=steps_view(found, ""),
        found=found,
        view=view,
        text=found.draft.text if kept is None else kept,
        refused=refused,
    )


@router.get("/units")
@needs(Deed.ISSUE, thing=draft_of)
def units(visit: Visiting, draft: Number) -> Response:
    """Whom the definition binds."""
    return _bound(visit, draft, "units")


@router.get("/contacts")
@needs(Deed.ISSUE, thing=draft_of)
def contacts(visit: Visiting, draft: Number) -> Response:
    """Who of them cannot be written to."""
    return _bound(visit, draft, "contacts")


@router.get("/contacts.csv")
@needs(Deed.ISSUE, thing=draft_of)
def missing_contacts(visit: Visiting, draft: Number) -> Response:
    """The contacts that are missing, as a unit file to be filled in."""
    with visit.reading() as session:
        found = examined(session, draft)
        notice = found.publishable
        if notice is None:
            return back(found)
        made = gap_file(session, bound(session, notice, now=visit.now))
    headers = {"Content-Disposition": 'attachment; filename="contacts.csv"'}
    return Response(made, media_type="text/csv; charset=utf-8", headers=headers)


def _bound(visit: Visit, number: int, name: str) -> Response:
    with visit.reading() as session:
        found = examined(session, number)
        notice = found.publishable
        if notice is None:
            return back(found)
        view = bound_view(bound(session, notice, now=visit.now))
    steps = steps_view(found, f"/{name}")
    return visit.page(f"publish/{name}.html", steps=steps, found=found, notice=notice, view=view)


@router.get("/remove")
@needs(Deed.ISSUE, thing=draft_of)
def ask_to_remove(visit: Visiting, draft: Number) -> HTMLResponse:
    """Is the draft really to be deleted?"""
    with visit.reading() as session:
        found = defining.draft(session, draft)
    form = ActForm(
        title=say("删去草稿"),
        trail=((say("起草和发布"), "/publish"), (found.name, f"/publish/{draft}"), (say("删去草稿"), "")),
        about=say("“{found}”的草稿删去后不能恢复。已发布的通知不受影响。", found=found.name),
        url=f"/publish/{draft}/remove",
        button=say("删去草稿"),
        back="/publish",
    )
    return visit.page("act_form.html", form=form)


@router.post("/remove")
@needs(Deed.ISSUE, thing=draft_of)
def remove(visit: Visiting, draft: Number) -> Response:
    """The draft is deleted."""
    with visit.writing() as session:
        defining.give_up(session, draft)
    return RedirectResponse("/publish", status_code=303)
