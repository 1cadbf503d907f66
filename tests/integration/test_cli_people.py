"""Accounts, links and tokens by the command line; no secret is ever an argument."""

import re
from pathlib import Path

import pytest

from commands import DEFINITION, UNITS, Duban
from duban.bootstrap import open_duban
from duban.clock import real_now
from duban.domain.links import Purpose
from duban.services import entering
from duban.services.entering import Moment
from models.entry_link import links_of
from models.event import chain
from models.outbox import mails
from models.session import reading, writing
from notifications.local_server import LocalServer

SECRET = "一个足够长的初始密码"


@pytest.fixture
def office(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """A roster, and the address of the pages."""
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "secret.txt").write_text(SECRET + "\n", encoding="utf-8")
    monkeypatch.setenv("DUBAN_BASE_URL", "https://duban.example/")
    assert duban("units", "import", "units.csv").code == 0
    return duban


def test_the_first_administrator_is_made_on_the_terminal(office: Duban) -> None:
    said = office(
        "person", "add", "Root@prov.example", "--name", "管理员", "--administrator", "--password-file", "secret.txt"
    )
    assert (said.code, said.out, said.err) == (0, "已新增账号 root@prov.example\n", "")
    assert office("person", "list", "--json").json == [
        {
            "address": "root@prov.example",
            "name": "管理员",
            "administrator": True,
            "grants": [],
            "has_password": True,
            "disabled": False,
        }
    ]
    assert SECRET not in office("person", "list").out
    assert office("person", "add", "root@prov.example").code == 1
    assert office("person", "add", "x", "--password", SECRET).code == 2


def test_a_password_is_typed_twice_and_never_shown(office: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([SECRET, SECRET])
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: next(typed))
    office("person", "add", "wang@prov.example")
    said = office("person", "password", "wang@prov.example")
    assert (said.code, SECRET in said.out + said.err) == (0, False)
    moment = Moment(now=real_now(), real=real_now())
    with writing(open_duban().engine) as session:
        values = {"came_from": "", "former": "", "moment": moment}
        assert entering.login(session, address="wang@prov.example", password=SECRET, **values)  # type: ignore[arg-type]


def test_hats_are_given_and_taken(office: Duban) -> None:
    office("person", "add", "wang@prov.example", "--name", "王老师")
    assert (
        office("person", "grant", "wang@prov.example", "coordinator", "prov").out
        == "已给予 wang@prov.example：经办 prov\n"
    )
    assert office("person", "grant", "wang@prov.example", "supervisor", "aa").code == 0
    assert office("person", "list", "--json").json[0]["grants"] == [
        {"hat": "coordinator", "unit": "prov"},
        {"hat": "supervisor", "unit": "aa"},
    ]
    again = office("person", "grant", "wang@prov.example", "coordinator", "prov")
    assert (again.code, again.err) == (1, "wang@prov.example 已有这项权限\n")
    assert office("person", "revoke", "wang@prov.example", "supervisor", "aa").code == 0
    assert office("person", "revoke", "wang@prov.example", "supervisor", "aa").code == 2
    assert office("person", "grant", "wang@prov.example", "coordinator", "nowhere").code == 2
    assert office("person", "grant", "nobody@prov.example", "coordinator", "prov").code == 2
    assert office("person", "logout", "wang@prov.example").out == "wang@prov.example 已登录的全部退出\n"
    assert office("person", "disable", "wang@prov.example").code == 0
    assert office("person", "list", "--json").json[0]["disabled"] is True
    with reading(open_duban().engine) as session:
        assert [event.name for event in chain(session)] == [
            "person_added",
            "hat_given",
            "hat_given",
            "hat_taken",
            "shut_out",
            "person_disabled",
        ]


def test_a_login_link_is_said_on_the_terminal_and_works_once(office: Duban) -> None:
    office("person", "add", "wang@prov.example")
    url = office("link", "login", "wang@prov.example").out.strip()
    found = re.fullmatch(r"https://duban\.example/l/([A-Za-z0-9_-]{43})", url)
    assert found
    moment = Moment(now=real_now(), real=real_now())
    with writing(open_duban().engine) as session:
        entered = [entering.enter(session, Purpose.LOGIN, found[1], former="", moment=moment) for _ in range(2)]
    assert (entered[0] is not None, entered[1]) == (True, None)
    assert office("link", "login", "nobody@prov.example").code == 2


def test_without_an_address_of_the_pages_there_are_no_links(office: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_BASE_URL")
    office("person", "add", "wang@prov.example")
    said = office("link", "login", "wang@prov.example")
    assert (said.code, "DUBAN_BASE_URL" in said.err, said.err.count("\n")) == (2, True, 1)


def test_links_are_sent_again_and_taken_away(office: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notice.yaml").write_text(DEFINITION, encoding="utf-8")
    with LocalServer(tmp_path / "maildir") as server:
        monkeypatch.setenv("DUBAN_MAIL_PORT", str(server.port))
        assert office("publish", "notice.yaml", "--at", "2021-10-13T10:00").code == 0
        assert office("link", "send", "--unit", "aa", "--notice", "small-2021-1").out.startswith("1 封邮件")
        office("person", "add", "wang@prov.example")
        assert office("link", "send", "wang@prov.example").code == 0
        assert office("link", "send", "wang@prov.example", "--unit", "aa", "--notice", "small-2021-1").code == 2
        assert office("link", "send").code == 2
        office("sweep")
    duban = open_duban()
    with reading(duban.engine) as session:
        assert [(mail.kind, mail.state) for mail in mails(session) if mail.kind == "link"] == [("link", "sent")] * 2
        assert len(links_of(session)) == 1
    assert office("link", "revoke").code == 2
    assert office("link", "revoke", "--unit", "aa").out == "已收回 1 个链接\n"
    assert office("link", "revoke", "--unit", "aa").code == 2
    with reading(duban.engine) as session:
        assert (len(links_of(session)), len(links_of(session, in_force=False))) == (0, 1)
    duban.engine.dispose()


def test_tokens_are_shown_once(office: Duban) -> None:
    office("person", "add", "wang@prov.example")
    made = office("token", "new", "wang@prov.example", "--name", "报表", "--days", "30").out.strip()
    assert re.fullmatch(r"duban_[A-Za-z0-9_-]{43}", made)
    (row,) = office("token", "list", "--json").json
    assert (row["person"], row["name"], row["revoked"]) == ("wang@prov.example", "报表", False)
    assert made not in office("token", "list").out
    assert office("token", "revoke", "1").code == 0
    assert office("token", "list", "--json").json[0]["revoked"] is True
    assert office("token", "revoke", "7").code == 2
    assert office("token", "new", "wang@prov.example", "--name", "x", "--days", "367").code == 2


def test_the_word_of_a_unit_comes_from_a_file(office: Duban, tmp_path: Path) -> None:
    (tmp_path / "word.txt").write_text("314159\n", encoding="utf-8")
    assert office("units", "word", "aa", "--file", "word.txt").out == "已设置 aa 的口令\n"
    (tmp_path / "word.txt").write_text("31415", encoding="utf-8")
    assert office("units", "word", "aa", "--file", "word.txt").err == "口令至少6个字符\n"
    assert office("units", "word", "nowhere", "--file", "word.txt").code == 2
