"""A person with a real browser, at a desk and on a phone; nothing is ever asked of another host."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, Route, ViewportSize, expect, sync_playwright

from duban.bootstrap import mark_demo, open_duban
from duban.domain.terms import Hat
from duban.settings import Settings
from duban.web.app import create_app
from duban.web.rules import COOKIE
from notifications.local_server import LocalServer
from web_season import JILIN, Stopped, come_in, live_season

CHROMIUM = "/usr/bin/chromium"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


class Office(NamedTuple):
    """Pages that are served."""

    url: str
    #: the session of the issuing office's coordinator
    session: str


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The pages of Jilin's autumn, served on loopback, with every mail in the Maildir."""
    settings = Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("office"))
    with LocalServer(settings.maildir) as mail:
        duban = mark_demo(open_duban(settings.model_copy(update={"mail_port": mail.port})))
        live_season(duban.engine, duban.sender())
        app = create_app(replace(duban, clock=Stopped()))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            thread.join(0.05)
        url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        yield Office(url, come_in(duban.engine, "clerk@edu.jilin.example", (Hat.COORDINATOR, "jilin-edu")))
        server.should_exit = True
        thread.join()
        duban.engine.dispose()


@pytest.fixture(scope="module")
def home(office: Office) -> str:
    return office.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, office: Office) -> Iterator[Page]:
    """A fresh page. A request to another host is stopped and fails the test; so does any complaint of the browser."""
    home, outside = office.url, list[str]()
    complaints: list[str] = []

    def watch(route: Route, asked: Request) -> None:
        if asked.url.startswith(home + "/"):
            route.continue_()
        else:
            outside.append(asked.url)
            route.abort()

    context = browser.new_context(viewport=request.param, locale="zh-CN", base_url=home)
    context.add_cookies([{"name": COOKIE, "value": office.session, "url": home}])
    opened = context.new_page()
    context.route("**/*", watch)
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert (outside, complaints) == ([], [])


def test_the_coordinator_finds_who_has_not_handed_in(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="今日需处理")).to_be_in_viewport()
    page.get_by_role("link", name="台账：谁没交").click()
    expect(page.locator(".filter[aria-current]")).to_have_text("未报 74")
    page.get_by_role("link", name="逾期 39", exact=True).click()
    page.locator("summary", has_text="谁没交").click()
    panel = page.locator(".name-list", has_text="展板素材").locator("textarea")
    expect(panel).to_be_visible()
    names = panel.input_value().split("、")
    assert (len(names), names[0], names[-1]) == (8, "四平市教育局", "梅河口市教育局")
    expect(page.get_by_text("仅供内部", exact=True)).to_be_visible()


def test_the_head_is_one_line_and_leads_everywhere(browser: Browser, office: Office) -> None:
    """On a phone, without JavaScript: the menu holds what the desk's head shows."""

    def head(viewport: ViewportSize) -> tuple[float, list[str]]:
        context = browser.new_context(viewport=viewport, base_url=office.url, java_script_enabled=False)
        context.add_cookies([{"name": COOKIE, "value": office.session, "url": office.url}])
        page = context.new_page()
        page.goto("/")
        box = page.locator("header.top").bounding_box()
        assert box
        if page.locator("header summary").is_visible():
            page.locator("header summary").click()
        links = page.locator("header a:visible, header button:visible").all_inner_texts()
        assert page.get_by_role("searchbox", name="全站搜索").is_visible()
        context.close()
        return box["height"], links

    (desk, shown), (phone, listed) = head(DESK), head(PHONE)
    assert (desk, phone) == (48, 48)
    assert (listed, len(listed) > 8) == (shown, True)


def test_the_ledger_keeps_its_heads_in_sight(page: Page) -> None:
    page.goto(f"/notices/{JILIN}?show=all")
    sheet = page.locator(".sheet")
    sheet.evaluate("it => { it.scrollIntoView(); it.scrollTop = 300; it.scrollLeft = 250 }")
    frame = sheet.bounding_box()
    corner = page.locator(".corner").bounding_box()
    material = page.locator(".material").nth(4).bounding_box()
    unit = page.get_by_role("rowheader", name="白城市教育局").bounding_box()
    assert frame
    assert corner
    assert material
    assert unit
    assert abs(corner["x"] - frame["x"]) <= 1
    assert abs(corner["y"] - frame["y"]) <= 1
    assert frame["y"] <= material["y"] < frame["y"] + 160
    assert abs(unit["x"] - frame["x"]) <= 1


def test_no_page_is_wider_than_its_window(page: Page) -> None:
    paths = ["/", f"/notices/{JILIN}", f"/notices/{JILIN}?view=rows", f"/notices/{JILIN}/about"]
    for path in [*paths, f"/notices/{JILIN}/units/baicheng", "/mail", "/mail/1"]:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, wide) == (path, 0)


def switch_language(page: Page) -> None:
    """To the other one; on a phone the switch lies in the menu."""
    menu = page.locator(".menu summary")
    if menu.is_visible():
        menu.click()
    page.locator("button[name=language]:visible").click()


def test_english_is_one_click_away_fits_and_leads_back(page: Page) -> None:
    page.goto(f"/notices/{JILIN}?show=overdue")
    switch_language(page)
    assert page.url.endswith(f"/notices/{JILIN}?show=overdue")
    expect(page.locator(".filter[aria-current]")).to_have_text("Overdue 39")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("a[lang=zh]", has_text="白城市教育局").count() > 0
    paths = [
        "/",
        f"/notices/{JILIN}",
        f"/notices/{JILIN}?view=rows",
        f"/notices/{JILIN}/about",
        "/audit",
        "/supervision",
    ]
    for path in [*paths, f"/notices/{JILIN}/units/baicheng", "/mail", "/mail/1"]:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, wide) == (path, 0)
    switch_language(page)
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_a_mail_is_read_as_its_reader_sees_it(page: Page) -> None:
    page.goto("/mail")
    page.get_by_label("种类").select_option("escalation")
    page.get_by_role("button", name="查找").click()
    page.locator(".mails .subject", has_text="白城市教育局").first.click()
    letter = page.frame_locator("iframe")
    expect(letter.get_by_text("吉教职成〔2021〕25号").first).to_be_visible()
    page.get_by_role("link", name="手机 390").click()
    box = page.locator("iframe").bounding_box()
    assert box
    assert box["width"] <= 392
    page.locator("summary", has_text="纯文本正文").click()
    expect(page.locator("pre").first).to_contain_text("邹老师，您好")


def test_the_unit_page_says_whom_to_call(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="白城市教育局").first.click()
    expect(page.get_by_role("heading", name="白城市教育局")).to_be_visible()
    expect(page.locator('a[href="tel:0436-555101"]')).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("电话联系")


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.goto(f"/notices/{JILIN}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached = set()
    for _ in range(70):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName + '.' + document.activeElement.className"))
    assert {"SUMMARY.", "SELECT.", "DIV.sheet", "BUTTON.small"} <= reached


def contrast(page: Page) -> dict[str, float]:
    """The contrast of every chip's words against what is behind them (WCAG)."""
    found: dict[str, float] = page.evaluate(
        """() => {
          const light = c => { const [r, g, b] = c.map(v => { v /= 255;
            return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }); return 0.2126*r + 0.7152*g + 0.0722*b };
          const rgb = text => text.match(/[\\d.]+/g).map(Number);
          const behind = it => { for (; it; it = it.parentElement) {
            const c = rgb(getComputedStyle(it).backgroundColor); if (c.length < 4 || c[3] > 0) return c.slice(0, 3) }
            return [255, 255, 255] };
          const out = {};
          for (const it of document.querySelectorAll('.chip, .soft, .more, .filter, .mark, th, a')) {
            const a = light(rgb(getComputedStyle(it).color).slice(0, 3)), b = light(behind(it));
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const name = it.tagName + '.' + it.className;
            out[name] = Math.min(ratio, out[name] ?? 99) }
          return out }"""
    )
    return found


def test_words_stand_out_from_what_is_behind_them(page: Page) -> None:
    for path in ("/", f"/notices/{JILIN}", f"/notices/{JILIN}?show=all", "/mail"):
        page.goto(path)
        assert {name: ratio for name, ratio in contrast(page).items() if ratio < 4.5} == {}


def test_the_ledger_prints_on_a4_across(browser: Browser, office: Office, tmp_path: Path) -> None:
    context = browser.new_context(base_url=office.url)
    context.add_cookies([{"name": COOKIE, "value": office.session, "url": office.url}])
    sheet = context.new_page()
    sheet.goto(f"/notices/{JILIN}?show=all")
    printed = sheet.pdf(path=tmp_path / "ledger.pdf", prefer_css_page_size=True)
    sheet.emulate_media(media="print")
    expect(sheet.locator(".top")).to_be_hidden()
    expect(sheet.locator("tfoot")).to_be_visible()
    # A4 landscape in points
    assert b"/MediaBox [0 0 842" in printed or b"/MediaBox [0 0 841" in printed
    context.close()
