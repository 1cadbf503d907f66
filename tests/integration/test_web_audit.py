"""The page of the record: who sees what, filters, paging by number, files to take away, a look on demand."""

import csv
import io
import re
from html import unescape
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from duban.domain.state import TABLE, Move
from duban.domain.terms import Decision, Hat
from duban.web.audit import doors
from duban.web.audit.audit_view import HEADERS
from duban.web.event_words import OTHERS
from duban.web.unit_view import EVENTS
from models.event import record
from models.session import writing
from registry_season import NOTICE, START, Desk, post
from tampering import alter, unsealed
from web_season import Client, come_in, stranger_of

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    """Two cities have acted; somebody of another issuer is on record too."""
    made = Desk(engine, tmp_path)
    made.does("submit", "aa", by_person="clerk@aa.example", note="=1+1")
    made.does("submit", "bb", "photos")
    made.does("return", "aa", note="缺照片", due="2021-10-20", moment="2021-10-13 10:00")
    with writing(engine) as session:
        about = {"unit": "zz", "deliverable": "report", "note": "别处的事"}
        record(session, at=START, name="submitted", by="unit", data=about, notice="other-2021-9")
    return made


def administrator(desk: Desk) -> Client:
    found = stranger_of(desk.duban)
    found.session = come_in(desk.engine, "admin@me.example", is_administrator=True)
    return found


def lines(page: str) -> list[str]:
    """The rows of the page in words, without the hash."""
    rows = re.findall(r"<tr>\n(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    cells = [[unescape(re.sub(r"<[^>]+>|\s+", " ", cell)).split() for cell in row.splitlines()] for row in rows]
    return [" ".join(word for cell in found[:-1] for word in cell) for found in cells]


def test_a_coordinator_reads_what_happened_in_the_own_notices(desk: Desk) -> None:
    assert lines(desk.coordinator.get("/audit").text) == [
        "10月13日 10:00 退回补正 测〔2021〕1号 aa市 总结 发文机关审核 缺照片；新期限10月20日 4",
        "10月12日 10:00 报送 测〔2021〕1号 bb市 照片 报送单位 3",
        "10月12日 10:00 报送 测〔2021〕1号 aa市 总结 报送单位 clerk =1+1 2",
        "9月24日 10:00 发布通知 测〔2021〕1号 发文机关 1",
    ]


def test_an_administrator_reads_all_of_it_and_others_nothing(desk: Desk) -> None:
    said = lines(administrator(desk).get("/audit").text)
    assert [line.split()[2] for line in said][:2] == ["新增账号", "报送"]
    assert "别处的事" in said[1]
    for hat in (Hat.CLERK, Hat.REVIEWER, Hat.SUPERVISOR):
        assert [desk.client((hat, "aa")).get(path).status_code for path in ("/audit", "/audit/events.csv")] == [
            403,
            403,
        ]


NARROWED = {
    f"notice={NOTICE.id}": [4, 3, 2, 1],
    "notice=other-2021-9": [],
    "unit=aa": [4, 2],
    "unit=aa市": [4, 2],
    "unit=市": [4, 3, 2],
    "unit=%25": [],
    "person=CLERK@aa": [2],
    "person=%25": [],
    "person=issuer": [4, 1],
    "day=2021-10-12": [3, 2],
    "day=2021-10-11": [],
    "day=nonsense": [4, 3, 2, 1],
    "unit=aa&day=2021-10-13": [4],
    "below=3": [2, 1],
    "below=1": [],
}


def test_the_record_is_narrowed(desk: Desk) -> None:
    client = desk.coordinator
    found = {asked: lines(client.get(f"/audit?{asked}").text) for asked in NARROWED}
    assert {asked: [int(line.split()[-1]) for line in said] for asked, said in found.items()} == NARROWED


def test_pages_go_on_below_the_last_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "PAGE", 2)
    client, path, seen = desk.coordinator, "/audit?unit=市", list[int]()
    while path:
        page = client.get(path).text
        seen += [int(line.split()[-1]) for line in lines(page)]
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path = unescape(older[1]) if older else ""
    assert seen == [4, 3, 2]


def test_files_hold_the_same_and_nothing_is_a_formula(desk: Desk) -> None:
    client = desk.coordinator
    table = client.get("/audit/events.csv?unit=aa")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert (tuple(rows[0]), table.headers["content-disposition"]) == (HEADERS, 'attachment; filename="events.csv"')
    at = "2021-10-12 10:00:00"
    assert rows[2][:-1] == [
        "2",
        at,
        "测〔2021〕1号",
        "aa市",
        "总结",
        "报送",
        "报送单位 clerk（clerk@aa.example）",
        "'=1+1",
    ]
    sheet = load_workbook(io.BytesIO(client.get("/audit/events.xlsx?unit=aa").content)).active
    assert sheet is not None
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in found][-3:-1] == [4, 2]
    assert found[-2][7] == "'=1+1"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_file_that_does_not_hold_all_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "MOST_TAKEN", 3)
    last = desk.coordinator.get("/audit/events.csv").content.decode("utf-8-sig").splitlines()[-1]
    assert last == "只含较新的3条，第2条之前的未列入，请按通知、单位或日期筛选后再导出。"


def test_a_look_on_demand_shows_what_is_broken(desk: Desk) -> None:
    client = desk.coordinator
    assert "还没有核验过。" in client.get("/audit").text
    answer = post(client, "/audit/verify")
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit#look")
    page = client.get("/audit").text
    assert re.search(r"10月12日 10:00核验：至第\d+条，完整无误。", page)
    assert 'role="alert"' not in page
    with unsealed(desk.engine), writing(desk.engine) as session:
        alter(session.connection(), 1, Random(3))
    post(client, "/audit/verify")
    page = client.get("/audit").text
    assert ("第 1 条被改动过。" in page, 'role="alert"' in page) == (True, True)


def test_a_damaged_record_is_shown_all_the_same(desk: Desk) -> None:
    with unsealed(desk.engine), writing(desk.engine) as session:
        for text in ("UPDATE event SET data = '[1' WHERE seq = 2", "UPDATE event SET data = '[]' WHERE seq = 3"):
            session.connection().exec_driver_sql(text)
    assert [line.split()[-2] for line in lines(desk.coordinator.get("/audit?below=4").text)][:2] == ["[]", "[1"]


def test_every_event_has_its_words() -> None:
    named = {move.audit for move in TABLE.values() if isinstance(move, Move)} | {str(decision) for decision in Decision}
    for path in (HOUSE / "duban").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'\brecord\(\s*\w+,[^()]*?name="(\w+)"', text, re.DOTALL))
        named |= set(re.findall(r'\b_(?:tell|note)\(session, "(\w+)"', text))
    named |= {"clock_doubted", "clock_agreed"}
    assert len(named) > 35
    assert sorted(named - {*EVENTS, *OTHERS}) == []
