"""Where publishing begins: a definition, or a notice as it came; and the drafts that are there."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError
from duban.reading.definitions import definition_text
from duban.services import defining
from duban.services.drafting import original_of
from duban.services.from_paper import begin_drafts, read_paper
from duban.web.language.saying import refusal
from duban.web.publish.form import Typed, Typing
from duban.web.rules import needs
from duban.web.visit import Visit, Visiting

router = APIRouter()


@router.get("/publish")
@needs(Deed.ISSUE)
def start(visit: Visiting) -> HTMLResponse:
    """The drafts, and the ways to begin one."""
    return _start(visit, "publish/start.html")


@router.post("/publish")
@needs(Deed.ISSUE, streams=True)
def begin(visit: Visiting, typed: Typing) -> Response:
    """A draft from a definition."""
    try:
        typed.check()
        given = definition_text(typed.file, typed.file_name or "文件") if typed.file else typed.words.get("text", "")
        text = defining.typed(given)
        with visit.writing() as session:
            number = defining.begin(session, _office(visit, typed), text, by=visit.by, now=visit.now)
    except DubanError as error:
        return _start(visit, "publish/start.html", typed=typed, refused=refusal(error))
    return RedirectResponse(f"/publish/{number}", status_code=303)


@router.get("/publish/draft")
@needs(Deed.ISSUE)
def original(visit: Visiting) -> HTMLResponse:
    """A notice as it came: a file or its text."""
    return _start(visit, "publish/original.html")


@router.post("/publish/draft")
@needs(Deed.ISSUE, streams=True)
def begin_from_paper(visit: Visiting, typed: Typing) -> Response:
    """Drafts from a notice as it came; on with the one, or to the list of several."""
    try:
        typed.check()
        paper = read_paper(defining.typed_original(_original(visit, typed)))
        with visit.writing() as session:
            numbers = begin_drafts(session, _office(visit, typed), paper, by=visit.by, now=visit.now)
    except DubanError as error:
        return _start(visit, "publish/original.html", typed=typed, refused=refusal(error))
    onward = f"/publish/{numbers[0]}/paper" if len(numbers) == 1 else "/publish#drafts"
    return RedirectResponse(onward, status_code=303)


def _original(visit: Visit, typed: Typed) -> str:
    """The text of the file, or what was pasted."""
    if not typed.file:
        return typed.words.get("text", "")
    with visit.inlet.reading_original():
        return original_of(typed.file)


def _office(visit: Visit, typed: Typed) -> str:
    """The office that is chosen, of those that the person works for."""
    mine = sorted(visit.scope(Deed.ISSUE).issuers)
    chosen = typed.words.get("unit", "")
    return chosen if chosen in mine else mine[0]


def _start(visit: Visit, template: str, *, typed: Typed | None = None, refused: str = "") -> HTMLResponse:
    mine = visit.scope(Deed.ISSUE).issuers
    with visit.reading() as session:
        found = defining.drafts(session, mine)
        choices = defining.offices(session, mine)
    kept = typed.words.get("text", "") if typed else ""
    status = 400 if refused else 200
    return visit.page(template, status=status, drafts=found, offices=choices, text=kept, refused=refused)
