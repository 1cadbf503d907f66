"""A supervisor's advice as the coordinator has it: looked at, and marked as dealt with."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.services.advising import one_advice, settle
from duban.web.act_door import page
from duban.web.act_form import ActForm
from duban.web.extensions.extension_view import INBOX, spoken
from duban.web.language.saying import say
from duban.web.rules import advice_of, needs
from duban.web.visit import Visiting

router = APIRouter(prefix="/advice/{advice}")


@router.get("")
@needs(Deed.PRESS, within=advice_of)
def confirm(visit: Visiting, advice: str) -> HTMLResponse:
    """What it says, before it is marked as dealt with."""
    with visit.reading() as session:
        found = one_advice(session, visit.scope(Deed.PRESS), int(advice))
    of = f"“{found.deliverable_name}”" if found.deliverable else ""
    form = ActForm(
        title=say("上级建议 · {unit_name}", unit_name=found.unit_name),
        trail=((say("延期申请"), INBOX), (say("上级建议"), "")),
        about=say(
            "{document_number}，{unit_name}{of}。{spoken}。标为已处理后，不再列出，期限和提醒不变。",
            document_number=found.document_number,
            unit_name=found.unit_name,
            of=of,
            spoken=spoken(found),
        ),
        url=f"/advice/{found.number}",
        button=say("标为已处理"),
        back=INBOX,
    )
    return page(visit, form)


@router.post("")
@needs(Deed.PRESS, within=advice_of)
def done(visit: Visiting, advice: str) -> Response:
    """Dealt with."""
    with visit.writing() as session:
        settle(session, visit.scope(Deed.PRESS), int(advice), by=visit.by, at=visit.now)
    return RedirectResponse(f"{INBOX}?settled=true", status_code=303)
