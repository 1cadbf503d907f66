"""The last step: what publishing comes to in numbers, and the publication."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError
from duban.services.issuing import examined, issue
from duban.services.prospect import reckoned
from duban.web.act_door import Typed
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
        return _confirm(visit, draft, refused=str(error))
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
    """The notice is in force already: what is drafted here is a supplement. The step of its changes goes here."""
    with visit.reading() as session:
        found = examined(session, draft)
    if not found.is_published:
        return back(found)
    return visit.page("publish/supplement.html", steps=steps_view(found, ""), found=found, notice=found.notice)
