"""A supervisor's Monday with a real browser: at a desk and on a telephone, read, telephoned, advised, drafted."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import installed
from duban.bootstrap import Duban
from duban.domain.terms import Hat
from duban.web.app import create_app
from duban.web.rules import COOKIE
from models.session import make_engine
from stories import did
from supervising_season import NOTICE, live, office, staff
from web_season import come_in

CHROMIUM = "/usr/bin/chromium"
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
LIANG = "liang@prov.example"


class Served(NamedTuple):
    """The season's pages on loopback."""

    duban: Duban
    url: str
    browser: Browser

    def page(self, address: str, size: dict[str, int], *hats: tuple[Hat, str]) -> Page:
        """Somebody opens a browser; it complains of nothing."""
        context = self.browser.new_context(viewport=size, base_url=self.url)  # type: ignore[arg-type]
        session = come_in(self.duban.engine, address, *hats)
        context.add_cookies([{"name": COOKIE, "value": session, "url": self.url}])
        opened = context.new_page()
        opened.on("console", lambda message: pytest.fail(message.text))
        return opened


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    engine = installed(make_engine(f"sqlite:///{tmp_path / 'duban.db'}"))
    live(engine, did("2021-10-14 12:00", "aa", "photos", "request", note="公示期未满", due="2021-10-29"))
    staff(engine, (LIANG, "梁处长", ((Hat.SUPERVISOR, "prov"),)), ("wang@prov.example", "王五", ()))
    duban = office(engine, tmp_path)
    server = uvicorn.Server(uvicorn.Config(create_app(duban), port=0, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Served(duban, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", browser)
        browser.close()
    server.should_exit = True
    thread.join()
    engine.dispose()


def shoot(page: Page, name: str) -> None:
    """Keep a picture where ``DUBAN_SCREENSHOTS`` says; nothing is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    folder = os.environ.get("DUBAN_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_the_list_to_the_act_and_back(served: Served, size: dict[str, int]) -> None:
    page, width = served.page(LIANG, size), size["width"]
    page.goto("/")
    expect(page).to_have_url(f"{served.url}/supervision")
    expect(page.locator(".todo")).to_have_text("3个单位逾期6项。")
    assert page.locator(".pressing tbody").evaluate_all("all => all.map(one => one.id)") == [
        "unit-aa",
        "unit-bb",
        "unit-county",
    ]
    shoot(page, f"monday-{width}")

    mine = page.locator("#unit-aa")
    mine.get_by_role("link", name="电话记录").first.click()
    page.get_by_label("通话人").fill("李科长")
    page.get_by_label("通话内容").fill("本周五前报送")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator(".head")).to_contain_text("请核对：aa市，与李科长通话")
    shoot(page, f"monday-preview-{width}")
    page.get_by_role("button", name="记入经过").click()
    expect(page.get_by_role("status")).to_have_text("电话记录已写入该单位的经过。")
    expect(mine).to_have_class("changed")
    expect(mine).to_contain_text("电话联系李科长：本周五前报送")

    mine.get_by_role("link", name="延期意见").first.click()
    expect(page.get_by_label("材料")).to_have_value("photos")
    page.get_by_label("理由").fill("情况属实")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="转发文机关").click()
    expect(mine).to_contain_text("建议准予延期：情况属实")
    shoot(page, f"monday-after-{width}")

    mine.get_by_role("link", name="督办单（稿）").first.click()
    expect(page.locator("article.order h2")).to_have_text("prov市督办单")
    shoot(page, f"order-{width}")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Word 稿").click()
    assert download.value.suggested_filename == "督办单（稿） aa市 2021-10-20.docx"
    page.goto(f"/notices/{NOTICE.id}/units/aa")
    expect(page.locator(".timeline")).to_contain_text("起草督办单（稿）")
    shoot(page, f"evidence-{width}")


def test_without_script_and_by_keyboard_alone(served: Served) -> None:
    page = served.page(LIANG, DESK)
    page.goto("/supervision")
    assert page.locator("script, [style], [onclick]").count() == 0
    page.locator("#unit-bb").get_by_role("link", name="建议暂缓").focus()
    page.keyboard.press("Enter")
    page.get_by_label("暂缓至").fill("2021-10-29")
    page.get_by_label("理由").fill("汛期")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="转发文机关").press("Enter")
    expect(page.locator("#unit-bb")).to_contain_text("建议暂缓催报至10月29日：汛期")
    coordinator = served.page("office@prov.example", DESK, (Hat.COORDINATOR, "prov"))
    coordinator.goto("/tasks")
    expect(coordinator.locator("main")).to_contain_text("建议在10月29日前暂缓催报bb市：汛期。请处理。")
    coordinator.goto("/extensions")
    shoot(coordinator, "advice-1366")
    coordinator.get_by_role("link", name="标为已处理").click()
    coordinator.get_by_role("button", name="标为已处理").click()
    expect(coordinator.get_by_role("status")).to_have_text("该项建议已标为处理。")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_leave_is_arranged(served: Served, size: dict[str, int]) -> None:
    page, width = served.page(LIANG, size), size["width"]
    page.goto("/delegations")
    page.get_by_role("link", name="新的委托").click()
    page.get_by_label("同事的邮箱").fill("wang@prov.example")
    page.get_by_label("开始日期").fill("2021-10-20")
    page.get_by_label("结束日期").fill("2021-10-22")
    shoot(page, f"delegate-{width}")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator(".head")).to_contain_text("由王五（wang@prov.example）代行“prov市 督办”")
    page.get_by_role("button", name="确认委托").click()
    expect(page.get_by_role("status")).to_have_text("委托已生效，已发邮件告知同事。")
    shoot(page, f"delegations-{width}")
    wang = served.page("wang@prov.example", size)
    wang.goto("/")
    expect(wang).to_have_url(f"{served.url}/supervision")
    expect(wang.locator("header > .who")).to_contain_text("代梁处长督办")
