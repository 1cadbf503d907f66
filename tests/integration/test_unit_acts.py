"""What units do beside handing in, and what the issuer answers: every door, its refusals, and foreign units."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.domain.access import EVERYTHING, Scope
from duban.domain.errors import ManyRefused
from duban.domain.terms import Hat
from duban.services.answering import grant_wanted, waiting
from factories import at
from models.session import make_engine, reading, writing
from registry_season import NOTICE, Desk, post

UNIT, ISSUER = f"/units/aa/notices/{NOTICE.id}", f"/notices/{NOTICE.id}/units/aa"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    engine = installed(make_engine("sqlite://"))
    yield Desk(engine, tmp_path)
    engine.dispose()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def asks(desk: Desk, unit: str, deliverable: str, due: str, note: str = "公示期未满") -> None:
    desk.does("request", unit, deliverable, due=due, note=note, by_person=f"clerk@{unit}.example")


@pytest.mark.parametrize(
    ("act", "deliverable", "form", "to", "event"),
    [
        (
            "send",
            "report",
            {"day": "2021-10-11", "courier": " 顺丰 ", "number": "SF 1", "copies": "2", "note": "急"},
            f"{UNIT}#report",
            ("sent", "unit", {"courier": "顺丰", "number": "SF 1", "day": "2021-10-11", "copies": 2, "note": "急"}),
        ),
        (
            "request",
            "photos",
            {"due": "2021-10-22", "note": "公示期未满"},
            f"{UNIT}#photos",
            ("extension_requested", "unit", {"wanted": "2021-10-22", "note": "公示期未满"}),
        ),
        ("nil", "photos", {"note": "没有"}, "/receipts/R000001", ("reported_nil", "unit", {"note": "没有"})),
        ("acknowledge", "photos", {}, f"{UNIT}#photos", ("acknowledged", "unit", {"note": ""})),
    ],
)
def test_a_clerk_acts(
    desk: Desk, act: str, deliverable: str, form: dict[str, str], to: str, event: tuple[str, str, dict[str, Any]]
) -> None:
    clerk = desk.clerk()
    if act != "acknowledge":
        page = clerk.get(f"{UNIT}/{deliverable}/{act}")
        assert (page.status_code, 'name="csrf"' in page.text) == (200, True)
    answer = post(clerk, f"{UNIT}/{deliverable}/{act}", **form)
    assert (answer.status_code, answer.headers.get("location")) == (303, to)
    name, by, said = desk.last()
    assert (name, by, {key: said[key] for key in event[2]}) == event
    assert said["person"] == "clerk-aa@me.example"


def test_what_was_handed_in_is_withdrawn(desk: Desk) -> None:
    clerk = desk.clerk()
    early = clerk.get(f"{UNIT}/photos/withdraw")
    assert (early.status_code, "不能撤回：尚未报送" in early.text) == (400, True)
    desk.does("submit", deliverable="photos")
    assert "撤回后可以修改并重新报送" in clerk.get(f"{UNIT}/photos/withdraw").text
    assert post(clerk, f"{UNIT}/photos/withdraw", note="错了").headers["location"] == f"{UNIT}#photos"
    assert desk.stands(deliverable="photos") == "pending due 2021-10-15"


@pytest.mark.parametrize(
    ("act", "form", "said"),
    [
        ("request", {"due": "2021-10-22", "note": " "}, "请写明申请延期的理由"),
        ("request", {"due": "", "note": "公示"}, "请写明希望延至的日期"),
        ("request", {"due": "下周", "note": "公示"}, "日期请写成 2021-10-15 的形式"),
        ("request", {"due": "2021-10-15", "note": "公示"}, "延期后的截止日 2021-10-15 应晚于现行截止日 2021-10-15"),
        ("send", {"day": "2021-10-13", "note": "公示"}, "日期 2021-10-13 还没有到"),
        ("send", {"day": "2021-10-12", "copies": "-1", "note": "公示"}, "份数请填数字"),
        ("send", {"day": "2021-10-12", "courier": "字" * 101, "note": "公示"}, "寄送方式请在100字以内"),
        ("nil", {"note": "字" * 2001}, "说明请在2000字以内"),
    ],
)
def test_a_refusal_shows_the_form_again_with_what_was_typed(
    desk: Desk, act: str, form: dict[str, str], said: str
) -> None:
    answer = post(desk.clerk(), f"{UNIT}/report/{act}", **form)
    assert (answer.status_code, said in text_of(answer.text)) == (400, True)
    assert all(value in html.unescape(answer.text) for value in form.values())
    assert desk.stands() == "pending due 2021-10-15"


def test_markup_and_control_characters_do_no_harm(desk: Desk) -> None:
    wild = "<b onclick=x>\x00\u202e理由"
    again = post(desk.clerk(), f"{UNIT}/report/request", due="", note=wild)
    assert ("<b onclick" in again.text, again.status_code) == (False, 400)
    post(desk.clerk(), f"{UNIT}/report/request", due="2021-10-22", note=wild)
    assert desk.last()[2]["note"] == "<b onclick=x>理由"
    page = desk.coordinator.get("/extensions").text
    assert ("<b onclick" in page, "&lt;b onclick=x&gt;理由" in page) == (False, True)


def test_what_is_only_electronic_is_not_posted(desk: Desk) -> None:
    answer = desk.clerk().get(f"{UNIT}/photos/send")
    assert (answer.status_code, "该材料没有纸质件，无须寄送" in answer.text) == (400, True)


def test_a_coordinator_enters_what_an_envelope_shows(desk: Desk) -> None:
    assert post(desk.coordinator, f"{UNIT}/report/send", day="2021-10-11").status_code == 303
    name, by, said = desk.last()
    assert (name, by, said["person"]) == ("sent", "issuer", "coordinator@me.example")


def test_others_have_no_such_doors(desk: Desk) -> None:
    statuses = {
        (who, act): post(client, f"{UNIT}/report/{act}", due="2021-10-22", note="x", day="2021-10-12").status_code
        for who, client in (("bb", desk.clerk("bb")), ("supervisor", desk.client((Hat.SUPERVISOR, "prov"))))
        for act in ("send", "request", "nil", "withdraw", "acknowledge")
    }
    assert set(statuses.values()) == {403}
    for act in ("extend", "refuse", "waive", "reopen"):
        assert post(desk.clerk(), f"{ISSUER}/report/{act}", due="2021-10-22", note="x").status_code == 403
    assert desk.clerk().get("/extensions").status_code == 403
    assert desk.stands() == "pending due 2021-10-15"


def test_the_issuer_acts_on_one(desk: Desk) -> None:
    office = desk.coordinator
    page = office.get(ISSUER).text
    for act in ("extend", "waive", "receive"):
        assert f'href="{ISSUER}/report/{act}"' in page
    assert f'href="{ISSUER}/report/reopen"' not in page
    assert post(office, f"{ISSUER}/report/waive", note="合并编报").headers["location"] == ISSUER
    assert desk.stands() == "waived due 2021-10-15"
    assert f'href="{ISSUER}/report/reopen"' in office.get(ISSUER).text
    refused = post(office, f"{ISSUER}/report/reopen", due="2021-10-20", note="")
    assert (refused.status_code, "请写明重新打开的理由" in refused.text, "2021-10-20" in refused.text) == (
        400,
        True,
        True,
    )
    assert post(office, f"{ISSUER}/report/reopen", due="2021-10-20", note="另行编报").status_code == 303
    assert desk.stands() == "returned due 2021-10-20"
    assert post(office, f"{ISSUER}/report/extend", due="2021-10-29", note="").status_code == 303
    assert "现定10月29日（周五），原定10月20日（周三）。" in office.get(f"{ISSUER}/report/extend").text


def test_whoever_only_looks_is_offered_nothing(desk: Desk) -> None:
    page = desk.client((Hat.SUPERVISOR, "prov")).get(ISSUER).text
    assert ("总结" in page, "/report/extend" in page, "办理" in page) == (True, False, False)


def test_a_request_is_answered_where_it_was_found(desk: Desk) -> None:
    office = desk.coordinator
    asks(desk, "aa", "report", "2021-10-22")
    assert 'href="/extensions"' in office.get("/tasks").text
    at_unit = text_of(office.get(ISSUER).text)
    assert ("准予延期 不予延期 免报 登记收到纸质件" in at_unit, at_unit.count("不予延期")) == (True, 1)
    words = text_of(office.get("/extensions").text)
    assert "1项延期申请等待答复。" in words
    assert "aa市 总结 10月15日 周五 10月22日 周五 公示期未满 10月12日 10:00 clerk@aa.example 准予 不予" in words
    form = office.get(f"{ISSUER}/report/extend?back=%2Fextensions").text
    assert ('value="2021-10-22"' in form, "单位申请延至10月22日（周五），理由：公示期未满。" in form) == (True, True)
    answer = post(office, f"{ISSUER}/report/extend", due="2021-10-20", note="请抓紧", back="/extensions")
    assert (answer.headers["location"], desk.stands()) == ("/extensions", "pending due 2021-10-20")
    assert "没有待答复的延期申请。" in office.get("/extensions").text
    # asked anew: the first day stays in sight
    asks(desk, "aa", "report", "2021-10-29")
    assert "10月20日 周三 原定10月15日 周五 10月29日 周五" in text_of(office.get("/extensions").text)
    assert post(office, f"{ISSUER}/report/refuse", note="不再延期").headers["location"] == ISSUER
    assert (desk.last()[0], desk.stands()) == ("extension_refused", "pending due 2021-10-20")
    late = post(office, f"{ISSUER}/report/refuse", note="不再延期")
    assert (late.status_code, "没有待答复的延期申请" in late.text) == (400, True)


def test_nobody_is_led_elsewhere(desk: Desk) -> None:
    answer = post(desk.coordinator, f"{ISSUER}/report/extend", due="2021-10-20", back="//evil.example/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


BULK = f"/notices/{NOTICE.id}/extensions"


def test_several_are_answered_at_once_after_their_names_were_shown(desk: Desk) -> None:
    office = desk.coordinator
    asks(desk, "aa", "report", "2021-10-22")
    asks(desk, "bb", "report", "2021-10-25")
    asks(desk, "bb", "photos", "2021-10-25")
    page = office.get(f"{BULK}?answer=grant&chosen=aa/report&chosen=bb/report")
    words = text_of(page.text)
    assert "准予延期（2项）" in words
    assert (
        "共 2 项： aa市“总结”（现定10月15日 周五，申请延至10月22日 周五） "
        "bb市“总结”（现定10月15日 周五，申请延至10月25日 周一）" in words
    )
    answer = post(office, f"{BULK}/grant", chosen=["aa/report", "bb/report"], due="", note="同意")
    assert (answer.status_code, answer.headers["location"]) == (303, "/extensions?done=2")
    assert (desk.stands("aa"), desk.stands("bb")) == ("pending due 2021-10-22", "pending due 2021-10-25")
    answer = post(office, f"{BULK}/refuse", chosen="bb/photos", note="按期报送")
    assert (answer.status_code, desk.stands("bb", "photos")) == (303, "pending due 2021-10-15")
    again = office.get(f"{BULK}?answer=grant&chosen=bb/photos")
    assert (again.status_code, "所选的申请已经答复或失效" in again.text) == (400, True)


@pytest.mark.parametrize(
    ("answer", "form", "said"),
    [
        ("grant", {"chosen": ["aa/report", "bb/report"], "due": "2021-10-15"}, "有2项不能办理，全部未办：aa市“总结”"),
        ("grant", {"chosen": ["aa/report", "bb/photos"], "due": ""}, "有的已经答复或失效，请刷新后再办"),
        ("grant", {"chosen": [], "due": ""}, "请先勾选要答复的申请"),
        ("grant", {"chosen": ["aa/report", "aa"], "due": ""}, "请先勾选要答复的申请"),
        ("grant", {"chosen": ["aa/report"], "due": "明天"}, "日期请写成 2021-10-15 的形式"),
        ("refuse", {"chosen": ["aa/report", "bb/report"], "note": ""}, "请写明不予延期的理由"),
    ],
)
def test_all_or_none_is_answered(desk: Desk, answer: str, form: dict[str, Any], said: str) -> None:
    asks(desk, "aa", "report", "2021-10-22")
    asks(desk, "bb", "report", "2021-10-25")
    found = post(desk.coordinator, f"{BULK}/{answer}", **form)
    assert (found.status_code, said in text_of(found.text)) == (400, True)
    assert (desk.stands("aa"), desk.stands("bb")) == ("pending due 2021-10-15",) * 2
    with reading(desk.engine) as session:
        assert len(waiting(session, EVERYTHING)) == 2


def test_what_waits_is_told_in_scope(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine, tmp_path)
    asks(desk, "bb", "photos", "2021-10-25")
    asks(desk, "aa", "report", "2021-10-22")
    asks(desk, "bb", "photos", "2021-10-26", note="再延一天")
    with reading(engine) as session:
        found = waiting(session, Scope(issuers=frozenset({"prov"})))
        assert [(one.unit_id, one.deliverable, one.day_wanted.isoformat(), one.reason) for one in found] == [
            ("aa", "report", "2021-10-22", "公示期未满"),
            ("bb", "photos", "2021-10-26", "再延一天"),
        ]
        assert waiting(session, Scope(issuers=frozenset({"bb"}))) == []
    with pytest.raises(ManyRefused), writing(engine) as session:
        grant_wanted(session, NOTICE.id, [("aa", "report")], due=at("2021-10-14 00:00").date(), now=at(desk.now))
    with writing(engine) as session:
        done = grant_wanted(session, NOTICE.id, [("aa", "report"), ("bb", "photos")], due=None, now=at(desk.now))
    assert (len(done), desk.stands("aa"), desk.stands("bb", "photos")) == (
        2,
        "pending due 2021-10-22",
        "pending due 2021-10-26",
    )
