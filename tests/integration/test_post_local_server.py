"""The local mail server: what it keeps, what it refuses, and clients that misbehave."""

import socket
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from mailbox import Maildir
from pathlib import Path

import pytest

from duban.domain.errors import Temporary
from notifications.local_server import SIZE_LIMIT, LocalServer
from notifications.post import Account, Deferred, Post, Sent


def account(port: int) -> Account:
    return Account(host="127.0.0.1", port=port, tls="none", sender="office@prov.example", timeout=10)


def mail(body: str = "正文\n", subject: str = "报送提醒") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "office@prov.example", "clerk@city.example", subject
    message.set_content(body)
    return message


def kept(folder: Path) -> list[EmailMessage]:
    files = sorted((folder / "new").iterdir())
    return [message_from_bytes(file.read_bytes(), policy=default) for file in files]  # type: ignore[misc]


def test_a_mail_goes_into_the_maildir_and_comes_out_whole(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "mail"
    with LocalServer(folder) as server, Post(account(server.port)) as post:
        assert post.deliver(mail(".点开头的一行\n.\n结束\n"), "clerk@city.example") == Sent()
    (only,) = kept(folder)
    assert (only["X-Envelope-From"], only["X-Envelope-To"]) == ("office@prov.example", "clerk@city.example")
    body = only.get_content().replace("\r\n", "\n")
    assert (only["Subject"], body) == ("报送提醒", ".点开头的一行\n.\n结束\n")
    assert [message["X-Envelope-To"] for message in Maildir(folder)] == ["clerk@city.example"]


def test_many_clients_at_once(tmp_path: Path) -> None:
    with LocalServer(tmp_path / "mail") as server:

        def client(number: int) -> list[object]:
            with Post(account(server.port)) as post:
                return [post.deliver(mail(subject=f"{number}-{n}"), "clerk@city.example") for n in range(10)]

        with ThreadPoolExecutor(8) as pool:
            outcomes = [outcome for batch in pool.map(client, range(8)) for outcome in batch]
    assert outcomes == [Sent()] * 80
    assert {str(m["Subject"]) for m in kept(tmp_path / "mail")} == {f"{c}-{n}" for c in range(8) for n in range(10)}


def test_a_mail_over_the_limit_is_refused(tmp_path: Path) -> None:
    with LocalServer(tmp_path / "mail") as server, Post(account(server.port)) as post:
        big = post.deliver(
            b"Subject: big\r\n\r\n" + (b"x" * 998 + b"\r\n") * (SIZE_LIMIT // 1000 + 1), "c@city.example"
        )
        small = post.deliver(mail(), "c@city.example")
    too_big = "附件过大或类型不被接受（552 Error: message size exceeds fixed maximum message size）"
    assert (big, small) == (Deferred(reason=too_big, code=552, bare=True), Sent())
    assert len(kept(tmp_path / "mail")) == 1


def test_a_full_disk_defers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with LocalServer(tmp_path / "mail") as server, Post(account(server.port)) as post:
        monkeypatch.setattr(Maildir, "add", full)
        outcome = post.deliver(mail(), "clerk@city.example")
    assert outcome == Deferred(reason="对方服务器暂不接收（452 4.3.1 Insufficient system storage）", code=452)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"EHLO x\r\n" + b"A" * 5000 + b"\r\n",
        b"EHLO x\r\n\xff\xfe\xfd\r\n",
        b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: half",
        b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n" + b"y" * 5000 + b"\r\n.\r\n",
    ],
)
def test_a_broken_client_harms_only_itself(tmp_path: Path, nonsense: bytes) -> None:
    with LocalServer(tmp_path / "mail") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(nonsense)
            client.settimeout(5)
            client.recv(100)
        with Post(account(server.port)) as post:
            assert post.deliver(mail(), "clerk@city.example") == Sent()
    assert [str(m["Subject"]) for m in kept(tmp_path / "mail")] == ["报送提醒"]


def test_it_stops_while_a_client_is_connected_and_starts_again(tmp_path: Path) -> None:
    server = LocalServer(tmp_path / "mail")
    for _ in range(2):
        server.start()
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            assert client.recv(100).startswith(b"220 localhost")
            server.stop()
            assert client.recv(100) == b""
    server.stop()


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with LocalServer(tmp_path / "one") as first:
        second = LocalServer(tmp_path / "two", first.port)
        with pytest.raises(Temporary, match=f"本机邮件服务无法启动（127.0.0.1:{first.port}）"):
            second.start()
        second.stop()


def test_only_this_machine_reaches_it(tmp_path: Path) -> None:
    with LocalServer(tmp_path / "mail") as server:
        mine = {a[4][0] for a in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
        for address in mine:
            if not address.startswith("127."):
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection((address, server.port), timeout=5)
