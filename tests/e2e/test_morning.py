"""A coordinator's morning in a browser: pressing and taking back, tomorrow's list, a call, a copy."""

import os
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
from duban.services.delivering import Sender
from duban.web.app import create_app
from duban.web.rules import COOKIE
from models.outbox import mails
from models.session import make_engine, reading
from notifications.post import Rehearsal
from web_season import JILIN, come_in, installation, live_season

CHROMIUM = "/usr/bin/chromium"
LEDGER = f"/notices/{JILIN}"
SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
#: The tick of this morning has not come yet: nobody was written to today.
NOW = "2021-10-21 09:05"


class Morning(NamedTuple):
    """Jilin's pages on loopback, on the morning of 21 October."""

    engine: Engine
    url: str
    browser: Browser

    def page(self, size: str) -> Page:
        """The coordinator opens a browser; it complains of nothing."""
        context = self.browser.new_context(viewport=SIZES[size], base_url=self.url)  # type: ignore[arg-type]
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.url)
        session = come_in(self.engine, "zhang@jledu.example", (Hat.COORDINATOR, "jilin-edu"))
        context.add_cookies([{"name": COOKIE, "value": session, "url": self.url}])
        opened = context.new_page()
        opened.on("console", lambda message: pytest.fail(message.text))
        return opened

    def by_hand(self) -> list[str]:
        with reading(self.engine) as session:
            return [f"{mail.to_email} {mail.state}" for mail in mails(session) if mail.key.startswith("press:")]


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Morning]:
    engine = installed(make_engine(f"sqlite:///{tmp_path / 'duban.db'}"))
    live_season(engine, Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid"))
    app = create_app(installation(engine, tmp_path, now=NOW, is_demo=False))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Morning(engine, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", browser)
        browser.close()
    server.should_exit = True
    thread.join()
    engine.dispose()


def keep(page: Page, name: str, size: str) -> None:
    """A picture, where somebody wants them; no page is wider than its window."""
    if folder := os.environ.get("DUBAN_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"morning-{name}-{size}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("size", SIZES)
def test_a_coordinators_morning(morning: Morning, size: str) -> None:
    page = morning.page(size)
    page.goto("/")
    keep(page, "home", size)

    # who is late, all at once: a look, then the press, then second thoughts
    page.locator("#panel-1").get_by_role("button", name="催办预览").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("发逾期催报 11 封")
    page.get_by_text("看正文").first.click()
    expect(page.locator(".specimen pre").first).to_contain_text("请尽快报送")
    keep(page, "press", size)
    page.get_by_role("button", name="发出 11 封").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("11 封邮件等候发出")
    keep(page, "pressed", size)
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已撤回 11 封邮件")
    assert {line.rsplit(" ", 1)[1] for line in morning.by_hand()} == {"cancelled"}

    # one unit alone, ticked by the keyboard
    page.goto(f"{LEDGER}?show=overdue")
    page.get_by_label("选择白城市教育局", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-told]")).to_have_text("已选 1 个")
    keep(page, "ledger", size)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("发逾期催报 1 封")

    # the names of the missing, copied
    page.goto(f"{LEDGER}/names?show=overdue")
    page.get_by_role("button", name="复制名单").first.click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "白城市教育局"

    # tomorrow's list: what has come another way is not chased
    page.goto("/chase")
    page.get_by_role("button", name="已收到，勿催").first.click()
    expect(page.locator(".told")).to_contain_text("已标记勿催")
    expect(page.locator("tr.changed.held")).to_have_count(1)
    keep(page, "chase", size)

    # the call that was to be made
    page.goto("/")
    page.get_by_role("link", name="登记通话：白城市教育局").click()
    page.get_by_label("通话人").fill("邹老师")
    page.get_by_label("通话内容").fill("公示期未满，约定10月25日前报送")
    keep(page, "note", size)
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".told")).to_have_text("通话已登记。")
    expect(page.locator(".timeline")).to_contain_text("与邹老师 公示期未满，约定10月25日前报送")
    keep(page, "unit", size)
    page.goto("/")
    expect(page.get_by_role("link", name="登记通话：白城市教育局")).to_have_count(0)


def test_the_morning_works_without_script(morning: Morning) -> None:
    context = morning.browser.new_context(base_url=morning.url, java_script_enabled=False)
    session = come_in(morning.engine, "zhang@jledu.example", (Hat.COORDINATOR, "jilin-edu"))
    context.add_cookies([{"name": COOKIE, "value": session, "url": morning.url}])
    page = context.new_page()
    page.goto(f"{LEDGER}?show=overdue")
    expect(page.get_by_text("本页全选")).to_be_hidden()
    page.get_by_label("选择白城市教育局", exact=True).check()
    page.get_by_role("button", name="催办所选").click()
    page.get_by_role("button", name="发出 1 封").click()
    expect(page.get_by_role("button", name="撤回")).to_be_visible()
    assert morning.by_hand() == ["clerk@baicheng.jilin.example pending"]
