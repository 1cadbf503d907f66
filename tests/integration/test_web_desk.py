"""The desk by its pages: looking before pressing, taking back, holding, noting, many at once, taking away."""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from conftest import installed
from duban.bootstrap import Duban
from duban.domain.terms import Act, Hat
from duban.services.acting import Request, act
from duban.services.closing import close
from duban.services.delivering import Sender, deliver
from duban.services.planning import plan
from duban.services.replaying import begin
from factories import at, deliverable, notice, on, people, roster, stage, unit
from models.event import chain
from models.outbox import mails
from models.session import make_engine, reading, writing
from models.task import tasks_of
from notifications.post import Rehearsal
from web_season import Client, Stopped, come_in, installation, stranger_of

NOTICE = notice(
    stage(on("2021-10-15"), deliverable("report") | {"name": "总结"}, deliverable("photos") | {"name": "=照片"})
)
AT = f"/notices/{NOTICE.id}"
NOW = "2021-10-13 10:00"
ME = "zhang@prov.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Duban]:
    """Three cities; ``aa`` has handed in its report; nobody was reminded today."""
    engine = installed(make_engine("sqlite://"))
    units = roster(unit("aa", "clerk", "chief"), unit("bb", "clerk", order=2), unit("cc", order=3))
    begin(engine, NOTICE, units, at=at("2021-09-24 10:00"))
    sends(engine, "2021-09-24 10:00")
    with writing(engine) as session:
        act(session, Request(notice=NOTICE.id, unit="aa", deliverable="report", act=Act.SUBMIT), now=at(NOW))
    sends(engine, NOW)
    made = installation(engine, tmp_path, now=NOW, is_demo=False)
    yield made
    engine.dispose()


def sends(engine: Any, moment: str) -> int:
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid")
    return deliver(engine, sender, now=at(moment), real_now=at(moment))


@pytest.fixture
def client(office: Duban) -> Client:
    return wearing(office, Hat.COORDINATOR, "prov", ME)


def client_at(office: Duban, moment: str, client: Client) -> Client:
    """The same person at another moment."""
    later = stranger_of(replace(office, clock=Stopped(shows=at(moment))))
    later.session = client.session
    return later


def wearing(office: Duban, hat: Hat, where: str, address: str) -> Client:
    found = stranger_of(office)
    found.session = come_in(office.engine, address, (hat, where))
    return found


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def posts(client: Client, path: str, **form: Any) -> Any:
    return client.post(f"{AT}{path}", data=form, headers={"sec-fetch-site": "same-origin"})


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found is not None
    return found[1]


def waiting(office: Duban, kind: str = "reminder") -> list[tuple[str, str]]:
    with reading(office.engine) as session:
        return [(mail.to_email, mail.state) for mail in mails(session) if mail.kind == kind]


def test_a_look_before_a_press(office: Duban, client: Client) -> None:
    page = posts(client, "/press/preview", chosen=["aa", "bb", "cc"], show="missing").text
    said = words(page)
    assert "发报送提醒 2 封" in said
    assert "确认后等候 60 秒发出，其间可以撤回" in said
    assert (
        "aa市 clerk 填报人 clerk@aa.example ✉ 报送提醒 =照片 看正文 【报送提醒·还有2个工作日】=照片，10月15日前｜aa市"
        in said
    )
    assert "10月14日 报送提醒" in said
    assert "这次不发 1 行 单位 原因 材料 cc市 没有可用的邮箱 总结、=照片" in said
    assert waiting(office) == []


def test_press_and_take_back(office: Duban, client: Client) -> None:
    key = key_of(posts(client, "/press/preview", chosen=["bb"], show="missing").text)
    answer = posts(client, "/press", chosen=["bb"], show="missing", key=key)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}/presses/1")
    assert posts(client, "/press", chosen=["bb"], show="missing", key=key).headers["location"] == f"{AT}/presses/1"
    page = words(client.get(f"{AT}/presses/1").text)
    assert "1 封邮件等候发出，最早 10:01:00" in page
    assert waiting(office) == [("clerk@bb.example", "pending")]
    unit_page = words(client.get(f"{AT}/units/bb").text)
    assert "✉ 报送提醒 致clerk（填报人） 总结、=照片 待发；zhang 人工发出" in unit_page
    assert "● 人工催办 发文机关 zhang" in unit_page
    assert f'<li title="{ME}">' in client.get(f"{AT}/units/bb").text
    assert "人工催办" not in words(client.get(f"{AT}/units/aa").text)
    assert posts(client, "/presses/1/undo").status_code == 303
    assert "已撤回 1 封邮件" in words(client.get(f"{AT}/presses/1").text)
    assert "这次催办已经撤回过" in words(posts(client, "/presses/1/undo").text)
    assert waiting(office) == [("clerk@bb.example", "cancelled")]


BULK = ("/press/preview", "/press", "/chosen/extend/look", "/chosen/return/look", "/chosen/waive/look", "/texts")


@pytest.mark.parametrize("door", BULK)
def test_with_nothing_ticked_the_same_ledger_comes_again_and_says_so(client: Client, door: str) -> None:
    filter_ = {"show": "missing", "view": "rows", "page": "1", "material": "report"}
    answer = posts(client, door, key="k" * 16, **filter_)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{AT}?show=missing&material=report&view=rows&done=nothing",
    )
    again = client.get(answer.headers["location"])
    assert '<p class="warning" role="alert">没有选中任何单位，请先勾选。</p>' in again.text
    assert (again.status_code, "仅列：" in words(again.text), "=照片" in words(again.text)) == (200, True, False)


def test_what_cannot_be_done_to_what_was_ticked_is_said_above_the_ledger(office: Duban, client: Client) -> None:
    told = {
        ("/chosen/return/look", "bb"): "所选材料中没有可以退回补正的：只有已报待审的可以退回。",
        ("/press", "cc"): "所选单位都不需要发邮件，没有发出。",
    }
    for (door, chosen), line in told.items():
        answer = posts(client, door, chosen=[chosen], show="missing", key="k" * 16)
        assert f'role="alert">{line}</p>' in client.get(answer.headers["location"]).text
    unseen = posts(client, "/press", chosen=["bb"])
    assert "请从台账勾选单位，核对后再发出。" in words(client.get(unseen.headers["location"]).text)
    with writing(office.engine) as session:
        close(session, NOTICE.id, now=at(NOW))
    ended = posts(client, "/press/preview", chosen=["bb"])
    assert "这份通知已办结归档，不再催办。" in words(client.get(ended.headers["location"]).text)
    assert waiting(office) == []


def test_a_test_goes_to_oneself_and_tells_nobody(office: Duban, client: Client) -> None:
    answer = posts(client, "/units/bb/trial")
    assert answer.headers["location"] == f"{AT}/units/bb?done=trial"
    assert "测试邮件已放入发件箱，只发给您本人。" in words(client.get(answer.headers["location"]).text)
    sends(office.engine, NOW)
    with reading(office.engine) as session:
        mail = mails(session)[-1]
    assert (mail.to_email, mail.state) == (ME, "sent")
    assert mail.subject.startswith("【测试】【报送提醒·还有2个工作日】总结等2项材料，10月15日前｜bb市")
    assert ("/u/" in mail.text, "这是一封测试邮件，只发给您本人" in mail.text) == (False, True)
    # it is not counted as said: the unit is reminded all the same
    assert "发报送提醒 1 封" in words(posts(client, "/press/preview", chosen=["bb"], show="missing").text)


def test_tomorrows_list_and_what_is_held(office: Duban, client: Client) -> None:
    page = words(client.get("/chase").text)
    assert "10月14日 周四将发提醒 3 封" in page
    answer = posts(client, "/hold", chosen=["bb/report"], reason="已寄到")
    assert answer.headers["location"].startswith("/chase?done=held")
    page = client.get(answer.headers["location"])
    assert "已标记勿催，记入单位的经过" in words(page.text)
    assert f"勿催：已寄到，10月13日 10:00 {ME}" in words(page.text)
    assert 'class="changed held"' in page.text
    assert "标记勿催 发文机关 总结 已寄到" in words(client.get(f"{AT}/units/bb").text)
    assert posts(client, "/lift", chosen=["bb/report"]).status_code == 303
    assert "勿催：" not in words(client.get("/chase").text)
    for door in ("/hold", "/lift"):
        answer = posts(client, door)
        assert answer.headers["location"] == "/chase?done=nothing&changed="
        assert "没有选中任何材料，请先勾选。" in words(client.get(answer.headers["location"]).text)


def test_nobody_is_told_not_to_remind_him_of_his_own_reviews(office: Duban, client: Client) -> None:
    """The report of ``aa`` waits for the province: on its due day it is 当日应审, and the way is to the review."""
    page = client_at(office, "2021-10-15 10:00", client).get("/chase").text
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*总结（prov市审核）(?:(?!</tr>).)*</tr>", page, re.DOTALL)
    assert row is not None
    assert ("当日应审" in row[0], '<a href="/reviews">去审核</a>' in row[0]) == (True, True)
    assert ("checkbox" in row[0], "勿催" in row[0], "逾期催报" in row[0]) == (False, False, False)
    assert page.count("已收到，勿催</button>") == page.count('type="checkbox" name="chosen"') > 0


def test_a_call_is_noted_and_settles_what_was_to_be_called(office: Duban, client: Client) -> None:
    plan(office.engine, now=at("2021-10-29 09:00"))
    page = client.get(f"{AT}/units/bb/note")
    assert "待办 2 项" in words(page.text)
    form = {"person": "李老师", "day": "2021-10-13", "hour": "09:10", "said": "本周五寄出", "settles": "yes"}
    for _ in range(2):
        answer = posts(client, "/units/bb/note", key=key_of(page.text), **form)
    assert answer.headers["location"] == f"{AT}/units/bb?done=noted#timeline"
    said = words(client.get(f"{AT}/units/bb").text)
    assert said.count("9:10 ☎ 通话 与李老师 本周五寄出，zhang 登记") == 1
    with reading(office.engine) as session:
        assert [task.done_at for task in tasks_of(session, NOTICE.id) if task.unit_id == "bb"] == [at(NOW)] * 2
        assert [event.name for event in chain(session)].count("telephoned") == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"person": " "}, "请填写通话人"),
        ({"said": ""}, "请填写通话内容"),
        ({"hour": "10:01"}, "通话时间不能晚于现在"),
        ({"hour": "晚上"}, "时间请写成 9:30 的形式"),
    ],
)
def test_half_a_note_is_refused(client: Client, change: dict[str, str], said: str) -> None:
    form = {"person": "李老师", "day": "2021-10-13", "hour": "10:00", "said": "好的", "key": "k"} | change
    answer = posts(client, "/units/bb/note", **form)
    assert (answer.status_code, said in words(answer.text)) == (400, True)


def test_later_days_for_many_after_a_look(office: Duban, client: Client) -> None:
    page = posts(client, "/chosen/extend/look", chosen=["bb", "cc"], show="missing").text
    assert "延期 4 项" in words(page)
    chosen = re.findall(r'name="chosen" value="([^"]+)"', page)
    assert chosen == ["bb/report", "bb/photos", "cc/report", "cc/photos"]
    answer = posts(client, "/chosen/extend", chosen=chosen, due="2021-10-22", note="公示期未满")
    assert answer.status_code == 303
    after = client.get(answer.headers["location"]).text
    assert (after.count('class="changed"'), "已延期，已发邮件告知单位" in after) == (4, True)
    with reading(office.engine) as session:
        assert [event.name for event in chain(session)].count("extended") == 4


def test_nothing_owed_and_sent_back(office: Duban, client: Client) -> None:
    page = posts(client, "/chosen/return/look", chosen=["aa", "bb"], show="all").text
    keys = re.findall(r'name="chosen" value="([^"]+)"', page)
    assert ("退回补正 1 项" in words(page), [key.rsplit("/", 1)[0] for key in keys]) == (True, ["aa/report"])
    refused = posts(client, "/chosen/return", chosen=keys, due="2021-10-20", note="")
    assert (refused.status_code, "请写明理由" in words(refused.text)) == (400, True)
    answer = posts(client, "/chosen/return", chosen=keys, due="2021-10-20", note="缺照片")
    assert client.get(answer.headers["location"]).text.count('class="changed"') == 1
    waived = posts(client, "/chosen/waive", chosen=["cc/report"], note="并入本级")
    assert "点错了可以重新打开" in words(client.get(waived.headers["location"]).text)
    none = posts(client, "/chosen/waive/look", chosen=["cc/report"], show="all")
    assert "没有可以免报的" in words(client.get(none.headers["location"]).text)


def test_what_was_replaced_meanwhile_is_not_sent_back(office: Duban, client: Client) -> None:
    page = posts(client, "/chosen/return/look", chosen=["aa/report"], show="all").text
    keys = re.findall(r'name="chosen" value="([^"]+)"', page)
    with writing(office.engine) as session:
        act(session, Request(notice=NOTICE.id, unit="aa", deliverable="report", act=Act.SUBMIT), now=at(NOW))
    refused = posts(client, "/chosen/return", chosen=keys, due="2021-10-20", note="缺照片")
    assert (refused.status_code, "单位已重新报送或撤回" in words(refused.text)) == (400, True)


def test_what_is_said_to_a_unit_is_its_own(client: Client) -> None:
    page = posts(client, "/texts", chosen=["aa", "bb"], show="missing").text
    texts = [html.unescape(text) for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]
    assert texts[0] == (
        "aa市 clerk，您好：\n"
        "《关于测试的通知》（测〔2021〕1号）中，贵单位下列材料尚待报送，特此提醒：\n"
        "1. =照片：10月15日（周五）前\n"
        "请按期报送。如已寄出，请告知；有困难，请与我们联系。\n"
        "prov市 clerk，电话555"
    )
    assert ("aa市" in texts[1], len(texts)) == (False, 2)


@pytest.mark.parametrize(
    "asked",
    [
        *("", "?show=all", "?show=missing&unit=bb", "?view=rows&show=review"),
        *("?show=all&under=bb", "?view=rows&show=all&material=photos", "?view=rows&show=all&step=issuer"),
    ],
)
def test_the_workbook_is_the_screen(client: Client, asked: str) -> None:
    answer = client.get(f"{AT}/ledger.xlsx{asked}")
    assert answer.headers["content-disposition"].startswith('attachment; filename="ledger.xlsx"')
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    table = [row for row in sheet.iter_rows(min_row=5, values_only=True) if str(row[0]).endswith("市")]
    page = client.get(f"{AT}{asked}").text
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert body is not None
    rows = [words(row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body[1], re.DOTALL)]
    assert [row.split(" ")[0] for row in rows] == [row[0] for row in table]
    for row, values in zip(rows, table, strict=True):
        said = [str(value).split("\n")[0].split("（")[0] for value in values[1:] if isinstance(value, str)]
        assert [word for word in said if word.removeprefix("'") not in row] == []
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


@pytest.mark.parametrize(
    ("filter_", "owed"),
    [
        ({}, ["aa/photos", "bb/photos", "bb/report", "cc/photos", "cc/report"]),
        ({"unit": "bb"}, ["bb/photos", "bb/report"]),
        ({"under": "bb"}, ["bb/photos", "bb/report"]),
        ({"material": "report"}, ["bb/report", "cc/report"]),
        ({"under": "bb", "material": "photos"}, ["bb/photos"]),
        ({"stage": "one"}, ["aa/photos", "bb/photos", "bb/report", "cc/photos", "cc/report"]),
    ],
)
def test_all_that_is_shown_is_no_more_than_the_filter(
    office: Duban, client: Client, filter_: dict[str, str], owed: list[str]
) -> None:
    """Whatever narrows the page narrows what is ticked on it: its form carries every word of the filter."""
    page = client.get(f"{AT}?{urlencode({'show': 'missing', **filter_})}").text
    form = re.search(r"<form class=\"picks\".*?</p>", page, re.DOTALL)
    assert form is not None
    hidden = dict(re.findall(r'type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', form[0]))
    assert hidden == {"show": "missing", "view": "matrix", "page": "1", **filter_}
    look = posts(client, "/chosen/waive/look", everything="yes", **hidden).text
    assert sorted(set(re.findall(r'name="chosen" value="(\w+/\w+)', look))) == owed


def test_the_page_says_what_alone_is_listed(client: Client) -> None:
    page = words(client.get(f"{AT}?show=all&under=bb&material=photos").text)
    assert "仅列：bb市及其下属单位，=照片 取消筛选" in page
    assert "仅列" not in client.get(AT).text
    assert client.get(f"{AT}?under=nobody").status_code == 404


def test_who_only_looks_has_nothing_to_tick(office: Duban) -> None:
    looker = wearing(office, Hat.SUPERVISOR, "prov", "chief@prov.example")
    page = looker.get(AT).text
    assert ('name="chosen"' in page, "导出 Excel" in page) == (False, True)
    assert posts(looker, "/press/preview", chosen=["bb"]).status_code == 403
    assert "次日催办" not in words(looker.get("/").text)


def test_the_morning_leads_to_each_thing_in_one_click(office: Duban, client: Client) -> None:
    page = client.get("/").text
    assert ("催办预览" in words(page), "核对次日催办名单" in words(page)) == (True, True)
    looked = posts(client, "/press/preview", everything="yes", show="near").text
    assert "发报送提醒 2 封" in words(looked)


def test_the_exit_of_mails(office: Duban, client: Client) -> None:
    posts(client, "/press", chosen=["bb"], show="missing", key="k")
    page = words(client.get("/mail").text)
    assert "发信正常。 ○ 待发 1 发信账号 情况 今日已发 今日还可发 duban@duban.invalid ✓ 可用 不计 不限" in page
    with reading(office.engine) as session:
        number = mails(session)[-1].id
    assert "还没有发出。不需要再发的，可以取消： 不再发送" in words(client.get(f"/mail/{number}").text)
    client.post(f"/mail/{number}/decide", data={"choice": "cancel"}, headers={"sec-fetch-site": "same-origin"})
    assert waiting(office) == [("clerk@bb.example", "cancelled")]


def test_one_person_of_two_units_is_named_with_both(tmp_path: Path) -> None:

    engine, shared = installed(make_engine("sqlite://")), people("aa", "clerk")
    begin(
        engine,
        NOTICE,
        roster(replace(unit("aa"), contacts=shared), replace(unit("bb", order=2), contacts=shared)),
        at=at("2021-09-24 10:00"),
    )
    office = installation(engine, tmp_path, now=NOW, is_demo=False)
    client = wearing(office, Hat.COORDINATOR, "prov", ME)
    assert "aa市、bb市 clerk 填报人" in words(posts(client, "/press/preview", everything="yes", show="missing").text)
    engine.dispose()
