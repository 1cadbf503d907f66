"""The course of a notice: where its materials stand between the notice and 办结, and what moves them on. Reads only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.notice import ARRIVAL_STEP, ISSUER_STEP, Deliverable, Notice, Stage, Step
from duban.domain.terms import Status
from duban.services.describing import Described, described
from duban.services.figures import Asked, Figures, Show, shows
from models import NoticeRow
from models.course import Standings, next_look, standings
from models.heartbeat import heartbeats


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One place on a material's way; what is there waits for whoever holds the ball."""

    show: Show
    #: of a review
    step: Step | None = None
    count: int
    #: of those: past their day
    late: int = 0


@dataclass(frozen=True, kw_only=True)
class Way:
    """A material and its way: handing in, each review, 办结; with free ends where there are such."""

    deliverable: Deliverable
    stops: tuple[Stop, ...]
    figures: Figures
    #: the materials of lower levels that it is built from
    sources: tuple[Deliverable, ...]


@dataclass(frozen=True, kw_only=True)
class StageCourse:
    """A stage with the first and last of its days; None while nothing fixes one."""

    stage: Stage
    days: tuple[date, date] | None
    ways: tuple[Way, ...]
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Course:
    """A notice as of a moment."""

    described: Described
    #: by day; those without one last
    stages: tuple[StageCourse, ...]
    figures: Figures
    #: the next moment at which somebody is reminded; None: nobody will be
    next_rung: datetime | None
    #: when reminders were last looked for, over all notices; real time
    planned_at: datetime | None
    is_closed: bool


def course(session: Session, notice_id: str, *, scope: Scope, now: datetime) -> Course:
    """How far a notice is as of ``now``, as far as ``scope`` reaches. NotFound."""
    about = described(session, notice_id)
    notice = about.notice
    asked = Asked(now=now.astimezone(notice.tz), calendar=about.calendar)
    counted = standings(session, notice_id, scope)
    stages = [_stage(notice, stage, counted, asked) for stage in notice.stages]
    last, row = heartbeats(session), session.get_one(NoticeRow, notice_id)
    rung = next_look(session, notice_id)
    return Course(
        described=about,
        stages=tuple(sorted(stages, key=lambda found: found.days or (date.max, date.max))),
        figures=Figures.sum(stage.figures for stage in stages),
        next_rung=rung.astimezone(notice.tz) if rung and not row.closed_at else None,
        planned_at=max((last[work].at for work in ("plan", "sweep") if work in last), default=None),
        is_closed=row.closed_at is not None,
    )


def _stage(notice: Notice, stage: Stage, counted: Sequence[Standings], asked: Asked) -> StageCourse:
    own = {deliverable.id for deliverable in stage.deliverables}
    mine = [found for found in counted if _id(found) in own]
    days = [found.due_day for found in mine if found.due_day]
    return StageCourse(
        stage=stage,
        days=(min(days), max(days)) if days else None,
        ways=tuple(_way(notice, deliverable, mine, asked) for deliverable in stage.deliverables),
        figures=_figures(mine, asked),
    )


def _id(found: Standings) -> str:
    return found.deliverable.partition("@")[0]


def _way(notice: Notice, deliverable: Deliverable, counted: Sequence[Standings], asked: Asked) -> Way:
    mine = [found for found in counted if _id(found) == deliverable.id]
    figures = _figures(mine, asked)
    placed = {found.id: found for _, found in notice.placed()}
    return Way(
        deliverable=deliverable,
        stops=tuple(_stops(notice, deliverable, mine, figures)) if mine else (),
        figures=figures,
        sources=tuple(placed[name] for name in deliverable.built_from if name in placed),
    )


def _stops(notice: Notice, deliverable: Deliverable, counted: Sequence[Standings], figures: Figures) -> Iterator[Stop]:
    """Handing in, then every step at which something may be, then the end."""
    yield Stop(show=Show.MISSING, count=figures[Show.MISSING], late=figures[Show.OVERDUE])
    if figures[Show.UNDATED]:
        yield Stop(show=Show.UNDATED, count=figures[Show.UNDATED])
    waiting: dict[str, int] = {}
    for found in counted:
        if found.status == Status.SUBMITTED:
            at = found.step or ISSUER_STEP.id
            waiting[at] = waiting.get(at, 0) + found.many
    steps = {step.id: step for step in notice.steps(deliverable)}
    # paper still under way, and steps of a former revision
    kept = {ISSUER_STEP.id: ISSUER_STEP, ARRIVAL_STEP.id: ARRIVAL_STEP}
    others = [kept.get(name) or Step(id=name) for name in waiting if name not in steps]
    for step in (*steps.values(), *others):
        yield Stop(show=Show.REVIEW, step=step, count=waiting.get(step.id, 0))
    yield Stop(show=Show.COMPLETED, count=figures[Show.COMPLETED])
    if figures[Show.WAIVED]:
        yield Stop(show=Show.WAIVED, count=figures[Show.WAIVED])


def _figures(counted: Iterable[Standings], asked: Asked) -> Figures:
    return Figures.of((shows(Status(c.status), c.due_day, c.due_at, asked), c.many) for c in counted)
