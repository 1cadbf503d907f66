"""The page of a colleague who is asked: the question, the material to look at, one answer. No account is needed."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, Response

from duban.domain.errors import ActRefused, NotFound
from duban.domain.terms import View
from duban.services.asked import AskedSheet, asked_material, asked_sheet
from duban.services.consulting import give_opinion
from duban.web.language.saying import say, term
from duban.web.review.opinion_view import opinion_view
from duban.web.review.previews import drawn
from duban.web.rules import PUBLIC, ruled
from duban.web.visit import Visit, Visiting

router = APIRouter()
Token = Annotated[str, Path(max_length=200)]
#: No database counts further.
Number = Annotated[int, Path(ge=1, lt=10**9)]


@router.get("/o/{token}")
@ruled(PUBLIC)
def look(
    visit: Visiting,
    token: Token,
    file: Annotated[int, Query(ge=0, le=9999)] = 0,
    first: Annotated[int, Query(alias="from", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The question, and what it is about; nothing is changed."""
    return _page(visit, token, on=file, first=first)


@router.post("/o/{token}")
@ruled(PUBLIC)
def give(
    visit: Visiting,
    token: Token,
    view: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str, Form(max_length=2000)] = "",
) -> HTMLResponse:
    """The answer, once."""
    if view not in list(View):
        return _page(visit, token, refused=say("请选择同意或不同意。"), text=text)
    try:
        with visit.writing() as session:
            give_opinion(session, token, view=View(view), text=text.strip(), now=visit.now)
    except NotFound:
        return _page(visit, token)
    except ActRefused as refused:
        return _page(visit, token, refused=say("{refused}。", refused=term(refused)), text=text, choice=view)
    return _page(visit, token)


@router.get("/o/{token}/previews/{material}/{page}")
@ruled(PUBLIC)
def picture(visit: Visiting, token: Token, material: Number, page: Number) -> Response:
    """A page of what is asked about."""
    with visit.reading() as session:
        found = asked_material(session, token, material, now=visit.now)
    return drawn(visit, found, page)


def _page(visit: Visit, token: str, *, on: int = 0, first: int = 1, **typed: str) -> HTMLResponse:
    with visit.reading() as session:
        found: AskedSheet | None = asked_sheet(session, token, now=visit.now)
    if found is None:
        return visit.page("opinion_closed.html", status=404)
    view = opinion_view(found, visit.now, url=f"/o/{token}", on=on, first=first)
    values = {"refused": "", "text": "", "choice": ""} | typed
    return visit.page("opinion.html", status=400 if values["refused"] else 200, view=view, **values)
