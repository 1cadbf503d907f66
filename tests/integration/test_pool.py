"""Several accounts: which one a mail leaves by, what an answer does to an account, and what people are told."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from carriers import Answering, Now, Provider, Virtual, pool, said
from commands import Duban
from conftest import installed
from duban.bootstrap import mark_demo, open_duban
from duban.domain.errors import UsageError
from duban.domain.profiles import PROFILES
from duban.services.delivering import Sender, deliver
from duban.services.replaying import begin
from duban.settings import Settings
from factories import at, notice, on, roster, stage, unit
from models import AccountRow, MailRow
from models.account import accounts
from models.outbox import mails
from models.session import make_engine, reading
from notifications.outcome import Brake
from notifications.post import AccountRefused, Deferred

TEN = at("2021-09-24 10:00")
TODAY = date(2021, 9, 24)
REFUSED = AccountRefused("发信账号登录被拒（535）。请重新生成授权码。", "login refused (535)")
AWAY = Deferred(reason="邮件服务器暂时连接不上", brake=Brake(zh="连接不上", en="not there", hold=timedelta(minutes=1)))


def begun(engine: Engine, count: int) -> None:
    cities = (unit(f"c{n:03}", "clerk", order=n) for n in range(1, count + 1))
    begin(engine, notice(stage(on("2021-10-15"))), roster(*cities), at=TEN)


def send(engine: Engine, sender: Sender, moment: datetime = TEN) -> int:
    return deliver(engine, sender, now=moment, real_now=moment)


def account(engine: Engine, number: int = 1) -> AccountRow:
    address = f"a{number}@mail.example"
    with reading(engine) as session:
        return accounts(session, [address])[address]


def outbox(engine: Engine) -> list[MailRow]:
    with reading(engine) as session:
        return sorted(mails(session), key=lambda mail: mail.id or 0)


def states(engine: Engine) -> Counter[str]:
    return Counter(mail.state for mail in outbox(engine))


# ---- pace -------------------------------------------------------------------------------------------------------


def test_a_free_mailbox_sends_every_six_seconds_and_waits_for_it(engine: Engine) -> None:
    begun(engine, 3)
    watch = Virtual()
    assert send(engine, pool(Answering(), watch=watch)) == 3
    assert watch.waits == [6, 6]
    row = account(engine)
    assert (row.first_used_on, row.day, row.sent_today, row.sent_in_window) == (TODAY, TODAY, 3, 3)
    assert (row.window_from, row.last_sent_at) == (TEN, TEN + timedelta(seconds=12))


def test_two_accounts_take_turns(engine: Engine) -> None:
    begun(engine, 4)
    first, second, watch = Answering(), Answering(), Virtual()
    assert send(engine, pool(first, second, watch=watch)) == 4
    assert watch.waits == [6]
    assert first.readers == ["clerk@c001.example", "clerk@c003.example"]
    assert second.readers == ["clerk@c002.example", "clerk@c004.example"]
    assert {sender for _, _, sender in second.handed} == {"a2@mail.example"}
    assert [mail.account for mail in outbox(engine)] == ["a1@mail.example", "a2@mail.example"] * 2


def test_the_first_day_of_an_account_ends_after_fifty(engine: Engine) -> None:
    begun(engine, 60)
    sender = pool(Answering())
    assert send(engine, sender) == 50
    assert send(engine, sender, TEN + timedelta(hours=3)) == 0
    assert send(engine, sender, at("2021-09-25 00:00")) == 10
    assert states(engine) == {"sent": 60}


def test_what_was_sent_is_known_to_the_next_process(engine: Engine) -> None:
    begun(engine, 60)
    assert send(engine, pool(Answering(), name="one")) == 50
    assert send(engine, pool(Answering(), name="two"), TEN + timedelta(hours=3)) == 0


def test_a_relay_waits_for_nothing_and_is_not_written_down(engine: Engine) -> None:
    begun(engine, 60)
    watch = Virtual()
    assert send(engine, pool(Answering(), profile="relay", watch=watch)) == 60
    assert (watch.waits, account(engine).day) == ([], None)


def test_two_senders_together_never_exceed_the_quota(request: pytest.FixtureRequest) -> None:
    """On PostgreSQL, where nothing but row locks keeps them apart."""
    engine = installed(make_engine(request.getfixturevalue("postgres_url")))
    begun(engine, 60)
    quick = replace(PROFILES["163"], spacing=timedelta(0), per_window=None, per_day=None, on_first_day=30)
    senders = [replace(pool(Answering(), name=f"s{n}"), profile=quick) for n in range(3)]
    threads = [threading.Thread(target=send, args=(engine, sender)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (states(engine), account(engine).sent_today) == ({"sent": 30, "pending": 30}, 30)
    engine.dispose()


# ---- fail-over --------------------------------------------------------------------------------------------------


def test_a_mail_that_an_account_may_not_send_leaves_by_another_at_once(engine: Engine) -> None:
    begun(engine, 1)
    full, other = Answering(said(451, "MI:SFQ too many")), Answering()
    assert send(engine, pool(full, other)) == 1
    (mail,) = outbox(engine)
    assert (mail.state, mail.attempts, mail.account, mail.reason) == ("sent", 1, "a2@mail.example", "")
    ((_, first, _),), ((_, second, sender),) = full.handed, other.handed
    assert (first == second, sender) == (True, "a2@mail.example")


@pytest.mark.parametrize(
    ("code", "words", "held_until", "pace"),
    [
        (451, "MI:SFQ 15 minutes", "2021-09-24 10:16", 0.5),
        (550, "MI:STC daily", "2021-09-25 00:30", 0.5),
        (554, "RP:TRC daily", "2021-09-25 00:30", 0.5),
        (421, "HL:ICC too many connections", "2021-09-24 10:20", 0.5),
    ],
)
def test_a_quota_holds_and_slows_the_account(
    engine: Engine, code: int, words: str, held_until: str, pace: float
) -> None:
    begun(engine, 2)
    assert send(engine, pool(Answering(said(code, words)))) == 0
    row = account(engine)
    assert (row.held_until, row.pace, row.complained_on, row.is_stopped) == (at(held_until), pace, TODAY, False)
    assert row.reason
    # a quota is never the mail's fault: nothing is dropped, no try is used up
    assert [(mail.state, mail.attempts) for mail in outbox(engine)] == [("pending", 0)] * 2
    assert send(engine, pool(Answering()), at(held_until) - timedelta(seconds=31)) == 0
    assert send(engine, pool(Answering()), at(held_until)) == 2


def test_frequency_limits_rest_longer_each_time_and_then_until_tomorrow(engine: Engine) -> None:
    begun(engine, 1)
    moment, rests = TEN, []
    for _ in range(3):
        send(engine, pool(Answering(said(550, "Connection frequency limited"))), moment)
        held = account(engine).held_until
        assert held is not None
        rests.append(held)
        moment = held
    assert rests == [at("2021-09-24 10:10"), at("2021-09-24 11:10"), at("2021-09-25 00:30")]


def test_a_connection_too_long_is_made_shorter_and_the_mail_leaves_at_once(engine: Engine) -> None:
    begun(engine, 1)
    carrier = Answering(said(450, "MI:DMC too many mails"))
    assert send(engine, pool(carrier)) == 1
    assert (carrier.per_connection, account(engine).per_connection, account(engine).pace) == (5, 5, 1.0)


def test_a_blocked_account_is_stopped_and_the_others_go_on(engine: Engine) -> None:
    begun(engine, 2)
    assert send(engine, pool(Answering(said(554, "HL:IPB blocked")), Answering())) == 2
    assert account(engine).is_stopped
    later = Answering()
    begun_again = pool(later, Answering())
    assert send(engine, begun_again, TEN + timedelta(days=1)) == 0
    assert later.handed == []


def test_a_login_refused_twice_over_processes_stops_the_account(engine: Engine) -> None:
    begun(engine, 2)
    for count in (1, 2):
        carrier = Answering(REFUSED)
        with pytest.raises(AccountRefused, match="登录被拒（535）"):
            send(engine, pool(carrier))
        row = account(engine)
        assert (len(carrier.handed), row.logins_refused, row.is_stopped) == (1, count, count == 2)
    asked_no_more = Answering()
    with pytest.raises(AccountRefused) as refusal:
        send(engine, pool(asked_no_more))
    stopped = "发信账号 a1@mail.example 已停用：发信账号登录被拒（535）。请重新生成授权码。"
    assert refusal.value.zh == f"{stopped}改好后运行 duban mail resume 恢复发信。"
    assert asked_no_more.handed == []
    assert [(mail.state, mail.attempts) for mail in outbox(engine)] == [("pending", 0)] * 2


def test_a_login_that_works_again_is_forgiven(engine: Engine) -> None:
    begun(engine, 2)
    with pytest.raises(AccountRefused):
        send(engine, pool(Answering(REFUSED)))
    assert send(engine, pool(Answering()), TEN + timedelta(minutes=1)) == 2
    assert (account(engine).logins_refused, account(engine).reason) == (0, "")


def test_a_refused_login_of_a_relay_is_counted_too(engine: Engine) -> None:
    begun(engine, 1)
    with pytest.raises(AccountRefused):
        send(engine, pool(Answering(REFUSED), profile="relay"))
    assert account(engine).logins_refused == 1
    assert send(engine, pool(Answering(), profile="relay")) == 1
    assert account(engine).logins_refused == 0


def test_one_account_refused_the_other_sends_all_and_nobody_is_alarmed(engine: Engine) -> None:
    begun(engine, 3)
    refused, other = Answering(REFUSED), Answering()
    assert send(engine, pool(refused, other)) == 3
    assert (len(refused.handed), len(other.handed)) == (1, 3)


def test_all_accounts_refused_all_are_named(engine: Engine) -> None:
    begun(engine, 1)
    second = AccountRefused("第二个账号登录被拒", "the second too")
    with pytest.raises(AccountRefused) as refusal:
        send(engine, pool(Answering(REFUSED), Answering(second)))
    assert refusal.value.zh == f"{REFUSED.zh}；第二个账号登录被拒"
    assert states(engine) == {"pending": 1}


# ---- a server that is not there ---------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_asked_once_a_run(engine: Engine) -> None:
    begun(engine, 3)
    carrier = Answering(AWAY, AWAY, AWAY)
    assert send(engine, pool(carrier, profile="relay")) == 0
    assert (len(carrier.handed), states(engine)) == (1, {"pending": 3})
    assert send(engine, pool(carrier, profile="relay"), TEN + timedelta(seconds=29)) == 0
    assert len(carrier.handed) == 1
    assert send(engine, pool(Answering(), profile="relay"), TEN + timedelta(minutes=1)) == 3


def test_a_line_that_breaks_puts_its_mail_back_and_does_not_bar_the_others(engine: Engine) -> None:
    begun(engine, 2)
    broken = Answering(Deferred(reason="与邮件服务器的连接中断"))
    assert send(engine, pool(broken, profile="relay")) == 0
    assert [(mail.state, mail.attempts) for mail in outbox(engine)] == [("deferred", 1), ("pending", 0)]
    assert send(engine, pool(Answering(), profile="relay"), TEN + timedelta(minutes=1)) == 1


# ---- a provider with secret quotas ------------------------------------------------------------------------------


def test_a_provider_below_the_profile_refuses_once_and_is_obeyed(engine: Engine) -> None:
    begun(engine, 60)
    watch = Virtual()
    now = Now(watch)
    provider = Provider(now, per_window=30, per_day=100, per_connection=8)
    sender = pool(provider, watch=watch)
    moment = TEN
    for _ in range(12):
        now.begin(moment)
        send(engine, sender, moment)
        moment += timedelta(minutes=10)
    assert [words.split()[1] for _, words in provider.refused] == ["MI:DMC", "MI:SFQ"]
    assert len(provider.taken) == 50 - len(provider.refused)


# ---- settings ---------------------------------------------------------------------------------------------------

ACCOUNTS = """\
- host: smtp.163.com
  user: office@163.example
  secret_file: secret.txt
- host: mail.prov.example
  port: 25
  tls: none
  sender: duban@prov.example
- {host: smtp.exmail.qq.com, user: b@corp.example, profile: qq, secret_file: secret.txt}
"""


def settings(folder: Path, text: str, **more: object) -> Settings:
    (folder / "secret.txt").write_text("s3cret\n", encoding="utf-8")
    (folder / "accounts.yaml").write_text(text, encoding="utf-8")
    values = {"data_dir": folder / "data", "accounts_file": folder / "accounts.yaml"} | more
    return Settings(_env_file=None, **values)


def test_accounts_come_from_the_environment_and_from_a_file(tmp_path: Path) -> None:
    duban = open_duban(settings(tmp_path, ACCOUNTS, smtp_host="smtp.126.com", smtp_user="a@126.example"))
    found = [(outlet.address, outlet.profile.name) for outlet in duban.sender().outlets]
    duban.engine.dispose()
    assert found == [
        ("a@126.example", "126"),
        ("office@163.example", "163"),
        ("duban@prov.example", "relay"),
        ("b@corp.example", "qq"),
    ]


def test_without_any_it_is_the_local_server(tmp_path: Path) -> None:
    duban = open_duban(Settings(_env_file=None, data_dir=tmp_path))
    (outlet,) = duban.sender().outlets
    duban.engine.dispose()
    assert (outlet.address, outlet.profile) == ("duban@duban.invalid", PROFILES["relay"])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "- {host: h, user: u@x.example, secret: abc}",
            "第1个账号：授权码不写在这里，请存入单独的文件，此处写 secret_file",
        ),
        (
            "- {host: h, user: u@x.example, 授权码: abc}",
            "第1个账号：授权码不写在这里，请存入单独的文件，此处写 secret_file",
        ),
        ("- {host: h, user: u, secret_file: none.txt}", "第1个账号：没有授权码文件 {folder}/none.txt"),
        (
            "- {host: h, user: u, profile: gmail}",
            "第1个账号：profile profile 只能是 163、126、qq、exmail、aliyun、relay",
        ),
        ("- {host: h}", "第1个账号：请写 sender 或 user"),
        ("[]", "：没有发信账号"),
        ("a: b", "：应为账号的列表"),
        ("- {host: h, user: u}\n- {host: i, user: u}", "发信账号有重复的发件地址"),
    ],
)
def test_a_wrong_file_is_told_in_one_line_without_its_secrets(tmp_path: Path, text: str, line: str) -> None:
    duban = open_duban(settings(tmp_path, text))
    with pytest.raises(UsageError) as refusal:
        duban.sender()
    duban.engine.dispose()
    assert refusal.value.zh.endswith(line.replace("{folder}", str(tmp_path)))
    assert "abc" not in refusal.value.zh + refusal.value.en
    assert "\n" not in refusal.value.zh


def test_demo_data_never_goes_to_accounts_of_a_file(tmp_path: Path) -> None:
    demo = mark_demo(open_duban(Settings(_env_file=None, data_dir=tmp_path / "data")))
    demo.engine.dispose()
    with pytest.raises(UsageError, match="请去掉 DUBAN_ACCOUNTS_FILE"):
        open_duban(settings(tmp_path, ACCOUNTS))


# ---- told before anything is sent -------------------------------------------------------------------------------

WARNING = "发信额度不够：9月24日需发122封，约可发50封，其余顺延"


@pytest.mark.parametrize(("profile", "warned"), [("163", True), ("relay", False)])
def test_plan_and_publish_warn_of_a_quota_and_go_on(
    duban: Duban,
    files: tuple[Path, Path, Path],
    unused_port: int,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
    warned: bool,
) -> None:
    definition, units, _ = files
    more = "".join(
        f"c{n:02},第{n}市,prov,city,subordinate,2,{role},某人,{role}{n}@c.example,\n"
        for n in range(60)
        for role in ("clerk", "chief")
    )
    units.write_text(units.read_text(encoding="utf-8") + more, encoding="utf-8")
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(unused_port)), ("USER", "a@b.example"), ("TLS", "none")):
        monkeypatch.setenv(f"DUBAN_SMTP_{name}", value)
    monkeypatch.setenv("DUBAN_SMTP_PROFILE", profile)
    planned = duban("plan", definition, "--from", "2021-09-24", "--to", "2021-09-30", "--json")
    assert duban("units", "import", units).code == 0
    published = duban("publish", definition, "--at", "2021-09-24T10:00", "--json")
    assert (planned.code, published.code, published.json["obligations"]) == (0, 0, 61)
    assert [WARNING in said.err for said in (planned, published)] == [warned, warned]
