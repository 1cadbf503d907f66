"""Decisions of review: taken back, asked about, lapsed; nobody decides on the own work."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from duban.domain.errors import ActRefused, NotFound
from duban.domain.terms import Act, Decision, View
from duban.services.acting import Request, act
from duban.services.delivering import Sender
from duban.services.lapsing import decided_by_rule, lapse
from duban.services.opinions import answer_opinion, opinions_about, opinions_open
from duban.services.rehearsing import next_tick
from duban.services.waking import rebuild
from factories import at, notice, on, roster, stage, unit
from models.event import chain
from models.session import reading, writing
from models.submission import reviews_of
from seasons_of_one import Season

TWO = notice(
    review=[{"id": "city", "by": "parent"}, {"id": "province", "by": "issuer"}],
    classes={"cities": {"name": "各县", "kinds": ["county"]}},
)
COUNTY = roster(
    unit("city", "clerk", "chief", order=1, kind="town"),
    unit("aa", "clerk", order=2, kind="county", parent="city"),
)


@pytest.fixture(name="season")
def _season(engine: Engine, sender: Sender) -> Season:
    """A county's report that is handed in to its city."""
    made = Season(engine=engine, sender=sender, notice=TWO, units=COUNTY)
    assert made.does("2021-10-11 15:00", "submit") == "submitted@city round 1 due 2021-10-15"
    return made


@pytest.mark.contract("Further acts are `send` and `receive` (paper)")
def test_an_approval_is_taken_back_until_the_next_step_acts(season: Season) -> None:
    assert season.does("2021-10-12 10:00", "approve").startswith("submitted@province")
    other = "“收回审核意见”应由作出该意见的审核环节办理，不能由 review:province 办理"
    assert season.does("2021-10-12 10:30", "take_back", by="review:province") == other
    assert season.does("2021-10-12 11:00", "take_back", by="review:city") == "submitted@city round 1 due 2021-10-15"
    assert season.does("2021-10-12 11:30", "take_back") == "不能收回审核意见：此后已有办理"
    season.does("2021-10-12 12:00", "approve")
    season.does("2021-10-12 13:00", "return", note="缺章", due="2021-10-20")
    # now it is the province's decision that could be taken back
    assert season.does("2021-10-12 14:00", "take_back", by="review:city").startswith("“收回审核意见”应由")
    assert [m for m in season.lines("2021-10-12 10:00") if "received" in m] == []
    with reading(season.engine) as session:
        found = [(r.step, r.decision, r.taken_back_at is not None) for r in reviews_of(session, [1])]
    assert found == [("city", "approved", True), ("city", "approved", False), ("province", "returned", False)]


@pytest.mark.contract("`take_back` undoes the last decision of a step as long as nothing has happened since")
def test_a_return_that_is_taken_back_leaves_all_as_it_was_but_the_round(season: Season) -> None:
    before = season.entry("2021-10-12 10:00")
    season.does("2021-10-12 10:00", "return", note="缺章", due="2021-10-20")
    assert season.does("2021-10-12 11:00", "take_back", note="章在附件二") == "submitted@city round 2 due 2021-10-15"
    assert season.entry("2021-10-12 12:00") == before | {"round": 2}
    assert season.row.reason == ""
    assert season.lines("2021-10-12 11:00") == ["2021-10-12 11:00 received clerk@aa: aa/report"]
    mail = season.mail("received")
    assert mail.subject.startswith("【退回意见已收回】report｜aa市")
    assert "report的退回意见已收回，无须重新报送。" in mail.text
    assert "此前对下列材料提出的意见已收回，仍按原报送的材料办理审核" in mail.text
    assert "章在附件二" in mail.text
    assert season.does("2021-10-13 10:00", "approve").startswith("submitted@province round 2")


def test_a_return_stays_once_the_unit_has_acted(season: Season) -> None:
    season.does("2021-10-12 10:00", "return", note="缺章", due="2021-10-20")
    season.does("2021-10-12 11:00", "submit")
    assert season.does("2021-10-12 12:00", "take_back") == "不能收回审核意见：此后已有办理"


def test_the_last_approval_is_taken_back_while_nothing_has_happened(season: Season) -> None:
    season.does("2021-10-12 10:00", "approve")
    assert season.does("2021-10-12 11:00", "approve") == "completed round 1 due 2021-10-15"
    assert season.does("2021-10-12 12:00", "take_back") == "submitted@province round 1 due 2021-10-15"
    assert season.row.completed_at is None
    season.does("2021-10-12 13:00", "approve")
    season.does("2021-10-12 14:00", "reopen", note="有误", due="2021-10-20")
    assert season.does("2021-10-12 15:00", "take_back") == "不能收回审核意见：此后已有办理"


def test_what_was_not_decided_cannot_be_taken_back(season: Season) -> None:
    assert season.does("2021-10-12 10:00", "take_back") == "不能收回审核意见：此后已有办理"


def test_the_reviewer_has_the_whole_time_again(season: Season) -> None:
    season.does("2021-10-12 10:00", "approve")
    season.does("2021-10-13 10:00", "take_back")
    for moment in ("2021-10-14 09:00", "2021-10-18 09:00"):
        season.ticks(moment)
    assert season.lines("2021-10-13 10:00") == [
        "2021-10-14 09:00 reminder clerk@city: aa/report arrived",
        "2021-10-18 09:00 overdue chief@city: aa/report due-0",
        "2021-10-18 09:00 overdue clerk@city: aa/report due-0",
    ]


@pytest.mark.parametrize(("person", "refused"), [("Wang", True), ("li", False), ("", False)])
@pytest.mark.parametrize("what", ["approve", "return"])
def test_nobody_decides_on_what_the_same_person_handed_in(
    engine: Engine, sender: Sender, what: str, person: str, refused: bool
) -> None:
    season = Season(engine=engine, sender=sender)
    season.does("2021-10-11 15:00", "submit", by_person="wang")
    said = season.does("2021-10-12 15:00", what, by_person=person, note="缺章", due="2021-10-20")
    assert (said == "不能审核本人报送的材料") == refused
    with reading(engine) as session:
        assert [review.by_person for review in reviews_of(session, [1])] == ([] if refused else [person])


# ---- opinions ----------------------------------------------------------------------------------------------------

ASK = {"note": "案例是否典型？", "to_name": "李老师", "to_email": "li@prov.example", "by_person": "王老师"}


def test_a_colleague_is_asked_and_the_ball_stays(season: Season) -> None:
    wake = season.row.wake_at
    assert season.does("2021-10-11 16:00", "consult", **ASK) == "submitted@city round 1 due 2021-10-15"
    assert season.row.wake_at == wake
    with reading(season.engine) as session:
        (asked,) = opinions_open(session)
    one = asked.opinion
    assert (one.name, one.email, one.question, one.asked_by) == ("李老师", "li@prov.example", ASK["note"], "王老师")
    assert (asked.unit_name, asked.deliverable_name, asked.asked_by) == ("aa市", "report", "city市")
    with writing(season.engine) as session:
        assert answer_opinion(session, 1, view=View.AGREE, text="可以", now=at("2021-10-11 17:00")) == 4
    with reading(season.engine) as session:
        assert opinions_open(session) == []
        (answered,) = [asked.opinion for asked in opinions_about(session, [1])]
        assert (answered.view, answered.text, answered.answered_at) == ("agree", "可以", at("2021-10-11 17:00"))
        assert chain(session)[-1].name == "opinion_given"
    assert season.stands == "submitted@city round 1 due 2021-10-15"


def answered(season: Season, number: int, **values: Any) -> str:
    try:
        with writing(season.engine) as session:
            answer_opinion(session, number, now=at("2021-10-12 17:00"), **values)
    except (ActRefused, NotFound) as error:
        return str(error)
    return "answered"


def test_an_answer_is_given_once_and_while_it_is_needed(season: Season) -> None:
    season.does("2021-10-11 16:00", "consult", **ASK)
    season.does("2021-10-11 16:30", "consult", **ASK)
    assert answered(season, 1, view=View.DISAGREE) == "请写明不同意的理由"
    assert answered(season, 1, view=View.DISAGREE, text="不典型") == "answered"
    assert answered(season, 1, view=View.AGREE) == "已经答复，无须再答复"
    assert answered(season, 9, view=View.AGREE) == "没有这项征求意见"
    season.does("2021-10-12 18:00", "approve")
    assert answered(season, 2, view=View.AGREE) == "该材料已有审核意见，无须再答复"
    with reading(season.engine) as session:
        assert opinions_open(session) == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"note": ""}, "请写明要征求意见的问题"),
        ({"to_name": " "}, "请写明征求谁的意见及其邮箱"),
        ({"to_email": "li"}, "请写明征求谁的意见及其邮箱"),
        ({"by": "review:province"}, "“征求意见”应由当前审核环节办理，不能由 review:province 办理"),
    ],
)
def test_a_question_has_words_and_an_address(season: Season, more: dict[str, str], reason: str) -> None:
    assert season.does("2021-10-11 16:00", "consult", **(ASK | more)) == reason


# ---- time-outs ---------------------------------------------------------------------------------------------------


def lapsing(engine: Engine, sender: Sender, rule: str, **more: Any) -> Season:
    """The city has two working days; then the rule decides. A Thursday afternoon."""
    steps = [{"id": "city", "by": "parent", "workdays": 2, "on_timeout": rule}, {"id": "province", "by": "issuer"}]
    deadline = on("2021-10-15", **more)
    told = notice(stage(deadline), review=steps, classes={"cities": {"name": "各县", "kinds": ["county"]}})
    season = Season(engine=engine, sender=sender, notice=told, units=COUNTY)
    season.does("2021-10-14 15:00", "submit")
    return season


@pytest.mark.contract("Where a step says `on_timeout: approve`, what is not reviewed by the end of its day passes")
def test_what_is_not_reviewed_in_time_passes_with_a_mark(engine: Engine, sender: Sender) -> None:
    season = lapsing(engine, sender, "approve")
    # Friday and Monday are its two working days
    season.ticks("2021-10-18 23:59:59")
    assert season.stands == "submitted@city round 1 due 2021-10-15"
    season.ticks("2021-10-19 00:00")
    assert season.stands == "submitted@province round 1 due 2021-10-15"
    assert season.row.opened_at == at("2021-10-19 00:00")
    with reading(engine) as session:
        (review,), last = reviews_of(session, [1]), chain(session)[-1]
        by_rule = decided_by_rule(session, [1])
    assert {number: decision.zh for number, decision in by_rule.items()} == {1: "逾期未审视同通过"}
    assert (review.step, review.decision, review.at, review.by_person) == (
        "city",
        "approved_by_timeout",
        at("2021-10-19 00:00"),
        "",
    )
    assert (last.name, last.by) == ("approved_by_timeout", "review:city")
    assert season.does("2021-10-19 10:00", "take_back", by="review:city") == "不能收回审核意见：系逾期自动办理"


@pytest.mark.contract("Where a step says `on_timeout: return`, it goes back with as many working days as the step had")
def test_what_is_not_reviewed_in_time_goes_back_for_as_many_working_days(engine: Engine, sender: Sender) -> None:
    season = lapsing(engine, sender, "return", time="15:00")
    season.ticks("2021-10-19 00:00")
    # two working days after Tuesday the 19th, at the hour of the notice
    assert season.stands == "returned round 2 due 2021-10-21"
    assert (season.row.due_at, season.row.reason) == (at("2021-10-21 15:00"), "审核逾期，自动退回")
    assert season.lines("2021-10-19 00:00") == ["2021-10-19 00:00 returned clerk@aa: aa/report"]
    with reading(engine) as session:
        assert [review.decision for review in reviews_of(session, [1])] == ["returned_by_timeout"]
        assert chain(session)[-1].name == "returned_by_timeout"


def test_a_week_late_it_is_the_day_of_the_tick_that_counts(engine: Engine, sender: Sender) -> None:
    season = lapsing(engine, sender, "return")
    season.ticks("2021-10-23 10:00")
    assert season.stands == "returned round 2 due 2021-10-26"


def test_the_moment_is_in_the_index_and_the_fast_tick_finds_it(engine: Engine, sender: Sender) -> None:
    season = lapsing(engine, sender, "approve")
    moments = []
    now = at("2021-10-14 15:00")
    while (now := next_tick(engine, now) or at("2030-01-01 00:00")) < at("2021-10-20 00:00"):
        moments.append(f"{now.astimezone(at('2021-10-14 15:00').tzinfo):%m-%d %H:%M}")
        season.ticks(moments[-1].replace("10-", "2021-10-", 1))
        assert rebuild(engine) == 0
    # arrived; due-0; the lapse; arrived at the next step
    assert moments == ["10-15 09:00", "10-18 09:00", "10-19 00:00", "10-19 09:00"]


def test_two_sweepers_at_once_decide_once(engine: Engine, sender: Sender) -> None:
    season = lapsing(engine, sender, "approve")
    now = at("2021-10-19 08:00")
    assert [lapse(engine, now=now), lapse(engine, now=now)] == [1, 0]
    assert season.stands == "submitted@province round 1 due 2021-10-15"


def test_without_a_rule_nothing_lapses(engine: Engine, sender: Sender) -> None:
    season = lapsing(engine, sender, "remind")
    assert lapse(engine, now=at("2021-12-01 10:00")) == 0
    assert season.stands == "submitted@city round 1 due 2021-10-15"


def test_the_next_decision_takes_the_mark_away(engine: Engine, sender: Sender) -> None:
    season = lapsing(engine, sender, "approve")
    season.ticks("2021-10-19 00:00")
    season.does("2021-10-19 10:00", "approve")
    with reading(engine) as session:
        assert decided_by_rule(session, [1]) == {}
        assert [Decision(review.decision).zh for review in reviews_of(session, [1])] == ["逾期未审视同通过", "审核通过"]


def test_what_no_longer_stands_is_not_told(engine: Engine, sender: Sender) -> None:
    """A return taken back, and given anew before the mail could leave."""
    season = Season(engine=engine, sender=sender)
    season.does("2021-10-11 15:00", "submit")
    again = {
        "unit": "aa",
        "deliverable": "report",
        "notice": season.notice.id,
        "note": "缺章",
        "due": date(2021, 10, 20),
    }
    with writing(engine) as session:
        for what in (Act.RETURN, Act.TAKE_BACK, Act.RETURN):
            act(session, Request(act=what, **again), now=at("2021-10-12 10:00"))
    season.ticks("2021-10-12 10:00")
    assert [m for m in season.lines("2021-10-12 10:00") if "review" not in m and "arrived" not in m] == [
        "2021-10-12 10:00 returned clerk@aa: aa/report"
    ]


def test_a_reviewer_in_time_is_not_overtaken(engine: Engine, sender: Sender) -> None:
    season = lapsing(engine, sender, "return")
    season.does("2021-10-18 23:59", "approve")
    assert lapse(engine, now=at("2021-10-19 10:00"), notice=season.notice.id) == 0
    assert (season.row.step, season.row.due_day) == ("province", date(2021, 10, 15))
