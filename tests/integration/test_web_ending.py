"""The pages of a notice over time: its revisions, and how it is closed, cancelled and opened again."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import installed
from duban.services.supplementing import foresee, supplement
from duban.web.pages import render
from factories import at
from models.session import make_engine, reading, writing
from registry_season import NOTICE, Desk, post

HOME = f"/notices/{NOTICE.id}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    engine = installed(make_engine("sqlite://"))
    yield Desk(engine, tmp_path)
    engine.dispose()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def test_a_notice_is_cancelled_after_it_was_said_what_that_does(desk: Desk) -> None:
    office = desk.coordinator
    assert "撤销通知 通知作废时使用：未办结的一律免报" in text_of(office.get(f"{HOME}/about").text)
    form = text_of(office.get(f"{HOME}/cancel").text)
    assert "将一律免报，并逐人邮件告知；已办结的不受影响。" in form
    empty = post(office, f"{HOME}/cancel", reason=" ")
    assert (empty.status_code, "请写明理由" in empty.text) == (400, True)
    answer = post(office, f"{HOME}/cancel", reason="活动取消")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/revisions")
    assert desk.stands().startswith("waived")
    assert "撤销 最近 2021年10月" in text_of(office.get(f"{HOME}/revisions").text)
    about = text_of(office.get(f"{HOME}/about").text)
    assert ("撤销：活动取消" in about, "重新打开通知" in about) == (True, True)
    assert "已撤销" in text_of(office.get(HOME).text)
    assert post(office, f"{HOME}/reopen", reason="照常").status_code == 303
    assert desk.stands().startswith("pending")
    assert desk.last()[0] == "opened_again"


def test_a_notice_is_closed_and_its_ledger_stands_still(desk: Desk) -> None:
    assert post(desk.coordinator, f"{HOME}/close", reason="").status_code == 303
    assert "已结束" in text_of(desk.coordinator.get(HOME).text)
    refused = post(desk.clerk(), f"/units/aa/notices/{NOTICE.id}/photos/nil", note="没有")
    assert "通知已结束办理" in refused.text


def test_the_revisions_tell_what_each_changed(desk: Desk) -> None:
    changed = NOTICE.with_(title="关于测试的通知（修订）")
    with reading(desk.engine) as session:
        foreseen = foresee(session, changed, now=at(desk.now))
    shown = text_of(render("changes.html", foreseen=foreseen))
    assert f"标题由“{NOTICE.title}”改为“关于测试的通知（修订）”" in shown
    assert "各单位的事项没有变化" in shown
    with writing(desk.engine) as session:
        supplement(session, changed, now=at(desk.now), reason="测〔2021〕9号", by_person="me@me.example")
    words = text_of(desk.coordinator.get(f"{HOME}/revisions").text)
    assert "第 2 版（补充通知） 最近" in words
    assert "缘由：测〔2021〕9号 标题由" in words
    assert words.index("第 2 版") < words.index("第 1 版（发布）")


def test_a_clerk_reads_the_revisions_and_ends_nothing(desk: Desk) -> None:
    clerk = desk.clerk()
    assert clerk.get(f"{HOME}/revisions").status_code == 200
    assert "结束通知" not in clerk.get(f"{HOME}/about").text
    assert [post(clerk, f"{HOME}/{word}", reason="x").status_code for word in ("close", "cancel", "reopen")] == [
        403
    ] * 3
