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
    #: the status afterwards while one of the tracks is open; then no turn opens either
    to_while_open: Status | None = None


@dataclass(frozen=True)
class Impossible:
    """Why an act is not possible, for a person."""

    zh: str
    en: str


P, S, R, C, W = Status.PENDING, Status.SUBMITTED, Status.RETURNED, Status.COMPLETED, Status.WAIVED

_ACKNOWLEDGED = Move(to=P, audit="acknowledged", opens_turn=False)
_NIL = Move(to=S, audit="reported_nil", mail=MailKind.RECEIVED)
_REPLACED = Move(to=S, audit="replaced", mail=MailKind.RECEIVED)
_WITHDRAWN = Move(to=P, audit="withdrawn", to_later_round=R)
_RETURNED = Move(to=R, audit="returned", mail=MailKind.RETURNED, new_round=True)
_APPROVED = Move(to=C, audit="approved", to_next_step=S)
_WAIVED = Move(to=W, audit="waived", opens_turn=False)
_REOPENED = Move(to=R, audit="reopened", mail=MailKind.RETURNED, new_round=True)
_SENT_MEANWHILE = Move(to=S, audit="sent", opens_turn=False)
_RECEIVED_MEANWHILE = Move(to=C, audit="received", mail=MailKind.RECEIVED, opens_turn=False, to_next_step=S)
_RECEIVED_AFTERWARDS = Move(to=C, audit="received", opens_turn=False)
_CONSULTED = Move(to=S, audit="consulted", opens_turn=False)
_TAKEN_BACK = Move(to=S, audit="taken_back")
_RETURN_TAKEN_BACK = Move(to=S, audit="taken_back", mail=MailKind.RECEIVED)


def _submitted(status: Status) -> Move:
    return Move(to=S, audit="submitted", mail=MailKind.RECEIVED, to_while_open=status)


def _extended(status: Status) -> Move:
    return Move(to=status, audit="extended", mail=MailKind.DATE_CHANGED)


def _sent(status: Status) -> Move:
    return Move(to=S, audit="sent", to_while_open=status)


def _received(status: Status) -> Move:
    return Move(to=S, audit="received", mail=MailKind.RECEIVED, to_while_open=status)


def _requested(status: Status) -> Move:
    return Move(to=status, audit="extension_requested", opens_turn=False)


def _refused(status: Status) -> Move:
    return Move(to=status, audit="extension_refused", mail=MailKind.DATE_CHANGED, opens_turn=False)


_NOTHING_IN = Impossible("尚未报送", "nothing has been handed in yet")
_UNDER_REVIEW = Impossible("材料正在审核", "it is under review")
_IS_COMPLETE = Impossible("已办结", "it is completed")
_IS_WAIVED = Impossible("已免报", "it is waived")
_NOT_CLOSED = Impossible("尚未办结或免报", "it is neither completed nor waived")
_IS_RETURNED = Impossible("已签收并报送过", "it was acknowledged and handed in before")
_NOTHING_DECIDED = Impossible("尚无审核意见", "nothing has been decided yet")

#: What each status answers to each act. Every pair has its answer.
_ROWS: dict[Status, dict[Act, Move | Impossible]] = {
    P: {
        Act.ACKNOWLEDGE: _ACKNOWLEDGED,
        Act.SUBMIT: _submitted(P),
        Act.NIL: _NIL,
        Act.WITHDRAW: _NOTHING_IN,
        Act.RETURN: _NOTHING_IN,
        Act.APPROVE: _NOTHING_IN,
        Act.EXTEND: _extended(P),
        Act.WAIVE: _WAIVED,
        Act.REOPEN: _NOT_CLOSED,
        Act.SEND: _sent(P),
        Act.RECEIVE: _received(P),
        Act.REQUEST: _requested(P),
        Act.REFUSE: _refused(P),
        Act.TAKE_BACK: _NOTHING_DECIDED,
        Act.CONSULT: _NOTHING_IN,
    },
    S: {
        Act.ACKNOWLEDGE: _UNDER_REVIEW,
        Act.SUBMIT: _REPLACED,
        Act.NIL: _REPLACED,
        Act.WITHDRAW: _WITHDRAWN,
        Act.RETURN: _RETURNED,
        Act.APPROVE: _APPROVED,
        Act.EXTEND: _UNDER_REVIEW,
        Act.WAIVE: _WAIVED,
        Act.REOPEN: _NOT_CLOSED,
        Act.SEND: _SENT_MEANWHILE,
        Act.RECEIVE: _RECEIVED_MEANWHILE,
        Act.REQUEST: _UNDER_REVIEW,
        Act.REFUSE: _UNDER_REVIEW,
        Act.TAKE_BACK: _TAKEN_BACK,
        Act.CONSULT: _CONSULTED,
    },
    R: {
        Act.ACKNOWLEDGE: _IS_RETURNED,
        Act.SUBMIT: _submitted(R),
        Act.NIL: _NIL,
        Act.WITHDRAW: _NOTHING_IN,
        Act.RETURN: _NOTHING_IN,
        Act.APPROVE: _NOTHING_IN,
        Act.EXTEND: _extended(R),
        Act.WAIVE: _WAIVED,
        Act.REOPEN: _NOT_CLOSED,
        Act.SEND: _sent(R),
        Act.RECEIVE: _received(R),
        Act.REQUEST: _requested(R),
        Act.REFUSE: _refused(R),
        Act.TAKE_BACK: _RETURN_TAKEN_BACK,
        Act.CONSULT: _NOTHING_IN,
    },
    C: dict.fromkeys(Act, _IS_COMPLETE)
    | {Act.REOPEN: _REOPENED, Act.RECEIVE: _RECEIVED_AFTERWARDS, Act.TAKE_BACK: _TAKEN_BACK},
    W: dict.fromkeys(Act, _IS_WAIVED) | {Act.REOPEN: _REOPENED},
}

TABLE: dict[tuple[Status, Act], Move | Impossible] = {
    (status, act): answer for status, answers in _ROWS.items() for act, answer in answers.items()
}

#: Who must move next, by status: the unit, the reviewing step, or nobody.
HOLDER = {P: "unit", S: "review", R: "unit", C: None, W: None}


def outcome(move: Move, *, round_: int, steps_remain: bool, tracks_remain: bool = False) -> Status:
    """The status after ``move`` in this round, with or without further steps of review or open tracks."""
    if tracks_remain and move.to_while_open:
        return move.to_while_open
    if steps_remain and move.to_next_step:
        return move.to_next_step
    if round_ > 1 and move.to_later_round:
        return move.to_later_round
    return move.to
