"""The page of a unit: what it shows, files that come and go, handing in, the receipt; and what is refused."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from chain_season import chain_notice, chain_units
from conftest import installed
from duban.bootstrap import Duban
from duban.domain.terms import Act, Hat
from duban.services.acting import Request, act
from duban.services.inspecting import inspect_unread
from duban.services.intake import Asked
from duban.services.replaying import begin
from duban.services.uploading import add
from factories import at
from material_files import docx, p, picture
from models.obligation import owed_by_name
from models.outbox import mails
from models.session import make_engine, reading, writing
from web_season import Client, come_in, installation, stranger_of

NOTICE = chain_notice()
PAGE = f"/units/school/notices/{NOTICE.id}"
SUMMARY, PHOTOS, PERSON, AWARD = (f"{PAGE}/{name}" for name in ("summary", "photos", "person", "award"))
NOW = "2021-10-12 10:00"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Duban]:
    engine = installed(make_engine(f"sqlite:///{tmp_path / 'office.db'}"))
    begin(engine, NOTICE, chain_units(), at=at("2021-09-24 10:00"))
    made = installation(engine, tmp_path, now=NOW, is_demo=False)
    made.store.prepare()
    yield made
    engine.dispose()


class Browser(Client):
    """Posts from a page of ours."""

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        options["headers"] = {"sec-fetch-site": "same-origin"} | dict(options.get("headers") or {})
        return super().ask(method, path, **options)


def clerk_of(office: Duban, unit: str) -> Browser:
    """The clerk of a unit, logged in."""
    session = come_in(office.engine, f"clerk@{unit}.example", (Hat.CLERK, unit))
    return Browser(stranger_of(office).app, session=session)


@pytest.fixture
def clerk(office: Duban) -> Client:
    return clerk_of(office, "school")


def text_of(words: int) -> bytes:
    """A document of so many words."""
    return docx(p("字" * words))


def upload(client: Client, place: str, *files: tuple[str, bytes]) -> int:
    answer = client.post(f"{place}/files", files=[("files", file) for file in files])
    return answer.status_code


def piecewise(client: Client, place: str, name: str, data: bytes, *, piece: int) -> dict[str, object]:
    """As the page's script does it."""
    found = client.post(f"{place}/uploads", json={"name": name, "size": len(data)}).json()
    while not found["done"]:
        start = found["offset"]
        found = client.ask(
            "PATCH", f"{place}/uploads/{found['id']}?offset={start}", content=data[start : start + piece]
        ).json()
    return found


def status(office: Duban, deliverable: str) -> str:
    with reading(office.engine) as session:
        row = owed_by_name(session, notice=NOTICE.id, unit="school", deliverable=deliverable)
        assert row is not None
        return row.status


def test_the_page_says_what_is_open_and_until_when(clerk: Client) -> None:
    page = clerk.get(PAGE)
    assert page.status_code == 200
    for words in (
        "school市",
        NOTICE.title,
        "还有4件要报，最近一件10月15日截止，剩3个工作日。",
        "10-15前（系统按10月15日 周五 24时计）",
        "不少于1500字",
        "纸质一式两份（盖章）",
        "登记寄出纸质件",
    ):
        assert words in page.text


def test_too_few_words_are_told_and_handed_in_only_with_a_word(office: Duban, clerk: Client) -> None:
    assert upload(clerk, SUMMARY, ("总结.docx", text_of(1432))) == 303
    page = clerk.get(PAGE).text
    assert "1432/1500字，还差68字" in page
    assert "仍要报送并说明" in page
    refused = clerk.post(f"{SUMMARY}/submit")
    assert (refused.status_code, status(office, "summary")) == (400, "pending")
    assert "核对未全部符合（还差68字）" in refused.text
    assert clerk.post(f"{SUMMARY}/submit", data={"note": "已与省厅沟通"}).status_code == 303
    assert status(office, "summary") == "submitted"


def test_a_program_is_no_material_and_no_word_makes_it_one(office: Duban, clerk: Client) -> None:
    assert upload(clerk, SUMMARY, ("总结.docx", text_of(1600)), ("bad.exe", b"MZ" + bytes(200))) == 303
    page = clerk.get(PAGE).text
    assert "bad.exe是程序文件，不能作为材料报送，请移除" in page
    assert f'action="{SUMMARY}/submit"' not in page
    refused = clerk.post(f"{SUMMARY}/submit", data={"note": "照报"})
    assert (refused.status_code, "bad.exe是程序文件" in refused.text, status(office, "summary")) == (
        400,
        True,
        "pending",
    )
    assert clerk.post(f"{SUMMARY}/files/2/remove").status_code == 303
    assert f'action="{SUMMARY}/submit"' in clerk.get(PAGE).text
    assert clerk.post(f"{SUMMARY}/submit").status_code == 303


def test_what_is_open_stands_first_by_day_and_what_is_done_below(office: Duban, clerk: Client) -> None:
    order = re.compile(r'<h2[^>]*>([^<]+)|<article class="card material" id="([^"]+)"')

    def read() -> list[str]:
        found = [a.strip() or b for a, b in order.findall(clerk.get(PAGE).text)]
        return found[: found.index("本单位的其他通知")]

    names = ["summary", "photos", "award", "person"]
    assert [name for name in read() if name in names] == names
    for name in ("summary", "award"):
        with writing(office.engine) as session:
            act(session, Request(notice=NOTICE.id, unit="school", deliverable=name, act=Act.SUBMIT), now=at(NOW))
    with writing(office.engine) as session:
        later = {"act": Act.EXTEND, "due": date(2021, 10, 29)}
        act(session, Request(notice=NOTICE.id, unit="school", deliverable="photos", **later), now=at(NOW))
    assert read() == ["one", "person", "photos", "已报送或已办结", "one", "summary", "award"]


def test_by_whatever_door_a_gap_needs_a_word(office: Duban, clerk: Client) -> None:
    upload(clerk, SUMMARY, ("总结.docx", text_of(1432)))
    acts = f"/api/v1/notices/{NOTICE.id}/units/school/deliverables/summary/acts"
    refused = clerk.ask("POST", acts, json={"act": "submit"}, headers={"accept": "application/json"})
    assert (refused.status_code, status(office, "summary")) == (409, "pending")
    assert "核对未全部符合（还差68字）" in refused.text
    done = clerk.ask(
        "POST", acts, json={"act": "submit", "note": "已与省厅沟通"}, headers={"accept": "application/json"}
    )
    assert (done.status_code, status(office, "summary")) == (200, "submitted")


def test_candidates_are_named_and_stay_in_their_order(office: Duban, clerk: Client) -> None:
    upload(clerk, AWARD, ("乙.txt", b"b"), ("甲.txt", b"a"))
    second, first = re.findall(r"/award/files/(\d+)\"", clerk.get(PAGE).text)
    assert clerk.post(f"{AWARD}/files/{first}/item", data={"item": " 甲社区学校 "}).status_code == 303
    assert clerk.post(f"{AWARD}/files/{first}/up").status_code == 303
    # the first has nothing above it
    assert clerk.post(f"{AWARD}/files/{first}/up").status_code == 303
    page = clerk.get(PAGE).text
    assert re.findall(r"/award/files/(\d+)\"", page) == [first, second]
    assert 'value="甲社区学校"' in page


def test_what_replaces_begins_with_what_was_handed_in(office: Duban, clerk: Client) -> None:
    upload(clerk, PHOTOS, ("a.jpg", picture(size=(800, 600))), ("b.jpg", picture(size=(640, 480))))
    assert "沿用上次报送的文件修改" not in clerk.get(PAGE).text
    clerk.post(f"{PHOTOS}/submit", data={"note": "照片名另附"})
    assert "沿用上次报送的文件修改" in clerk.get(PAGE).text
    assert clerk.post(f"{PHOTOS}/draft").status_code == 303
    page = clerk.get(PAGE).text
    assert [name in page for name in ("a.jpg", "b.jpg", "沿用上次报送的文件修改")] == [True, True, False]
    assert len(re.findall(r"/photos/files/\d+\"", page)) == 2


def test_the_days_go_into_a_calendar(clerk: Client) -> None:
    assert f"{PAGE}/deadlines.ics" in clerk.get(PAGE).text
    answer = clerk.get(f"{PAGE}/deadlines.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {(str(event["SUMMARY"]), event["DTSTART"].dt) for event in events} == {
        (f"截止：{name}（school市）", date(2021, 10, 15))
        for name in ("活动周年度工作总结", "活动照片", "先进单位申报材料", "先进个人申报材料")
    }


def test_what_is_handed_in_has_a_receipt_on_the_page_and_by_mail(office: Duban, clerk: Client) -> None:
    data = text_of(1500)
    upload(clerk, SUMMARY, ("总结.docx", data))
    answer = clerk.post(f"{SUMMARY}/submit")
    assert answer.headers["location"] == "/receipts/R000001"
    receipt = clerk.get("/receipts/R000001").text
    digest = hashlib.sha256(data).hexdigest()
    for words in ("R000001", "总结.docx", digest, "等待审核", "还有3件要报"):
        assert words in receipt
    with reading(office.engine) as session:
        (mail,) = [mail for mail in mails(session) if mail.kind == "received"]
        assert mail.to_email == "clerk@school.example"
    number = 1
    fetched = clerk.get(f"/files/{number}")
    assert (fetched.content, fetched.headers["x-content-type-options"]) == (data, "nosniff")
    assert fetched.headers["content-disposition"].startswith("attachment;")


def test_a_draft_is_replaced_file_by_file(clerk: Client) -> None:
    upload(clerk, PHOTOS, ("开幕式.jpg", picture(size=(1200, 900))), ("IMG_0001.jpg", picture(size=(1200, 901))))
    page = clerk.get(PAGE).text
    assert "IMG_0001" in page
    assert clerk.post(f"{PHOTOS}/files/2/remove").status_code == 303
    upload(clerk, PHOTOS, ("闭幕式.jpg", picture(size=(1200, 902))))
    page = clerk.get(PAGE).text
    assert ("IMG_0001" in page, "闭幕式.jpg" in page, "仍要报送" in page) == (False, True, False)


@pytest.mark.parametrize("piece", [700, 5_000, 1_000_000])
def test_a_file_comes_in_pieces_and_goes_on_where_it_broke_off(clerk: Client, piece: int) -> None:
    data = text_of(1500)
    begun = clerk.post(f"{SUMMARY}/uploads", json={"name": "总结.docx", "size": len(data)}).json()
    clerk.ask("PATCH", f"{SUMMARY}/uploads/{begun['id']}?offset=0", content=data[:600])
    again = clerk.post(f"{SUMMARY}/uploads", json={"name": "总结.docx", "size": len(data)}).json()
    assert again == {"id": begun["id"], "offset": 600, "done": False}
    wrong = clerk.ask(
        "PATCH", f"{SUMMARY}/uploads/{begun['id']}?offset=0", content=b"x", headers={"accept": "application/json"}
    )
    assert (wrong.status_code, wrong.json()["offset"]) == (409, 600)
    found = piecewise(clerk, SUMMARY, "总结.docx", data, piece=piece)
    assert found["done"] is True
    assert "1500" in clerk.get(PAGE).text
    assert clerk.post(f"{SUMMARY}/submit").status_code == 303


def test_a_piece_that_is_too_large_is_refused(clerk: Client) -> None:
    begun = clerk.post(f"{SUMMARY}/uploads", json={"name": "a.bin", "size": 9_000_000}).json()
    answer = clerk.ask("PATCH", f"{SUMMARY}/uploads/{begun['id']}?offset=0", content=b"x" * (8 * 1024 * 1024 + 1))
    assert answer.status_code == 413


def test_personal_data_needs_more_than_a_link(office: Duban, clerk: Client) -> None:
    assert "先进个人申报材料" in clerk.get(PAGE).text
    assert upload(clerk, PERSON, ("表.docx", text_of(10))) == 303


def test_another_units_files_are_not_there(office: Duban, clerk: Client) -> None:
    upload(clerk, SUMMARY, ("总结.docx", text_of(1500)))
    clerk.post(f"{SUMMARY}/submit")
    other = clerk_of(office, "other")
    begun = clerk.post(f"{PHOTOS}/uploads", json={"name": "a.jpg", "size": 10}).json()
    theirs = f"/units/other/notices/{NOTICE.id}/photos/uploads/{begun['id']}?offset=0"
    answers = [
        other.get(PAGE),
        other.get("/files/1"),
        other.get("/receipts/R000001"),
        other.post(f"{SUMMARY}/files", files=[("files", ("a.txt", b"a"))]),
        other.post(f"{SUMMARY}/submit"),
        other.ask("PATCH", theirs, content=b"0123456789"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 403, 404]


def test_looking_changes_nothing(office: Duban, clerk: Client) -> None:
    upload(clerk, SUMMARY, ("总结.docx", text_of(1500)))
    clerk.post(f"{SUMMARY}/submit")
    with office.engine.connect() as connection:
        before = connection.exec_driver_sql("PRAGMA data_version").scalar()
        for path in (PAGE, "/my", "/receipts/R000001", "/files/1", f"{SUMMARY}/files/1"):
            for method in ("GET", "HEAD"):
                clerk.ask(method, path)
        assert connection.exec_driver_sql("PRAGMA data_version").scalar() == before


def test_what_an_interrupted_process_left_unread_is_read_later(office: Duban, clerk: Client) -> None:
    asked = Asked(notice=NOTICE.id, unit="school", deliverable="summary")
    add(office.engine, office.store, asked, name="总结.docx", chunks=[text_of(1432)], by="a@b.example", now=at(NOW))
    assert "文件正在核对" in clerk.get(PAGE).text
    read = [inspect_unread(office.engine, office.store, now=at(NOW)) for _ in range(2)]
    assert (read, "还差68字" in clerk.get(PAGE).text) == ([1, 0], True)


def test_what_the_first_step_has_approved_is_not_offered_for_withdrawal(office: Duban, clerk: Client) -> None:
    upload(clerk, SUMMARY, ("总结.docx", text_of(1500)))
    clerk.post(f"{SUMMARY}/submit")
    assert f"{SUMMARY}/withdraw" in clerk.get(PAGE).text
    with writing(office.engine) as session:
        approve = Request(notice=NOTICE.id, unit="school", deliverable="summary", act=Act.APPROVE)
        act(session, approve, now=at(NOW))
    assert f"{SUMMARY}/withdraw" not in clerk.get(PAGE).text
