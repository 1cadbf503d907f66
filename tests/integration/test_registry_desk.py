"""The registry desk, and papers for units: by code, by name, unannounced, corrected; in scope only."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.domain.access import Grant, Subject
from duban.domain.errors import ManyRefused, NotFound
from duban.domain.terms import Hat
from duban.services import registry
from duban.services.intake import Asked
from duban.services.registering import Arrived, Envelope, register
from factories import at
from models.session import make_engine, reading, writing
from registry_season import NOTICE, Desk, post

RECEIVE = f"/notices/{NOTICE.id}/units/aa/report/receive"
COORDINATOR = Subject(grants=(Grant(hat=Hat.COORDINATOR, unit="prov"),))
REVIEWER = Subject(grants=(Grant(hat=Hat.REVIEWER, unit="prov"),))
STRANGER = Subject(grants=(Grant(hat=Hat.COORDINATOR, unit="bb"), Grant(hat=Hat.CLERK, unit="aa")))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    engine = installed(make_engine("sqlite://"))
    yield Desk(engine, tmp_path)
    engine.dispose()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def told(found: list[registry.Paper]) -> list[tuple[str, str, str, str]]:
    return [(one.unit_id, one.deliverable, one.told, one.tracked.words) for one in found]


def test_what_is_under_way_and_what_has_come_today(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine, tmp_path)
    desk.does("send", "bb", "award", moment="2021-10-11 09:00", courier="顺丰", number="SF1", copies=1)
    desk.does("send", "aa", "report", moment="2021-10-11 10:00")
    desk.does("receive", "aa", "award", moment="2021-10-11 23:59")
    desk.does("receive", "bb", "report", moment="2021-10-12 00:00", copies=2, seal_seen=False)
    now = at("2021-10-12 10:00")
    for subject in (COORDINATOR, REVIEWER):
        with reading(engine) as session:
            assert told(registry.under_way(session, subject)) == [
                ("bb", "award", "10月11日寄出，顺丰 SF1，1份", "纸质件待收"),
                ("aa", "report", "10月11日寄出", "只寄出纸质件"),
            ]
            today = registry.registered_today(session, subject, now=now)
            assert told(today) == [("bb", "report", "10月12日收到，2份，未见盖章", "只到纸质件")]
            assert today[0].at == at("2021-10-12 00:00")
    with reading(engine) as session:
        assert registry.under_way(session, STRANGER) == registry.registered_today(session, STRANGER, now=now) == []
    # nobody waits for the paper of what is waived
    desk.does("waive", "aa", "report")
    with reading(engine) as session:
        assert [one.unit_id for one in registry.under_way(session, COORDINATOR)] == ["bb"]


@pytest.mark.parametrize(
    ("words", "units"),
    [
        ("aa", ["aa report", "aa award", "aa cases"]),
        ("aa 测试", ["aa report", "aa award", "aa cases"]),
        ("AA  测[2021]1号", ["aa report", "aa award", "aa cases"]),
        ("测（2021）1号", ["aa report", "aa award", "aa cases", "bb report", "bb award", "bb cases"]),
        ("%", []),
        ("aa 别的通知", []),
        (" ", []),
    ],
)
def test_words_find_what_goes_by_post(engine: Engine, tmp_path: Path, words: str, units: list[str]) -> None:
    Desk(engine, tmp_path)
    with reading(engine) as session:
        found = registry.search(session, COORDINATOR, words)
        assert [f"{one.unit_id} {one.deliverable}" for one in found] == units
        assert registry.search(session, REVIEWER, words) == found
        assert registry.search(session, STRANGER, words) == []


def test_a_code_leads_to_its_material_and_no_other_desk(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine, tmp_path)
    code = desk.code()
    with reading(engine) as session:
        assert registry.behind(session, COORDINATOR, code) == Asked(notice=NOTICE.id, unit="aa", deliverable="report")
        refusals = []
        for subject, typed in ((STRANGER, code), (COORDINATOR, "2222222")):
            with pytest.raises(NotFound) as lost:
                registry.behind(session, subject, typed)
            refusals.append(str(lost.value).replace(typed, "CODE"))
    assert refusals == ["没有编号为“CODE”的材料，请核对编号"] * 2


def test_an_envelope_is_registered_whole_or_not_at_all(engine: Engine, tmp_path: Path) -> None:
    desk = Desk(engine, tmp_path)
    desk.does("waive", "aa", "award")
    arrived = (Arrived(deliverable="report", copies=2, seal_seen=True), Arrived(deliverable="award"))
    envelope = Envelope(notice=NOTICE.id, unit="aa", arrived=arrived)
    with pytest.raises(ManyRefused) as refused, writing(engine) as session:
        register(session, envelope, by_person="desk@prov.example", now=at(desk.now))
    assert str(refused.value).startswith("有1项不能办理，全部未办：aa市“推荐表”：不能登记收到：")
    assert desk.stands() == "pending due 2021-10-15"


def test_the_code_field_leads_to_the_envelope(desk: Desk) -> None:
    client, code = desk.coordinator, desk.code()
    shown = f"{code[:3]}-{code[3:].lower()}"
    for asked in (f"code={code}", f"q={shown}", f"q=https%3A%2F%2Fduban.example%2Fregistry%3Fcode%3D{code}"):
        answer = client.get(f"/registry?{asked}")
        assert (answer.status_code, answer.headers["location"]) == (303, RECEIVE)
    wrong = client.get(f"/registry?q={code[::-1]}")
    assert (wrong.status_code, f"没有编号为“{code[::-1]}”的材料" in wrong.text) == (404, True)
    found = client.get("/registry?q=aa")
    assert (found.status_code, "查找结果 3 项" in text_of(found.text)) == (200, True)
    assert "autofocus" in found.text


def test_a_whole_envelope_by_one_form(desk: Desk) -> None:
    client = desk.coordinator
    desk.does("send", courier="EMS", number="E9", copies=2)
    page = text_of(client.get(RECEIVE).text)
    assert "aa市 关于bb等市测试的通知（测〔2021〕1号） 核对信封内的材料" in page
    assert "● 已寄出 纸质一式两份（盖章） → 省厅职成处 北京大街62号（邮编130051） 10月12日寄出，EMS E9，2份" in page
    # what goes to the same office and is not here yet may lie beside it
    assert ("推荐表" in page, "案例" in page, "照片" in page) == (True, True, False)
    answer = post(
        client,
        RECEIVE,
        taken=["report", "award"],
        deliverable_of=["report", "award", "cases"],
        copies=["2", "１", ""],
        seal=["no", "", ""],
        day="2021-10-11",
        note="信封破损",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/registry?done=2")
    assert (desk.stands(), desk.stands(deliverable="award"), desk.stands(deliverable="cases")) == (
        "pending due 2021-10-15 [-r]",
        "submitted due 2021-10-15 [r]",
        "pending due 2021-12-10",
    )
    name, by, said = desk.last()
    assert (name, by) == ("received", "issuer")
    assert {key: said[key] for key in ("person", "tracks", "day", "copies", "note")} == {
        "person": "coordinator@me.example",
        "tracks": [0],
        "day": "2021-10-11",
        "copies": 1,
        "note": "信封破损",
    }
    back = text_of(client.get("/registry?done=2").text)
    assert "已登记收到 2 项。请扫下一个编号。" in back
    assert "今日已登记 2 项" in back
    assert "10月11日收到，2份，未见盖章" in back
    assert "只到纸质件" in text_of(client.get(RECEIVE).text)


def test_a_second_time_corrects_the_first(desk: Desk) -> None:
    client = desk.coordinator
    form = {"taken": "report", "deliverable_of": "report", "seal": "no", "day": "2021-10-12"}
    post(client, RECEIVE, **form, copies="1")
    assert "再次登记，即以这一次的日期、份数和盖章情况为准" in client.get(RECEIVE).text
    post(client, RECEIVE, **form | {"seal": "yes"}, copies="2")
    assert "10月12日收到，2份，已盖章" in client.get(RECEIVE).text
    assert desk.stands() == "pending due 2021-10-15 [-r]"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"taken": []}, "请勾选信封内的材料"),
        ({"copies": "两"}, "份数请填数字"),
        ({"copies": "0"}, "aa市“总结”：份数应为1或以上"),
        ({"day": "昨天"}, "收到日期请写成 2021-10-15 的形式"),
        ({"day": "2021-10-13"}, "日期 2021-10-13 还没有到"),
        ({"note": "字" * 2001}, "备注请在2000字以内"),
        ({"copies": ["1", "2"]}, "页面已变动，请刷新后再登记"),
        ({"taken": "photos", "deliverable_of": "photos"}, "该材料没有纸质件，无须寄送"),
        ({"taken": "nothing", "deliverable_of": "nothing"}, "aa 没有材料 nothing"),
    ],
)
def test_what_cannot_be_registered_shows_the_form_again(desk: Desk, change: dict[str, object], said: str) -> None:
    form = {"taken": "report", "deliverable_of": "report", "copies": "2", "seal": "yes", "day": "2021-10-12"}
    answer = post(desk.coordinator, RECEIVE, **form | {"note": "两个信封"} | change)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    if "note" not in change and change.get("copies") != ["1", "2"]:
        assert "两个信封" in answer.text
    assert desk.stands() == "pending due 2021-10-15"


def test_whoever_reviews_registers_too(desk: Desk) -> None:
    client = desk.client((Hat.REVIEWER, "prov"))
    form = {"taken": "report", "deliverable_of": "report", "copies": "2", "seal": "", "day": "2021-10-12"}
    assert post(client, RECEIVE, **form).headers["location"] == "/registry?done=1"
    assert (desk.last()[:2], desk.stands()) == (("received", "issuer"), "pending due 2021-10-15 [-r]")


def test_a_unit_whose_name_fits_comes_before_a_title_that_fits(engine: Engine, tmp_path: Path) -> None:
    Desk(engine, tmp_path)
    with reading(engine) as session:
        found = registry.search(session, COORDINATOR, "bb")
    assert [one.unit_id for one in found] == ["bb", "bb", "bb", "aa", "aa", "aa"]


def test_what_has_no_paper_has_no_form(desk: Desk) -> None:
    page = desk.coordinator.get(RECEIVE.replace("report", "photos")).text
    assert ("照片没有纸质件，无须登记。" in page, 'name="deliverable_of" value="photos"' in page) == (True, False)


def test_blank_forms_are_for_those_who_see_the_notice(desk: Desk) -> None:
    at_form = f"/notices/{NOTICE.id}/forms"
    answer = desk.clerk().get(f"{at_form}/table.xlsx")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert answer.headers["content-disposition"].endswith(
        "UTF-8''%E9%99%84%E8%A1%A81%20%E6%B1%87%E6%80%BB%E8%A1%A8.xlsx"
    )
    statuses = {path: desk.clerk().get(f"{at_form}/{path}").status_code for path in ("none.xlsx", "table.exe")}
    assert statuses == {"none.xlsx": 404, "table.exe": 404}
    assert desk.client((Hat.CLERK, "prov")).get(f"{at_form}/table.xlsx").status_code == 403


def test_a_cover_for_each_envelope(desk: Desk) -> None:
    clerk, at_unit = desk.clerk(), f"/units/aa/notices/{NOTICE.id}"
    page = clerk.get(f"{at_unit}/cover")
    code = desk.code()
    words = text_of(page.text)
    assert (page.status_code, f"{code[:3]}-{code[3:]}" in words) == (200, True)
    assert '<link rel="stylesheet" href="/static/papers.css">' in page.text
    assert ("总结" in words, "推荐表" in words, "案例" in words) == (True, True, False)
    assert "10-15前（系统按10月15日 周五 24时计）" in words
    assert "电话：555" in words
    assert "案例" in clerk.get(f"{at_unit}/slip?of=cases").text
    # what has arrived goes into no envelope
    desk.does("receive", deliverable="report")
    left = text_of(clerk.get(f"{at_unit}/cover").text)
    assert ("总结" in left, "推荐表" in left) == (False, True)
    gone = clerk.get(f"{at_unit}/cover?of=report")
    assert (gone.status_code, "没有需要寄送的纸质件" in gone.text) == (404, True)
    assert desk.clerk("bb").get(f"{at_unit}/cover").status_code == 403
    style = desk.client().get("/static/papers.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_the_address_in_the_code_is_where_people_reach_the_pages(desk: Desk) -> None:
    bare = desk.clerk().get(f"/units/aa/notices/{NOTICE.id}/cover").text
    addressed_as = desk.duban.settings.model_copy(update={"base_url": "http://duban.example/"})
    desk.duban = replace(desk.duban, settings=addressed_as)
    addressed = desk.clerk().get(f"/units/aa/notices/{NOTICE.id}/cover").text
    qr = re.compile(r'viewBox="0 0 (\d+)')
    # a whole address needs more squares than seven characters
    assert int(qr.findall(addressed)[0]) > int(qr.findall(bare)[0])
