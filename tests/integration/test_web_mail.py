"""The mailbox: what was truly received, what was not sent and why; and the demo's clock that makes more of it."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from duban.bootstrap import CLOCK_OFFSET, Duban, mark_demo, open_duban
from duban.clock import real_now
from duban.domain.terms import MailKind
from duban.services.delivering import Sender
from duban.services.replaying import begin, live_through
from duban.settings import Settings
from factories import at, deliverable, notice, on, roster, stage, unit
from models.outbox import mails
from models.session import reading, writing
from models.setting import put_setting, setting
from notifications.local_server import LocalServer
from notifications.outcome import Failed, Outcome
from notifications.post import Rehearsal
from web_season import Client, Stopped, client_of

NOTICE = notice(stage(on("2021-10-15"), deliverable("report"), deliverable("table"), name="one"))
START = at("2021-09-24 10:00")


@dataclass
class Office:
    """An installation with its own mail server."""

    duban: Duban
    server: LocalServer

    @property
    def client(self) -> Client:
        return client_of(self.duban)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two cities, published and lived through until 12 October, every mail by SMTP into the Maildir."""
    settings = Settings(_env_file=None, data_dir=tmp_path, mail_port=0)
    with LocalServer(settings.maildir) as server:
        duban = mark_demo(open_duban(settings.model_copy(update={"mail_port": server.port})))
        begin(duban.engine, NOTICE, roster(unit("aa", "clerk", "chief"), unit("bb", "clerk", order=2)), at=START)
        live_through(duban.engine, NOTICE, [], duban.sender(), start=START, until=at("2021-10-12 09:30"))
        yield Office(replace(duban, clock=Stopped(shows=at("2021-10-12 09:30"))), server)
        duban.engine.dispose()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def test_a_mail_is_read_as_it_was_received(office: Office) -> None:
    client = office.client
    page = client.get("/mail/1").text
    words = text_of(page)
    assert "以下是本机邮箱实际收到的邮件" in words
    assert "收件人 clerk <clerk@aa.example>" in words
    assert "时间 2021年9月24日 周五 10:00" in words
    assert "因何而发 2 项 aa市 report 通知 · 期限10月15日 周五 · 第1轮 · 待报送单位办理" in words
    assert "日历附件 10月15日 周五" in words
    assert "X-Envelope-To clerk@aa.example" in words
    assert "Message-ID" in words
    assert '<iframe class="w700" src="/mail/1/html" sandbox title="邮件正文"></iframe>' in page
    assert '<iframe class="w390"' in client.get("/mail/1?width=390").text
    assert '<iframe class="w700"' in client.get("/mail/1?width=123456").text


def test_the_text_of_a_mail_is_shut_in(office: Office) -> None:
    answer = office.client.get("/mail/1/html")
    assert answer.headers["content-security-policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )
    assert "关于测试的通知" in answer.text


def test_the_calendar_file_can_be_kept(office: Office) -> None:
    answer = office.client.get("/mail/1/calendar")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="duban-1.ics"'
    assert "BEGIN:VEVENT" in answer.text
    reminders = office.client.get("/mail?kind=reminder&person=clerk@aa.example").text
    first = re.findall(r'href="(/mail/\d+)"', reminders)[0]
    assert office.client.get(f"{first}/calendar").status_code == 404


def subjects(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'<a class="subject" href="/mail/\d+">(.*?)</a>', page)]


def test_the_list_is_narrowed_by_kind_person_day_and_words(office: Office) -> None:
    client = office.client
    everything = client.get("/mail").text
    assert "共 7 封" in text_of(everything)
    assert text_of(everything).index("10月12日 周二") < text_of(everything).index("9月24日 周五")
    assert len(subjects(client.get("/mail?kind=notice").text)) == 3
    assert len(subjects(client.get("/mail?person=clerk@bb.example").text)) == 3
    assert len(subjects(client.get("/mail?day=2021-10-12").text)) == 2
    assert len(subjects(client.get("/mail?q=bb市&kind=reminder").text)) == 2
    assert "没有符合条件的邮件。" in client.get("/mail?q=nothing-like-this").text
    assert "没有符合条件的邮件。" in client.get("/mail?kind=nothing").text
    assert len(subjects(client.get("/mail?day=not-a-day").text)) == 7


class Refusing(Rehearsal):
    """A carrier whose every mail is refused."""

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        return Failed(reason=f"550 没有这个邮箱 {to}", permanent=True)


def test_what_was_not_sent_is_there_with_its_reason(office: Office) -> None:
    refusing = Sender(name="test", carrier=Refusing(), account="duban@duban.invalid")
    live_through(office.duban.engine, NOTICE, [], refusing, start=at("2021-10-12 10:00"), until=at("2021-10-14 09:30"))
    with reading(office.duban.engine) as session:
        failed = [mail.id for mail in mails(session) if mail.state == "failed"]
    assert len(failed) == 2
    client = client_of(replace(office.duban, clock=Stopped(shows=at("2021-10-14 09:30"))))
    assert "▲ 未送达 550 没有这个邮箱 clerk@aa.example" in text_of(client.get("/mail?state=failed").text)
    words = text_of(client.get(f"/mail/{failed[0]}").text)
    assert "说明 550 没有这个邮箱 clerk@aa.example" in words
    assert "以下是发出时存档的正文。本机邮箱没有收到这封邮件。" in words
    assert "邮件未送达 2" in text_of(client.get("/").text)


def test_a_mail_that_waits_has_no_text_yet(office: Office) -> None:
    with writing(office.duban.engine) as session:
        waiting = mails(session)[0]
        waiting.state, waiting.subject, waiting.html, waiting.text = "pending", "", "", ""
        waiting.message_id = "<never@duban.invalid>"
        session.add(waiting)
    client = office.client
    assert "（发送时成文）" in text_of(client.get("/mail?state=pending").text)
    assert "这封邮件还没有发出，正文在发送时生成。" in text_of(client.get(f"/mail/{waiting.id}").text)
    assert client.get(f"/mail/{waiting.id}/html").status_code == 404


def test_without_a_local_server_the_text_as_it_left_is_shown(office: Office, tmp_path: Path) -> None:
    elsewhere = office.duban.settings.model_copy(update={"data_dir": tmp_path / "elsewhere"})
    client = client_of(replace(office.duban, settings=elsewhere))
    assert "这里是发件箱存档" in client.get("/mail").text
    words = text_of(client.get("/mail/1").text)
    assert "以下是发出时存档的正文。" in words
    assert "本机邮箱" not in words
    assert "关于测试的通知" in client.get("/mail/1/html").text


def test_fifty_mails_make_a_page(tmp_path: Path) -> None:
    duban = mark_demo(open_duban(Settings(_env_file=None, data_dir=tmp_path)))
    rehearsal = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid")
    cities = roster(*(unit(f"c{n}", "clerk", order=n) for n in range(60)))
    begin(duban.engine, NOTICE, cities, at=START)
    live_through(duban.engine, NOTICE, [], rehearsal, start=START, until=START)
    client = client_of(replace(duban, clock=Stopped(shows=START)))
    first, second = client.get("/mail").text, client.get("/mail?kind=notice&page=2").text
    assert (len(subjects(first)), len(subjects(second))) == (50, 10)
    assert 'href="/mail?page=2" rel="next"' in first
    assert 'href="/mail?kind=notice&amp;page=1" rel="prev"' in second
    duban.engine.dispose()


OURS = {"sec-fetch-site": "same-origin"}


def test_the_clock_goes_to_the_next_working_day_and_each_mail_is_said_on_its_own(office: Office) -> None:
    client = office.client
    answer = client.post("/demo/clock", data={"step": "workday", "back": "/mail?kind=reminder"}, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mail?kind=reminder")
    assert "演示时钟 2021年10月13日 周三 09:00" in text_of(client.get("/").text)
    for _ in range(2):
        client.post("/demo/clock", data={"step": "workday"}, headers=OURS)
    client.post("/demo/clock", data={"step": "day"}, headers=OURS)
    assert "演示时钟 2021年10月16日 周六 09:00" in text_of(client.get("/").text)
    client.post("/demo/clock", data={"step": "workday"}, headers=OURS)
    assert "演示时钟 2021年10月18日 周一 09:00" in text_of(client.get("/").text)
    client.post("/demo/clock", data={"step": "hour"}, headers=OURS)
    assert "演示时钟 2021年10月18日 周一 10:00" in text_of(client.get("/").text)
    said = text_of(client.get("/mail?person=clerk@aa.example").text)
    days = re.findall(r"(\d+月\d+日 周.) \d+:\d\d ✉ (\S+)", said)
    assert days == [
        ("10月18日 周一", "逾期催报"),
        ("10月15日 周五", "报送提醒"),
        ("10月14日 周四", "报送提醒"),
        ("10月12日 周二", "报送提醒"),
        ("9月30日 周四", "报送提醒"),
        ("9月24日 周五", "通知"),
    ]
    assert office.client.get("/mail/1").status_code == 200


def test_a_clock_moved_by_another_process_is_followed(office: Office) -> None:
    offset = (at("2021-11-01 08:00") - real_now()).total_seconds()
    with writing(office.duban.engine) as session:
        put_setting(session, CLOCK_OFFSET, str(offset))
    assert "演示时钟 2021年11月1日 周一 08:00" in text_of(office.client.get("/").text)


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}, {"origin": "null"}]
)
def test_a_foreign_page_cannot_move_the_clock(office: Office, headers: dict[str, str]) -> None:
    answer = office.client.post("/demo/clock", data={"step": "day"}, headers=headers)
    assert answer.status_code == 403
    assert "没有任何改动。" in answer.text
    with reading(office.duban.engine) as session:
        assert setting(session, CLOCK_OFFSET) is None


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "x"])
def test_the_way_back_is_never_another_host(office: Office, back: str) -> None:
    answer = office.client.post("/demo/clock", data={"step": "hour", "back": back}, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_clock_goes_forward_only_and_only_in_the_demo(office: Office) -> None:
    assert office.client.post("/demo/clock", data={"step": "year"}, headers=OURS).status_code == 404
    assert office.client.get("/demo/clock").status_code == 405
    real = client_of(replace(office.duban, is_demo=False))
    assert real.post("/demo/clock", data={"step": "day"}, headers=OURS).status_code == 404


def test_every_kind_of_mail_has_its_chip() -> None:
    from duban.web.chip import kind_tone

    assert {kind.value: kind_tone(kind) for kind in MailKind} == {
        "notice": "sent",
        "reminder": "soon",
        "overdue": "late",
        "escalation": "late",
        "returned": "soon",
        "received": "done",
        "date_changed": "sent",
        "summary": "sent",
        "link": "sent",
        "trial": "sent",
        "weekly": "sent",
    }
