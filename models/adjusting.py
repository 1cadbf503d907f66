"""Adjusting the obligations of a notice by statements, however many there are.

First each is written down, with what is to become of it (``write_down``), then what was written down is carried out
(``carry_out``). What would be written down can be asked before (``count``).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, insert, literal, or_, select, update
from sqlmodel import Session, col

from duban.domain.due import Due
from duban.domain.expand import Clause
from models.adjustment import ENDS, Adjusted, AdjustmentRow
from models.binding import units_around
from models.bulk import among, table_of
from models.obligation import ObligationRow
from models.said import ActionState, DueActionRow
from models.unit import UnitRow

_OWED, _LOG = table_of(ObligationRow), table_of(AdjustmentRow)

#: Somebody still has something to do.
OPEN = ("pending", "submitted", "returned")
#: The unit holds the ball.
HELD = ("pending", "returned")


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which obligations of a notice; what is None does not narrow."""

    notice: str
    statuses: tuple[str, ...] = OPEN
    deliverables: tuple[str, ...] | None = None
    unit_class: str | None = None
    unit: str | None = None
    round: int | None = None
    #: due at this moment; ``at_no_day``: without one
    due_at: datetime | None = None
    at_no_day: bool = False
    #: due on another day than ``due_at``, and before this moment
    own_before: datetime | None = None
    #: due after this moment
    due_after: datetime | None = None
    #: of units that one of these clauses binds
    bound_by: tuple[Clause, ...] | None = None
    #: of units that none of these clauses binds
    not_bound_by: tuple[Clause, ...] | None = None
    #: acknowledged from the first to before the second moment
    acknowledged: tuple[datetime, datetime] | None = None
    not_acknowledged: bool = False
    #: at these steps of review
    steps: tuple[str, ...] | None = None
    #: whose last adjustment ended them, and nothing since
    ended: bool = False
    #: whom this event ended
    ended_in: int | None = None
    #: with a number beyond this
    after_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What becomes of some obligations."""

    kind: Adjusted
    which: Which
    #: the new day; None where nothing fixes it
    due: Due | None = None
    set_by_coordinator: bool = False
    #: the day becomes ``due``; else it stays
    sets_day: bool = False


def _condition(session: Session, which: Which, issuer: str) -> ColumnElement[bool]:
    c = _OWED.c
    found: list[Any] = [c.notice_id == which.notice, c.status.in_(which.statuses)]
    if which.deliverables is not None:
        found.append(among(session, c.deliverable, list(which.deliverables)))
    plain = {"unit_class": which.unit_class, "unit_id": which.unit, "round": which.round}
    found += [c[name] == value for name, value in plain.items() if value is not None]
    found += _when(which)
    found += _whose(session, which, issuer)
    if which.steps is not None:
        found.append(c.step.in_(which.steps))
    if which.after_id is not None:
        found.append(c.id > which.after_id)
    return and_(*found)


def _when(which: Which) -> Iterable[ColumnElement[bool]]:
    """By day, and by the day of 签收."""
    c = _OWED.c
    if which.own_before is not None:
        yield c.due_at < which.own_before
        if which.due_at is not None:
            yield c.due_at != which.due_at
    elif which.due_at is not None:
        yield c.due_at == which.due_at
    elif which.at_no_day:
        yield c.due_at.is_(None)
    if which.due_after is not None:
        yield or_(c.due_at.is_(None), c.due_at > which.due_after)
    if which.acknowledged is not None:
        yield c.acknowledged_at >= which.acknowledged[0]
        yield c.acknowledged_at < which.acknowledged[1]
    if which.not_acknowledged:
        yield c.acknowledged_at.is_(None)


def _whose(session: Session, which: Which, issuer: str) -> Iterable[ColumnElement[bool]]:
    """By what binds their units, and by what ended them."""
    c, bound = _OWED.c, units_around(session, issuer)
    if which.bound_by is not None:
        yield c.unit_id.in_(select(col(UnitRow.id)).where(or_(*map(bound, which.bound_by))))
    if which.not_bound_by:
        yield c.unit_id.not_in(select(col(UnitRow.id)).where(or_(*map(bound, which.not_bound_by))))
    if which.ended:
        last = select(func.max(_LOG.c.id)).where(_LOG.c.obligation_id == c.id).correlate(_OWED).scalar_subquery()
        yield exists().where(_LOG.c.id == last, _LOG.c.kind.in_(ENDS))
    if which.ended_in is not None:
        yield exists().where(_LOG.c.obligation_id == c.id, _LOG.c.event == which.ended_in, _LOG.c.kind.in_(ENDS))


def lock_obligations(session: Session, notice: str) -> None:
    """Nobody acts on them, and no mail about them begins to leave, until this transaction ends.

    In the order of their numbers, in which all who lock several do. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        held = select(_OWED.c.id).where(_OWED.c.notice_id == notice).order_by(_OWED.c.id).with_for_update()
        session.execute(select(func.count()).select_from(held.cte()))


def last_number(session: Session) -> int:
    """The highest number of an obligation."""
    return int(session.execute(select(func.coalesce(func.max(_OWED.c.id), 0))).scalar_one())


def units_of_effect(session: Session, which: Which, issuer: str, *, held: bool = False) -> dict[str, int]:
    """Unit → how many of its obligations; ``held``: only where the unit holds the ball."""
    where = _condition(session, which, issuer)
    query = select(_OWED.c.unit_id, func.count()).where(where, _OWED.c.status.in_(HELD) if held else literal(True))
    return dict(session.execute(query.group_by(_OWED.c.unit_id)).tuples().all())


def count(session: Session, which: Which, issuer: str) -> int:
    """How many obligations these are."""
    query = select(func.count()).select_from(_OWED).where(_condition(session, which, issuer))
    return int(session.execute(query).scalar_one())


def count_waiting(session: Session, whiches: Sequence[Which], issuer: str) -> int:
    """How many due actions wait for a digest about them."""
    if not whiches:
        return 0
    action = table_of(DueActionRow)
    these = select(_OWED.c.id).where(or_(*(_condition(session, which, issuer) for which in whiches)))
    waits = (action.c.state == str(ActionState.WAITING), action.c.obligation_id.in_(these))
    return int(session.execute(select(func.count()).select_from(action).where(*waits)).scalar_one())


def deliverables_owed(session: Session, notice: str) -> set[tuple[str, str]]:
    """What is on record of a notice: deliverable (or occurrence) and the class through which it is owed."""
    query = select(_OWED.c.deliverable, _OWED.c.unit_class).where(_OWED.c.notice_id == notice).distinct()
    return set(session.execute(query).tuples().all())


def moments_of_acknowledgement(session: Session, notice: str, deliverables: Collection[str]) -> list[datetime]:
    """When somebody acknowledged one of these, each moment once."""
    mine = (_OWED.c.notice_id == notice, among(session, _OWED.c.deliverable, list(deliverables)))
    query = select(_OWED.c.acknowledged_at).where(*mine, _OWED.c.acknowledged_at.is_not(None)).distinct()
    return list(session.execute(query).scalars())


def write_down(session: Session, effects: Iterable[Effect], *, issuer: str, event: int, at: datetime) -> None:
    """Write down what each obligation meets with; what an effect before has written down is left to that one."""
    for effect in effects:
        session.connection().execute(_log(session, effect, issuer=issuer, event=event, at=at))


def _log(session: Session, effect: Effect, *, issuer: str, event: int, at: datetime) -> Any:
    c, log = _OWED.c, _LOG.c
    keeps = not effect.sets_day
    day, due_at = (effect.due.day, effect.due.at) if effect.due else (None, None)
    written: dict[str, Any] = {
        "event": literal(event, log.event.type),
        "obligation_id": c.id,
        "kind": literal(str(effect.kind), log.kind.type),
        "at": literal(at, log.at.type),
        "day_before": c.due_day,
        "due_before": c.due_at,
        # what is in a later round has a day of its own
        "day_after": c.due_day if keeps else case((c.round > 1, c.due_day), else_=_typed("day_after", day)),
        "due_after": c.due_at if keeps else case((c.round > 1, c.due_at), else_=_typed("due_after", due_at)),
        "set_after": c.due_set_by_coordinator if keeps else _typed("set_after", effect.set_by_coordinator),
        "status_before": c.status,
        "step_before": c.step,
    }
    there = exists().where(log.event == event, log.obligation_id == c.id)
    source = select(*written.values()).where(_condition(session, effect.which, issuer), ~there).order_by(c.id)
    return insert(_LOG).from_select(list(written), source, include_defaults=False)


def _typed(name: str, value: Any) -> ColumnElement[Any]:
    return literal(value, _LOG.c[name].type)


def carry_out(session: Session, *, event: int, at: datetime, reason: str) -> None:
    """Do what one event has written down: new days, nothing owed any more (with the reason), asked for again.

    A unit's turn begins anew with a new day; a review that is on goes on. ``wake_at`` is left to whoever plans.
    """
    c = _OWED.c
    stands = case((c.status == "submitted", c.opened_at), else_=literal(at, c.opened_at.type))
    day = {"due_day": _logged("day_after", event), "due_at": _logged("due_after", event)}
    day["due_set_by_coordinator"] = _logged("set_after", event)
    _change(session, event, (Adjusted.MOVED,), {**day, "opened_at": stands})
    _change(session, event, ENDS, {"status": "waived", "step": None, "reason": reason, "wake_at": None})
    again = {"status": "pending", "step": None, "reason": "", "opened_at": at}
    _change(session, event, (Adjusted.RESTORED,), {**day, **again})
    _return_status(session, event)


def _logged(name: str, event: int) -> Any:
    mine = (_LOG.c.event == event, _LOG.c.obligation_id == _OWED.c.id)
    return select(_LOG.c[name]).where(*mine).correlate(_OWED).scalar_subquery()


def _change(session: Session, event: int, kinds: Collection[Adjusted], values: dict[str, Any]) -> None:
    logged = select(_LOG.c.obligation_id).where(_LOG.c.event == event, _LOG.c.kind.in_([str(kind) for kind in kinds]))
    session.connection().execute(update(_OWED).where(_OWED.c.id.in_(logged)).values(values))


def _return_status(session: Session, event: int) -> None:
    """What is asked for again stands as it stood when it was ended: by the last entry before this event's."""
    c, log = _OWED.c, _LOG.alias()
    ended = select(func.max(log.c.id)).where(log.c.obligation_id == c.id, log.c.event != event, log.c.kind.in_(ENDS))
    number = ended.correlate(_OWED).scalar_subquery()
    former = {
        name: select(_LOG.c[f"{name}_before"]).where(_LOG.c.id == number).correlate(_OWED).scalar_subquery()
        for name in ("status", "step")
    }
    _change(session, event, (Adjusted.RESTORED,), former)


def void_waiting(session: Session, event: int | None, *, notice: str | None = None) -> int:
    """Due actions that wait about what an event has adjusted (or about a whole notice) say nothing any more.

    Answers how many.
    """
    action = table_of(DueActionRow)
    logged = select(_LOG.c.obligation_id).where(_LOG.c.event == event)
    if event is None:
        logged = select(_OWED.c.id).where(_OWED.c.notice_id == notice)
    waits = (action.c.state == str(ActionState.WAITING), action.c.obligation_id.in_(logged))
    return int(session.connection().execute(update(action).where(*waits).values(state=str(ActionState.VOID))).rowcount)


def put_places(session: Session, clauses: Iterable[tuple[str | None, Clause]], *, notice: str, issuer: str) -> None:
    """Put what each clause asks where the definition has it: class before (None: any) and clause; a statement each."""
    bound = units_around(session, issuer)
    for former, clause in clauses:
        units = select(col(UnitRow.id)).where(bound(clause))
        through = literal(True) if former is None else _OWED.c.unit_class == former
        mine = (_OWED.c.notice_id == notice, _OWED.c.deliverable == clause.deliverable, through)
        place = {"stage": clause.stage, "position": clause.position, "unit_class": clause.unit_class}
        changed = update(_OWED).where(*mine, _OWED.c.unit_id.in_(units)).values(place)
        session.connection().execute(changed)
