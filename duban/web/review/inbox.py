"""What waits for the own review; many approved together, after a look at all their names."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import InputRefused, ManyRefused
from duban.domain.terms import Act
from duban.services.judging import decide, named
from duban.services.records import Records
from duban.services.reviewing import Key
from duban.services.reviewing import inbox as waiting
from duban.web.language.saying import say, term
from duban.web.review.inbox_view import ConfirmView, inbox_view, read_keys, refused_view, said, spelled
from duban.web.rules import needs
from duban.web.visit import Visit, Visiting

router = APIRouter()
Chosen = Annotated[list[str], Form(max_length=1000)]


@router.get("/reviews")
@needs(Deed.REVIEW_INBOX)
def inbox(visit: Visiting, done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """What waits, by notice and step; what was decided lately."""
    return _inbox(visit, said(done))


@router.post("/reviews/confirm")
@needs(Deed.APPROVE)
def confirm(visit: Visiting, chosen: Chosen = []) -> HTMLResponse:  # noqa: B006 - FastAPI copies it
    """The names of all that was chosen, in one list; nothing is changed."""
    try:
        keys = read_keys(chosen)
    except InputRefused as refused:
        return _inbox(visit, say("{refused}。", refused=term(refused)), status=400)
    return visit.page("confirm.html", view=ConfirmView(names=tuple(_names(visit, keys))))


@router.post("/reviews/approve")
@needs(Deed.APPROVE)
def approve(visit: Visiting, chosen: Chosen = []) -> Response:  # noqa: B006 - FastAPI copies it
    """All of them, or none and every refusal told."""
    keys = read_keys(chosen)
    try:
        with visit.writing() as session:
            decide(session, visit.subject, Act.APPROVE, keys, by_person=visit.by, now=visit.now)
    except ManyRefused as refused:
        return visit.page("confirm.html", status=400, view=refused_view(_names(visit, keys), refused))
    return RedirectResponse("/reviews?done=approved", status_code=303)


def _names(visit: Visit, keys: list[Key]) -> list[tuple[str, str]]:
    """What each is called and its key; of what is not the reader's only what he has sent himself."""
    with visit.reading() as session:
        mine = {it.key for it in waiting(session, visit.subject, now=visit.now).waiting}
        records = Records(session)
        return [(named(records, key) if key in mine else key.unit, spelled(key)) for key in keys]


def _inbox(visit: Visit, told: str, *, status: int = 200) -> HTMLResponse:
    with visit.reading() as session:
        found = waiting(session, visit.subject, now=visit.now)
    return visit.page("inbox.html", status=status, view=inbox_view(found, visit.now), said=told)
