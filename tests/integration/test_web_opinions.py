"""A colleague is asked by a link of its own, looks, answers once; previews, also of hostile files."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import installed
from desk_season import CITY, NOW, anybody, attach, knows, number, office, page, reviewer
from duban.bootstrap import Duban
from duban.clock import real_now
from duban.domain.content import Content, FileKind
from duban.domain.links import AFTER_MAIL, Purpose, masked
from duban.domain.terms import Hat
from duban.services.delivering import Sender, deliver
from duban.store.previews import Previews
from factories import at
from hostile_files import hostile
from material_files import pdf, picture
from models.event import chain
from models.material import enter_material
from models.opinion import opinions_of
from models.outbox import mails
from models.session import make_engine, reading, writing
from notifications.post import Rehearsal
from records import fingerprint
from web_season import Client, Stopped

ASK = {"name": "李老师", "email": "li@prov.example", "note": "案例是否典型？"}
PAGES = pdf([(60, 700, 20, "工作总结")], [(60, 700, 20, "第二页")])
TWO_PAGES = Content(kind=FileKind.PDF, pages=2, words=4)
SHOT = Content(kind=FileKind.JPEG)


@pytest.fixture
def duban(tmp_path: Path) -> Iterator[Duban]:
    engine = installed(make_engine("sqlite://"))
    yield office(engine, tmp_path)
    engine.dispose()


def later(duban: Duban, days: int) -> Duban:
    return replace(duban, clock=Stopped(shows=at(NOW) + timedelta(days=days)))


def asked(duban: Duban, name: str = "report") -> str:
    """Ask, let the mail leave; answers the path of its link."""
    client = reviewer(duban)
    answer = client.post(f"{page('aa', name)}/consult", data=ASK)
    assert answer.headers["location"] == f"{page('aa', name)}?done=consulted"
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid", mint=duban.mint)
    # no server is there while the page is answered; the next run finds one
    deliver(duban.engine, sender, now=at(NOW), real_now=real_now() + timedelta(minutes=5))
    with reading(duban.engine) as session:
        (mail,) = [mail for mail in mails(session) if mail.to_email == ASK["email"]]
    assert (mail.subject.partition(" [")[0], mail.state) == (
        f"【征求意见】{'工作总结' if name == 'report' else '推荐人选'}｜aa市",
        "sent",
    )
    assert "问题：案例是否典型？" in mail.text
    assert "http://duban.example/o/***" in mail.text
    assert duban.mint is not None
    detail = json.loads(mail.detail)
    return f"/o/{duban.mint.opinion_token(detail['opinion'], detail['nonce'])}"


def test_a_question_is_looked_at_and_answered_once(duban: Duban) -> None:
    number_of_file = attach(duban, "aa", "report", "总结.pdf", PAGES, TWO_PAGES)
    path, colleague = asked(duban), anybody(duban)
    before = fingerprint(duban.engine)
    text = colleague.get(path).text
    for words in (
        "征求意见：aa市 · 工作总结",
        "案例是否典型？",
        "（wang@prov.example）征求李老师的意见",
        "只能答复一次",
    ):
        assert words in text
    assert (f'src="{path}/previews/{number_of_file}/2"' in text, "下载原件" in text) == (True, False)
    shown = colleague.get(f"{path}/previews/{number_of_file}/1")
    assert (shown.headers["content-type"], shown.content[:4]) == ("image/png", b"\x89PNG")
    assert fingerprint(duban.engine) == before
    unsure = colleague.post(path, data={"view": "perhaps"})
    assert (unsure.status_code, "请选择同意或不同意。" in unsure.text) == (400, True)
    bare = colleague.post(path, data={"view": "disagree", "text": " "})
    assert (bare.status_code, "请写明不同意的理由。" in bare.text) == (400, True)
    done = colleague.post(path, data={"view": "disagree", "text": "案例偏旧"})
    assert (done.status_code, "已收到您的意见，谢谢。" in done.text) == (200, True)
    again = colleague.post(path, data={"view": "agree"})
    assert (again.status_code, "已经答复，无须再答复。" in again.text) == (400, True)
    assert "10月12日 9:30 答复不同意：案例偏旧" in reviewer(duban).get(page()).text
    with reading(duban.engine) as session:
        assert [event.name for event in chain(session)][-1] == "opinion_given"


def test_a_question_opens_nothing_but_its_own_material(duban: Duban) -> None:
    attach(duban, "aa", "report", "总结.pdf", PAGES, TWO_PAGES)
    other = attach(duban, "aa", "photos", "照片.jpg", picture(), SHOT)
    path, colleague = asked(duban), anybody(duban)
    big = "9" * 30
    assert [colleague.get(f"{path}/previews/{n}").status_code for n in (f"{big}/1", f"1/{big}", "1/0")] == [404] * 3
    assert reviewer(duban).post(f"{page()}/opinions/{big}/withdraw").status_code == 404
    doors = (f"{path}/previews/{other}/1", f"{path}/previews/999/1", f"/o/{'x' * 43}", f"/u{path[2:]}", f"/r{path[2:]}")
    assert [colleague.get(door).status_code for door in doors] == [404] * 5
    assert [colleague.get(door).status_code for door in (page(), f"/previews/{other}/1", "/reviews")] == [303] * 3
    assert colleague.post(f"/o/{'x' * 43}", data={"view": "agree"}).status_code == 404


def test_a_question_ends_when_it_is_taken_back_decided_or_too_old(duban: Duban) -> None:
    file = attach(duban, "aa", "report", "总结.pdf", PAGES, TWO_PAGES)
    path, client = asked(duban), reviewer(duban)
    days = AFTER_MAIL.days
    assert [anybody(later(duban, n)).get(path).status_code for n in (days - 1, days)] == [200, 404]
    withdraw = re.findall(rf'action="({page()}/opinions/\d+/withdraw)"', client.get(page()).text)
    assert client.post(withdraw[0].replace("report", "photos")).status_code == 400
    assert client.post(withdraw[0]).headers["location"] == f"{page()}?done=withdrawn"
    assert [anybody(duban).get(door).status_code for door in (path, f"{path}/previews/{file}/1")] == [404, 404]
    assert (client.post(withdraw[0]).status_code, "（已收回）" in client.get(page()).text) == (400, True)


def test_what_is_decided_is_not_asked_any_more(duban: Duban) -> None:
    file = attach(duban, "aa", "report", "总结.pdf", PAGES, TWO_PAGES)
    path, client = asked(duban), reviewer(duban)
    (seen,) = set(re.findall(r'name="seen" value="([^"]+)"', client.get(page()).text))
    client.post(f"{page()}/approve", data={"seen": seen})
    text = anybody(duban).get(path).text
    assert ("该材料已有审核意见，无须再答复。" in text, "<textarea" in text, "总结.pdf" in text) == (True, False, False)
    assert anybody(duban).get(f"{path}/previews/{file}/1").status_code == 404
    assert anybody(duban).post(path, data={"view": "agree"}).status_code == 400


def test_personal_data_are_not_shown_by_a_bare_link(duban: Duban) -> None:
    file = attach(duban, "aa", "persons", "王某某.pdf", PAGES, TWO_PAGES)
    path = asked(duban, "persons")
    text = anybody(duban).get(path).text
    assert ("材料含个人信息，不在此显示" in text, "王某某" in text) == (True, False)
    assert anybody(duban).get(f"{path}/previews/{file}/1").status_code == 404


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"email": "nobody"}, "邮箱地址不正确：nobody"),
        ({"email": "WANG@prov.example"}, "不能征求本人的意见"),
        ({"note": " "}, "请写明要征求意见的问题"),
        ({"name": " "}, "请写明征求谁的意见及其邮箱"),
    ],
)
def test_a_question_that_lacks_something_is_refused(duban: Duban, form: dict[str, str], why: str) -> None:
    answer = reviewer(duban).post(f"{page()}/consult", data=ASK | form)
    assert (answer.status_code, why in answer.text) == (400, True)
    with reading(duban.engine) as session:
        assert opinions_of(session, [number(session, "aa", "report")]) == []


def test_without_an_address_of_the_pages_nobody_is_asked(duban: Duban) -> None:
    bare = replace(duban, settings=duban.settings.model_copy(update={"base_url": ""}))
    answer = reviewer(bare).post(f"{page()}/consult", data=ASK)
    assert (answer.status_code, "尚未设置网页地址" in answer.text) == (400, True)


def test_the_token_of_a_question_is_masked_in_texts(duban: Duban) -> None:
    assert duban.mint is not None
    url = duban.mint.url(Purpose.OPINION, duban.mint.opinion_token(1, "nonce"))
    assert masked(f"GET {url} 200") == "GET http://duban.example/o/*** 200"


# ---- previews ----------------------------------------------------------------------------------------------------


def test_a_page_is_drawn_once_and_kept(duban: Duban) -> None:
    file = attach(duban, "aa", "report", "总结.pdf", PAGES, TWO_PAGES)
    client = reviewer(duban)
    first = client.get(f"/previews/{file}/1")
    assert (first.status_code, first.headers["content-type"]) == (200, "image/png")
    (kept,) = duban.settings.previews.iterdir()
    kept.write_bytes(b"\x89PNG kept")
    assert client.get(f"/previews/{file}/1").content == b"\x89PNG kept"
    beyond = client.get(f"/previews/{file}/3")
    assert (beyond.status_code, "无法显示" in beyond.text) == (200, True)
    shot = attach(duban, "aa", "photos", "照片.jpg", picture(), SHOT)
    assert client.get(f"/previews/{shot}/1").headers["content-type"] == "image/jpeg"


def test_who_may_see_the_files_may_see_their_pages(duban: Duban) -> None:
    file = attach(duban, "aa", "report", "总结.pdf", PAGES, TWO_PAGES)
    guests = [
        knows(anybody(duban), duban, CITY, Hat.CLERK, "aa"),
        knows(anybody(duban), duban, "x@bb.example", Hat.CLERK, "bb"),
        knows(anybody(duban), duban, "y@bb.example", Hat.REVIEWER, "bb"),
    ]
    assert [guest.get(f"/previews/{file}/1").status_code for guest in guests] == [200, 403, 403]
    for wrong in ("999", "0", "x", "9" * 30):
        assert reviewer(duban).get(f"/previews/{wrong}/1").status_code in (403, 404)


def test_a_draft_is_for_its_unit_alone(duban: Duban) -> None:
    kept = duban.store.put([PAGES], most=1 << 30)
    with writing(duban.engine) as session:
        about = {"sha256": kept.sha256, "size": kept.size, "item": "", "at": at(NOW), "by": CITY}
        draft = enter_material(session, obligation=number(session, "bb", "photos"), name="草稿.pdf", **about).id
    clerk = knows(anybody(duban), duban, "x@bb.example", Hat.CLERK, "bb")
    above = knows(anybody(duban), duban, "boss@prov.example", Hat.SUPERVISOR)
    statuses = [one.get(f"/previews/{draft}/1").status_code for one in (clerk, reviewer(duban), above)]
    assert statuses == [200, 403, 403]


def test_a_hostile_file_gives_a_sentence(duban: Duban) -> None:
    client: Client = reviewer(duban)
    drawn = [case for case in hostile() if case.kind in (FileKind.PDF, FileKind.PNG, FileKind.JPEG)]
    told = []
    for n, case in enumerate(drawn):
        content = Content(kind=case.kind, marks=case.marks, trouble=case.trouble, pages=1)
        file = attach(duban, "aa", "report", case.name, case.data, content)
        assert case.trouble in client.get(f"{page()}?file={n}").text
        answer = client.get(f"/previews/{file}/1")
        told.append((answer.status_code, answer.headers["content-type"].startswith("image/")))
    assert (len(told) > 3, set(told)) == (True, {(200, True)})


def test_a_file_that_is_gone_gives_a_sentence(duban: Duban) -> None:
    file = attach(duban, "aa", "report", "总结.pdf", PAGES, TWO_PAGES)
    (stored,) = [path for path in duban.store.root.rglob("*") if path.is_file() and path.name != "lock"]
    stored.unlink()
    answer = reviewer(duban).get(f"/previews/{file}/1")
    assert (answer.status_code, "无法显示" in answer.text) == (200, True)


def test_previews_are_bounded_and_the_oldest_goes_first(tmp_path: Path) -> None:
    kept = Previews(tmp_path / "previews", most=100)
    for n in range(4):
        kept.put("a" * 64, n, 1, bytes(25))
        kept.path("a" * 64, n, 1).touch()
        _age(kept.path("a" * 64, n, 1), 1000 + n)
    assert [kept.get("a" * 64, n, 1) is not None for n in (1, 2, 3)] == [True] * 3
    kept.put("b" * 64, 1, 1, bytes(25))
    # 125 bytes were too many: what was asked for longest ago is gone
    assert kept.get("a" * 64, 0, 1) is None
    assert kept.get("b" * 64, 1, 1) == bytes(25)
    assert sum(path.stat().st_size for path in kept.root.iterdir()) <= 80
    kept.path("b" * 64, 1, 1).write_bytes(b"")
    assert kept.get("b" * 64, 1, 1) is None


def _age(path: Path, seconds: int) -> None:
    os.utime(path, (seconds, seconds))
