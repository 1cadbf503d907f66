"""The last step: what publishing comes to in numbers, and the publication."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError
from duban.services.issuing import Examined, examined, foreseen, issue, issue_supplement
from duban.services.prospect import reckoned
from duban.services.supplementing import Foreseen
from duban.web.act_door import Typed
from duban.web.act_form import line_typed
from duban.web.language.saying import refusal, say
from duban.web.publish.drafts import Number, back, version_seen
from duban.web.publish.steps_view import steps_view
from duban.web.rules import draft_of, needs
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/publish/{draft}")


@router.get("/confirm")
@needs(Deed.ISSUE, thing=draft_of)
def confirm(visit: Visiting, draft: Number) -> Response:
    """What publishing will do, in numbers."""
    return _confirm(visit, draft)


@router.post("/confirm")
@needs(Deed.ISSUE, thing=draft_of)
def publish(visit: Visiting, draft: Number, typed: Typed) -> Response:
    """The notice is in force."""
    try:
        with visit.writing() as session:
            notice = issue(session, draft, version_seen(typed), by=visit.by, now=visit.now)
    except DubanError as error:
        return _confirm(visit, draft, refused=refusal(error))
    return RedirectResponse(f"/notices/{notice}?show=all", status_code=303)


def _confirm(visit: Visit, number: int, *, refused: str = "") -> Response:
    with visit.reading() as session:
        it = reckoned(session, number, now=visit.now)
    if it.found.publishable is None:
        return back(it.found)
    steps, status = steps_view(it.found, "/confirm"), 400 if refused else 200
    return visit.page("publish/confirm.html", status=status, steps=steps, it=it, refused=refused)


@router.get("/supplement")
@needs(Deed.ISSUE, thing=draft_of)
def supplement(visit: Visiting, draft: Number) -> Response:
    """The notice is in force already: what the draft changes in it, and whom that touches."""
    return _supplement(visit, draft)


@router.post("/supplement")
@needs(Deed.ISSUE, thing=draft_of)
def put_supplement(visit: Visiting, draft: Number, typed: Typed) -> Response:
    """The changes are in force."""
    seen, reason = version_seen(typed), line_typed(typed, "reason", say("缘由"))
    try:
        with visit.writing() as session:
            notice = issue_supplement(session, draft, seen, reason=reason, by=visit.by, now=visit.now)
    except DubanError as error:
        return _supplement(visit, draft, refused=refusal(error), reason=reason)
    return RedirectResponse(f"/notices/{notice}/revisions", status_code=303)


def _supplement(visit: Visit, number: int, *, refused: str = "", reason: str = "") -> Response:
    with visit.reading() as session:
        found = examined(session, number)
        if not found.is_published:
            return back(found)
        ahead, why = _ahead(session, found, visit.now)
    about = {"found": found, "notice": found.notice, "foreseen": ahead, "refused": refused or why, "reason": reason}
    status = 400 if refused else 200
    return visit.page("publish/supplement.html", status=status, steps=steps_view(found, ""), **about)


def _ahead(session: Session, found: Examined, now: datetime) -> tuple[Foreseen | None, str]:
    """What it would do, or why it cannot be done."""
    if found.obstacles or found.open_lines:
        return None, ""
    try:
        return foreseen(session, found, now=now), ""
    except DubanError as error:
        return None, refusal(error)
