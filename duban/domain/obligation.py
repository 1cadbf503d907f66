"""An obligation as the rules see it, who holds the ball, and how late it is. Facts in, judgements out."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from duban.domain.calendar import ONE_DAY, WorkCalendar
from duban.domain.due import Due
from duban.domain.ladder import Ladder, Rung, climbable
from duban.domain.notice import ARRIVAL_STEP, ISSUER_STEP, PARENT, Deliverable, Notice, Step
from duban.domain.state import HOLDER
from duban.domain.terms import ISSUER, UNIT, Relation, Status, review_owner


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an obligation stands: the facts, all times aware."""

    unit: str
    deliverable: str
    status: Status
    round: int
    #: the unit's day in force; None while nothing fixes it
    due: Due | None
    #: when the turn of whoever holds the ball opened
    opened_at: datetime
    #: the step of review that holds the ball, when submitted
    step: str | None = None
    relation: Relation = Relation.SUBORDINATE
    #: the submission that stands (not a withdrawn one)
    submitted_at: datetime | None = None
    #: the step whose decision may still be taken back
    decided: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What of a notice the ball depends on."""

    zone: ZoneInfo
    #: every step of review that may hold the ball; which of them apply to a unit says ``steps_for``
    steps: tuple[Step, ...]
    ladder: Ladder
    review_ladder: Ladder

    @classmethod
    def of(cls, notice: Notice, deliverable: Deliverable) -> "Rules":
        """The rules for every obligation of a deliverable."""
        return cls(
            zone=notice.tz,
            steps=(*notice.steps(deliverable), ISSUER_STEP, ARRIVAL_STEP),
            ladder=notice.ladder,
            review_ladder=notice.review_ladder,
        )


@dataclass(frozen=True, kw_only=True)
class Ball:
    """Who must move next, until when, and the rungs that will be climbed."""

    #: ``unit`` or ``review:STEP``
    owner: str
    round: int
    due: Due | None
    opened_at: datetime
    rungs: tuple[Rung, ...]
    zone: ZoneInfo
    #: when the rule decides because nobody has (``Step.on_timeout``); None: it never does
    lapses_at: datetime | None = None


def reviewer(step: Step, *, notice: Notice, parent: str | None) -> str:
    """The id of the unit that reviews at ``step``."""
    return {PARENT: parent or notice.issuer, ISSUER: notice.issuer}.get(step.by, step.by)


def steps_for(notice: Notice, deliverable: Deliverable, *, unit: str, parent: str | None) -> tuple[Step, ...]:
    """The steps of review that apply: a unit never reviews itself (domain rules 3 and 7).

    Where only its own steps are named, the issuer reviews; what the issuer itself owes, nobody does.
    """
    others = tuple(s for s in notice.steps(deliverable) if reviewer(s, notice=notice, parent=parent) != unit)
    return others or (() if unit == notice.issuer else (ISSUER_STEP,))


def ball(standing: Standing, rules: Rules, calendar: WorkCalendar) -> Ball | None:
    """Who holds the ball: the unit until its day, a reviewer until so many working days after, or nobody."""
    holder = HOLDER[standing.status]
    if holder == UNIT:
        subordinate = standing.relation is Relation.SUBORDINATE
        return _ball(UNIT, standing, standing.due, climbable(rules.ladder, subordinate=subordinate), rules)
    if holder is None:
        return None
    step = next(s for s in rules.steps if s.id == standing.step)
    due = review_due(step, standing.opened_at.astimezone(rules.zone), calendar)
    found = _ball(review_owner(step.id), standing, due, rules.review_ladder.rungs, rules)
    return found if step.on_timeout == "remind" else replace(found, lapses_at=due.at)


def _ball(owner: str, standing: Standing, due: Due | None, rungs: tuple[Rung, ...], rules: Rules) -> Ball:
    return Ball(owner=owner, round=standing.round, due=due, opened_at=standing.opened_at, rungs=rungs, zone=rules.zone)


def review_due(step: Step, opened: datetime, calendar: WorkCalendar) -> Due:
    """The reviewer's due moment: the end of the n-th working day after a local ``opened``."""
    day = calendar.shift(opened.date(), step.workdays)
    return Due(day=day, at=datetime.combine(day + ONE_DAY, time(0), opened.tzinfo))


def is_overdue(standing: Standing, now: datetime) -> bool:
    """The unit holds the ball and its due moment has passed, as of ``now``. Never stored."""
    return HOLDER[standing.status] == UNIT and standing.due is not None and now >= standing.due.at


def late_by_days(standing: Standing, now: datetime, zone: ZoneInfo) -> int:
    """Calendar days after the named day: up to ``now`` while overdue, up to the submission if it came late, else 0."""
    handed_in = standing.submitted_at if HOLDER[standing.status] != UNIT else None
    end = handed_in or (now if is_overdue(standing, now) else None)
    if standing.status is Status.WAIVED or end is None or standing.due is None or end < standing.due.at:
        return 0
    return max(1, (end.astimezone(zone).date() - standing.due.day).days)
