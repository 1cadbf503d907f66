"""A changed definition against what is on record: what it changes, refuses, and does to each obligation."""

from collections.abc import Iterator
from datetime import datetime, time
from functools import cached_property

from sqlmodel import Session

from duban.domain.calendar import ONE_DAY
from duban.domain.errors import InputRefused
from duban.domain.expand import unassigned
from duban.domain.lasting import check_same
from duban.domain.notice import ARRIVAL_STEP, ISSUER_STEP, Notice
from duban.domain.phrases import day_phrase
from duban.domain.shifting import Shift, Shifting, shifting, shifts
from duban.domain.supplement import Change, changes
from duban.domain.terms import RequestState
from duban.services.publishing import check_units, first_binding
from duban.services.records import Records
from models import NoticeRow
from models.adjusting import (
    Effect,
    Which,
    carry_out,
    count,
    deliverables_owed,
    moments_of_acknowledgement,
    put_places,
    void_waiting,
    write_down,
)
from models.adjustment import Adjusted
from models.binding import Lacking
from models.settling_requests import settle_adjusted

#: Why a unit no longer owes what a supplement has dropped, before the supplement's own reason.
DROPPED = "补充通知取消"


class Revising:
    """A supplement under way, within one transaction. What it counts is read once: lock first."""

    def __init__(self, session: Session, notice: Notice, row: NoticeRow, now: datetime) -> None:
        self.session, self.notice, self.row, self.now = session, notice, row, now
        self.records = Records(session)
        self.before = self.records.notice(notice.id)

    def check(self) -> None:
        """InputRefused for what a supplement cannot do."""
        check_same(self.before, self.notice)
        if not self.changes:
            raise InputRefused("定义没有改动", "nothing differs from the definition in force")
        check_units(self.session, self.notice)
        self._check_days()
        self._check_steps()

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """In plain words."""
        units = {u for n in (self.before, self.notice) for c in n.classes.values() for u in (*c.units, *c.except_units)}
        self.records.units.fetch(units)
        known = {unit: found.name for unit in units if (found := self.records.units.get(unit))}
        return changes(self.before, self.notice, known)

    @cached_property
    def parts(self) -> Shifting:
        """Clause by clause."""
        return shifting(
            self.before,
            self.notice,
            self.records.calendar,
            published_at=self.row.published_at,
            now=self.now,
            owed=deliverables_owed(self.session, self.notice.id),
        )

    @cached_property
    def shifts(self) -> tuple[Shift, ...]:
        """Days that move."""
        names = {clause.deliverable for clause in self.parts.asked}
        days = {
            at.astimezone(self.notice.tz).date()
            for at in moments_of_acknowledgement(self.session, self.notice.id, names)
        }
        return tuple(
            shifts(
                self.before,
                self.notice,
                self.records.calendar,
                published_at=self.row.published_at,
                asked=self.parts.asked,
                acknowledged_on=days,
            )
        )

    @cached_property
    def lacking(self) -> Lacking:
        """What is newly asked of units that owe nothing of it yet."""
        bindings = [first_binding(self.records, self.notice, clause, self.now) for clause in self.parts.widened]
        return Lacking(notice=self.notice.id, issuer=self.notice.issuer, bindings=bindings)

    def _check_days(self) -> None:
        """No new day lies in the past."""
        moved = [(shift.clause, shift.due) for shift in self.shifts if self._touches(shift)]
        lacks = {name for _, name in self.lacks}
        added = [(clause, clause.due) for clause in self.parts.widened if clause.deliverable in lacks]
        for clause, due in (*moved, *added):
            if due is not None and due.at <= self.now:
                name = self.notice.find(clause.deliverable)[1].name
                zh = f"“{name}”的新期限{day_phrase(due.day)}已过，请改为今天以后的日期"
                raise InputRefused(zh, f"the new day of {clause.deliverable}, {due.day}, has passed")

    def _touches(self, shift: Shift) -> bool:
        return any(self.count(effect.which) for effect in self._moves(shift))

    def _check_steps(self) -> None:
        """Nothing waits at a step of review that would be gone."""
        for _, old in self.before.placed():
            new = next((one for _, one in self.notice.placed() if one.id == old.id), None)
            if new is None:
                continue
            kept = {step.id for step in (*self.notice.steps(new), ISSUER_STEP, ARRIVAL_STEP)}
            gone = {step.id: step.name for step in self.before.steps(old) if step.id not in kept}
            names = tuple(name for name, _ in self._owed if name.partition("@")[0] == old.id)
            for step, called in gone.items():
                which = Which(notice=self.notice.id, statuses=("submitted",), deliverables=names, steps=(step,))
                if waits := self.count(which):
                    zh = f"“{old.name}”有{waits}件正在“{called}”，审完以前不能取消这一审核环节"
                    raise InputRefused(zh, f"{waits} of {old.id} are at the step {step}: it cannot go before they do")

    @cached_property
    def _owed(self) -> set[tuple[str, str]]:
        return deliverables_owed(self.session, self.notice.id)

    def count(self, which: Which) -> int:
        """How many obligations these are."""
        return count(self.session, which, self.notice.issuer)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What becomes of obligations that are on record; of one that two speak of, the first is right."""
        return (*self._drops(), *self._restores(), *(move for shift in self.shifts for move in self._moves(shift)))

    def _drops(self) -> Iterator[Effect]:
        notice, kept = self.notice.id, {deliverable.id for _, deliverable in self.notice.placed()}
        ahead = tuple(name for name in self.parts.dropped if "@" in name and name.partition("@")[0] in kept)
        gone = tuple(name for name in self.parts.dropped if name not in ahead)
        if gone:
            yield Effect(kind=Adjusted.DROPPED, which=Which(notice=notice, deliverables=gone))
        if ahead:
            # of a rhythm that changes: what was due already stays owed
            which = Which(notice=notice, deliverables=ahead, due_after=self.now)
            yield Effect(kind=Adjusted.DROPPED, which=which)
        for name, clauses in self.parts.narrowed:
            which = Which(notice=notice, deliverables=(name,), not_bound_by=clauses)
            yield Effect(kind=Adjusted.DROPPED, which=which)

    def _restores(self) -> Iterator[Effect]:
        for clause in self.parts.widened:
            which = Which(
                notice=self.notice.id,
                statuses=("waived",),
                deliverables=(clause.deliverable,),
                bound_by=(clause,),
                ended=True,
            )
            yield Effect(
                kind=Adjusted.RESTORED,
                which=which,
                due=clause.due,
                set_by_coordinator=clause.set_by_coordinator,
                sets_day=True,
            )

    def _moves(self, shift: Shift) -> Iterator[Effect]:
        """Those at the former day; and those with an own day that is earlier than the new one."""
        was, due = shift.was, shift.due
        if was is None:
            yield self._move(shift, at_no_day=True)
        else:
            yield self._move(shift, due_at=was.at)
        if due is not None:
            yield self._move(shift, due_at=was.at if was else None, own_before=due.at)

    def _move(self, shift: Shift, **more: object) -> Effect:
        clause = shift.clause
        which = Which(
            notice=self.notice.id,
            statuses=("pending", "submitted"),
            deliverables=(clause.deliverable,),
            unit_class=shift.former_class,
            round=1,
            bound_by=(clause,),
            acknowledged=self._span(shift),
            not_acknowledged=shift.is_unacknowledged,
            **more,  # type: ignore[arg-type]
        )
        return Effect(
            kind=Adjusted.MOVED,
            which=which,
            due=shift.due,
            set_by_coordinator=clause.set_by_coordinator,
            sets_day=True,
        )

    def _span(self, shift: Shift) -> tuple[datetime, datetime] | None:
        if shift.acknowledged_on is None:
            return None
        day = shift.acknowledged_on
        first, last = (datetime.combine(d, time(0), self.notice.tz) for d in (day, day + ONE_DAY))
        return first, last

    @cached_property
    def counts(self) -> dict[str, int]:
        """Obligations on record by what becomes of them."""
        found = {"moved": 0, "dropped": 0, "restored": 0}
        for effect in self.effects:
            found[str(effect.kind)] += self.count(effect.which)
        return found

    @cached_property
    def lacks(self) -> list[tuple[str, str]]:
        """Unit and deliverable of what is newly owed."""
        return self.lacking.units(self.session) if self.parts.widened else []

    @property
    def newly_assigned(self) -> set[str]:
        """Deliverables that bound nobody and now bind somebody."""
        return {one.id for one in unassigned(self.before)} - {one.id for one in unassigned(self.notice)}

    def bind(self) -> int:
        """Make what is newly owed; answers how many."""
        count_ = len(self.lacks)
        self.lacking.bind(self.session, at=self.now)
        return count_

    def carry_out(self, event: int, *, after_id: int, reason: str) -> None:
        """Write down what becomes of each obligation, and do it."""
        session, notice = self.session, self.notice
        added = Effect(kind=Adjusted.ADDED, which=Which(notice=notice.id, statuses=("pending",), after_id=after_id))
        write_down(session, (*self.effects, added), issuer=notice.issuer, event=event, at=self.now)
        carry_out(session, event=event, at=self.now, reason=f"{DROPPED}：{reason}")
        placed = (*self.parts.placed, *((None, clause) for clause in self.parts.widened))
        put_places(session, placed, notice=notice.id, issuer=notice.issuer)
        void_waiting(session, event)
        settle_adjusted(session, event, at=self.now, state=str(RequestState.WITHDRAWN), answer=reason)
