"""A registry desk with a real browser: a scanner types a code and Enter; nothing else is needed but Enter."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import installed
from duban.domain.terms import Hat
from duban.web.app import create_app
from duban.web.rules import COOKIE
from models.session import make_engine
from registry_season import NOTICE, Desk
from web_season import come_in

CHROMIUM = "/usr/bin/chromium"
UNIT, ISSUER = f"/units/aa/notices/{NOTICE.id}", f"/notices/{NOTICE.id}/units/aa"
SIZES = [{"width": 1366, "height": 768}, {"width": 390, "height": 844}]


class Served(NamedTuple):
    """The season's pages on loopback."""

    desk: Desk
    url: str
    browser: Browser

    def page(self, hat: Hat, unit: str, size: dict[str, int]) -> Page:
        """Somebody with this hat opens a browser; it complains of nothing."""
        context = self.browser.new_context(viewport=size, base_url=self.url)  # type: ignore[arg-type]
        session = come_in(self.desk.engine, f"{hat}-{unit}@me.example", (hat, unit))
        context.add_cookies([{"name": COOKIE, "value": session, "url": self.url}])
        opened = context.new_page()
        opened.on("console", lambda message: pytest.fail(message.text))
        return opened


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    engine = installed(make_engine(f"sqlite:///{tmp_path / 'duban.db'}"))
    desk = Desk(engine, tmp_path)
    server = uvicorn.Server(
        uvicorn.Config(create_app(desk.duban), port=0, log_level="error", ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Served(desk, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", browser)
        browser.close()
    server.should_exit = True
    thread.join()
    engine.dispose()


def test_a_scanner_and_the_enter_key_are_enough(served: Served) -> None:
    page = served.page(Hat.COORDINATOR, "prov", SIZES[0])
    page.goto("/registry")
    for unit in ("aa", "bb"):
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type(served.desk.code(unit))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"{unit}市")).to_be_visible()
        # the page takes the key once it has put the focus into its form
        expect(page.locator("main :focus")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.get_by_text("已登记收到 1 项。请扫下一个编号。")).to_be_visible()
    rows = page.locator("section[aria-labelledby=today] tbody th")
    expect(rows).to_have_text(["bb市", "aa市"])
    assert served.desk.stands("aa") == served.desk.stands("bb") == "pending due 2021-10-15 [-r]"


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_no_form_is_wider_than_its_window(served: Served, size: dict[str, int]) -> None:
    served.desk.does("request", "aa", "photos", due="2021-10-22", note="公示期未满" * 20)
    acts = [f"{UNIT}/report/{act}" for act in ("send", "request", "nil")]
    issuer = [f"{ISSUER}/photos/{act}" for act in ("extend", "refuse", "waive")]
    bulk = f"/notices/{NOTICE.id}/extensions?chosen=aa/photos"
    wide = {}
    for who, paths in (
        ((Hat.CLERK, "aa"), [*acts, f"{UNIT}/cover"]),
        (
            (Hat.COORDINATOR, "prov"),
            ["/registry?q=aa", f"{ISSUER}/report/receive", "/extensions", bulk, *issuer, ISSUER],
        ),
    ):
        page = served.page(*who, size)
        for path in paths:
            page.goto(path)
            wide[path] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert {path: more for path, more in wide.items() if more} == {}
