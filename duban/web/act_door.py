"""What every door of an act has: what it is about, what was typed, the form, and the act itself."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.errors import DubanError
from duban.services.intake import Asked
from duban.services.situation import Situation, situation
from duban.web.act_form import ActForm
from duban.web.language.saying import refusal
from duban.web.visit import Visit

#: What a form held; of what it held several times, the last.
Form = dict[str, str]


async def _typed(request: Request) -> Form:
    """What was typed; files are not for these doors."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _asked(unit: str, notice: str, deliverable: str) -> Asked:
    return Asked(notice=notice, unit=unit, deliverable=deliverable)


Typed = Annotated[Form, Depends(_typed)]
About = Annotated[Asked, Depends(_asked)]


def unit_page(asked: Asked) -> str:
    """The material on the page of its unit."""
    return f"/units/{quote(asked.unit)}/notices/{quote(asked.notice)}#{quote(asked.deliverable)}"


def door_of(asked: Asked, word: str) -> str:
    """A door of the unit: ``/units/UNIT/notices/NOTICE/DELIVERABLE/send``."""
    return f"/units/{quote(asked.unit)}/notices/{quote(asked.notice)}/{quote(asked.deliverable)}/{word}"


def issuer_page(asked: Asked) -> str:
    """The unit as the issuer has it."""
    return f"/notices/{quote(asked.notice)}/units/{quote(asked.unit)}"


def issuer_door(asked: Asked, word: str) -> str:
    """A door of the issuer: ``/notices/NOTICE/units/UNIT/DELIVERABLE/extend``."""
    return f"{issuer_page(asked)}/{quote(asked.deliverable)}/{word}"


def found(visit: Visit, asked: Asked) -> Situation:
    """How the obligation stands; NotFound."""
    with visit.reading() as session:
        return situation(session, asked)


def page(visit: Visit, form: ActForm) -> HTMLResponse:
    """The form; refused it keeps what was typed."""
    return visit.page("act_form.html", form=form, status=400 if form.problem else 200)


def attempt(visit: Visit, form: Callable[[], ActForm], typed: Form, act: Callable[[], str]) -> Response:
    """Do it and go on to where ``act`` says; a refusal shows the form again."""
    try:
        return RedirectResponse(act(), status_code=303)
    except DubanError as error:
        return page(visit, form().again(typed, refusal(error)))
