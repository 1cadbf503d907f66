"""The links of mails: opening one shows a button and changes nothing; pressing it gives a session."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.links import Purpose
from duban.services.entering import enter, is_open, link_of
from duban.services.inviting import ask_again
from duban.services.records import Records
from duban.web.entry.browser import keep
from duban.web.entry.login import send_soon
from duban.web.rules import PUBLIC, cookie_of, ruled
from duban.web.visit import Visit, Visiting

router = APIRouter()
Token = Annotated[str, Path(max_length=200)]


@router.get("/u/{token}")
@router.get("/r/{token}")
@router.get("/l/{token}")
@ruled(PUBLIC)
def look(visit: Visiting, token: Token) -> HTMLResponse:
    """One button; or why there is none, and what to do."""
    purpose = _purpose(visit)
    with visit.reading() as session:
        is_good = is_open(session, purpose, token, visit.moment)
        link = link_of(session, purpose, token, visit.moment) if purpose is not Purpose.LOGIN else None
        records = Records(session)
        about = (records.unit(link.unit_id).name, records.notice(link.notice_id)) if link else None
    if not is_good:
        return _closed(visit, purpose, token)
    return visit.page("enter.html", purpose=purpose, token=token, about=about)


@router.post("/u/{token}")
@router.post("/r/{token}")
@router.post("/l/{token}")
@ruled(PUBLIC)
def come_in(visit: Visiting, token: Token) -> Response:
    """Exchange the link for a session."""
    purpose, at = _purpose(visit), "/"
    with visit.writing() as session:
        link = link_of(session, purpose, token, visit.moment) if purpose is not Purpose.LOGIN else None
        fresh = enter(session, purpose, token, former=cookie_of(visit.request), moment=visit.moment)
        if link is not None:
            at = "/reviews" if purpose is Purpose.REVIEW else f"/units/{link.unit_id}/notices/{link.notice_id}"
    if fresh is None:
        return _closed(visit, purpose, token)
    return keep(RedirectResponse(at, status_code=303), fresh, visit.duban.settings)


@router.post("/u/{token}/again")
@router.post("/r/{token}/again")
@ruled(PUBLIC)
def again(visit: Visiting, token: Token, later: BackgroundTasks) -> HTMLResponse:
    """Mail the link to the unit's clerks on record; the answer is the same whether there was one."""
    with visit.writing() as session:
        ask_again(session, token, came_from=visit.came_from, moment=visit.moment)
    later.add_task(send_soon, visit)
    return _closed(visit, _purpose(visit), token, is_mailed=True)


def _purpose(visit: Visit) -> Purpose:
    return Purpose(visit.request.url.path[1])


def _closed(visit: Visit, purpose: Purpose, token: str, *, is_mailed: bool = False) -> HTMLResponse:
    status = 200 if is_mailed else 404
    return visit.page("link_closed.html", status=status, purpose=purpose, token=token, is_mailed=is_mailed)
