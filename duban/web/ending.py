"""A notice over time: its revisions; closing, cancelling, opening again."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from duban.domain.deeds import Deed
from duban.services import closing
from duban.services.closing import Ended, foresee_end
from duban.services.histories import history
from duban.services.records import Records
from duban.web.act_door import Form, Typed, attempt, page
from duban.web.act_form import ActForm, words_typed
from duban.web.ending_view import end_form, page_of, pasts
from duban.web.language.saying import say
from duban.web.rules import needs, notice_itself, notice_of
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/notices/{notice}")

_DOES: dict[str, Callable[..., Ended]] = {
    "close": closing.close,
    "cancel": closing.cancel,
    "reopen": closing.reopen_notice,
}


@router.get("/revisions")
@needs(Deed.SEE_NOTICE, within=notice_of)
def revisions(visit: Visiting, notice: str) -> HTMLResponse:
    """Every revision with what it changed, in words."""
    with visit.reading() as session:
        found = history(session, notice)
    return visit.page("revisions.html", notice=found.notice, pasts=pasts(found, visit.now))


@router.get("/close")
@needs(Deed.ISSUE, thing=notice_itself)
def close_form(visit: Visiting, notice: str) -> HTMLResponse:
    """Nothing more will be chased."""
    return page(visit, _form(visit, "close", notice))


@router.post("/close")
@needs(Deed.ISSUE, thing=notice_itself)
def close(visit: Visiting, notice: str, typed: Typed) -> Response:
    """Nothing more is chased."""
    return _does(visit, "close", notice, typed)


@router.get("/cancel")
@needs(Deed.ISSUE, thing=notice_itself)
def cancel_form(visit: Visiting, notice: str) -> HTMLResponse:
    """Nothing more will be owed."""
    return page(visit, _form(visit, "cancel", notice))


@router.post("/cancel")
@needs(Deed.ISSUE, thing=notice_itself)
def cancel(visit: Visiting, notice: str, typed: Typed) -> Response:
    """Nothing more is owed."""
    return _does(visit, "cancel", notice, typed)


@router.get("/reopen")
@needs(Deed.ISSUE, thing=notice_itself)
def reopen_form(visit: Visiting, notice: str) -> HTMLResponse:
    """It will go on."""
    return page(visit, _form(visit, "reopen", notice))


@router.post("/reopen")
@needs(Deed.ISSUE, thing=notice_itself)
def reopen(visit: Visiting, notice: str, typed: Typed) -> Response:
    """It goes on."""
    return _does(visit, "reopen", notice, typed)


def _form(visit: Visit, word: str, notice: str) -> ActForm:
    with visit.reading() as session:
        return end_form(word, Records(session).notice(notice), foresee_end(session, notice))


def _does(visit: Visit, word: str, notice: str, typed: Form) -> Response:
    def do() -> str:
        reason = words_typed(typed, "reason", say("理由"))
        with visit.writing() as session:
            _DOES[word](session, notice, now=visit.now, reason=reason, by_person=visit.by)
        return f"{page_of(notice)}/revisions"

    return attempt(visit, partial(_form, visit, word, notice), typed, do)
