"""Handing in, and the receipt of it."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError, NotFound
from duban.domain.phrases import submission_number
from duban.services.receipts import receipt, standing_receipt
from duban.services.submitting import submit
from duban.web.entry.login import send_soon
from duban.web.language.saying import refusal
from duban.web.rules import needs, obligation_of, receipt_of
from duban.web.unit.pages import page
from duban.web.unit.receipt_view import ReceiptView
from duban.web.visit import Asking, Visiting
from models.session import keeping

router = APIRouter()


@router.post("/units/{unit}/notices/{notice}/{deliverable}/submit")
@needs(Deed.SUBMIT, thing=obligation_of)
def hand_in(
    visit: Visiting,
    asked: Asking,
    later: BackgroundTasks,
    note: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Hand in the draft; answers with the receipt."""
    try:
        with keeping(visit.duban.engine) as session:
            submit(session, asked, note=note, by=visit.by, now=visit.now)
            found = standing_receipt(session, asked)
    except DubanError as error:
        return page(visit, asked.unit, asked.notice, refused=refusal(error), status=400)
    later.add_task(send_soon, visit)
    assert found is not None
    return RedirectResponse(f"/receipts/{found.number}", status_code=303)


@router.get("/receipts/{receipt}")
@needs(Deed.SEE_FILES, thing=receipt_of)
def show(visit: Visiting, receipt_: Annotated[str, Path(alias="receipt", max_length=20)]) -> HTMLResponse:
    """Number, moment, files and hashes of what was handed in."""
    number = submission_number(receipt_)
    if number is None:
        raise NotFound(f"没有回执 {receipt_}", f"no receipt {receipt_}")
    with visit.reading() as session:
        view = ReceiptView.of(session, receipt(session, number), now=visit.now)
    return visit.page("receipt.html", view=view)
