"""The switch in the frame: the pages in the other language, from here on, in this browser."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from duban.web.guard import own_path
from duban.web.language.saying import COOKIE, known
from duban.web.rules import PUBLIC, ruled
from duban.web.visit import Visiting

router = APIRouter()
#: How long a browser keeps the choice, in seconds: a year.
KEPT = 365 * 24 * 3600


@router.post("/language")
@ruled(PUBLIC)
def switch(
    visit: Visiting,
    language: Annotated[str, Form(max_length=20)] = "",
    back: Annotated[str, Form(max_length=4000)] = "/",
) -> RedirectResponse:
    """Keep the choice and go back to the page. An unknown language is Chinese; nothing else changes."""
    answer = RedirectResponse(own_path(back), status_code=303)
    answer.set_cookie(
        COOKIE,
        known(language),
        max_age=KEPT,
        httponly=True,
        samesite="lax",
        secure=visit.duban.settings.is_https,
    )
    return answer
