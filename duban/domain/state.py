"""The state machine: one total table, status × act. What is *possible* for a thing; who may do it is ``permission``.

Learned from h11 ``_state.py`` and Airlock ``permissions.py``. ``docs/states.md`` is drawn from this table.
"""

from dataclasses import dataclass

from duban.domain.terms import Act, MailKind, Status


@dataclass(frozen=True, kw_only=True)
class Move:
    """What an act does."""

    #: the status afterwards
    to: Status
    #: the event's name in the audit log
    audit: str
    #: the mail that leaves at once to the unit's clerk
    mail: MailKind | None = None
    #: a turn opens at the moment of the act: what should have been said before it is covered
    opens_turn: bool = True
    #: the next round begins
    new_round: bool = False
    #: the status afterwards while further steps of review remain
    to_next_step: Status | None = None
    #: the status afterwards in a later round than the first
    to_later_round: Status | None = None


@dataclass(frozen=True)
class Impossible:
    """Why an act is not possible, for a person."""

    zh: str
    en: str


P, S, R, C, W = Status.PENDING, Status.SUBMITTED, Status.RETURNED, Status.COMPLETED, Status.WAIVED

_ACKNOWLEDGED = Move(to=P, audit="acknowledged", opens_turn=False)
_SUBMITTED = Move(to=S, audit="submitted", mail=MailKind.RECEIVED)
_NIL = Move(to=S, audit="reported_nil", mail=MailKind.RECEIVED)
_REPLACED = Move(to=S, audit="replaced", mail=MailKind.RECEIVED)
_WITHDRAWN = Move(to=P, audit="withdrawn", to_later_round=R)
_RETURNED = Move(to=R, audit="returned", mail=MailKind.RETURNED, new_round=True)
_APPROVED = Move(to=C, audit="approved", to_next_step=S)
_WAIVED = Move(to=W, audit="waived", opens_turn=False)
_REOPENED = Move(to=R, audit="reopened", mail=MailKind.RETURNED, new_round=True)


def _extended(status: Status) -> Move:
    return Move(to=status, audit="extended", mail=MailKind.DATE_CHANGED)


_NOTHING_IN = Impossible("尚未报送", "nothing has been handed in yet")
_UNDER_REVIEW = Impossible("材料正在审核", "it is under review")
_IS_COMPLETE = Impossible("已办结", "it is completed")
_IS_WAIVED = Impossible("已免报", "it is waived")
_NOT_CLOSED = Impossible("尚未办结或免报", "it is neither completed nor waived")
_IS_RETURNED = Impossible("已签收并报送过", "it was acknowledged and handed in before")

#: Every pair has its answer.
TABLE: dict[tuple[Status, Act], Move | Impossible] = {
    (P, Act.ACKNOWLEDGE): _ACKNOWLEDGED,
    (P, Act.SUBMIT): _SUBMITTED,
    (P, Act.NIL): _NIL,
    (P, Act.WITHDRAW): _NOTHING_IN,
    (P, Act.RETURN): _NOTHING_IN,
    (P, Act.APPROVE): _NOTHING_IN,
    (P, Act.EXTEND): _extended(P),
    (P, Act.WAIVE): _WAIVED,
    (P, Act.REOPEN): _NOT_CLOSED,
    (S, Act.ACKNOWLEDGE): _UNDER_REVIEW,
    (S, Act.SUBMIT): _REPLACED,
    (S, Act.NIL): _REPLACED,
    (S, Act.WITHDRAW): _WITHDRAWN,
    (S, Act.RETURN): _RETURNED,
    (S, Act.APPROVE): _APPROVED,
    (S, Act.EXTEND): _UNDER_REVIEW,
    (S, Act.WAIVE): _WAIVED,
    (S, Act.REOPEN): _NOT_CLOSED,
    (R, Act.ACKNOWLEDGE): _IS_RETURNED,
    (R, Act.SUBMIT): _SUBMITTED,
    (R, Act.NIL): _NIL,
    (R, Act.WITHDRAW): _NOTHING_IN,
    (R, Act.RETURN): _NOTHING_IN,
    (R, Act.APPROVE): _NOTHING_IN,
    (R, Act.EXTEND): _extended(R),
    (R, Act.WAIVE): _WAIVED,
    (R, Act.REOPEN): _NOT_CLOSED,
    (C, Act.ACKNOWLEDGE): _IS_COMPLETE,
    (C, Act.SUBMIT): _IS_COMPLETE,
    (C, Act.NIL): _IS_COMPLETE,
    (C, Act.WITHDRAW): _IS_COMPLETE,
    (C, Act.RETURN): _IS_COMPLETE,
    (C, Act.APPROVE): _IS_COMPLETE,
    (C, Act.EXTEND): _IS_COMPLETE,
    (C, Act.WAIVE): _IS_COMPLETE,
    (C, Act.REOPEN): _REOPENED,
    (W, Act.ACKNOWLEDGE): _IS_WAIVED,
    (W, Act.SUBMIT): _IS_WAIVED,
    (W, Act.NIL): _IS_WAIVED,
    (W, Act.WITHDRAW): _IS_WAIVED,
    (W, Act.RETURN): _IS_WAIVED,
    (W, Act.APPROVE): _IS_WAIVED,
    (W, Act.EXTEND): _IS_WAIVED,
    (W, Act.WAIVE): _IS_WAIVED,
    (W, Act.REOPEN): _REOPENED,
}

#: Who must move next, by status: the unit, the reviewing step, or nobody.
HOLDER = {P: "unit", S: "review", R: "unit", C: None, W: None}


def outcome(move: Move, *, round_: int, steps_remain: bool) -> Status:
    """The status after ``move`` in this round, with or without further steps of review."""
    if steps_remain and move.to_next_step:
        return move.to_next_step
    if round_ > 1 and move.to_later_round:
        return move.to_later_round
    return move.to
