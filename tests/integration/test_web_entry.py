"""The doors by which people come in, as a browser, a mail scanner and a stranger's page meet them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from duban.bootstrap import Duban, mark_demo, open_duban
from duban.clock import real_now
from duban.domain.links import LinkKey, Purpose
from duban.domain.terms import Hat
from duban.services import entering, people
from duban.services.replaying import begin, live_through
from duban.settings import Settings
from factories import at, deliverable, notice, on, roster, stage, unit
from models.outbox import mails
from models.session import reading, writing
from notifications.local_server import LocalServer
from records import fingerprint
from web_season import Client, Stopped, come_in, stranger_of

NOW = "2021-10-12 09:30"
BASE = "http://127.0.0.1:8000"
MINE = notice(stage(on("2021-10-15"), deliverable("report"), deliverable("form", personal=True)))
OURS = {"sec-fetch-site": "same-origin"}
OWED = f"/units/aa/notices/{MINE.id}"


@pytest.fixture(scope="module")
def duban(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duban]:
    """Two cities; their mails, with links, are in the local mailbox."""
    folder = tmp_path_factory.mktemp("entry")
    settings = Settings(_env_file=None, data_dir=folder, base_url=BASE, mail_port=0)
    with LocalServer(settings.maildir) as server:
        opened = mark_demo(open_duban(settings.model_copy(update={"mail_port": server.port})))
        begin(opened.engine, MINE, roster(unit("aa", "clerk"), unit("bb", "clerk", order=2)), at=at("2021-10-11 10:00"))
        live_through(opened.engine, MINE, [], opened.sender(), start=at("2021-10-11 10:00"), until=at(NOW))
        yield replace(opened, clock=Stopped(shows=at(NOW)), is_demo=False)
    opened.engine.dispose()


@pytest.fixture
def client(duban: Duban) -> Client:
    return stranger_of(duban)


def link(duban: Duban, name: str = "aa") -> str:
    """The path of the link in the mails to a city's clerk."""
    mint = duban.mint
    assert mint is not None
    key = LinkKey(purpose=Purpose.UNIT, address=f"clerk@{name}.example", unit=name, notice=MINE.id)
    return f"/u/{mint.token(key)}"


def login_link(duban: Duban, *, must_change: bool = False) -> str:
    """The path of a one-time link for somebody new."""
    mint = duban.mint
    assert mint is not None
    with writing(duban.engine) as session:
        address = f"p{len(people.accounts(session))}@prov.example"
        person = people.add_person(session, address=address, name="新人", by="test", now=real_now())
        people.give(session, address, Hat.SUPERVISOR, "prov", by="test", now=real_now())
        if must_change:
            people.set_password(session, address, "第一个密码一二三四五", must_change=True, by="test", now=real_now())
        nonce = entering.login_link(session, mint, person, real_now=real_now())
        return f"/l/{mint.login_token(person.id or 0, nonce)}"


PREFETCH = {"purpose": "prefetch", "sec-purpose": "prefetch;prerender"}


def test_looking_at_a_link_changes_nothing_however_often(duban: Duban, client: Client) -> None:
    paths = [link(duban), login_link(duban), "/u/unknown", link(duban) + "/again"]
    before = fingerprint(duban.engine)
    for path in paths:
        for headers in ({}, PREFETCH, {"user-agent": "MailScanner"}):
            for method in ("GET", "HEAD", "OPTIONS"):
                answer = client.ask(method, path, headers=headers)
                assert (answer.status_code in (200, 404, 405), "set-cookie" in answer.headers) == (True, False)
    assert fingerprint(duban.engine) == before
    assert [client.get(path).status_code for path in paths] == [200, 200, 404, 405]


def test_a_scanner_that_posts_what_needs_no_field_does_not_use_a_login_link_up(duban: Duban, client: Client) -> None:
    """It leaves the box alone that must be ticked; the link of a notice it may press, and it stays good."""
    once, always = login_link(duban), link(duban)
    assert re.search(r'<input type="checkbox" name="mine" value="yes" required>', client.get(once).text)
    for _ in range(2):
        assert stranger_of(duban).post(always, headers=OURS).status_code == 303
    assert client.get(once).status_code == 200


def test_a_link_is_exchanged_for_a_session_and_a_clean_address(duban: Duban, client: Client) -> None:
    page = client.get(link(duban)).text
    assert "aa市" in page
    assert re.findall(r"<button[^>]*>([^<]+)", page) == ["English", "进入"]
    answer = client.post(link(duban), headers=OURS)
    assert (answer.status_code, answer.headers["location"], answer.headers["referrer-policy"]) == (
        303,
        OWED,
        "no-referrer",
    )
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"duban=[A-Za-z0-9_-]{43}; HttpOnly; Path=/; SameSite=lax", cookie)
    owed = client.get(OWED)
    assert (owed.status_code, link(duban) in owed.text) == (200, False)
    assert client.get("/").headers["location"] == "/my"
    assert "还差" in client.get("/my").text
    assert client.get(f"/units/bb/notices/{MINE.id}").status_code == 403


def test_over_https_the_cookie_is_for_this_host_alone(duban: Duban) -> None:
    settings = duban.settings.model_copy(update={"base_url": "https://duban.example"})
    secure = stranger_of(replace(duban, settings=settings))
    cookie = secure.post(link(duban), headers=OURS).headers["set-cookie"]
    assert re.fullmatch(r"__Host-duban=[A-Za-z0-9_-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", cookie)


def test_http_on_a_network_is_warned_of(duban: Duban) -> None:
    settings = duban.settings.model_copy(update={"host": "10.1.2.3"})
    outside = stranger_of(replace(duban, settings=settings))
    outside.host = "10.1.2.3:8000"
    assert "在网络上没有加密" in outside.get("/login").text
    assert "在网络上没有加密" not in stranger_of(duban).get("/login").text


def test_a_dead_link_says_what_to_do_and_names_no_address(duban: Duban, client: Client) -> None:
    for path, todo in (("/u/unknown", "重新发送到登记邮箱"), ("/r/x", "重新发送到登记邮箱"), ("/l/x", "重新登录")):
        answer = client.get(path)
        assert (answer.status_code, todo in answer.text, "@" in answer.text) == (404, True, False)
        assert client.post(path, headers=OURS).status_code == 404
    known, unknown = (client.post(f"{path}/again", headers=OURS) for path in (link(duban), "/u/unknown"))
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert known.text.replace(link(duban), "") == unknown.text.replace("/u/unknown", "")
    with reading(duban.engine) as session:
        sent = [(mail.to_email, mail.state) for mail in mails(session) if mail.kind == "link"]
    assert sent == [("clerk@aa.example", "sent")]


def test_a_login_link_is_asked_for_and_the_answer_tells_nothing(duban: Duban, client: Client) -> None:
    come_in(duban.engine, "boss@prov.example", (Hat.SUPERVISOR, "prov"))
    asked = [client.post("/login/link", data={"address": f"{n}@prov.example"}, headers=OURS) for n in ("boss", "none")]
    assert {answer.status_code for answer in asked} == {200}
    assert asked[0].text.replace("boss", "") == asked[1].text.replace("none", "")
    with reading(duban.engine) as session:
        (mail,) = [mail for mail in mails(session) if mail.to_email == "boss@prov.example"]
    assert (mail.kind, mail.state, "/l/***" in mail.text) == ("link", "sent", True)


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}])
def test_a_foreign_page_posts_nothing(duban: Duban, client: Client, headers: dict[str, str]) -> None:
    before = fingerprint(duban.engine)
    for path in (link(duban), "/login", "/login/link", f"{link(duban)}/again"):
        assert client.post(path, data={"address": "clerk@aa.example"}, headers=headers).status_code == 403
    assert fingerprint(duban.engine) == before


def test_a_post_within_a_session_needs_the_token_of_its_forms(duban: Duban, client: Client) -> None:
    client.post(link(duban), headers=OURS)
    form = {"name": "李老师", "address": "li@aa.example"}
    for wrong in ("", "0" * 40):
        bare = client.post(f"{OWED}/hand-on", data=form | {"csrf": wrong}, headers=OURS | {"x-csrf-token": wrong})
        assert (bare.status_code, "页面已过期" in bare.text) == (403, True)
    token = re.search(r'name="csrf" value="(\w+)"', client.get(OWED).text)
    assert token
    answer = client.post(f"{OWED}/hand-on", data=form | {"csrf": token[1]}, headers=OURS | {"x-csrf-token": ""})
    assert (answer.status_code, "已请 李老师 办理" in answer.text) == (200, True)
    other = stranger_of(duban)
    other.post(link(duban, "bb"), headers=OURS)
    stolen = {"csrf": token[1]}
    assert other.post("/logout", data=stolen, headers=OURS | {"x-csrf-token": ""}).status_code == 403


def test_logging_out_ends_the_session_on_the_server(duban: Duban, client: Client) -> None:
    client.post(link(duban), headers=OURS)
    kept = client.session
    assert client.post("/logout", headers=OURS).headers["location"] == "/login"
    client.session = kept
    assert client.get(OWED).headers["location"] == f"/login?back=%2Funits%2Faa%2Fnotices%2F{MINE.id}"


def test_after_the_login_back_to_where_one_wanted_to_go(duban: Duban, client: Client) -> None:
    come_in(duban.engine, "way@prov.example", (Hat.SUPERVISOR, "prov"))
    secret = "一个足够长的密码啊啊"
    with writing(duban.engine) as session:
        people.set_password(session, "way@prov.example", secret, must_change=False, by="test", now=real_now())
    form = {"address": "way@prov.example", "password": secret}
    for back, goes in ((f"/notices/{MINE.id}?show=all", f"/notices/{MINE.id}?show=all"), ("//evil.example", "/")):
        answer = stranger_of(duban).post("/login", data=form | {"back": back}, headers=OURS)
        assert (answer.status_code, answer.headers["location"]) == (303, goes)
    refused = client.post("/login", data=form | {"password": "wrong"}, headers=OURS)
    assert (refused.status_code, "邮箱或密码不正确" in refused.text, "set-cookie" in refused.headers) == (
        403,
        True,
        False,
    )
    assert 'action="//evil' not in client.get("/login?back=//evil.example").text


def test_a_first_password_is_changed_before_anything_else(duban: Duban, client: Client) -> None:
    client.post(login_link(duban, must_change=True), headers=OURS)
    assert client.get(f"/notices/{MINE.id}").headers["location"] == "/password"
    form = {"old": "第一个密码一二三四五", "new": "我自己的密码一二三四", "again": "我自己的密码一二三四"}
    assert "原密码不正确" in client.post("/password", data=form | {"old": "x"}, headers=OURS).text
    assert "两次输入的新密码不一致" in client.post("/password", data=form | {"again": "x"}, headers=OURS).text
    assert "至少10个字符" in client.post("/password", data=form | {"new": "短", "again": "短"}, headers=OURS).text
    former = client.session
    assert client.post("/password", data=form, headers=OURS).headers["location"] == "/"
    assert (client.session != former, client.get(f"/notices/{MINE.id}").status_code) == (True, 200)


def test_the_word_of_a_unit_is_asked_for_where_a_material_is_personal(duban: Duban, client: Client) -> None:
    with writing(duban.engine) as session:
        moment = entering.Moment(now=at(NOW), real=real_now())
        entering.set_word(session, "aa", "314159", by="test", moment=moment)
    client.post(link(duban), headers=OURS)
    assert "请输入本单位口令" in client.get(OWED).text
    assert "口令不正确" in client.post(f"{OWED}/word", data={"word": "000000"}, headers=OURS).text
    assert client.post(f"{OWED}/word", data={"word": "314159"}, headers=OURS).headers["location"] == OWED
    assert "请输入本单位口令" not in client.get(OWED).text


def test_a_program_comes_in_by_its_token(duban: Duban, client: Client) -> None:
    from duban.services import tokens

    come_in(duban.engine, "api@prov.example", (Hat.SUPERVISOR, "aa"))
    with writing(duban.engine) as session:
        token = tokens.new_token(session, "api@prov.example", name="报表", days=1, by="test", now=real_now())
    mine = {"authorization": f"Bearer {token}"}
    asked = (f"/units/aa/notices/{MINE.id}", f"/units/bb/notices/{MINE.id}")
    assert [client.get(path, headers=mine).status_code for path in asked] == [200, 403]
    wrong = client.get("/", headers={"authorization": "Bearer nonsense"})
    assert (wrong.status_code, wrong.headers["www-authenticate"], list(wrong.json())) == (401, "Bearer", ["error"])


def test_an_archive_shows_no_link_and_the_demo_mailbox_does(duban: Duban) -> None:
    token = link(duban)
    with reading(duban.engine) as session:
        number = next(mail.id for mail in mails(session) if mail.to_email == "clerk@aa.example")
    paths = (f"/mail/{number}", f"/mail/{number}/html")
    office = stranger_of(duban)
    office.session = come_in(duban.engine, "office@prov.example", (Hat.COORDINATOR, "prov"))
    demo = stranger_of(replace(duban, is_demo=True))
    assert [token in office.get(path).text for path in paths] == [False, False]
    assert ["/u/***" in office.get(path).text for path in paths] == [True, True]
    assert [token in demo.get(path).text for path in paths] == [True, True]


def test_the_key_is_not_in_the_database_nor_in_a_backup(duban: Duban, tmp_path: Path) -> None:
    from duban.services.backing import backup

    key = duban.settings.key_file.read_text(encoding="ascii").strip()
    made = backup(duban.engine, tmp_path / "b", folder=duban.settings.data_dir, with_mailbox=False, real_now=real_now())
    assert list(made.files) == ["duban.db"]
    held = _text(duban.engine)
    assert (key in held, link(duban).removeprefix("/u/") in held) == (False, False)


def _text(engine: Engine) -> str:
    with engine.connect() as connection:
        return "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
