"""A unit asks for a later day; the issuer grants or refuses, one or many; on SQLite and on PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from duban.domain.errors import ManyRefused
from duban.domain.terms import Act, TaskKind
from duban.services.acting import Request, act
from duban.services.delivering import Sender
from duban.services.postponing import first_days
from duban.services.records import Records
from duban.services.together import approve_many, extend_many, return_many
from factories import at, roster, unit
from models.event import chain
from models.extension import extensions_of, requests_of
from models.obligation import of_notice
from models.session import reading, writing
from models.task import tasks_of
from seasons_of_one import Season

NOTICE = "test-2021-1"


def requests(engine: Engine) -> list[tuple[str, date, str]]:
    with reading(engine) as session:
        return [(r.state, r.day_wanted, r.answer) for r in requests_of(session, [1])]


def open_tasks(engine: Engine) -> list[str]:
    with reading(engine) as session:
        tasks = [task for task in tasks_of(session, NOTICE) if task.kind == TaskKind.EXTENSION]
        return [task.text for task in tasks if task.done_at is None]


def test_a_request_is_a_task_until_it_is_granted(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender)
    ask = {"note": "公示期未满", "due": "2021-10-22"}
    assert season.does("2021-10-12 10:00", "request", **ask) == "pending round 1 due 2021-10-15"
    assert open_tasks(engine) == ["aa市申请将“report”的期限（现定10月15日）延至10月22日，请答复。"]
    # the issuer may give another day
    granted = season.does("2021-10-13 10:00", "extend", due="2021-10-20", note="同意延至20日")
    assert granted == "pending round 1 due 2021-10-20"
    assert requests(engine) == [("granted", date(2021, 10, 22), "同意延至20日")]
    assert open_tasks(engine) == []
    with reading(engine) as session:
        (extension,) = extensions_of(session, [1])
        days = first_days(Records(session), of_notice(session, NOTICE))
    assert (extension.request_id, extension.day_before) == (1, date(2021, 10, 15))
    assert days == {1: date(2021, 10, 15)}
    assert season.lines("2021-10-13 10:00") == ["2021-10-13 10:00 date_changed clerk@aa: aa/report"]


def test_the_first_day_is_that_of_the_round(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender)
    season.does("2021-10-12 10:00", "extend", due="2021-10-20")
    season.does("2021-10-12 11:00", "extend", due="2021-10-22")
    season.does("2021-10-13 10:00", "submit")
    season.does("2021-10-13 11:00", "return", note="缺章", due="2021-10-25")
    with reading(engine) as session:
        assert first_days(Records(session), of_notice(session, NOTICE)) == {1: date(2021, 10, 25)}
    season.does("2021-10-14 10:00", "extend", due="2021-10-28")
    with reading(engine) as session:
        assert first_days(Records(session), of_notice(session, NOTICE)) == {1: date(2021, 10, 25)}


def test_a_refusal_says_that_the_day_stays(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender)
    season.does("2021-10-12 10:00", "request", note="人手不足", due="2021-10-22")
    assert season.does("2021-10-13 10:00", "refuse") == "请写明不予延期的理由"
    refused = season.does("2021-10-13 10:00", "refuse", note="全省统一安排，不便延期")
    assert refused == "pending round 1 due 2021-10-15"
    assert (requests(engine), open_tasks(engine)) == ([("refused", date(2021, 10, 22), "全省统一安排，不便延期")], [])
    assert season.lines("2021-10-13 10:00") == ["2021-10-13 10:00 date_changed clerk@aa: aa/report"]
    mail = season.mail("date_changed")
    assert mail.subject.startswith("【期限不变】report，仍为10月15日前｜aa市")
    assert "report的截止日不变，仍为10月15日（周五）。" in mail.text
    assert "经研究，下列材料的报送期限不作调整，请按期报送。" in mail.text
    assert "全省统一安排，不便延期" in mail.text
    assert "原定" not in mail.text
    assert season.does("2021-10-13 11:00", "refuse", note="再次") == "没有待答复的延期申请"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"due": "2021-10-22"}, "请写明申请延期的理由"),
        ({"note": "人手不足"}, "请写明希望延至的日期"),
        ({"note": "人手不足", "due": "2021-10-15"}, "延期后的截止日 2021-10-15 应晚于现行截止日 2021-10-15"),
        ({"note": "人手不足", "due": "2021-10-22", "by": "issuer"}, "“申请延期”应由报送单位办理，不能由 issuer 办理"),
    ],
)
def test_a_request_has_a_reason_and_a_later_day(
    engine: Engine, sender: Sender, more: dict[str, str], reason: str
) -> None:
    assert Season(engine=engine, sender=sender).does("2021-10-12 10:00", "request", **more) == reason


@pytest.mark.parametrize("over", ["request", "submit", "waive"])
def test_a_request_is_over_when_it_is_asked_anew_or_no_longer_needed(engine: Engine, sender: Sender, over: str) -> None:
    season = Season(engine=engine, sender=sender)
    season.does("2021-10-12 10:00", "request", note="人手不足", due="2021-10-22")
    season.does("2021-10-12 11:00", over, note="改期", due="2021-10-21")
    assert requests(engine)[0] == ("withdrawn", date(2021, 10, 22), "")
    assert len(open_tasks(engine)) == (over == "request")


@pytest.mark.contract("`request` needs `note` and `due` later than the day in force")
def test_a_request_neither_moves_the_day_nor_stops_the_reminders(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender)
    season.does("2021-10-12 10:00", "request", note="人手不足", due="2021-10-22")
    season.ticks("2021-10-18 09:00")
    assert season.lines("2021-10-18 09:00") == [
        "2021-10-18 09:00 overdue chief@aa: aa/report late-1",
        "2021-10-18 09:00 overdue clerk@aa: aa/report late-1",
    ]


def test_a_refusal_is_not_told_once_the_day_has_moved_after_all(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender)
    season.does("2021-10-12 10:00", "request", note="人手不足", due="2021-10-22")
    refuse = Request(notice=NOTICE, unit="aa", deliverable="report", act=Act.REFUSE, note="统一安排")
    with writing(engine) as session:
        act(session, refuse, now=at("2021-10-13 10:00"))
        act(session, replace(refuse, act=Act.EXTEND, due=date(2021, 10, 22)), now=at("2021-10-13 10:00"))
    season.ticks("2021-10-13 10:00")
    assert season.lines("2021-10-13 10:00") == ["2021-10-13 10:00 date_changed clerk@aa: aa/report"]
    assert season.mail("date_changed").subject.startswith("【期限调整】")


# ---- many at once ------------------------------------------------------------------------------------------------

THREE = roster(*(unit(name, "clerk", order=n) for n, name in enumerate(("aa", "bb", "cc"), 1)))
ALL = [("aa", "report"), ("bb", "report"), ("cc", "report")]


def stands(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [f"{row.unit_id} {row.status} {row.due_day} round {row.round}" for row in of_notice(session, NOTICE)]


def test_many_are_extended_in_one_go(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender, units=THREE)
    with writing(engine) as session:
        events = extend_many(session, NOTICE, ALL, due=date(2021, 10, 20), now=at("2021-10-12 10:00"))
    season.ticks("2021-10-12 10:00")
    assert events == [2, 3, 4]
    assert stands(engine) == [f"{name} pending 2021-10-20 round 1" for name in ("aa", "bb", "cc")]
    assert [line.split(":")[1].split()[-1] for line in season.lines("2021-10-12 10:00")] == [
        "clerk@aa",
        "clerk@bb",
        "clerk@cc",
    ]


def test_many_are_returned_and_many_approved(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender, units=THREE)
    for name in ("aa", "bb", "cc"):
        season.does("2021-10-12 10:00", "submit", unit=name)
    with writing(engine) as session:
        return_many(session, NOTICE, ALL[:2], due=date(2021, 10, 20), note="缺章", now=at("2021-10-13 10:00"))
        approve_many(session, NOTICE, ALL[2:], by="review:issuer", now=at("2021-10-13 10:00"))
    assert stands(engine) == [
        "aa returned 2021-10-20 round 2",
        "bb returned 2021-10-20 round 2",
        "cc completed 2021-10-15 round 1",
    ]


DO_TOGETHER: dict[str, Callable[..., list[int]]] = {
    "approve": lambda session: approve_many(
        session, NOTICE, [*ALL, ("zz", "report")], by_person="wang", now=at("2021-10-13 10:00")
    ),
    "return": lambda session: return_many(
        session,
        NOTICE,
        [*ALL, ("zz", "report")],
        due=date(2021, 10, 20),
        note="缺章",
        by_person="wang",
        now=at("2021-10-13 10:00"),
    ),
}


@pytest.mark.parametrize("what", DO_TOGETHER)
def test_all_or_none_and_every_refusal_is_told(engine: Engine, sender: Sender, what: str) -> None:
    season = Season(engine=engine, sender=sender, units=THREE)
    season.does("2021-10-12 10:00", "submit", unit="aa")
    season.does("2021-10-12 10:00", "submit", unit="cc", by_person="wang")
    before = stands(engine)
    with reading(engine) as session:
        events = len(chain(session))
    with pytest.raises(ManyRefused) as refused, writing(engine) as session:
        DO_TOGETHER[what](session)
    words = {"approve": "审核通过", "return": "退回"}[what]
    assert str(refused.value) == (
        f"有3项不能办理，全部未办：bb市“report”：不能{words}：尚未报送；cc市“report”：不能审核本人报送的材料；"
        "zz report：zz 没有材料 report（通知 test-2021-1）"
    )
    with reading(engine) as session:
        assert (stands(engine), len(chain(session))) == (before, events)
