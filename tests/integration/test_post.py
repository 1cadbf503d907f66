"""The post against real servers: every answer that a server may give, and its silence."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from notifications.local_server import LocalServer
from notifications.post import Account, AccountRefused, Deferred, Failed, Post, Rehearsal, Sent, Unknown

DROP = "drop"
OK = "250 ok"


@dataclass
class Script:
    """What the server answers, and what it has seen. An answer list is used up; then 250."""

    greeting: str = "220 test"
    extensions: tuple[str, ...] = ()
    answers: dict[str, list[str]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    connections: int = 0

    def answer(self, verb: str, default: str) -> str:
        waiting = self.answers.get(verb, [])
        return waiting.pop(0) if waiting else default


class Server:
    """A scripted SMTP server: one thread, one connection at a time, every byte under control."""

    def __init__(self, script: Script, wrap: Callable[[socket.socket], socket.socket] = lambda s: s) -> None:
        self.script, self._wrap, self._open = script, wrap, True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._open = False
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            plain, _ = self._listener.accept()
            plain.settimeout(5)
            if not self._open:
                plain.close()
                return
            try:
                with self._wrap(plain) as connection, connection.makefile("rb") as lines:
                    self.script.connections += 1
                    self._talk(connection, lines)
            except (OSError, ValueError, IndexError):  # what is not SMTP at all ends the talk
                plain.close()

    def _talk(self, connection: socket.socket, lines: Any) -> None:
        def say(words: str) -> None:
            connection.sendall(words.encode("utf-8") + b"\r\n")

        say(self.script.greeting)
        for line in lines:
            verb = line.split(b":")[0].split()[0].decode().upper()
            self.script.commands.append(line.decode().strip())
            default = {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, OK)
            if verb == "EHLO":
                default = "".join(f"250-{words}\r\n" for words in ("test", *self.script.extensions)) + "250 HELP"
            answer = self.script.answer(verb, default)
            if answer == DROP:
                return
            say(answer)
            if answer.startswith("354"):
                self.script.mails.append(_read_mail(lines))
                end = self.script.answer(".", OK)
                if end == DROP:
                    return
                say(end)
            if verb == "QUIT" or answer.startswith("421"):
                return


def _read_mail(lines: Any) -> bytes:
    kept = []
    for line in lines:
        if line == b".\r\n":
            break
        kept.append(line)
    return b"".join(kept)


@contextmanager
def serving(**script: Any) -> Iterator[tuple[Script, Account]]:
    server = Server(Script(**script))
    try:
        yield server.script, account(server.port)
    finally:
        server.stop()


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
    with serving() as (seen, to):
        assert deliver(to) == Sent()
    assert seen.commands == [
        "ehlo prov.example",
        "mail FROM:<office@prov.example>",
        "rcpt TO:<clerk@city.example>",
        "data",
        "quit",
    ]
    assert seen.mails[0].count(b"Message-ID: <m1@duban.example>") == 1


def test_stored_bytes_leave_unchanged() -> None:
    raw = b"Subject: x\r\n\r\n.dot\r\nline\r\n"
    with serving() as (seen, to), Post(to) as post:
        assert post.deliver(raw, "clerk@city.example") == Sent()
    assert seen.mails == [raw.replace(b".dot", b"..dot")]


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        (
            "RCPT",
            "450 4.2.0 MI:DMC too many",
            Deferred(reason="对方服务器暂不接收（450 4.2.0 MI:DMC too many）", code=450, token="MI:DMC"),
        ),
        (
            "RCPT",
            "550 User not found",
            Failed(reason="收件地址被拒（550 User not found）", permanent=True, code=550),
        ),
        (
            "RCPT",
            "550 RP:TRC day",
            Failed(reason="邮件被拒（550 RP:TRC day）", permanent=False, code=550, token="RP:TRC"),
        ),
        ("MAIL", "451 later", Deferred(reason="对方服务器暂不接收（451 later）", code=451)),
        ("MAIL", "552 size", Failed(reason="邮件被拒（552 size）", permanent=False, code=552)),
        (
            "MAIL",
            "550 MI:STC day",
            Failed(reason="邮件被拒（550 MI:STC day）", permanent=False, code=550, token="MI:STC"),
        ),
        ("DATA", "451 not now", Deferred(reason="对方服务器暂不接收（451 not now）", code=451)),
        ("DATA", "554 no", Failed(reason="邮件被拒（554 no）", permanent=False, code=554)),
        (".", "452 full", Deferred(reason="对方服务器暂不接收（452 full）", code=452)),
        (
            ".",
            "554 DT:SPM 垃圾邮件",
            Failed(reason="邮件被拒（554 DT:SPM 垃圾邮件）", permanent=False, code=554, token="DT:SPM"),
        ),
        (".", "421 HL:REP bye", Deferred(reason="对方服务器暂不接收（421 HL:REP bye）", code=421, token="HL:REP")),
        (".", "251 odd", Unknown(reason="服务器应答无法识别（251 odd），是否送达不明")),
        (".", "gibberish", Unknown(reason="服务器应答无法识别（-1 erish），是否送达不明")),
    ],
)
def test_every_answer_has_its_outcome(verb: str, answer: str, outcome: object) -> None:
    with serving(answers={verb: [answer]}) as (_, to):
        assert deliver(to) == outcome


def test_the_line_goes_on_after_a_refusal() -> None:
    answers = {"RCPT": ["550 User not found"], ".": ["554 DT:SPM"], "DATA": []}
    with serving(answers=answers) as (seen, to), Post(to) as post:
        kinds = [type(post.deliver(mail(), f"c{n}@city.example")) for n in range(4)]
    assert kinds == [Failed, Failed, Sent, Sent]
    assert seen.connections == 1


def test_an_answer_lost_after_data_is_unknown_and_nothing_is_sent_twice() -> None:
    with serving(answers={".": [DROP]}) as (seen, to):
        assert deliver(to) == Unknown(reason="发送后未收到应答（Connection unexpectedly closed），是否送达不明")
    assert len(seen.mails) == 1


def test_silence_after_data_is_unknown() -> None:
    with serving(answers={".": ["250-never ending"]}) as (seen, to):
        outcome = deliver(Account(**vars(to) | {"timeout": 0.5}))
    assert isinstance(outcome, Unknown)
    assert len(seen.mails) == 1


def test_a_connection_lost_before_data_is_deferred() -> None:
    with serving(answers={"RCPT": [DROP, DROP]}) as (seen, to):
        assert deliver(to) == Deferred(reason="与邮件服务器的连接中断，邮件尚未发出")
    assert seen.mails == []


def test_a_used_connection_that_was_dropped_is_renewed_once() -> None:
    with serving(answers={"MAIL": [OK, DROP]}) as (seen, to), Post(to) as post:
        assert [post.deliver(mail(), "clerk@city.example") for _ in range(2)] == [Sent(), Sent()]
    assert (seen.connections, len(seen.mails)) == (2, 2)


def test_an_error_at_quit_undoes_nothing() -> None:
    with serving(answers={"QUIT": [DROP]}) as (_, to):
        assert deliver(to) == Sent()


def test_connections_are_renewed_after_their_number_of_mails() -> None:
    with serving() as (seen, to), Post(Account(**vars(to) | {"per_connection": 2})) as post:
        assert [post.deliver(mail(), "clerk@city.example") for _ in range(5)] == [Sent()] * 5
    assert seen.connections == 3


def test_a_server_that_is_away_is_asked_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with Post(account(port)) as post:
        first, second = (post.deliver(mail(), "clerk@city.example") for _ in range(2))
    assert isinstance(first, Deferred)
    assert "Connection refused" in first.reason
    assert second == Deferred(reason=f"邮件服务器暂时连接不上（127.0.0.1:{port}，刚才没有应答）")


def test_a_greeting_that_turns_us_away_is_deferred_with_its_token() -> None:
    with serving(greeting="554 HL:IPB blocked") as (_, to):
        outcome = deliver(to)
    assert outcome == Deferred(
        reason=f"邮件服务器暂时连接不上（127.0.0.1:{to.port}，HL:IPB blocked）", code=554, token="HL:IPB"
    )


def test_a_wrong_code_stops_the_batch_and_says_what_to_do() -> None:
    answers = {"AUTH": ["535 Error: authentication failed"]}
    login = {"user": "office@prov.example", "secret": "s3cret"}
    with serving(extensions=("AUTH PLAIN",), answers=answers) as (seen, to), Post(Account(**vars(to) | login)) as post:
        for _ in range(2):
            with pytest.raises(AccountRefused, match="重新生成授权码") as refused:
                post.deliver(mail(), "clerk@city.example")
    assert "s3cret" not in str(refused.value)
    assert (seen.connections, sum(c.startswith("AUTH") for c in seen.commands)) == (1, 1)


def test_a_busy_login_is_only_deferred() -> None:
    with serving(extensions=("AUTH PLAIN",), answers={"AUTH": ["421 too many"]}) as (_, to):
        assert isinstance(deliver(Account(**vars(to) | {"user": "u", "secret": "x"})), Deferred)


def test_a_login_name_is_used_as_given() -> None:
    with serving(extensions=("AUTH LOGIN",), answers={"AUTH": ["334 VXNlcg=="], "EA==": ["235 in"]}) as (seen, to):
        deliver(Account(**vars(to) | {"user": "relay", "secret": "x"}))
    assert "AUTH LOGIN cmVsYXk=" in seen.commands


def test_a_sender_that_is_not_the_login_is_a_fault_of_the_account() -> None:
    answers = {"MAIL": ["553 Mail from must equal authorized user"]}
    with serving(answers=answers) as (_, to), pytest.raises(AccountRefused, match="请把发件地址改为登录账号本身"):
        deliver(to)


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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)  # noqa: TID251 - TLS compares with the true time
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_tls_is_verified(certificate: Path) -> None:
    """A certificate that nobody vouches for ends the matter; with its authority known, the mail goes."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = Server(Script(), wrap=lambda plain: context.wrap_socket(plain, server_side=True))
    to = account(server.port, host="localhost", tls="ssl")
    try:
        with pytest.raises(AccountRefused, match="证书未通过核验"):
            deliver(to)
        assert deliver(to, tls=ssl.create_default_context(cafile=str(certificate))) == Sent()
    finally:
        server.stop()


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


def test_starttls_and_refusals_of_a_grown_server(certificate: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    handler = Grumpy()
    server = Controller(handler, "localhost", free_port(), tls_context=context, require_starttls=True)
    server.start()
    trusted = ssl.create_default_context(cafile=str(certificate))
    try:
        with Post(account(server.port, host="localhost", tls="starttls"), tls=trusted) as post:
            outcomes = [post.deliver(mail(), f"{name}@city.example") for name in ("gone", "clerk", "clerk")]
    finally:
        server.stop()
    assert outcomes == [
        Failed(reason="收件地址被拒（550 User not found）", permanent=True, code=550),
        Deferred(reason="对方服务器暂不接收（450 MI:DMC slow down）", code=450, token="MI:DMC"),
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
