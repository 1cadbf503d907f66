"""Looking for something by what one remembers of it, and finding nothing that is not for one's eyes."""

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import Engine

from duban.domain.terms import Hat
from duban.services import search as searching
from registry_season import NOTICE, Desk
from web_season import Client


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path)


def found(client: Client, asked: str) -> dict[str, list[str]]:
    """What is listed, by sort."""
    page = client.get("/search", params={"q": asked}).text
    parts = re.findall(r"<h2[^>]*>(.*?)</h2>(.*?)</section>", page, re.DOTALL)
    return {name: [_words(item) for item in re.findall(r"<li>(.*?)</li>", rest, re.DOTALL)] for name, rest in parts}


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_each_sort_is_found(desk: Desk) -> None:
    client = desk.coordinator
    notice = "关于bb等市测试的通知 测〔2021〕1号"
    assert found(client, "测[2021] 1") == {"通知": [notice]}
    assert found(client, "aa市") == {"单位": ["aa市 测〔2021〕1号"]}
    assert found(client, "ａａ市") == {"单位": ["aa市 测〔2021〕1号"]}
    assert found(client, "CLERK@AA") == {"联系人": ["clerk aa市填报人 clerk@aa.example 测〔2021〕1号"]}
    assert found(client, "推荐表") == {"材料": ["推荐表 测〔2021〕1号"]}
    assert found(client, "bb") == {
        "通知": [notice],
        "单位": ["bb市 测〔2021〕1号"],
        "联系人": ["clerk bb市填报人 clerk@bb.example 测〔2021〕1号"],
    }


def test_nothing_of_others_is_found(desk: Desk) -> None:
    boss = desk.client((Hat.SUPERVISOR, "aa"), name="boss")
    assert found(boss, "clerk") == {"联系人": ["clerk aa市填报人 clerk@aa.example 测〔2021〕1号"]}
    assert found(boss, "bb市") == {}
    other = desk.client((Hat.COORDINATOR, "bb"), name="other")
    assert [found(other, asked) for asked in ("测〔2021〕1号", "aa市", "clerk", "总结")] == [{}] * 4
    assert desk.clerk().get("/search?q=aa").status_code == 403
    assert ('role="search"' in boss.get("/supervision").text, 'role="search"' in desk.clerk().get("/my").text) == (
        True,
        False,
    )


def test_empty_and_short_questions_are_explained(desk: Desk) -> None:
    client = desk.coordinator
    assert "括号和“号”字可省" in client.get("/search").text
    assert "请至少输入两个字。" in client.get("/search?q=a").text
    assert "没有找到“&lt;b&gt;没有&lt;/b&gt;”" in client.get("/search?q=<b>没有</b>").text
    for wild in ("%25%25", "__", "%5C%5C", "a%25"):
        assert "没有找到" in client.get(f"/search?q={wild}").text


def test_more_than_is_listed_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 1)
    monkeypatch.setattr("duban.web.find.MOST", 1)
    page = desk.coordinator.get("/search?q=clerk").text
    assert "只列前1项，请多输入几个字。" in page
    assert NOTICE.id in page
