"""What each act writes: facts of the obligation, and the row of what happened. Called by ``acting`` alone."""

from collections.abc import Callable

from duban.domain.due import dues
from duban.domain.expand import facts_of
from duban.domain.terms import Act, RequestState, Status
from duban.services.checking import due_on
from duban.services.deciding import consult, decide, take_back
from duban.services.handing import come_in, keep_tracks
from duban.services.postponing import ask, grant, refuse, settle
from duban.services.request import Change, Request
from models.material import attach_drafts, renew_drafts
from models.submission import enter_submission, standing_submission

__all__ = ["WRITE", "Change", "Request", "write"]


def write(change: Change) -> None:
    """Write everything that an act changes but the obligation itself, which is written at the end."""
    if change.request.act is not Act.TAKE_BACK:
        keep_tracks(change)
    WRITE[change.request.act](change)
    if change.has_come_in:
        come_in(change)
    if change.has_come_in or change.row.status == Status.WAIVED:
        settle(change, RequestState.WITHDRAWN)


def _set_due(change: Change) -> None:
    due = due_on(change.records, change.row, change.request)
    assert due is not None
    change.row.due_set_by_coordinator = change.row.due_set_by_coordinator or change.before.due_at is None
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
    """One attempt, whole or of some tracks."""
    row, now, request = change.row, change.now, change.request
    row.is_nil = request.act is Act.NIL
    if change.before.status == Status.SUBMITTED:
        row.submitted_at = now
    enter_submission(
        change.session,
        obligation=row.id,
        round_=row.round,
        at=now,
        is_nil=row.is_nil,
        note=request.note,
        by_person=request.by_person,
    )
    # what was prepared stays prepared when there is nothing to report
    change.files = () if row.is_nil else attach_drafts(change.session, row.id)


def _withdraw(change: Change) -> None:
    submission = standing_submission(change.session, change.row.id)
    if submission:
        submission.withdrawn_at = change.now
        change.session.add(submission)
    change.row.submitted_at = None
    change.row.is_nil = False
    renew_drafts(change.session, change.row.id, at=change.now)


def _return(change: Change) -> None:
    _set_due(change)
    change.row.reason = change.request.note
    change.row.submitted_at = None
    decide(change)
    renew_drafts(change.session, change.row.id, at=change.now)


def _extend(change: Change) -> None:
    _set_due(change)
    grant(change)


def _waive(change: Change) -> None:
    change.row.reason = change.request.note


def _reopen(change: Change) -> None:
    _set_due(change)
    change.row.reason = change.request.note
    change.row.submitted_at = change.row.completed_at = None
    change.row.is_nil = False
    renew_drafts(change.session, change.row.id, at=change.now)


def _nothing_more(change: Change) -> None:
    """The tracks say it all."""


#: What each act writes into the facts.
WRITE: dict[Act, Callable[[Change], None]] = {
    Act.ACKNOWLEDGE: _acknowledge,
    Act.SUBMIT: _submit,
    Act.NIL: _submit,
    Act.WITHDRAW: _withdraw,
    Act.RETURN: _return,
    Act.APPROVE: decide,
    Act.EXTEND: _extend,
    Act.WAIVE: _waive,
    Act.REOPEN: _reopen,
    Act.SEND: _nothing_more,
    Act.RECEIVE: _nothing_more,
    Act.REQUEST: ask,
    Act.REFUSE: refuse,
    Act.TAKE_BACK: take_back,
    Act.CONSULT: consult,
}
