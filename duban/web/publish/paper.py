"""A notice beside its definition: each fact leads to its line and back, and what is doubtful is confirmed."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError
from duban.services.bound import kinds_of
from duban.services.from_paper import traces_of
from duban.services.issuing import examined
from duban.services.records import Records
from duban.web.language.saying import refusal
from duban.web.publish.drafts import Number
from duban.web.publish.form import Typing
from duban.web.publish.paper_view import SORTS, stretches
from duban.web.publish.source_view import source_view
from duban.web.publish.steps import keep_typed
from duban.web.publish.steps_view import steps_view
from duban.web.rules import draft_of, needs
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/publish/{draft}/paper")


@router.get("")
@needs(Deed.ISSUE, thing=draft_of)
def look(visit: Visiting, draft: Number) -> Response:
    """The notice and its definition side by side."""
    return _page(visit, draft)


@router.post("")
@needs(Deed.ISSUE, thing=draft_of, streams=True)
def change(visit: Visiting, draft: Number, typed: Typing) -> Response:
    """Facts are confirmed or corrected."""
    try:
        keep_typed(visit, draft, typed)
    except DubanError as error:
        return _page(visit, draft, refused=refusal(error), kept=typed.words.get("text"))
    return RedirectResponse(f"/publish/{draft}/paper", status_code=303)


def _page(visit: Visit, number: int, *, refused: str = "", kept: str | None = None) -> Response:
    with visit.reading() as session:
        found = examined(session, number)
        kinds = kinds_of(Records(session))
    if not found.draft.original:
        return RedirectResponse(f"/publish/{number}", status_code=303)
    traces = traces_of(found.draft)
    return visit.page(
        "publish/paper.html",
        status=400 if refused else 200,
        steps=steps_view(found, ""),
        found=found,
        view=source_view(found.draft.text, found.problems, traces),
        stretches=stretches(found.draft.original, traces),
        sorts=[(sort, words) for sort, words in SORTS if any(it.sort == sort for it in traces)],
        kinds=kinds,
        text=found.draft.text if kept is None else kept,
        refused=refused,
    )
