"""Publishing with a real browser: from a broken definition, and from a printed notice, to the ledger.

Screenshots of every page on the way, at a desk and on a phone, lie where ``DUBAN_SCREENSHOTS`` says.
"""

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import Engine

from conftest import installed
from duban.domain.terms import Hat
from duban.drafting.doubts import doubts
from duban.web.app import create_app
from duban.web.rules import COOKIE
from models.session import make_engine
from publish_season import BROKEN, OFFICE, TEXT, office
from web_season import come_in

CHROMIUM = "/usr/bin/chromium"
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PRINTED = (Path(__file__).parents[1] / "drafting_texts" / "a16-environment.txt").read_text(encoding="utf-8")
PRINTED = PRINTED.partition("=====")[0]


class Served(NamedTuple):
    """The office's pages on loopback, and its coordinator at a browser."""

    engine: Engine
    page: Page
    folder: Path

    def picture(self, name: str) -> None:
        """The page in both widths; it is never wider than its window."""
        self.page.wait_for_load_state("networkidle")
        for word, size in (("desk", DESK), ("phone", PHONE)):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (name, word, wide) == (name, word, 0)
            self.page.screenshot(path=self.folder / f"publish-{name}-{word}.png", full_page=True)
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Served]:
    engine = installed(make_engine(f"sqlite:///{tmp_path / 'duban.db'}"))
    duban = office(engine, tmp_path)
    config = uvicorn.Config(create_app(duban), port=0, log_level="error", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    context = browser.new_context(viewport=DESK, locale="zh-CN", base_url=url)  # type: ignore[arg-type]
    session = come_in(engine, "jingban@me.example", (Hat.COORDINATOR, OFFICE))
    context.add_cookies([{"name": COOKIE, "value": session, "url": url}])
    page = context.new_page()
    complaints: list[str] = []
    # a refusal is a page with its own status, which the browser repeats
    refused = "400 (Bad Request)"
    page.on("console", lambda told: None if refused in told.text else complaints.append(told.text))
    page.on("request", lambda asked: None if asked.url.startswith(url) else complaints.append(asked.url))
    folder = Path(os.environ.get("DUBAN_SCREENSHOTS") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    yield Served(engine, page, folder)
    context.close()
    server.should_exit = True
    thread.join()
    engine.dispose()
    assert complaints == []


def line_of(text: str, words: str) -> int:
    """The first line with these words."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def test_a_broken_definition_is_mended_in_place_and_published(served: Served) -> None:
    page = served.page
    page.goto("/")
    page.get_by_role("link", name="起草和发布").click()
    served.picture("1-start")
    page.get_by_label("或粘贴定义").fill(BROKEN)
    page.get_by_role("button", name="检查定义").click()
    expect(page.get_by_role("alert")).to_have_text("有 2 处须修改。改在原行，或展开“全文修改”。")
    wrong, day = line_of(BROKEN, "adressees"), line_of(BROKEN, "2021-10-45")
    expect(page.locator(f"#y{wrong} .said")).to_have_text("此处没有 adressees 这一项（建议：是否为 addressees？）")
    first = page.get_by_label(f"第{wrong}行")
    expect(first).to_be_focused()
    served.picture("2-errors")
    first.fill(TEXT.split("\n")[wrong - 1])
    page.get_by_label(f"第{day}行").fill(TEXT.split("\n")[day - 1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    served.picture("3-sound")
    page.get_by_role("link", name="下一步：单位").click()
    expect(page.locator("tbody th").first).to_contain_text("市（州）教育行政部门")
    served.picture("4-units")
    page.get_by_role("link", name="下一步：联系人").click()
    served.picture("5-contacts")
    page.get_by_role("link", name="下一步：期限和邮件").click()
    served.picture("6-days")
    page.get_by_role("button", name="下一步：发布").click()
    served.picture("7-confirm")
    page.get_by_role("button", name="确认发布 吉教职成〔2021〕25号").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("关于")
    expect(page.locator(".ledger tbody tr")).to_have_count(11)
    page.goto("/publish")
    expect(page.get_by_text("没有草稿")).to_be_visible()


def settle(page: Page, number: int, value: str = "") -> None:
    """A doubtful line is corrected, or confirmed as it is."""
    if value:
        page.get_by_label(f"第{number}行", exact=True).fill(value)
    page.locator(f"#y{number} input[type=checkbox]").check()


def test_facts_of_a_printed_notice_are_clicked_both_ways_confirmed_and_published(served: Served) -> None:
    page = served.page
    page.goto("/publish/draft")
    served.picture("8-original")
    page.get_by_label("或粘贴正文").fill(PRINTED)
    page.get_by_role("button", name="读取并起草").click()
    expect(page.get_by_role("status")).to_have_text("写法正确。还有 9 处标“待确认”，逐项核对后才能发布。看第一处")
    served.picture("9-paper")
    fact = page.locator(".printed .deadline", has_text="12月25日前")
    fact.click()
    line = page.locator(".source .lit")
    expect(line).to_have_text(re.compile("date: 2024-12-25"))
    expect(fact).to_have_class(re.compile("lit"))
    page.locator(".source li", has_text="name: 双随机抽查情况表").nth(0).locator("a.n").click()
    expect(page.locator(".printed .lit")).to_have_text("双随机抽查情况表")
    expect(page.locator(".printed .lit")).to_be_in_viewport()
    text = page.locator("#text").input_value()
    doubtful = {one.line: one.value for one in doubts(text)}
    for number, value in doubtful.items():
        settle(page, number, "kinds: [city]" if value.startswith("kinds") else "")
    page.get_by_role("button", name="保存核对结果").click()
    expect(page.get_by_text("定义写法正确")).to_be_visible()
    page.get_by_role("link", name="下一步：单位").click()
    page.get_by_role("link", name="下一步：联系人").click()
    page.get_by_role("link", name="下一步：期限和邮件").click()
    served.picture("10-doubtful-days")
    page.get_by_role("button", name="确认期限，下一步：发布").click()
    expect(page.get_by_role("alert")).to_have_text("有疑问的期限请逐项核对，确认无误后打勾。")
    for box in page.locator(".readings input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="确认期限，下一步：发布").click()
    page.get_by_role("button", name="确认发布 河环发〔2024〕52号").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("关于报送2024年第三季度环境执法台账的通知")
    expect(page.locator(".ledger tbody tr")).to_have_count(9)


def test_the_same_links_lead_both_ways_without_a_script(served: Served, browser: Browser) -> None:
    page = served.page
    page.goto("/publish/draft")
    page.get_by_label("或粘贴正文").fill(PRINTED)
    page.get_by_role("button", name="读取并起草").click()
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(page.url)
    plain.locator(".printed .deadline", has_text="12月25日前").click()
    line = plain.locator(".source li:target")
    expect(line).to_have_text(re.compile("date: 2024-12-25"))
    line.locator("a.n").click()
    expect(plain.locator(".printed .fact:target")).to_have_text("12月25日前")
    context.close()
