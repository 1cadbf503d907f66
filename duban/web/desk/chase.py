"""Tomorrow's list: who will be written to, and whom not to chase (已收到，勿催)."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from duban.domain.deeds import Deed
from duban.domain.errors import InputRefused
from duban.services import holding
from duban.services.chasing import chase
from duban.web.act_form import line_typed
from duban.web.desk.chase_view import ChaseView
from duban.web.desk.choice import Choosing, Ticked
from duban.web.guard import own_path
from duban.web.language.saying import say
from duban.web.rules import needs, notice_of
from duban.web.visit import Visiting

router = APIRouter()
#: What was done last, for the line above the list; and the rows that it changed.
Done = Annotated[str, Query(max_length=20)]
Words = Annotated[str, Query(max_length=8000)]
#: The reason that is meant where none is given, as the record keeps it.
RECEIVED = "已收到"
#: So many changed rows are marked afterwards.
MARKED = 60


@router.get("/chase")
@needs(Deed.PRESS)
def tomorrow(visit: Visiting, done: Done = "", changed: Words = "") -> HTMLResponse:
    """Who will be written to on the next working day, by notice and unit."""
    with visit.reading() as session:
        found = chase(session, visit.scope(Deed.PRESS), now=visit.now)
    own = {unit for unit, _ in visit.scope(Deed.REVIEW_INBOX).reviewers}
    return visit.page("chase.html", view=ChaseView(found, visit.now, changed=changed.split(","), own=own), done=done)


@router.post("/notices/{notice}/hold")
@needs(Deed.PRESS, within=notice_of)
def hold(visit: Visiting, notice: str, ticked: Choosing) -> RedirectResponse:
    """Nobody is chased for these, until it is lifted or the turn is over."""
    if not ticked.chosen:
        return _back(ticked, "nothing")
    reason = line_typed(ticked.typed, "reason", say("原因")) or RECEIVED
    with visit.writing() as session:
        holding.hold(session, notice, _wanted(ticked), reason=reason, by=visit.by, now=visit.now)
    return _back(ticked, "held")


@router.post("/notices/{notice}/lift")
@needs(Deed.PRESS, within=notice_of)
def lift(visit: Visiting, notice: str, ticked: Choosing) -> RedirectResponse:
    """They are chased again."""
    if not ticked.chosen:
        return _back(ticked, "nothing")
    with visit.writing() as session:
        holding.lift(session, notice, _wanted(ticked), by=visit.by, now=visit.now)
    return _back(ticked, "lifted")


def _wanted(ticked: Ticked) -> list[tuple[str, str]]:
    """``unit/deliverable`` each; InputRefused."""
    pairs = [tuple(key.split("/")) for key in ticked.chosen]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise InputRefused("请先勾选材料", "nothing was ticked")
    return [(unit, name) for unit, name in pairs]


def _back(ticked: Ticked, done: str) -> RedirectResponse:
    back = own_path(ticked.typed.get("back") or "/chase")
    changed = quote(",".join(ticked.chosen[:MARKED]))
    return RedirectResponse(f"{back}?done={done}&changed={changed}", status_code=303)
