"""The commands of a supervisor and of leave, as an operator calls them."""

from pathlib import Path

import pytest
from docx import Document

from commands import Duban
from notifications.local_server import LocalServer


@pytest.fixture
def late(duban: Duban, files: tuple[Path, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """A notice of 2021 of which nobody has handed in anything."""
    definition, units, _ = files
    with LocalServer(tmp_path / "maildir") as server:
        monkeypatch.setenv("DUBAN_MAIL_PORT", str(server.port))
        assert duban("units", "import", units).code == 0
        assert duban("publish", definition, "--at", "2021-10-13T10:00").code == 0
        assert duban("sweep", "--at", "2021-10-18T09:00").code == 0
    return duban


def test_what_presses(late: Duban) -> None:
    found = late("supervision", "--json").json
    assert [(row["unit"], row["deliverable"], row["stage"], row["rung"], row["told_kind"]) for row in found] == [
        ("aa", "report", "red", "late-1", "overdue")
    ]
    assert late("supervision", "--late", "--unit", "aa", "--json").json == found
    assert late("supervision", "--unit", "nobody", "--json").json == []
    assert "红色·逾期" in late("supervision").out


def test_a_draft(late: Duban, tmp_path: Path) -> None:
    said = late("draft-order", "small-2021-1", "aa", "--out", "order.docx")
    assert (said.code, said.out) == (0, "已写入 order.docx：甲市教育局，红色·逾期（稿）\n")
    paper = Document(str(tmp_path / "order.docx"))
    assert [line.text for line in paper.paragraphs][:2] == ["省教育厅督办单", "（红色·逾期）　稿"]
    assert late("draft-order", "small-2021-1", "prov", "--out", "order.docx").code == 1
    assert late("draft-order", "nothing", "aa", "--out", "order.docx").code == 2


def test_leave(late: Duban) -> None:
    for name in ("li", "wang"):
        assert late("person", "add", f"{name}@prov.example", "--name", name).code == 0
    asked = ("delegate", "add", "li@prov.example", "wang@prov.example", "reviewer", "prov")
    days = ("--from", "2026-10-20", "--to", "2099-10-22")
    refused = late(*asked, *days)
    assert (refused.code, refused.err) == (1, "只能委托本人的权限，受托的权限不能再委托\n")
    assert late("person", "grant", "li@prov.example", "reviewer", "prov").code == 0
    too_long = late(*asked, *days)
    assert (too_long.code, too_long.err) == (1, "委托最长180天\n")
    given = late(*asked, "--from", "2099-01-01", "--to", "2099-01-03")
    assert (given.code, given.out) == (0, "已委托（第1号）：wang@prov.example 代 li@prov.example\n")
    row = {
        "number": 1,
        "giver": "li@prov.example",
        "taker": "wang@prov.example",
        "hat": "reviewer",
        "unit": "prov",
        "first_day": "2099-01-01",
        "last_day": "2099-01-03",
        "in_force": False,
        "ended": False,
    }
    assert late("delegate", "list", "--json").json == [row]
    assert late("delegate", "end", 1).out == "第1号委托已结束\n"
    assert late("delegate", "list", "--json").json == [row | {"ended": True}]
    assert (late("delegate", "end", 1).code, late("delegate", "end", 2).code) == (1, 2)
