"""Pages that everybody can use: axe finds nothing serious on any of them, at a desk and on a telephone."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from conftest import installed
from duban.domain.terms import Hat
from duban.services.delivering import Sender
from duban.web.app import create_app
from duban.web.rules import COOKIE
from models.session import make_engine
from notifications.post import Rehearsal
from served import chromium, served
from web_season import JILIN, come_in, installation, live_season

LEDGER, UNIT = f"/notices/{JILIN}", "baicheng"
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
#: Who looks at what.
PAGES = {
    "coordinator": (
        *("/", "/tasks", "/chase", "/reviews", "/registry", "/extensions", "/mail", "/mail/1", "/audit", "/publish"),
        *("/publish/draft", "/search?q=吉", "/delegations", LEDGER, f"{LEDGER}?view=rows", f"{LEDGER}/overview"),
        *(f"{LEDGER}/flow", f"{LEDGER}/about", f"{LEDGER}/names", f"{LEDGER}/revisions", f"{LEDGER}/close"),
        f"{LEDGER}/units/{UNIT}",
    ),
    "supervisor": ("/supervision", f"/supervision/{JILIN}/{UNIT}/phone", f"/supervision/{JILIN}/{UNIT}/order"),
    "clerk": ("/my", f"/units/{UNIT}/notices/{JILIN}", f"/units/{UNIT}/notices/{JILIN}/panel/request"),
    "nobody": ("/login",),
}
WORN = {
    "coordinator": ("zhang@jledu.example", (Hat.COORDINATOR, "jilin-edu")),
    "supervisor": ("chu@jledu.example", (Hat.SUPERVISOR, "jilin-edu")),
    "clerk": ("clerk@baicheng.example", (Hat.CLERK, UNIT)),
}
#: What keeps somebody from using a page.
GRAVE = ("serious", "critical")


class Office(NamedTuple):
    engine: Engine
    url: str
    browser: Browser

    def page(self, who: str, width: int, height: int) -> Page:
        """A page of somebody who came in."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, base_url=self.url)
        if who in WORN:
            address, hat = WORN[who]
            session = come_in(self.engine, address, hat)
            context.add_cookies([{"name": COOKIE, "value": session, "url": self.url}])
        return context.new_page()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    engine = installed(make_engine(f"sqlite:///{folder / 'duban.db'}"))
    live_season(engine, Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid"))
    with served(create_app(installation(engine, folder, is_demo=False))) as url, chromium() as browser:
        yield Office(engine, url, browser)
    engine.dispose()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("who", PAGES)
def test_nothing_keeps_anybody_from_using_a_page(office: Office, who: str, size: str) -> None:
    page, found = office.page(who, *SIZES[size]), []
    for path in PAGES[who]:
        answer = page.goto(path)
        assert (path, answer and answer.status) == (path, 200)
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in GRAVE:
                found.append((path, one["id"], [node["target"] for node in one["nodes"]][:3]))
    page.context.close()
    assert found == []
