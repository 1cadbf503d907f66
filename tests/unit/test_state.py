"""The table of states is total, and possible and permitted are two questions."""

from dataclasses import replace
from itertools import product

import pytest

from duban.domain.acts import NEEDS_DUE
from duban.domain.due import Due
from duban.domain.errors import ActRefused
from duban.domain.obligation import Standing, is_overdue, late_by_days
from duban.domain.permission import WHOSE, actor, check_may, check_not_own
from duban.domain.state import HOLDER, TABLE, Impossible, Move, outcome
from duban.domain.terms import Act, MailKind, Status
from factories import ZONE, at

STANDING = Standing(
    unit="aa",
    deliverable="report",
    status=Status.PENDING,
    round=1,
    due=Due(day=at("2021-10-15 00:00").date(), at=at("2021-10-16 00:00")),
    opened_at=at("2021-09-24 10:00"),
)


def test_every_pair_of_status_and_act_has_its_answer() -> None:
    assert set(TABLE) == set(product(Status, Act))
    assert set(HOLDER) == set(Status)
    assert set(WHOSE) == set(Act)


def test_a_refusal_says_why_in_two_languages() -> None:
    refusals = [entry for entry in TABLE.values() if isinstance(entry, Impossible)]
    assert all(entry.zh and entry.en for entry in refusals)


def test_who_does_an_act_holds_the_ball_or_is_the_issuer() -> None:
    """A unit or a reviewer acts only while it holds the ball, or takes it back; or tells what the post carries."""
    takes_back = {(Status.SUBMITTED, act) for act in (Act.SUBMIT, Act.NIL, Act.WITHDRAW)}
    takes_back |= {(status, Act.TAKE_BACK) for status in (Status.SUBMITTED, Status.RETURNED, Status.COMPLETED)}
    moves = {pair for pair, entry in TABLE.items() if isinstance(entry, Move)} - takes_back
    without_ball = {(s, a) for s, a in moves if WHOSE[a] != "issuer" and WHOSE[a] != HOLDER[s]}
    assert without_ball == {(Status.SUBMITTED, Act.SEND)}


def test_a_new_round_begins_with_a_return_and_with_a_correction_only() -> None:
    begins = {act for (_, act), entry in TABLE.items() if isinstance(entry, Move) and entry.new_round}
    assert begins == {Act.RETURN, Act.REOPEN}


def test_a_new_day_is_told_at_once() -> None:
    told = {act: entry.mail for (_, act), entry in TABLE.items() if isinstance(entry, Move) and act in NEEDS_DUE}
    assert told == {
        Act.RETURN: MailKind.RETURNED,
        Act.EXTEND: MailKind.DATE_CHANGED,
        Act.REOPEN: MailKind.RETURNED,
        # it is only asked for
        Act.REQUEST: None,
    }


@pytest.mark.parametrize(
    ("steps_remain", "expected"),
    [(True, Status.SUBMITTED), (False, Status.COMPLETED)],
)
def test_an_approval_completes_at_the_last_step(steps_remain: bool, expected: Status) -> None:
    move = TABLE[Status.SUBMITTED, Act.APPROVE]
    assert isinstance(move, Move)
    assert outcome(move, round_=1, steps_remain=steps_remain) == expected


@pytest.mark.parametrize(("round_", "expected"), [(1, Status.PENDING), (2, Status.RETURNED)])
def test_a_withdrawal_goes_back_to_where_the_round_began(round_: int, expected: Status) -> None:
    move = TABLE[Status.SUBMITTED, Act.WITHDRAW]
    assert isinstance(move, Move)
    assert outcome(move, round_=round_, steps_remain=True) == expected


@pytest.mark.parametrize("act", [act for act in Act if WHOSE[act] == "review"])
def test_only_the_step_that_holds_the_ball_decides(act: Act) -> None:
    submitted = replace(STANDING, status=Status.SUBMITTED, step="city")
    check_may(act, "review:city", submitted)
    assert actor(act, submitted) == "review:city"
    for other in ("review:province", "unit", "issuer"):
        with pytest.raises(ActRefused):
            check_may(act, other, submitted)


#: Who may do what, of those who may hold the ball: as the table of acts in ``docs/states.md`` says.
MAY = {
    Act.ACKNOWLEDGE: {"unit"},
    Act.SUBMIT: {"unit"},
    Act.NIL: {"unit"},
    Act.WITHDRAW: {"unit"},
    Act.RETURN: {"review:province"},
    Act.APPROVE: {"review:province"},
    Act.EXTEND: {"issuer"},
    Act.WAIVE: {"issuer"},
    Act.REOPEN: {"issuer"},
    Act.SEND: {"unit", "issuer"},
    Act.RECEIVE: {"issuer"},
    Act.REQUEST: {"unit"},
    Act.REFUSE: {"issuer"},
    Act.TAKE_BACK: {"review:city"},
    Act.CONSULT: {"review:province"},
}


@pytest.mark.parametrize(("status", "act"), sorted(TABLE, key=str))
@pytest.mark.parametrize("by", ["unit", "issuer", "review:city", "review:province"])
def test_what_is_possible_is_permitted_to_whom_it_belongs(status: Status, act: Act, by: str) -> None:
    """The city has decided, the province holds the ball."""
    if isinstance(TABLE[status, act], Impossible):
        return
    facts = replace(STANDING, status=status, step="province", decided="city")
    if by in MAY[act]:
        check_may(act, by, facts)
        return
    with pytest.raises(ActRefused) as refused:
        check_may(act, by, facts)
    assert str(refused.value).startswith(f"“{act.zh}”应由")


def test_nobody_decides_on_what_the_same_person_handed_in() -> None:
    for act in (Act.APPROVE, Act.RETURN):
        with pytest.raises(ActRefused) as refused:
            check_not_own(act, "Wang ", {"wang", "li"})
        assert str(refused.value) == "不能审核本人报送的材料"
    for act, person, others in [(Act.APPROVE, "zhao", {"wang"}), (Act.APPROVE, "", {""}), (Act.CONSULT, "li", {"li"})]:
        check_not_own(act, person, others)


@pytest.mark.parametrize("status", [Status.PENDING, Status.RETURNED])
@pytest.mark.parametrize("act", [Act.SUBMIT, Act.SEND, Act.RECEIVE])
@pytest.mark.parametrize("tracks_remain", [True, False])
def test_while_a_track_is_open_the_unit_keeps_the_ball(status: Status, act: Act, tracks_remain: bool) -> None:
    move = TABLE[status, act]
    assert isinstance(move, Move)
    after = outcome(move, round_=2, steps_remain=True, tracks_remain=tracks_remain)
    assert after == (status if tracks_remain else Status.SUBMITTED)


@pytest.mark.parametrize(("now", "overdue", "days"), [("2021-10-15 23:59:59", False, 0), ("2021-10-16 00:00", True, 1)])
def test_overdue_begins_with_the_first_instant_that_is_too_late(now: str, overdue: bool, days: int) -> None:
    assert (is_overdue(STANDING, at(now)), late_by_days(STANDING, at(now), ZONE)) == (overdue, days)


def test_a_late_submission_stays_late_and_a_slow_review_makes_nobody_late() -> None:
    late = replace(STANDING, status=Status.SUBMITTED, submitted_at=at("2021-10-18 10:00"))
    timely = replace(STANDING, status=Status.COMPLETED, submitted_at=at("2021-10-15 23:59"))
    months_on = at("2022-02-01 10:00")
    assert [late_by_days(s, months_on, ZONE) for s in (late, timely)] == [3, 0]
    assert [is_overdue(s, months_on) for s in (late, timely)] == [False, False]


def test_a_due_hour_that_has_passed_counts_as_one_day_on_its_own_day() -> None:
    at_three = replace(STANDING, due=Due(day=at("2021-10-15 00:00").date(), at=at("2021-10-15 15:00")))
    assert late_by_days(at_three, at("2021-10-15 16:00"), ZONE) == 1
