"""What an operator does with the mails that wait, by command and on the pages; each act with its event."""

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from commands import DEFINITION, UNITS, Duban
from duban.bootstrap import Duban as Installation
from duban.bootstrap import open_duban
from duban.clock import real_reading
from duban.domain.errors import DubanError, InputRefused, NotFound
from duban.domain.jumps import Reading
from duban.services import mailroom
from duban.services.delivering import Sender, deliver
from duban.services.mailroom import Choice
from duban.services.pausing import paused
from duban.services.pulse import beat
from duban.services.replaying import begin
from duban.settings import Settings
from factories import at, notice, roster, unit
from models import AccountRow, MailRow, MailState
from models.event import chain, chain_is_whole
from models.outbox import mails
from models.session import reading, writing
from notifications.local_server import LocalServer
from notifications.outcome import Deferred, Failed, Outcome, Sent, Unknown
from notifications.post import AccountRefused, Rehearsal
from web_season import client_of, installation

START, LATER = at("2021-09-24 10:00"), at("2021-09-24 12:00")


@pytest.fixture
def waiting(engine: Engine) -> Engine:
    """Five notice mails in the outbox, one in each state that an operator meets; an account that is stopped."""
    cities = (unit("aa", "clerk", "chief"), unit("bb", "clerk", "chief", order=2), unit("cc", "clerk", order=3))
    begin(engine, notice(), roster(*cities), at=START)
    states = (MailState.PENDING, MailState.DEFERRED, MailState.FAILED, MailState.UNKNOWN, MailState.SENT)
    with writing(engine) as session:
        for mail, state in zip(mails(session), states, strict=True):
            mail.state, mail.attempts = state, 3
            mail.reason = "451 稍后再试" if state == MailState.DEFERRED else ""
            mail.not_before = START + timedelta(days=1)
            session.add(mail)
        session.add(AccountRow(address="a@prov.example", is_stopped=True, reason="授权码不正确", logins_refused=2))
        session.add(AccountRow(address="b@prov.example", sent_today=7))
    return engine


def in_state(engine: Engine, state: MailState) -> int:
    """The number of the one mail in a state."""
    with reading(engine) as session:
        (mail,) = mails(session, states=(state,))
    assert mail.id is not None
    return mail.id


def mail(engine: Engine, number: int) -> MailRow:
    with reading(engine) as session:
        found = session.get(MailRow, number)
    assert found is not None
    return found


def told(engine: Engine) -> tuple[str, dict[str, Any], str]:
    """The last event: its name, its data, who did it; the chain is whole."""
    with reading(engine) as session:
        assert chain_is_whole(session)
        last = chain(session)[-1]
    return last.name, json.loads(last.data), last.by


def test_the_queue_says_what_waits_and_why(waiting: Engine) -> None:
    with reading(waiting) as session:
        found = mailroom.queue(session, limit=None)
        shortened = mailroom.queue(session, limit=1)
    assert found.paused == ""
    assert {state: count for state, count in found.counts.items() if count} == dict.fromkeys(
        (MailState.PENDING, MailState.DEFERRED, MailState.FAILED, MailState.UNKNOWN, MailState.SENT), 1
    )
    states = [(row.state, row.reason) for row in found.waiting]
    assert sorted(states) == [("deferred", "451 稍后再试"), ("failed", ""), ("pending", ""), ("unknown", "")]
    assert [account.address for account in found.accounts] == ["a@prov.example", "b@prov.example"]
    assert (len(shortened.waiting), shortened.counts) == (1, found.counts)


@pytest.mark.parametrize("state", [MailState.DEFERRED, MailState.FAILED])
def test_a_mail_is_tried_again(waiting: Engine, state: MailState) -> None:
    number = in_state(waiting, state)
    with writing(waiting) as session:
        assert mailroom.retry(session, [number, number], by="operator", now=LATER) == 1
    found = mail(waiting, number)
    assert (found.state, found.not_before, found.attempts) == ("pending", LATER, 0)
    assert told(waiting) == ("mail_retried", {"mails": [number]}, "operator")


def test_all_that_can_be_tried_again_is(waiting: Engine) -> None:
    numbers = sorted([in_state(waiting, MailState.DEFERRED), in_state(waiting, MailState.FAILED)])
    with writing(waiting) as session:
        assert mailroom.retry_all(session, by="operator", now=LATER) == 2
    assert told(waiting) == ("mail_retried", {"mails": numbers}, "operator")
    with pytest.raises(InputRefused, match="没有未送达或稍后重试的邮件"), writing(waiting) as session:
        mailroom.retry_all(session, by="operator", now=LATER)


@pytest.mark.parametrize(
    ("state", "words"),
    [(MailState.PENDING, "待发"), (MailState.UNKNOWN, "是否送达不明"), (MailState.SENT, "已发出")],
)
def test_what_cannot_be_tried_again_is_refused_whole(waiting: Engine, state: MailState, words: str) -> None:
    good, bad, before = in_state(waiting, MailState.FAILED), in_state(waiting, state), told(waiting)
    with pytest.raises(InputRefused) as refusal, writing(waiting) as session:
        mailroom.retry(session, [good, bad], by="operator", now=LATER)
    assert str(refusal.value) == f"第 {bad} 号邮件{words}，不能重发"
    assert (mail(waiting, good).state, told(waiting)) == ("failed", before)


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.DEFERRED, MailState.FAILED])
def test_a_mail_that_has_not_begun_to_leave_is_cancelled(waiting: Engine, state: MailState) -> None:
    number = in_state(waiting, state)
    with writing(waiting) as session:
        mailroom.cancel(session, number, by="operator", now=LATER)
    assert (mail(waiting, number).state, mail(waiting, number).reason) == ("cancelled", "人工取消")
    assert told(waiting) == ("mail_cancelled", {"mail": number}, "operator")


@pytest.mark.parametrize("state", [MailState.CLAIMED, MailState.DATA, MailState.SENT, MailState.UNKNOWN])
def test_what_may_have_left_is_not_cancelled(waiting: Engine, state: MailState) -> None:
    number = in_state(waiting, MailState.PENDING)
    with writing(waiting) as session:
        session.merge(MailRow(**mail(waiting, number).model_dump() | {"state": str(state)}))
    with pytest.raises(InputRefused, match="不能取消"), writing(waiting) as session:
        mailroom.cancel(session, number, by="operator", now=LATER)
    assert mail(waiting, number).state == state


def test_no_such_mail(waiting: Engine) -> None:
    with writing(waiting) as session:
        for attempt in (
            lambda: mailroom.retry(session, [99], by="operator", now=LATER),
            lambda: mailroom.cancel(session, 99, by="operator", now=LATER),
            lambda: mailroom.decide(session, 99, Choice.CANCEL, by="operator", now=LATER),
        ):
            with pytest.raises(NotFound, match="没有第 99 号邮件"):
                attempt()


@pytest.mark.parametrize(
    ("choice", "state", "reason"),
    [
        (Choice.SEND_AGAIN, "pending", "经人工核实，重新发送"),
        (Choice.MARK_SENT, "sent", "经人工核实，已送达"),
        (Choice.CANCEL, "cancelled", "经人工核实，不再发送"),
    ],
)
def test_a_person_settles_a_mail_in_doubt(waiting: Engine, choice: Choice, state: str, reason: str) -> None:
    number = in_state(waiting, MailState.UNKNOWN)
    with reading(waiting) as session:
        assert [row.id for row in mailroom.doubtful(session)] == [number]
    with writing(waiting) as session:
        mailroom.decide(session, number, choice, by="web", now=LATER)
    found = mail(waiting, number)
    assert (found.state, found.reason) == (state, reason)
    assert found.sent_at == (LATER if choice is Choice.MARK_SENT else None)
    assert told(waiting) == ("mail_decided", {"mail": number, "choice": str(choice)}, "web")
    with pytest.raises(InputRefused), writing(waiting) as session:
        mailroom.decide(session, number, choice, by="web", now=LATER)


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.DEFERRED, MailState.FAILED, MailState.SENT])
def test_only_a_mail_in_doubt_is_settled_by_a_person(waiting: Engine, state: MailState) -> None:
    number = in_state(waiting, state)
    with pytest.raises(InputRefused, match="不能按“送达不明”处理"), writing(waiting) as session:
        mailroom.decide(session, number, Choice.CANCEL, by="web", now=LATER)


def test_pause_and_resume(waiting: Engine) -> None:
    with writing(waiting) as session:
        assert mailroom.pause(session, " 核对\n名册 ", by="operator", now=LATER) == "核对 名册"
    assert told(waiting) == ("mail_paused", {"reason": "核对 名册"}, "operator")
    with pytest.raises(InputRefused, match="发信已经暂停：核对 名册"), writing(waiting) as session:
        mailroom.pause(session, "另一个原因", by="operator", now=LATER)
    with writing(waiting) as session:
        assert mailroom.resume(session, by="operator", now=LATER) == 1
    assert told(waiting) == ("accounts_freed", {"accounts": 1}, "operator")
    with reading(waiting) as session:
        assert paused(session) == ""
        freed = session.get(AccountRow, "a@prov.example")
    assert freed == AccountRow(address="a@prov.example")
    with pytest.raises(InputRefused, match="发信没有暂停，账号也没有停用"), writing(waiting) as session:
        mailroom.resume(session, by="operator", now=LATER)


def test_a_pause_has_a_reason(engine: Engine) -> None:
    with pytest.raises(InputRefused, match="请写明暂停的原因"), writing(engine) as session:
        mailroom.pause(session, " \n", by="operator", now=LATER)


class Answering(Rehearsal):
    """Answers every mail alike, and keeps it."""

    def __init__(self, answer: Outcome | DubanError) -> None:
        self.answer = answer
        self.kept: list[EmailMessage] = []

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        assert isinstance(message, EmailMessage)
        self.kept.append(message)
        if isinstance(self.answer, DubanError):
            raise self.answer
        return self.answer


def tried(engine: Engine, carrier: Answering, to: str = "someone@prov.example") -> Outcome:
    return mailroom.try_account(engine, carrier, to=to, account="a@prov.example", by="operator", now=LATER)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Sent(), "服务器已接收"),
        (Deferred(reason="451 稍后再试"), "没有发出：451 稍后再试"),
        (Failed(reason="550 没有此人", permanent=True), "没有发出：550 没有此人"),
        (Unknown(reason="没有应答"), "是否送达不明：没有应答"),
    ],
)
def test_an_account_is_tried_with_one_plain_mail(engine: Engine, answer: Outcome, said: str) -> None:
    carrier = Answering(answer)
    assert tried(engine, carrier) == answer
    (message,) = carrier.kept
    heads = {name: str(message[name]) for name in ("From", "To", "Subject", "Auto-Submitted")}
    assert heads == {
        "From": "督办系统 <a@prov.example>",
        "To": "someone@prov.example",
        "Subject": "【试发】督办系统发信账号核对",
        "Auto-Submitted": "auto-generated",
    }
    assert "不涉及任何报送事项" in message.get_content()
    assert told(engine) == ("mail_tried", {"to": "someone@prov.example", "said": said}, "operator")


def test_a_refused_account_is_told_and_noted(engine: Engine) -> None:
    with pytest.raises(AccountRefused, match="授权码不正确"):
        tried(engine, Answering(AccountRefused("授权码不正确")))
    assert told(engine)[1]["said"] == "授权码不正确"


def test_nothing_is_tried_to_no_address_or_while_mail_is_paused(engine: Engine) -> None:
    carrier = Answering(Sent())
    with pytest.raises(InputRefused, match="邮箱地址不正确"):
        tried(engine, carrier, to="no address")
    with writing(engine) as session:
        mailroom.pause(session, "恢复自备份", by="operator", now=LATER)
    with pytest.raises(InputRefused, match="发信已暂停（恢复自备份），先运行 duban mail resume"):
        tried(engine, carrier)
    assert carrier.kept == []


@pytest.fixture
def office(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_port: int) -> Duban:
    """The command line, with two mails that could not leave: nobody listens at the mail server's port."""
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "notice.yaml").write_text(DEFINITION, encoding="utf-8")
    monkeypatch.setenv("DUBAN_MAIL_PORT", str(unused_port))
    duban("units", "import", "units.csv")
    duban("publish", "notice.yaml", "--at", "2021-09-24T10:00")
    return duban


def test_the_commands_of_the_mailroom(office: Duban) -> None:
    queue = office("mail", "queue", "--json").json
    assert [(row["id"], row["kind"], row["to"]) for row in queue["waiting"]] == [
        (1, "notice", "clerk@aa.example"),
        (2, "notice", "chief@aa.example"),
    ]
    assert (queue["paused"], queue["waiting"][0]["at"]) == ("", "2021-09-24T10:00:00+08:00")
    assert "clerk@aa.example" in office("mail", "queue").out
    assert office("mail", "cancel", 1).out == "第 1 号邮件已取消\n"
    said = office("mail", "cancel", 1)
    assert (said.code, said.err) == (1, "第 1 号邮件已取消，不能取消\n")
    assert office("mail", "unknown").out == "没有是否送达不明的邮件\n"
    assert office("mail", "unknown", "--json").json == []
    assert office("mail", "pause", "--reason", "核对名册").out == "发信已暂停：核对名册\n"
    assert office("mail", "queue").out.startswith("发信已暂停：核对名册\n")
    assert office("mail", "resume", "--json").json["paused"] == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("retry",),
        ("retry", 1, "--all"),
        ("unknown", 1),
        ("unknown", 1, "--cancel", "--mark-sent"),
        ("unknown", "--cancel"),
    ],
)
def test_exactly_one_choice(office: Duban, arguments: tuple[object, ...]) -> None:
    said = office("mail", *arguments)
    assert (said.code, said.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("arguments", [("retry", 99), ("cancel", 99), ("unknown", 99, "--mark-sent")])
def test_a_mail_that_is_not_there_is_told_in_a_line(office: Duban, arguments: tuple[object, ...]) -> None:
    said = office("mail", *arguments)
    assert (said.code, said.err) == (2, "没有第 99 号邮件\n")


def test_a_mail_is_tried_by_command(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalServer(tmp_path / "maildir") as server:
        monkeypatch.setenv("DUBAN_MAIL_PORT", str(server.port))
        said = duban("mail", "test", "someone@prov.example", "--json")
        assert (said.code, said.json) == (0, {"to": "someone@prov.example", "sent": True, "said": "服务器已接收"})
    said = duban("mail", "test", "someone@prov.example")
    assert (said.code, said.out.count("\n")) == (1, 1)
    assert "没有发出" in said.out


def page_of(engine: Engine, folder: Path) -> Installation:
    return installation(engine, folder, now="2021-09-24 12:00")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


OURS = {"sec-fetch-site": "same-origin"}


def test_a_mail_in_doubt_shows_its_three_choices(waiting: Engine, tmp_path: Path) -> None:
    client, number = client_of(page_of(waiting, tmp_path)), in_state(waiting, MailState.UNKNOWN)
    words = text_of(client.get(f"/mail/{number}").text)
    assert "是否送达不明，请先向收件人核实，再选择：" in words
    assert "再发一次 已经送达 不再发送" in words
    others = (in_state(waiting, state) for state in (MailState.PENDING, MailState.FAILED, MailState.SENT))
    pending, failed, sent = (text_of(client.get(f"/mail/{other}").text) for other in others)
    assert "没有送达。改正邮箱或排除原因后可以再发一次： 再发一次 不再发送" in failed
    assert "还没有发出。不需要再发的，可以取消： 不再发送" in pending
    assert ("再发一次" in pending, "再发一次" in sent, "不再发送" in sent) == (False, False, False)


def test_a_failed_mail_is_sent_again_on_its_page(waiting: Engine, tmp_path: Path) -> None:
    client, number = client_of(page_of(waiting, tmp_path)), in_state(waiting, MailState.FAILED)
    answer = client.post(f"/mail/{number}/decide", data={"choice": "send-again"}, headers=OURS)
    assert (answer.status_code, mail(waiting, number).state) == (303, "pending")
    assert told(waiting) == ("mail_retried", {"mails": [number]}, "admin@duban.example")
    again = client.post(f"/mail/{number}/decide", data={"choice": "mark-sent"}, headers=OURS)
    assert (again.status_code, mail(waiting, number).state) == (400, "pending")


@pytest.mark.parametrize("choice", list(Choice))
def test_a_choice_is_made_on_the_page(waiting: Engine, tmp_path: Path, choice: Choice) -> None:
    client, number = client_of(page_of(waiting, tmp_path)), in_state(waiting, MailState.UNKNOWN)
    answer = client.post(f"/mail/{number}/decide", data={"choice": str(choice)}, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/mail/{number}")
    assert told(waiting) == ("mail_decided", {"mail": number, "choice": str(choice)}, "admin@duban.example")
    again = client.post(f"/mail/{number}/decide", data={"choice": str(choice)}, headers=OURS)
    refused = {Choice.SEND_AGAIN: "不能重发", Choice.MARK_SENT: "不能按“送达不明”处理", Choice.CANCEL: "不能取消"}
    assert (again.status_code, refused[choice] in again.text) == (400, True)


def test_no_choice_from_elsewhere_and_none_that_does_not_exist(waiting: Engine, tmp_path: Path) -> None:
    client, number = client_of(page_of(waiting, tmp_path)), in_state(waiting, MailState.UNKNOWN)
    for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "http://elsewhere.example"}):
        answer = client.post(f"/mail/{number}/decide", data={"choice": "cancel"}, headers=headers)
        assert answer.status_code == 403
    assert client.post(f"/mail/{number}/decide", data={"choice": "burn"}, headers=OURS).status_code == 404
    assert client.get(f"/mail/{number}/decide").status_code in (404, 405)
    assert client.post("/mail/99/decide", data={"choice": "cancel"}, headers=OURS).status_code == 404
    assert mail(waiting, number).state == "unknown"


def warnings(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'<p class="warning" role="status">([^<]*)</p>', page)]


def test_the_pages_say_what_keeps_mail_from_leaving(waiting: Engine, tmp_path: Path) -> None:
    client = client_of(page_of(waiting, tmp_path))
    with writing(waiting) as session:
        mailroom.pause(session, "核对名册", by="operator", now=LATER)
    assert warnings(client.get("/mail").text) == [
        "发信已暂停：核对名册。恢复请运行 duban mail resume。",
        "发信账号 a@prov.example 已停用：授权码不正确。处理后运行 duban mail resume。",
    ]
    with writing(waiting) as session:
        mailroom.resume(session, by="operator", now=LATER)
    assert warnings(client.get("/mail").text) == []


def moved(real: Reading, *, wall: timedelta = timedelta(0), passed: timedelta = timedelta(0)) -> Reading:
    """A reading so long before: in wall time, and by both clocks."""
    return Reading(at=real.at - wall - passed, boot=real.boot, uptime=real.uptime - passed.total_seconds())


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    """An installation of its own, with its schema by migrations."""
    made = open_duban(Settings(_env_file=None, data_dir=tmp_path))
    yield made
    made.engine.dispose()


def test_silence_is_on_the_page_and_in_readyz(installed: Installation) -> None:
    client = client_of(installed)

    def ready() -> tuple[int, bool, list[str]]:
        answer = client.get("/readyz")
        return answer.status_code, answer.json()["ready"], answer.json()["alarms"]

    assert ready() == (200, True, [])
    with writing(installed.engine) as session:
        beat(session, "deliver", real_now=moved(real_reading(), passed=timedelta(minutes=95, seconds=30)))
    assert ready() == (503, False, ["silence"])
    text = "自动办理已停1小时35分钟，提醒和邮件没有发出。请查看运行情况，或手动运行一次 duban sweep。"
    assert warnings(client.get("/mail").text) == [text]
    with writing(installed.engine) as session:
        beat(session, "sweep", real_now=moved(real_reading(), passed=timedelta(minutes=14)))
    assert ready() == (200, True, [])


def test_a_paused_mailroom_is_ready_and_says_so(installed: Installation) -> None:
    with writing(installed.engine) as session:
        mailroom.pause(session, "核对名册", by="operator", now=LATER)
    answer = client_of(installed).get("/readyz")
    assert (answer.status_code, answer.json()["alarms"]) == (200, ["paused"])


def test_a_clock_moved_meanwhile_is_not_ready(installed: Installation) -> None:
    with writing(installed.engine) as session:
        beat(session, "deliver", real_now=moved(real_reading(), wall=timedelta(hours=37, seconds=30)))
    client = client_of(installed)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["alarms"]) == (503, ["clock"])
    (words,) = warnings(client.get("/mail").text)
    assert words.startswith("系统时间突然向前跳了1天13小时。提醒和邮件已暂停")


def metrics(engine: Engine, folder: Path) -> dict[str, float]:
    answer = client_of(page_of(engine, folder)).get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_metrics_count_what_waits(waiting: Engine, tmp_path: Path) -> None:
    with writing(waiting) as session:
        beat(session, "deliver", real_now=moved(real_reading(), passed=timedelta(minutes=5)))
    found = metrics(waiting, tmp_path)
    assert 300 <= found.pop('duban_seconds_since_work{work="deliver"}') < 330
    assert found == {
        "duban_database_up": 1.0,
        'duban_mails{state="pending"}': 1.0,
        'duban_mails{state="claimed"}': 0.0,
        'duban_mails{state="data"}': 0.0,
        'duban_mails{state="sent"}': 1.0,
        'duban_mails{state="deferred"}': 1.0,
        'duban_mails{state="failed"}': 1.0,
        'duban_mails{state="unknown"}': 1.0,
        'duban_mails{state="cancelled"}': 0.0,
        "duban_oldest_waiting_mail_seconds": 7200.0,
        "duban_mail_paused": 0.0,
        "duban_accounts_stopped": 1.0,
        "duban_clock_doubted": 0.0,
        "duban_open_tasks": 0.0,
    }


def test_metrics_answer_when_the_database_does_not(installed: Installation, tmp_path: Path) -> None:
    with installed.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE heartbeat")
    assert metrics(installed.engine, tmp_path) == {"duban_database_up": 0.0}
    assert client_of(installed).get("/readyz").status_code == 503


def test_a_mail_sent_again_leaves_with_its_own_message_id(waiting: Engine, sender: Sender) -> None:
    number = in_state(waiting, MailState.UNKNOWN)
    before = mail(waiting, number).message_id
    with writing(waiting) as session:
        mailroom.decide(session, number, Choice.SEND_AGAIN, by="operator", now=LATER)
    assert deliver(waiting, sender, now=LATER, real_now=LATER) == 1
    assert (mail(waiting, number).state, mail(waiting, number).message_id) == ("sent", before)
