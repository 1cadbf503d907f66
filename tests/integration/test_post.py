"""The post: what it hands over and how, to scripted servers and to real ones."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from notifications.local_server import LocalServer
from notifications.post import Account, AccountRefused, Deferred, Failed, Post, Rehearsal, Sent
from smtp_replies import AWAY, LONG_LINE
from smtp_script import Script, Seen, Turn, authority
from smtp_script import serving as playing


@contextmanager
def serving(*extensions: str, **turns: list[Turn]) -> Iterator[tuple[Script, Account]]:
    """A scripted server (``DOT``: the answer to a text), and the account to it."""
    script = Script({{"DOT": "."}.get(verb, verb): turn for verb, turn in turns.items()}, extensions)
    with playing(script) as port:
        yield script, account(port)


def account(port: int, **more: Any) -> Account:
    values: dict[str, Any] = {"host": "127.0.0.1", "tls": "none", "sender": "office@prov.example", "timeout": 5}
    return Account(port=port, **(values | more))


def mail(subject: str = "提醒") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "office@prov.example", "clerk@city.example", subject
    message["Message-ID"] = "<m1@duban.example>"
    message.set_content("正文\n")
    return message


def deliver(to: Account, **more: Any) -> Any:
    with Post(to, **more) as post:
        return post.deliver(mail(), "clerk@city.example")


def test_a_mail_is_handed_over_with_one_recipient_and_as_composed() -> None:
    with serving() as (script, to):
        assert deliver(to) == Sent()
    assert script.commands == [
        "ehlo prov.example",
        "mail FROM:<office@prov.example>",
        "rcpt TO:<clerk@city.example>",
        "data",
        "quit",
    ]
    assert script.mails[0].count(b"Message-ID: <m1@duban.example>") == 1


def test_stored_bytes_leave_unchanged() -> None:
    raw = b"Subject: x\r\n\r\n.dot\r\nline\r\n"
    with serving() as (script, to), Post(to) as post:
        assert post.deliver(raw, "clerk@city.example") == Sent()
    assert script.mails == [raw.replace(b".dot", b"..dot")]


def test_connections_are_renewed_after_their_number_of_mails() -> None:
    with serving() as (script, to), Post(Account(**vars(to) | {"per_connection": 2})) as post:
        assert [post.deliver(mail(), "clerk@city.example") for _ in range(5)] == [Sent()] * 5
    assert script.seen == Seen(connections=3, data=5, copies=5)


def test_a_server_that_is_away_is_asked_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with Post(account(port)) as post:
        first, second = (post.deliver(mail(), "clerk@city.example") for _ in range(2))
    assert isinstance(first, Deferred)
    assert "Connection refused" in first.reason
    assert second == Deferred(reason=f"邮件服务器暂时连接不上（127.0.0.1:{port}，刚才没有应答）", brake=AWAY)


def test_a_wrong_secret_is_not_repeated_to_anybody() -> None:
    login = {"user": "office@prov.example", "secret": "s3cret"}
    serves = serving("AUTH PLAIN", AUTH=["535 authentication failed"])
    with serves as (_, to), pytest.raises(AccountRefused, match="重新生成授权码") as refused:
        deliver(Account(**vars(to) | login))
    assert ["s3cret" in words for words in (refused.value.zh, refused.value.en)] == [False, False]


def test_a_login_name_is_used_as_given() -> None:
    with serving("AUTH LOGIN", AUTH=["334 UGFzc3dvcmQ6"]) as (script, to):
        assert deliver(Account(**vars(to) | {"user": "relay", "secret": "x"})) == Sent()
    assert "AUTH LOGIN cmVsYXk=" in script.commands


def test_a_server_without_login_is_a_fault_of_the_account() -> None:
    with serving() as (_, to), pytest.raises(AccountRefused, match="请核对端口和加密方式"):
        deliver(Account(**vars(to) | {"user": "office@prov.example", "secret": "x"}))


def test_ssl_spoken_to_a_plain_port_is_a_fault_of_the_account() -> None:
    with serving() as (_, to), pytest.raises(AccountRefused, match="请核对端口和加密方式"):
        deliver(Account(**vars(to) | {"tls": "ssl"}))


@pytest.mark.parametrize("address", ["", "clerk", "clerk@city.example\n", "石@city.example", "a b@c.example"])
def test_an_impossible_address_never_reaches_a_server(address: str) -> None:
    with Post(account(1)) as post:
        outcome = post.deliver(mail(), address)
    assert isinstance(outcome, Failed)
    assert outcome.permanent


def test_the_secret_is_not_shown() -> None:
    assert "s3cret" not in repr(account(25, user="u", secret="s3cret"))


def test_a_rehearsal_takes_everything() -> None:
    with Rehearsal() as post:
        assert post.deliver(mail(), "clerk@city.example") == Sent()


class Grumpy:
    """A handler for aiosmtpd that takes nothing at the first try."""

    def __init__(self) -> None:
        self.recipients: list[list[str]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("gone"):
            return "550 User not found"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.recipients.append(envelope.rcpt_tos)
        return "450 MI:DMC slow down" if len(self.recipients) == 1 else "250 ok"


def test_starttls_and_refusals_of_a_grown_server(tmp_path: Path) -> None:
    known = authority(tmp_path)
    handler = Grumpy()
    server = Controller(handler, "localhost", free_port(), tls_context=known.localhost, require_starttls=True)
    server.start()
    try:
        with Post(account(server.port, host="localhost", tls="starttls"), tls=known.trusted) as post:
            outcomes = [post.deliver(mail(), f"{name}@city.example") for name in ("gone", "clerk", "clerk")]
    finally:
        server.stop()
    assert outcomes == [
        Failed(reason="收件地址被拒（550 User not found）", permanent=True, code=550),
        Deferred(reason="一次连接中的邮件过多（450 MI:DMC slow down）", code=450, token="MI:DMC", brake=LONG_LINE),
        Sent(),
    ]
    assert handler.recipients == [["clerk@city.example"]] * 2


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def test_three_hundred_mails_in_three_connections(tmp_path: Path) -> None:
    with LocalServer(tmp_path / "mail") as server:
        with Post(account(server.port, per_connection=100)) as post:
            outcomes = [post.deliver(mail(f"第{n}封"), f"c{n}@city.example") for n in range(300)]
        assert outcomes == [Sent()] * 300
        assert len(list((tmp_path / "mail" / "new").iterdir())) == 300


def test_a_post_can_be_entered_again(tmp_path: Path) -> None:
    with LocalServer(tmp_path / "mail") as server:
        post = Post(account(server.port))
        for _ in range(2):
            with post:
                assert post.deliver(mail(), "clerk@city.example") == Sent()
