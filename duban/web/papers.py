"""Papers for units: blank forms, the cover sheet and the slip for an envelope, and the style of both."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.papers.cover import Cover, Styled, cover_sheet, parcel, slip, stylesheet
from duban.papers.forms import Kind
from duban.services.blanks import blank_form
from duban.services.enveloping import envelope
from duban.web.language.saying import in_chinese
from duban.web.rules import MACHINES, needs, notice_of, ruled, unit_of
from duban.web.visit import Visit, Visiting
from duban.web.words import due_words

router = APIRouter()
STYLE = "/static/papers.css"
#: A deliverable, to say which of several envelopes is meant.
Of = Annotated[str, Query(max_length=200)]


@router.get("/notices/{notice}/forms/{form}.{kind}")
@needs(Deed.SEE_NOTICE, within=notice_of)
def form(visit: Visiting, notice: str, form: str, kind: Kind) -> Response:
    """A blank form, for download."""
    with visit.reading() as session:
        found = blank_form(session, notice, form, kind)
    named = f"attachment; filename=\"form.{kind}\"; filename*=UTF-8''{quote(found.name)}"
    return Response(found.content, media_type=found.media_type, headers={"Content-Disposition": named})


@router.get("/units/{unit}/notices/{notice}/cover")
@needs(Deed.SEE_OWED, thing=unit_of)
def cover(visit: Visiting, unit: str, notice: str, of: Of = "") -> HTMLResponse:
    """The sheet that lies on top of the papers in the envelope."""
    return HTMLResponse(cover_sheet(_cover(visit, unit, notice, of), Styled(path=STYLE)))


@router.get("/units/{unit}/notices/{notice}/slip")
@needs(Deed.SEE_OWED, thing=unit_of)
def label(visit: Visiting, unit: str, notice: str, of: Of = "") -> HTMLResponse:
    """The label for the envelope."""
    return HTMLResponse(slip(_cover(visit, unit, notice, of), Styled(path=STYLE)))


@router.get(STYLE)
@ruled(MACHINES)
def style() -> Response:
    """How both look."""
    return Response(stylesheet(), media_type="text/css", headers={"Cache-Control": "no-cache"})


@router.get("/favicon.ico")
@ruled(MACHINES)
def icon() -> RedirectResponse:
    """What browsers ask for on a page that names no icon."""
    return RedirectResponse("/static/duban.svg")


def _cover(visit: Visit, unit: str, notice: str, of: str) -> Cover:
    with visit.reading() as session:
        found = envelope(session, notice, unit, of=of)
    base = visit.duban.settings.base_url.rstrip("/")
    with in_chinese():
        due = due_words(found.planned, found.calendar, visit.now.astimezone(found.notice.tz))
    made = parcel(
        found.notice,
        found.office,
        found.papers,
        unit=found.unit_name,
        code=found.code,
        url=f"{base}/registry?code={found.code}" if base else "",
        due=due,
    )
    return replace(made, sender_phone=found.phone)
