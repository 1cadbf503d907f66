"""The deadlines as they are read, to be confirmed where they are doubtful; and the mails of the days to come."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError
from duban.services.issuing import confirm_readings
from duban.services.prospect import prospect
from duban.web.act_door import Typed
from duban.web.language.saying import refusal, say
from duban.web.publish.days_view import days_view
from duban.web.publish.drafts import Number, back, version_seen
from duban.web.publish.steps_view import steps_view
from duban.web.rules import draft_of, needs
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/publish/{draft}/days")


@router.get("")
@needs(Deed.ISSUE, thing=draft_of)
def days(visit: Visiting, draft: Number) -> Response:
    """The deadlines and the days."""
    return _days(visit, draft)


@router.post("")
@needs(Deed.ISSUE, thing=draft_of)
def confirm_days(visit: Visiting, draft: Number, typed: Typed) -> Response:
    """Doubtful readings are confirmed; on with the publication once all are."""
    keys = {name.removeprefix("sure-") for name in typed if name.startswith("sure-")}
    try:
        with visit.writing() as session:
            are_all = confirm_readings(session, draft, version_seen(typed), keys, by=visit.by, now=visit.now)
    except DubanError as error:
        return _days(visit, draft, refused=refusal(error))
    if not are_all:
        return _days(visit, draft, refused=say("有疑问的期限请逐项核对，确认无误后打勾。"))
    return RedirectResponse(f"/publish/{draft}/confirm", status_code=303)


def _days(visit: Visit, number: int, *, refused: str = "") -> Response:
    it = prospect(visit.duban.engine, number, visit.duban.sender().outlets, now=visit.now)
    notice = it.found.publishable
    if notice is None:
        return back(it.found)
    view, status = days_view(it, visit.now.astimezone(notice.tz)), 400 if refused else 200
    steps = steps_view(it.found, "/days")
    return visit.page("publish/days.html", status=status, steps=steps, view=view, refused=refused)
