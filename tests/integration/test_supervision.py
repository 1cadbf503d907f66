"""The supervisor's Monday: what presses, of whom, what was said; what a supervisor does about it."""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from sqlalchemy import Engine, event, update

from conftest import installed
from duban.bootstrap import Duban
from duban.domain.access import Scope
from duban.domain.links import LinkKey, Mint, Purpose
from duban.domain.terms import Act, AdviceKind, Hat, MailKind, OrderStage, Role
from duban.services.acting import Request, act
from duban.services.advising import advise_pause, recommend, settle, waiting_advice
from duban.services.entering import Moment, enter
from duban.services.last_told import Told
from duban.services.links import row_of
from duban.services.sweeping import sweep
from duban.services.trend import Point, trend
from factories import ZONE, at
from models import MailRow, MailState
from models.entry_link import put_links
from models.event import chain
from models.outbox import mails
from models.session import make_engine, reading, writing
from models.task import tasks_of
from stories import did
from supervising_season import (
    AA,
    ALL,
    NOTICE,
    NOW,
    Browser,
    browser,
    first_line,
    lines,
    live,
    office,
    seen,
    sender,
    staff,
)

#: As the issuer reads.
ALL_NOTICES = Scope(issuers=frozenset({"prov"}))


def test_only_the_own_subtree_in_the_official_order(engine: Engine) -> None:
    live(engine, did("2021-10-14 10:00", "aa", "photos", "submit"))
    late = [
        ("aa", "report", "red", 5),
        ("bb", "report", "red", 5),
        ("bb", "photos", "red", 5),
        ("county", "report", "red", 5),
        ("county", "photos", "red", 5),
    ]
    assert lines(seen(engine, ALL)) == late
    assert lines(seen(engine, AA)) == [late[0], *late[3:]]
    assert (seen(engine, ALL).total, seen(engine, AA).total) == (3, 2)
    assert [part.unit.id for part in seen(engine, ALL, page=2, size=1).parts] == ["bb"]


def test_what_is_said_beside_a_late_material(engine: Engine) -> None:
    found = seen(live(engine), AA)
    line, ladder = first_line(found), first_line(found).ladder
    assert (line.due_day, line.late_days, line.late_workdays) == (date(2021, 10, 15), 5, 3)
    assert line.told == Told(
        mail_id=line.told.mail_id if line.told else 0,
        at=at("2021-10-20 09:00"),
        kind=MailKind.ESCALATION,
        state=MailState.SENT,
        to=((Role.CLERK, "clerk"), (Role.LEADER, "leader")),
    )
    assert (line.failed, line.said_at) == (None, at("2021-10-20 09:00"))
    assert ladder.reached
    assert ladder.next
    assert (ladder.reached.code, ladder.next.code, ladder.next_at) == ("late-3", "late-5", at("2021-10-22 09:00"))
    answers = found.parts[0].answers
    assert answers
    assert (answers.role, answers.person) == (Role.CHIEF, "chief")
    assert found.offices[NOTICE.id].name == "prov市 clerk"


@pytest.fixture
def quick() -> Iterator[Engine]:
    """One database in memory."""
    made = installed(make_engine("sqlite://"))
    yield made
    made.dispose()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # three working days before the day it is near; a working day earlier it is not shown
        ("2021-10-11 23:59", []),
        ("2021-10-12 00:00", [("blue", 0)]),
        ("2021-10-15 23:59", [("blue", 0)]),
        # the first instant that is too late
        ("2021-10-16 00:00", [("red", 1)]),
    ],
)
def test_what_is_not_due_is_hidden(quick: Engine, moment: str, expected: list[tuple[str, int]]) -> None:
    live(quick, did("2021-09-28 10:00", "aa", "photos", "submit"), until="2021-10-11 10:00")
    found = seen(quick, AA, moment)
    assert [(stage, days) for unit_, _, stage, days in lines(found) if unit_ == "aa"] == expected


def test_the_three_colours(quick: Engine) -> None:
    acts = [
        did("2021-10-11 10:00", "aa", "report", "submit"),
        did("2021-10-12 10:00", "aa", "report", "return", note="缺照片", due="2021-11-20"),
        did("2021-10-12 10:00", "aa", "photos", "extend", note="公示期未满", due="2021-10-22"),
        did("2021-10-12 10:00", "bb", "photos", "extend", note="公示期未满", due="2021-11-22"),
    ]
    found = [line for line in lines(seen(live(quick, *acts), ALL)) if line[0] in ("aa", "bb")]
    # put off and near: yellow; put off and far: not shown; returned: yellow, whatever its new day
    assert found == [("aa", "report", "yellow", 0), ("aa", "photos", "yellow", 0), ("bb", "report", "red", 5)]
    assert [part.stage for part in seen(quick, ALL).parts] == [OrderStage.YELLOW, OrderStage.RED, OrderStage.RED]
    assert lines(seen(quick, ALL, only_late=True)) == [line for line in lines(seen(quick, ALL)) if line[2] == "red"]


def test_a_mail_that_did_not_arrive_is_ours(quick: Engine) -> None:
    live(quick)
    with writing(quick) as session:
        last = update(MailRow).where(MailRow.to_email == "clerk@bb.example", MailRow.at == at("2021-10-20 09:00"))  # type: ignore[arg-type]
        session.connection().execute(last.values(state="failed", reason="550 信箱已满"))
    bb = seen(quick, ALL).parts[1].lines[0]
    assert bb.failed
    assert bb.told
    assert (bb.failed.state, bb.failed.reason, bb.failed.at) == ("failed", "550 信箱已满", at("2021-10-20 09:00"))
    assert (bb.told.kind, bb.told.at) == (MailKind.OVERDUE, at("2021-10-18 09:00"))
    # a later one that arrived makes it good
    assert seen(quick, ALL).parts[0].lines[0].failed is None


@contextmanager
def counted(engine: Engine) -> Iterator[Callable[[], int]]:
    """How many statements run meanwhile."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *more: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield lambda: len(found)
    event.remove(engine, "before_cursor_execute", note)


def test_a_page_of_many_units_asks_no_more_often(quick: Engine) -> None:
    live(quick)
    with counted(quick) as one:
        seen(quick, ALL, size=1)
    with counted(quick) as three:
        seen(quick, ALL, size=3)
    assert (one(), three()) == (three(), one())
    assert three() <= 20


def test_the_trend_is_of_completion(quick: Engine) -> None:
    acts = [
        did("2021-10-08 10:00", "aa", "report", "submit"),
        did("2021-10-11 10:00", "aa", "report", "approve"),
        did("2021-10-19 10:00", "bb", "report", "waive", note="并入市级"),
    ]
    live(quick, *acts)
    with reading(quick) as session:
        points = trend(session, ALL, now=at(NOW), zone=ZONE)
        below = trend(session, AA, now=at(NOW), zone=ZONE)
    days = [date(2021, 9, 26), date(2021, 10, 3), date(2021, 10, 10), date(2021, 10, 17), date(2021, 10, 20)]
    assert points == [Point(day=day, owed=5, done=done) for day, done in zip(days, (0, 0, 0, 1, 1), strict=True)]
    assert [(one.owed, one.done, one.percent) for one in below][-1] == (4, 1, 25)


@pytest.fixture
def duban(quick: Engine, tmp_path: Path) -> Duban:
    return office(live(quick), tmp_path)


@pytest.fixture
def chief(duban: Duban) -> Browser:
    """Who supervises one city."""
    return browser(duban, "chief@aa.example", (Hat.SUPERVISOR, "aa"))


def at_unit(owner: str, word: str) -> str:
    return f"/supervision/{NOTICE.id}/{owner}/{word}"


def events(duban: Duban, name: str) -> list[tuple[str, str]]:
    with reading(duban.engine) as session:
        return [(found.by, found.data) for found in chain(session) if found.name == name]


def test_a_supervisor_lands_on_his_page_and_sees_no_other_subtree(duban: Duban, chief: Browser) -> None:
    landed = chief.get("/")
    page = chief.get("/supervision").text
    assert (landed.status_code, landed.headers["location"]) == (303, "/supervision")
    assert ("aa市" in page, "county市" in page, "bb市" in page) == (True, True, False)
    assert "2个单位逾期4项。" in page
    assert "逾期第3个工作日提请分管领导督促（10月20日已办）" in page
    assert [chief.get(at_unit(owner, "order")).status_code for owner in ("aa", "county", "bb")] == [200, 200, 403]
    coordinator = browser(duban, "office@prov.example", (Hat.COORDINATOR, "prov"), (Hat.SUPERVISOR, "prov"))
    assert coordinator.get("/").status_code == 200


def test_only_mails_that_open_are_links(duban: Duban, chief: Browser) -> None:
    """On 22 October the province's chief is told of both cities in one mail: the supervisor of one reads it not."""
    sweep(duban.engine, sender(), now=at("2021-10-22 09:00"), real_now=at("2021-10-22 09:00"))
    moment = "2021-10-22 09:30"
    with reading(duban.engine) as session:
        to_chief = next(mail.id for mail in mails(session) if mail.to_email == "chief@prov.example")
    assert chief.get(f"/mail/{to_chief}").status_code == 403
    assert to_chief not in seen(duban.engine, AA, moment).readable
    for number in seen(duban.engine, AA, moment).readable:
        assert chief.get(f"/mail/{number}").status_code == 200


def test_nothing_presses(quick: Engine, tmp_path: Path) -> None:
    calm = office(live(quick, until="2021-09-28 10:00"), tmp_path, now="2021-09-28 10:00")
    page = browser(calm, "chief@aa.example", (Hat.SUPERVISOR, "aa")).get("/supervision").text
    assert "没有逾期、临近或待补正的事项。" in page
    assert "未到期的不列" in page


def test_the_workbook_is_the_page(chief: Browser) -> None:
    answer = chief.get("/supervision.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=4, max_row=6)]
    assert rows[0][:4] == ("单位", "材料", "文号", "督办单")
    assert rows[1][:7] == (
        "aa市",
        "工作总结、活动照片",
        "测〔2021〕1号",
        "红色·逾期",
        "10月15日 周五，逾期5天（3个工作日）",
        "chief（科（处）负责人）",
        "555",
    )
    assert rows[2][0] == "county市"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_a_call_is_previewed_confirmed_and_told_under_its_unit_alone(duban: Duban, chief: Browser) -> None:
    said = {"with_whom": "李科长", "text": "本周五前报送", "deliverable": ""}
    shown = chief.post(at_unit("aa", "phone"), data=said)
    assert "请核对：aa市，与李科长通话，涉及全部材料，内容：本周五前报送" in shown.text
    assert events(duban, "telephoned") == []
    done = chief.post(at_unit("aa", "phone"), data=said | {"sure": "yes"})
    assert (done.status_code, done.headers["location"]) == (303, "/supervision?done=phoned&at=aa#unit-aa")
    story = chief.get(f"/notices/{NOTICE.id}/units/aa").text
    assert "与李科长" in story
    assert "本周五前报送" in story
    assert "李科长" not in chief.get(f"/notices/{NOTICE.id}/units/county").text
    page = chief.get("/supervision?done=phoned&at=aa").text
    assert "电话联系李科长：本周五前报送" in page
    assert 'id="unit-aa" class="changed"' in page
    assert [by for by, _ in events(duban, "telephoned")] == ["chief@aa.example"]


def test_what_is_empty_or_foreign_is_refused(duban: Duban, chief: Browser) -> None:
    empty = chief.post(at_unit("aa", "phone"), data={"with_whom": "李科长", "text": ""})
    assert (empty.status_code, "请填写通话内容" in empty.text) == (400, True)
    assert chief.post(at_unit("bb", "phone"), data={"with_whom": "x", "text": "y", "sure": "yes"}).status_code == 403
    early = chief.post(
        at_unit("aa", "recommend"),
        data={"deliverable": "report", "kind": "later", "day": "2021-10-15", "text": "公示", "sure": "yes"},
    )
    assert (early.status_code, "建议的日期要晚于现定期限" in early.text) == (400, True)
    past = chief.post(at_unit("aa", "pause"), data={"day": "2021-10-19", "text": "汛期", "sure": "yes"})
    assert (past.status_code, "暂缓的日期已经过去" in past.text) == (400, True)
    assert [events(duban, name) for name in ("telephoned", "recommended", "pause_advised")] == [[], [], []]


def test_advice_stands_beside_the_request_and_the_issuer_decides(quick: Engine, tmp_path: Path) -> None:
    asked = did("2021-10-14 12:00", "aa", "report", "request", note="公示期未满", due="2021-10-29")
    duban = office(live(quick, asked), tmp_path)
    staff(quick, ("liang@aa.example", "梁处长", ((Hat.SUPERVISOR, "aa"),)))
    chief = browser(duban, "liang@aa.example")
    coordinator = browser(duban, "office@prov.example", (Hat.COORDINATOR, "prov"))
    said = {"deliverable": "report", "kind": "for", "day": "", "text": "情况属实", "sure": "yes"}
    assert chief.post(at_unit("aa", "recommend"), data=said).status_code == 303
    assert "梁处长：建议准予延期，情况属实" in coordinator.get("/extensions").text
    assert "建议准予延期：情况属实" in chief.get("/supervision").text
    # he speaks; he does not grant
    assert chief.post(f"/notices/{NOTICE.id}/units/aa/report/extend", data={"due": "2021-10-29"}).status_code == 403
    granted = coordinator.post(f"/notices/{NOTICE.id}/units/aa/report/extend", data={"due": "2021-10-29"})
    assert granted.status_code == 303
    assert "情况属实" not in chief.get("/supervision").text
    again = chief.post(at_unit("aa", "recommend"), data=said)
    assert (again.status_code, "没有待答复的延期申请" in again.text) == (400, True)


def test_a_pause_is_a_task_of_the_coordinator_who_settles_it(duban: Duban, chief: Browser) -> None:
    said = {"day": "2021-10-29", "text": "汛期", "sure": "yes"}
    assert chief.post(at_unit("aa", "pause"), data=said).status_code == 303
    with reading(duban.engine) as session:
        (advice,) = waiting_advice(session, ALL_NOTICES)
        tasks = [(task.kind, task.text) for task in tasks_of(session, NOTICE.id) if task.done_at is None]
    assert ("advice", "建议在10月29日前暂缓催报aa市：汛期。请处理。") in tasks
    assert "10月20日建议暂缓催报至10月29日：汛期" in chief.get("/supervision").text
    coordinator = browser(duban, "office@prov.example", (Hat.COORDINATOR, "prov"))
    page = coordinator.get("/extensions").text
    assert f"/advice/{advice.number}" in page
    assert "建议暂缓催报至10月29日，汛期" in page
    assert chief.get(f"/advice/{advice.number}").status_code == 403
    assert "标为已处理" in coordinator.get(f"/advice/{advice.number}").text
    assert coordinator.post(f"/advice/{advice.number}").status_code == 303
    assert coordinator.post(f"/advice/{advice.number}").status_code == 400
    assert "汛期" not in chief.get("/supervision").text
    with reading(duban.engine) as session:
        assert waiting_advice(session, ALL_NOTICES) == []


def test_advice_on_each_kind_of_database(engine: Engine) -> None:
    live(engine)
    about = {"notice": NOTICE.id, "unit": "aa", "text": "汛期", "by": "chief@aa.example", "at": at(NOW)}
    later = date(2021, 10, 29)
    with writing(engine) as session:
        recommend(session, deliverable="report", kind=AdviceKind.LATER, day=later, **about)  # type: ignore[arg-type]
        advise_pause(session, until=later, **about)  # type: ignore[arg-type]
        found = waiting_advice(session, ALL_NOTICES)
        assert [(one.kind, one.deliverable, one.day, one.by) for one in found] == [
            ("later", "report", later, "chief@aa.example"),
            ("pause", "", later, "chief@aa.example"),
        ]
        assert waiting_advice(session, Scope(issuers=frozenset({"aa"}))) == []
    aa = seen(engine, AA).parts[0]
    assert [[one.kind for one in line.advice] for line in aa.lines] == [["later", "pause"], ["pause"]]
    # the grant answers the first, the coordinator settles the second
    with writing(engine) as session:
        request = Request(notice=NOTICE.id, unit="aa", deliverable="report", act=Act.EXTEND, due=later)
        act(session, request, now=at(NOW))
        assert [one.kind for one in waiting_advice(session, ALL_NOTICES)] == ["pause"]
        settle(session, ALL_NOTICES, found[1].number, by="office@prov.example", at=at(NOW))
        assert waiting_advice(session, ALL_NOTICES) == []
        assert [
            task.key for task in tasks_of(session, NOTICE.id) if task.done_at is None and task.kind == "advice"
        ] == []


def test_a_pause_is_shown_until_its_day(quick: Engine) -> None:
    live(quick)
    with writing(quick) as session:
        said = {"notice": NOTICE.id, "unit": "aa", "text": "汛期", "by": "x@aa.example", "at": at(NOW)}
        advise_pause(session, until=date(2021, 10, 20), **said)  # type: ignore[arg-type]
    shown = [bool(first_line(seen(quick, AA, moment)).advice) for moment in ("2021-10-20 23:59", "2021-10-21 00:00")]
    assert shown == [True, False]


def test_reading_is_taken_from_the_use_of_a_link_alone(duban: Duban, chief: Browser) -> None:
    mint = Mint(key=b"k" * 32, base_url="https://duban.example")
    key = LinkKey(purpose=Purpose.UNIT, address="clerk@county.example", unit="county", notice=NOTICE.id)
    moment = Moment(now=at(NOW), real=at(NOW))
    with writing(duban.engine) as session:
        put_links(session, [row_of(key, mint.token(key), person="王老师", at=at(NOW), last_due=None)])
    assert "凭邮件链接打开" not in chief.get(f"/notices/{NOTICE.id}/units/county").text
    with writing(duban.engine) as session:
        assert enter(session, Purpose.UNIT, mint.token(key), former="", moment=moment)
    assert "凭邮件链接打开" in chief.get(f"/notices/{NOTICE.id}/units/county").text
    assert "凭邮件链接打开" not in chief.get(f"/notices/{NOTICE.id}/units/aa").text


def test_the_draft_of_an_order_is_marked_and_left_to_people(duban: Duban, chief: Browser) -> None:
    page = chief.get(at_unit("aa", "order")).text
    assert "aa市督办单" in page
    assert "（红色·逾期）　稿" in page
    assert "编号：〔　　　〕　　　号" in page
    assert events(duban, "order_drafted") == []
    answer = chief.post(at_unit("aa", "order"))
    paper = Document(io.BytesIO(answer.content))
    text = [line.text for line in paper.paragraphs if line.text]
    assert text[:5] == [
        "aa市督办单",
        "（红色·逾期）　稿",
        "编号：〔　　　〕　　　号",
        "aa市：",
        "　　根据《关于测试的通知》（测〔2021〕1号），截至2021年10月20日，你单位下列材料逾期未报：",
    ]
    assert [[cell.text for cell in row.cells] for row in paper.tables[0].rows] == [
        ["材料", "期限", "情况", "提醒情况"],
        ["工作总结", "10月15日", "逾期5天（3个工作日）", "10月20日提请督促"],
        ["活动照片", "10月15日", "逾期5天（3个工作日）", "10月20日提请督促"],
    ]
    assert text[-1] == "（本稿由系统按记录起草，未经签发不得发出。）"
    assert [by for by, _ in events(duban, "order_drafted")] == ["chief@aa.example"]


def test_an_order_is_told_by_what_it_is_about_and_not_by_what_is_done(quick: Engine, tmp_path: Path) -> None:
    done = [did("2021-10-11 10:00", "aa", "photos", what) for what in ("submit", "approve")]
    place = office(live(quick, *done), tmp_path)
    chief_ = browser(place, "chief@aa.example", (Hat.SUPERVISOR, "aa"))
    assert chief_.post(at_unit("aa", "order")).status_code == 200
    ((_, data),) = events(place, "order_drafted")
    page = " ".join(re.sub(r"<[^>]+>", " ", chief_.get(f"/notices/{NOTICE.id}/units/aa").text).split())
    assert (json.loads(data)["deliverables"], "起草督办单（稿） chief 工作总结 " in f"{page} ") == (["report"], True)


def test_no_order_where_nothing_presses(quick: Engine, tmp_path: Path) -> None:
    calm = office(live(quick, until="2021-09-28 10:00"), tmp_path, now="2021-09-28 10:00")
    page = browser(calm, "chief@aa.example", (Hat.SUPERVISOR, "aa")).get(at_unit("aa", "order"))
    assert (page.status_code, "无需督办" in page.text) == (400, True)
