"""What each act writes: facts of the obligation, and the row of what happened. Called by ``acting`` alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.due import Due, at_same_time, dues
from duban.domain.expand import facts_of
from duban.domain.notice import Step
from duban.domain.state import Move
from duban.domain.terms import Act, Status
from duban.services.records import Records
from models import ExtensionRow
from models.obligation import Owed
from models.submission import enter_review, enter_submission, standing_submission


@dataclass(frozen=True, kw_only=True)
class Request:
    """An act that somebody asks for."""

    notice: str
    unit: str
    #: a deliverable's id, or an occurrence ``ID@YYYY-MM-DD``
    deliverable: str
    act: Act
    #: ``unit``, ``issuer``, ``review:STEP``; empty: whose act it is
    by: str = ""
    note: str = ""
    #: the new day (return, extend, reopen), included
    due: date | None = None


@dataclass(kw_only=True)
class Change:
    """An act being done: what the steps below read and write."""

    records: Records
    row: Owed
    request: Request
    move: Move
    now: datetime
    due_before: datetime | None
    day_before: date | None
    step_before: str | None
    steps: tuple[Step, ...]

    @property
    def session(self) -> Session:
        return self.records.session


def due_on(records: Records, row: Owed, day: date) -> Due:
    """``day``, included, at the same time of day as the original."""
    notice = records.notice(row.notice_id)
    facts = facts_of(notice, records.calendar, published_on=day)
    return at_same_time(day, records.form(row), facts)


def _set_due(change: Change) -> None:
    assert change.request.due is not None
    due = due_on(change.records, change.row, change.request.due)
    change.row.due_set_by_coordinator = change.row.due_set_by_coordinator or change.due_before is None
    change.row.due_day, change.row.due_at = due.day, due.at


def _acknowledge(change: Change) -> None:
    """The unit has it; a deadline that counts from 签收 is fixed now."""
    row, now = change.row, change.now
    row.acknowledged_at = now
    notice = change.records.notice(row.notice_id)
    today = now.astimezone(notice.tz).date()
    facts = facts_of(notice, change.records.calendar, published_on=today, acknowledged_on=today)
    form = change.records.form(row)
    if row.due_at is None and form.kind == "relative" and form.after == "acknowledgement":
        (due,) = dues(form, facts)
        assert due is not None
        row.due_day, row.due_at = due.day, due.at
        row.opened_at = now


def _submit(change: Change) -> None:
    """One attempt. With nobody to review (a unit never reviews itself) it is complete at once."""
    row, now = change.row, change.now
    row.is_nil = change.request.act is Act.NIL
    row.submitted_at = now
    row.first_submitted_at = row.first_submitted_at or now
    if not change.steps:
        row.status = str(Status.COMPLETED)
        row.completed_at = now
    note = change.request.note
    enter_submission(change.session, obligation=row.id, round_=row.round, at=now, is_nil=row.is_nil, note=note)


def _withdraw(change: Change) -> None:
    submission = standing_submission(change.session, change.row.id)
    if submission:
        submission.withdrawn_at = change.now
        change.session.add(submission)
    change.row.submitted_at = None
    change.row.is_nil = False


def _review(change: Change, decision: str, round_: int) -> None:
    enter_review(
        change.session,
        obligation=change.row.id,
        round_=round_,
        step=change.step_before or "",
        decision=decision,
        at=change.now,
        note=change.request.note,
    )


def _approve(change: Change) -> None:
    if change.row.status == Status.COMPLETED:
        change.row.completed_at = change.now
    _review(change, "approved", change.row.round)


def _return(change: Change) -> None:
    _set_due(change)
    change.row.reason = change.request.note
    change.row.submitted_at = None
    _review(change, "returned", change.row.round - 1)


def _extend(change: Change) -> None:
    _set_due(change)
    assert change.row.due_at is not None
    change.session.add(
        ExtensionRow(
            obligation_id=change.row.id,
            round=change.row.round,
            at=change.now,
            due_before=change.due_before,
            due_after=change.row.due_at,
            note=change.request.note,
        )
    )


def _waive(change: Change) -> None:
    change.row.reason = change.request.note


def _reopen(change: Change) -> None:
    _set_due(change)
    change.row.reason = change.request.note
    change.row.submitted_at = change.row.completed_at = None
    change.row.is_nil = False


#: What each act writes into the facts.
WRITE: dict[Act, Callable[[Change], None]] = {
    Act.ACKNOWLEDGE: _acknowledge,
    Act.SUBMIT: _submit,
    Act.NIL: _submit,
    Act.WITHDRAW: _withdraw,
    Act.RETURN: _return,
    Act.APPROVE: _approve,
    Act.EXTEND: _extend,
    Act.WAIVE: _waive,
    Act.REOPEN: _reopen,
}
