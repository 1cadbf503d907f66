"""Tokens, their masks and days; passwords; the key of an installation."""

import logging
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from duban.domain.errors import InputRefused, UsageError
from duban.domain.links import LinkKey, Mint, Purpose, expiry, hashed, links_in, masked
from duban.domain.passwords import check_password
from duban.keyfile import read_key
from duban.services.passwords import fits, hash_password
from duban.web.guard import mask_access_log, own_path
from factories import at

MINT = Mint(key=b"k" * 32, base_url="https://duban.example")
KEY = LinkKey(purpose=Purpose.UNIT, address="clerk@aa.example", unit="aa", notice="n1")


def test_the_same_link_has_the_same_token_and_no_other_has() -> None:
    others = [
        LinkKey(purpose=Purpose.REVIEW, address="clerk@aa.example", unit="aa", notice="n1"),
        LinkKey(purpose=Purpose.UNIT, address="clerk@bb.example", unit="aa", notice="n1"),
        LinkKey(purpose=Purpose.UNIT, address="clerk@aa.example", unit="bb", notice="n1"),
        LinkKey(purpose=Purpose.UNIT, address="clerk@aa.example", unit="aa", notice="n2"),
        LinkKey(purpose=Purpose.UNIT, address="clerk@aa.example", unit="aa", notice="n1", generation=2),
    ]
    tokens = {MINT.token(key) for key in (KEY, KEY, *others)}
    elsewhere = Mint(key=b"l" * 32, base_url=MINT.base_url).token(KEY)
    assert (len(tokens), elsewhere in tokens) == (6, False)
    # 43 letters of 6 bits: 256 bits
    assert {len(token) for token in tokens} == {43}
    assert len(hashed(MINT.token(KEY))) == 64
    assert MINT.login_token(1, "a") != MINT.login_token(1, "b")
    assert "k" * 32 not in repr(MINT)


def test_a_token_is_taken_out_of_a_text_and_nothing_else_is() -> None:
    url = MINT.url(Purpose.UNIT, MINT.token(KEY))
    text = f'打开报送页面：\n{url}\n<a href="{url}">{url}</a> /units/aa/notices/some-very-long-notice-name-2021'
    assert MINT.token(KEY) not in masked(text)
    assert masked(text).count("https://duban.example/u/***") == 3
    assert masked(text).endswith("/units/aa/notices/some-very-long-notice-name-2021")
    assert links_in(text) == (url,)


class Kept(logging.Handler):
    """What was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def test_the_access_log_holds_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    mask_access_log()
    mask_access_log()
    log, kept = logging.getLogger("uvicorn.access"), Kept()
    monkeypatch.setattr(log, "handlers", [kept])
    monkeypatch.setattr(log, "propagate", False)
    monkeypatch.setattr(log, "level", logging.INFO)
    monkeypatch.setattr(log, "disabled", False)
    log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/l/" + MINT.login_token(1, "a"), "1.1", 200)
    assert kept.messages == ['127.0.0.1:1 - "GET /l/*** HTTP/1.1" 200']


def test_a_link_is_good_until_after_the_last_day_and_for_a_while_in_any_case() -> None:
    mailed = at("2021-09-24 10:00")
    assert expiry(last_due=None, mailed_at=mailed) == at("2021-10-24 10:00")
    assert expiry(last_due=at("2021-12-11 00:00"), mailed_at=mailed) == at("2021-12-11 00:00") + timedelta(days=90)
    assert expiry(last_due=at("2021-06-01 00:00"), mailed_at=mailed) == at("2021-10-24 10:00")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("九个字符的密码一二", "密码至少10个字符"),
        ("x" * 201, "密码至多200个字符"),
        ("Password123", "这个密码太常见，请换一个"),
        ("aaaaaaaaaabbb", "这个密码太常见，请换一个"),
        ("coordinator2021", "这个密码太常见，请换一个"),
    ],
)
def test_a_poor_password_is_refused(password: str, said: str) -> None:
    with pytest.raises(InputRefused, match=said):
        check_password(password, address="coordinator@prov.example")


def test_passwords_are_hashed_as_strongly_as_is_recommended() -> None:
    """RFC 9106, second recommendation: argon2id, 64 MiB, 3 passes, 4 lanes; each with its own salt."""
    stored = hash_password("十个字符的密码一二三")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hash_password("十个字符的密码一二三") != stored
    assert fits("十个字符的密码一二三", stored) == (True, "")
    assert fits("十个字符的密码一二", stored) == (False, "")
    assert fits("—", "") == (False, "")


@pytest.mark.parametrize("password", ["十个字符的密码一二三", "xy3" + "z" * 197, "coordinator of the province"])
def test_a_good_password_is_taken(password: str) -> None:
    check_password(password, address="coordinator@prov.example")


def test_the_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret.key"
    key = read_key(file)
    assert (len(key), read_key(file)) == (32, key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]
    assert read_key(tmp_path / "other.key") != key


@pytest.mark.parametrize("text", ["", "nonsense", "ab" * 31])
def test_a_file_without_a_key_is_refused_and_not_replaced(tmp_path: Path, text: str) -> None:
    file = tmp_path / "secret.key"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="密钥文件"):
        read_key(file)
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/notices/n1?show=all", "/notices/n1?show=all"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_a_path_of_ours(asked: str, goes: str) -> None:
    assert own_path(asked) == goes
