"""What a review writes: a decision with what stood before it, its taking back, and a question to a colleague."""

from duban.domain.terms import Act, Decision, Status
from duban.services.handing import take_back_tracks
from duban.services.request import Change
from models import OpinionRow, ReviewRow
from models.opinion import enter_opinion
from models.submission import enter_review

_DECISIONS = {
    (Act.APPROVE, False): Decision.APPROVED,
    (Act.APPROVE, True): Decision.APPROVED_BY_TIMEOUT,
    (Act.RETURN, False): Decision.RETURNED,
    (Act.RETURN, True): Decision.RETURNED_BY_TIMEOUT,
}


def decision_of(change: Change) -> Decision | None:
    """What a step has decided with this act; None where the act is no decision."""
    return _DECISIONS.get((change.request.act, change.by_timeout))


def decide(change: Change) -> None:
    """Write down the decision, in the round reviewed."""
    before, decision = change.before, decision_of(change)
    assert decision is not None
    enter_review(
        change.session,
        ReviewRow(
            obligation_id=before.id,
            round=before.round,
            step=before.step or "",
            decision=str(decision),
            at=change.now,
            note=change.request.note,
            by_person=change.request.by_person,
            due_before=before.due_at,
            day_before=before.due_day,
            set_before=before.due_set_by_coordinator,
            reason_before=before.reason,
            submitted_before=before.submitted_at,
            tracks_before=before.tracks,
        ),
    )


def take_back(change: Change) -> None:
    """The obligation stands as before the decision, at the same step; the round stays what it has become."""
    row, decided = change.row, change.decided
    assert decided is not None
    if decided.decision == Decision.RETURNED:
        row.due_day, row.due_at = decided.day_before, decided.due_before
        row.due_set_by_coordinator = decided.set_before
        row.reason = decided.reason_before
        row.submitted_at = decided.submitted_before
        take_back_tracks(change, decided.tracks_before, decided.at)
    if change.before.status == Status.COMPLETED:
        row.completed_at = None
    decided.taken_back_at = change.now
    change.session.add(decided)


def consult(change: Change) -> None:
    """Write down the question; the ball does not move."""
    request = change.request
    enter_opinion(
        change.session,
        OpinionRow(
            obligation_id=change.row.id,
            round=change.row.round,
            step=change.row.step or "",
            asked_by=request.by_person,
            name=request.to_name.strip(),
            email=request.to_email.strip(),
            question=request.note,
            asked_at=change.now,
        ),
    )
