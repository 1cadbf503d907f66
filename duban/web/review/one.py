"""One material: looked at beside its check results, approved, returned, taken back, asked about."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError, InputRefused, ManyRefused
from duban.domain.returning import reason
from duban.domain.terms import Act
from duban.services import consulting, judging
from duban.services.inviting import Colleague
from duban.services.reviewing import Key
from duban.services.sheet import sheet
from duban.web.entry.login import send_soon
from duban.web.language.saying import say, term
from duban.web.review.inbox_view import read_keys, said, url_of
from duban.web.review.sheet_view import Typed, sheet_view
from duban.web.rules import decision_of, needs, obligation_of
from duban.web.visit import Visit, Visiting

router = APIRouter()
PAGE = "/reviews/{unit}/{notice}/{deliverable}"
Note = Annotated[str, Form(max_length=2000)]


def _about(unit: str, notice: str, deliverable: str) -> Key:
    return Key(notice=notice, unit=unit, deliverable=deliverable, submission=0)


#: What the address of a door names; which submission was seen stands in the form.
About = Annotated[Key, Depends(_about)]


@dataclass(frozen=True, kw_only=True)
class Look:
    """What of a material is looked at, and what the page says above it."""

    on: int = 0
    first: int = 1
    told: str = ""
    typed: Typed | None = None


@router.get(PAGE)
@needs(Deed.REVIEW_INBOX, thing=obligation_of)
def look(
    visit: Visiting,
    about: About,
    file: Annotated[int, Query(ge=0, le=9999)] = 0,
    first: Annotated[int, Query(alias="from", ge=1, le=100_000)] = 1,
    done: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """One material with everything that a decision needs."""
    return _page(visit, about, Look(on=file, first=first, told=said(done)))


@router.post(f"{PAGE}/approve")
@needs(Deed.APPROVE, thing=obligation_of)
def approve(
    visit: Visiting, about: About, seen: Annotated[str, Form(max_length=300)] = "", note: Note = ""
) -> Response:
    """Approve what was seen."""
    try:
        keys = _seen(about, [seen])
        with visit.writing() as session:
            judging.decide(
                session, visit.subject, Act.APPROVE, keys, by_person=visit.by, note=note.strip(), now=visit.now
            )
    except DubanError as refused:
        return _page(visit, about, Look(told=_why(refused)), status=400)
    return RedirectResponse("/reviews?done=approved", status_code=303)


@dataclass(frozen=True, kw_only=True)
class Returning:
    """The form of a return."""

    seen: str
    template: str
    note: str
    due: str
    also: tuple[str, ...]


def _returning(
    seen: Annotated[str, Form(max_length=300)] = "",
    template: Annotated[str, Form(max_length=100)] = "",
    note: Note = "",
    due: Annotated[str, Form(max_length=20)] = "",
    also: Annotated[list[str], Form(max_length=100)] = [],  # noqa: B006 - FastAPI copies it
) -> Returning:
    return Returning(seen=seen, template=template, note=note, due=due, also=tuple(also))


@router.post(f"{PAGE}/return")
@needs(Deed.RETURN, thing=obligation_of)
def give_back(visit: Visiting, about: About, form: Annotated[Returning, Depends(_returning)]) -> Response:
    """Return it, and others of the same unit, for a reason and until a day."""
    try:
        _return(visit, _seen(about, [form.seen, *form.also]), form)
    except DubanError as refused:
        typed = Typed(problem=_why(refused), template=form.template, note=form.note, due=form.due)
        return _page(visit, about, Look(typed=typed), status=400)
    return RedirectResponse("/reviews?done=returned", status_code=303)


def _return(visit: Visit, keys: list[Key], form: Returning) -> None:
    with visit.writing() as session:
        judging.decide(
            session,
            visit.subject,
            Act.RETURN,
            keys,
            by_person=visit.by,
            note=reason(form.template, form.note),
            due=_day(form.due),
            now=visit.now,
        )


@router.post(f"{PAGE}/take-back")
@needs(Deed.TAKE_BACK, thing=decision_of)
def take_back(visit: Visiting, about: About, note: Note = "") -> Response:
    """Take the last decision back."""
    with visit.writing() as session:
        judging.take_back(session, about, by_person=visit.by, note=note.strip(), now=visit.now)
    return RedirectResponse("/reviews?done=taken_back", status_code=303)


@router.post(f"{PAGE}/consult")
@needs(Deed.CONSULT, thing=obligation_of)
def consult(
    visit: Visiting,
    about: About,
    later: BackgroundTasks,
    *,
    name: Annotated[str, Form(max_length=50)] = "",
    email: Annotated[str, Form(max_length=254)] = "",
    note: Note = "",
) -> Response:
    """Ask a colleague, by mail."""
    to = Colleague(name=name, address=email)
    question = consulting.Question(to=to, text=note.strip(), by_person=visit.by, by_name=visit.subject.name)
    try:
        with visit.writing() as session:
            consulting.consult(session, visit.duban.mint, about, question, moment=visit.moment)
    except DubanError as refused:
        return _page(visit, about, Look(told=_why(refused)), status=400)
    later.add_task(send_soon, visit)
    return RedirectResponse(f"{url_of(about)}?done=consulted", status_code=303)


@router.post(f"{PAGE}/opinions/{{opinion}}/withdraw")
@needs(Deed.CONSULT, thing=obligation_of)
def withdraw(visit: Visiting, about: About, opinion: Annotated[int, Path(ge=1, lt=10**9)]) -> Response:
    """Take a question back."""
    try:
        with visit.writing() as session:
            consulting.withdraw_question(session, about, opinion, by_person=visit.by, now=visit.now)
    except DubanError as refused:
        return _page(visit, about, Look(told=_why(refused)), status=400)
    return RedirectResponse(f"{url_of(about)}?done=withdrawn", status_code=303)


def _seen(about: Key, spelled: list[str]) -> list[Key]:
    """What the form names: first the material of the address, then others of the same unit and notice."""
    keys = read_keys([text for text in spelled if text])
    first, same = keys[0], {(key.unit, key.notice) for key in keys}
    if (first.notice, first.unit, first.deliverable) != (about.notice, about.unit, about.deliverable) or len(same) > 1:
        raise InputRefused("页面已过期，请刷新后再试", "the page is stale: reload it and try again")
    return keys


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputRefused(f"日期不正确：{text}", f"not a day: {text}") from error


def _why(refused: DubanError) -> str:
    """Of a single refusal the reason alone; of several all of them."""
    if isinstance(refused, ManyRefused) and len(refused.refusals) == 1:
        return say("没有办成：{refusals}。", refusals=term(refused.refusals[0][1]))
    return say("没有办成：{refused}。", refused=term(refused))


def _page(visit: Visit, about: Key, seen: Look, *, status: int = 200) -> HTMLResponse:
    with visit.reading() as session:
        found = sheet(session, about.notice, about.unit, about.deliverable, visit.subject, now=visit.now)
    view = sheet_view(found, visit.now, on=seen.on, first=seen.first, typed=seen.typed)
    return visit.page("review.html", status=status, view=view, said=seen.told)
