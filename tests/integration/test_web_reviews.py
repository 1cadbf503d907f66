"""The reviewer's desk: what waits, one material, decisions one and many, what is refused."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from conftest import installed
from desk_season import CITY, NOTICE, NOW, OFFICE, attach, hand_in, key, knows, number, office, page, reviewer
from duban.bootstrap import Duban
from duban.domain.access import Grant, Subject
from duban.domain.content import Content, FileKind, Paragraph, Picture, Table
from duban.domain.terms import Hat
from duban.services.reviewing import inbox
from duban.services.sheet import sheet
from duban.web.review.sheet_view import sheet_view
from factories import at
from handed import han
from models.event import chain
from models.obligation import of_notice
from models.session import make_engine, reading
from models.submission import last_review
from records import fingerprint
from web_season import Client, stranger_of

REPORT = Content(
    kind=FileKind.DOCX,
    words=1432,
    paragraphs=(
        Paragraph(text="全民终身学习活动周总结", level=1),
        Paragraph(text=han(1421)),
        Paragraph(text="<b>x</b>"),
    ),
    tables=(Table(rows=(("主题", "人次"), ("开幕式", "300"))),),
    pictures=(Picture(width=800, height=600, name="开幕式现场"),),
)


@pytest.fixture
def duban(tmp_path: Path) -> Iterator[Duban]:
    engine = installed(make_engine("sqlite://"))
    yield office(engine, tmp_path)
    engine.dispose()


def standing(engine: Engine) -> dict[str, str]:
    """``aa/report`` → status."""
    with reading(engine) as session:
        return {f"{row.unit_id}/{row.deliverable}": row.status for row in of_notice(session, NOTICE.id)}


def decided(engine: Engine, owner: str = "aa", name: str = "report") -> tuple[str, str, str] | None:
    """The last decision that stands: what, by whom, why."""
    with reading(engine) as session:
        found = last_review(session, number(session, owner, name))
    return found and (found.decision, found.by_person, found.note)


def seen(client: Client, owner: str = "aa", name: str = "report") -> str:
    """The key that the page's form carries."""
    (found,) = set(re.findall(r'name="seen" value="([^"]+)"', client.get(page(owner, name)).text))
    return str(found)


def test_the_inbox_lists_what_waits_with_its_verdict(duban: Duban) -> None:
    attach(duban, "aa", "report", "总结.docx", b"docx", REPORT)
    client = reviewer(duban)
    before = fingerprint(duban.engine)
    text = client.get("/reviews").text
    assert "有4件材料等您审核。" in text
    assert text.index("aa市") < text.index("bb市")
    assert "还差68字" in text
    assert "剩2个工作日" in text
    assert text.count('name="chosen"') == 4
    assert fingerprint(duban.engine) == before


def test_an_empty_inbox_says_what_will_come(duban: Duban) -> None:
    client = knows(reviewer(duban), duban, "li@bb.example", Hat.REVIEWER, "bb")
    text = client.get("/reviews").text
    assert "没有等您审核的材料。" in text
    assert "aa市" not in text


def test_many_are_approved_after_a_look_at_their_names(duban: Duban) -> None:
    client = reviewer(duban)
    chosen = re.findall(r'name="chosen" value="([^"]+)"', client.get("/reviews").text)
    before = fingerprint(duban.engine)
    asked = client.post("/reviews/confirm", data={"chosen": chosen})
    assert (asked.status_code, fingerprint(duban.engine)) == (200, before)
    assert [name for name in ("aa市“工作总结”", "aa市“活动照片”", "bb市“工作总结”") if name in asked.text] == [
        "aa市“工作总结”",
        "aa市“活动照片”",
        "bb市“工作总结”",
    ]
    answer = client.post("/reviews/approve", data={"chosen": chosen})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reviews?done=approved")
    assert set(standing(duban.engine).values()) == {"completed", "pending"}
    assert decided(duban.engine) == ("approved", "wang@prov.example", "")
    assert "已审核通过。" in client.get("/reviews?done=approved").text


def test_all_or_none_and_every_refusal_is_told(duban: Duban) -> None:
    client = reviewer(duban)
    chosen = re.findall(r'name="chosen" value="([^"]+)"', client.get("/reviews").text)
    hand_in(duban.engine, "aa", "photos", moment="2021-10-12 09:00")
    before = standing(duban.engine)
    wrong = [*chosen, key(1, "zz"), key(0, "bb", "photos")]
    answer = client.post("/reviews/approve", data={"chosen": wrong})
    assert (answer.status_code, standing(duban.engine)) == (400, before)
    assert "有3项不能办理，全部未办" in answer.text
    assert "aa市“活动照片”：单位已重新报送或撤回，请看过新的材料再办理" in answer.text
    assert "不在您的权限之内" in answer.text


@pytest.mark.parametrize("chosen", [[], ["x"], ["a/b/c/x"], ["a/b/c/1/2"], ["a/b/c/99999999999"]])
def test_what_is_no_choice_is_refused(duban: Duban, chosen: list[str]) -> None:
    client = reviewer(duban)
    for door in ("/reviews/confirm", "/reviews/approve"):
        answer = client.post(door, data={"chosen": chosen})
        assert answer.status_code == 400
        assert "请" in answer.text


def test_one_page_has_all_that_a_decision_needs(duban: Duban) -> None:
    attach(duban, "aa", "report", "总结.docx", b"docx", REPORT)
    client = reviewer(duban)
    before = fingerprint(duban.engine)
    text = client.get(page()).text
    for words in (
        "请核对材料后作出发文机关审核意见，审核期限10月14日 周四。",
        "1432/1500字，还差68字",
        "<b>单位说明：</b>请审核",
        "开幕式现场",
        "&lt;b&gt;x&lt;/b&gt;",
        "<td>300</td>",
        "10月11日 15:00 第1轮报送（1个文件），说明：请审核",
        'value="2021-10-15"',
        "活动照片</label>",
    ):
        assert words in text
    assert fingerprint(duban.engine) == before


def test_approving_one_with_a_note(duban: Duban) -> None:
    client = reviewer(duban)
    answer = client.post(f"{page()}/approve", data={"seen": seen(client), "note": " 很好 "})
    assert (answer.status_code, decided(duban.engine)) == (303, ("approved", "wang@prov.example", "很好"))
    again = client.get(page())
    assert "已办结，无须办理。" in again.text
    assert "审核通过：很好" in again.text


def test_what_was_replaced_meanwhile_is_not_approved(duban: Duban) -> None:
    client = reviewer(duban)
    old = seen(client)
    hand_in(duban.engine, "aa", "report", moment="2021-10-12 09:00")
    answer = client.post(f"{page()}/approve", data={"seen": old})
    assert (answer.status_code, decided(duban.engine)) == (400, None)
    assert "没有办成：单位已重新报送或撤回，请看过新的材料再办理。" in answer.text
    for wrong in ("", key(1, "bb"), "x"):
        assert client.post(f"{page()}/approve", data={"seen": wrong}).status_code == 400


def test_returning_several_of_one_unit_for_a_template(duban: Duban) -> None:
    client = reviewer(duban)
    also = re.findall(r'name="also" value="([^"]+)"', client.get(page()).text)
    form = {"seen": seen(client), "template": "缺附件", "note": "附表1", "due": "2021-10-20", "also": also[:1]}
    answer = client.post(f"{page()}/return", data=form)
    assert answer.headers["location"] == "/reviews?done=returned"
    said = ("returned", "wang@prov.example", "附件不全，请对照通知补齐；附表1")
    assert (decided(duban.engine), decided(duban.engine, "aa", "photos")) == (said, said)
    assert decided(duban.engine, "aa", "persons") is None


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"note": "缺章"}, "请定补正截止日"),
        ({"due": "2021-10-20"}, "请写明退回理由"),
        ({"note": "缺章", "due": "2021-10-11"}, "新的截止日 2021-10-11 已过"),
        ({"note": "缺章", "due": "2021-13-01"}, "日期不正确：2021-13-01"),
        ({"note": "缺章", "due": "2021-10-20", "also": [key(9, "bb")]}, "页面已过期"),
    ],
)
def test_a_return_that_lacks_something_keeps_what_was_typed(duban: Duban, form: dict[str, str], why: str) -> None:
    client = reviewer(duban)
    before = standing(duban.engine)
    answer = client.post(f"{page()}/return", data={"seen": seen(client), "template": "", **form})
    assert (answer.status_code, standing(duban.engine)) == (400, before)
    assert why in answer.text
    assert f">{form.get('note', '')}</textarea>" in answer.text
    assert "<details open>" in answer.text


def test_a_decision_is_taken_back_by_the_unit_that_made_it(duban: Duban) -> None:
    client = reviewer(duban)
    client.post(f"{page()}/return", data={"seen": seen(client), "note": "缺章", "due": "2021-10-20"})
    assert f'action="{page()}/take-back"' in client.get("/reviews").text
    city = knows(client, duban, "li@aa.example", Hat.REVIEWER, "aa")
    assert city.post(f"{page()}/take-back").status_code == 403
    assert client.post(f"{page()}/take-back").headers["location"] == "/reviews?done=taken_back"
    assert (decided(duban.engine), standing(duban.engine)["aa/report"]) == (None, "submitted")
    text = client.get("/reviews").text
    assert "退回补正：缺章（已收回）" in text
    assert f'action="{page()}/take-back"' not in text
    assert client.post(f"{page()}/take-back").status_code == 400


def test_nobody_reviews_what_he_has_handed_in_himself(duban: Duban) -> None:
    hand_in(duban.engine, "aa", "report", by=OFFICE, moment="2021-10-12 09:00")
    client = reviewer(duban, OFFICE, Hat.COORDINATOR)
    text = client.get(page()).text
    assert "这是您本人报送的材料，请交由同事审核。" in text
    assert 'name="seen"' not in text
    for door in ("approve", "return"):
        answer = client.post(f"{page()}/{door}", data={"seen": key(5), "note": "x", "due": "2021-10-20"})
        assert (answer.status_code, "本人报送的材料不能由本人审核" in answer.text) == (403, True)
    text = client.get("/reviews").text
    assert ("本人报送，请交由同事审核" in text, text.count('name="chosen"')) == (True, 3)
    refused = client.post("/reviews/approve", data={"chosen": [key(5)]})
    assert (refused.status_code, "本人报送的材料不能由本人审核" in refused.text) == (400, True)
    assert reviewer(duban).get(page()).text.count('name="seen"') == 2


def test_a_clerk_and_a_stranger_do_not_review(duban: Duban) -> None:
    clerk = knows(reviewer(duban), duban, CITY, Hat.CLERK, "aa")
    doors = [client.get(page()).status_code for client in (clerk, stranger_of(duban))]
    posts = [clerk.post(f"{page()}/{door}").status_code for door in ("approve", "return", "take-back", "consult")]
    assert (doors, posts) == ([403, 303], [403] * 4)
    with reading(duban.engine) as session:
        assert {event.name for event in chain(session)} >= {"submitted"}


def test_a_coordinator_reviews_for_the_issuer(duban: Duban) -> None:
    client = reviewer(duban, "zhang@prov.example", Hat.COORDINATOR)
    assert client.post(f"{page()}/approve", data={"seen": seen(client)}).status_code == 303
    assert decided(duban.engine) == ("approved", "zhang@prov.example", "")


@pytest.mark.parametrize(("is_cleared", "opens"), [(False, False), (True, True)])
def test_personal_data_are_not_opened_by_a_bare_link(duban: Duban, is_cleared: bool, opens: bool) -> None:
    attach(duban, "aa", "persons", "王某某.docx", b"docx", REPORT)
    link = {"unit": "prov", "notice": NOTICE.id, "by_link": True, "is_cleared": is_cleared}
    subject = Subject(grants=(Grant(hat=Hat.REVIEWER, holder=OFFICE, **link),))  # type: ignore[arg-type]
    with reading(duban.engine) as session:
        found = sheet(session, NOTICE.id, "aa", "persons", subject, now=at(NOW))
        waits = {it.key.deliverable: it for it in inbox(session, subject, now=at(NOW)).waiting if it.key.unit == "aa"}
    assert [file.material.name for file in found.files] == (["王某某.docx"] if opens else [])
    assert (found.is_locked, found.may_approve, found.may_return) == (not opens, opens, opens)
    assert (waits["persons"].is_locked, waits["persons"].may_approve) == (not opens, opens)
    assert (waits["report"].is_locked, waits["report"].may_approve) == (False, True)
    assert ("含个人信息" in sheet_view(found, at(NOW)).nothing) is not opens
