"""From a clerk's mail to 办结, in a real browser: links, files, checks, receipt, return, two reviews, the ledger.

Screenshots of every page on the way, at a desk and on a phone, lie where ``DUBAN_SCREENSHOTS`` says.
"""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from chain_season import TITLE, chain_notice, chain_units
from duban.bootstrap import Duban, mark_demo, open_duban
from duban.clock import Clock
from duban.domain.terms import Hat
from duban.services.replaying import begin
from duban.services.sweeping import sweep
from duban.settings import Settings
from duban.web.app import create_app
from factories import at
from material_files import docx, p, picture
from models.outbox import mails
from models.session import reading
from notifications.local_server import LocalServer
from web_season import COOKIE, come_in

CHROMIUM = "/usr/bin/chromium"
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
NOTICE = chain_notice()


@dataclass(frozen=True)
class Hand(Clock):
    """A clock that is moved by hand."""

    shows: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        return self.shows[-1]


@dataclass
class Office:
    """The pages, and time that passes when it is told to."""

    duban: Duban
    clock: Hand
    url: str
    folder: Path

    def at(self, moment: str) -> None:
        """It is so late now; what is due is said."""
        self.clock.shows.append(at(moment))
        now = self.clock.now()
        sweep(self.duban.engine, self.duban.sender(), now=now, real_now=now)


@pytest.fixture
def office(tmp_path: Path, unused_port: int) -> Iterator[Office]:
    url, clock = f"http://127.0.0.1:{unused_port}", Hand(shows=[at("2021-09-24 10:00")])
    settings = Settings(_env_file=None, data_dir=tmp_path / "office", base_url=url, port=unused_port)
    with LocalServer(settings.maildir) as mail:
        opened = mark_demo(open_duban(settings.model_copy(update={"mail_port": mail.port})))
        duban = Duban(opened.settings, opened.engine, clock, opened.is_demo)
        begin(duban.engine, NOTICE, chain_units(), at=clock.now())
        server = uvicorn.Server(
            uvicorn.Config(create_app(duban), port=unused_port, log_level="error", ws="none", lifespan="off")
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            thread.join(0.05)
        made = Office(duban, clock, url, Path(os.environ.get("DUBAN_SCREENSHOTS") or tmp_path / "pictures"))
        made.folder.mkdir(parents=True, exist_ok=True)
        made.at("2021-10-12 10:00")
        yield made
        server.should_exit = True
        thread.join()
        duban.engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@dataclass
class Person:
    """Somebody at a browser of their own."""

    office: Office
    context: BrowserContext
    page: Page
    complaints: list[str]

    def follow(self, address: str, kind: str) -> None:
        """Open the newest mail of a kind in the mailbox, and its link; press 进入."""
        self.page.goto(f"/mail?kind={kind}&person={address}")
        self.page.locator(".mails .subject").first.click()
        self.page.locator(".links a").first.click()
        self.page.get_by_role("button", name="进入").click()

    def picture(self, name: str) -> None:
        """The page in both widths, once all of it is there."""
        self.page.wait_for_load_state("networkidle")
        for word, size in (("desk", DESK), ("phone", PHONE)):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (name, word, wide) == (name, word, 0)
            self.page.screenshot(path=self.office.folder / f"{name}-{word}.png", full_page=True)
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]


@pytest.fixture
def people(browser: Browser, office: Office) -> Iterator[dict[str, Person]]:
    """The clerk, the city's and the province's reviewers; no page asks another host, no page complains."""
    found: dict[str, Person] = {}
    for name in ("clerk", "city", "province"):
        context = browser.new_context(viewport=DESK, locale="zh-CN", base_url=office.url)  # type: ignore[arg-type]
        page, complaints = context.new_page(), list[str]()
        page.on("request", lambda asked, told=complaints: told.extend(_foreign(asked.url, office)))
        page.on("pageerror", lambda error, told=complaints: told.append(str(error)))
        found[name] = Person(office, context, page, complaints)
    yield found
    for person in found.values():
        person.context.close()
    assert {name: person.complaints for name, person in found.items()} == {"clerk": [], "city": [], "province": []}


def _foreign(url: str, office: Office) -> list[str]:
    return [] if url.startswith((office.url + "/", "data:", "blob:", "about:")) else [url]


def files(folder: Path) -> dict[str, Path]:
    """What the clerk has on the desk."""
    made = {
        "short": ("总结.docx", docx(p("字" * 1432))),
        "whole": ("总结（定稿）.docx", docx(p("字" * 1500))),
        "opening": ("开幕式.jpg", picture(size=(1200, 900))),
        "blurred": ("社区课堂.jpg", picture(size=(200, 150))),
        "sharp": ("社区课堂.jpg", picture(size=(1600, 1200))),
    }
    for key, (name, data) in made.items():
        (folder / key).mkdir(parents=True)
        (folder / key / name).write_bytes(data)
    return {key: folder / key / name for key, (name, _) in made.items()}


def card(page: Page, key: str):  # type: ignore[no-untyped-def]
    """The part of the unit's page about one material."""
    return page.locator(f"article#{key}")


def test_from_the_mail_to_completed(office: Office, people: dict[str, Person], tmp_path: Path) -> None:
    desk, clerk, city, province = files(tmp_path / "desk"), people["clerk"], people["city"], people["province"]

    # the clerk comes in by the mail, and is told what is missing
    clerk.follow("clerk@school.example", "notice")
    page = clerk.page
    expect(page.get_by_role("heading", level=1)).to_have_text("school市")
    assert "/u/" not in page.url
    clerk.picture("unit-open")
    card(page, "summary").locator("input[type=file]").set_input_files(desk["short"])
    expect(card(page, "summary").get_by_text("1432/1500字，还差68字")).to_be_visible()
    expect(card(page, "summary").get_by_role("button", name="仍要报送并说明")).to_be_visible()
    clerk.picture("unit-gap")

    # the file is replaced and handed in
    card(page, "summary").get_by_role("button", name="移除").click()
    card(page, "summary").locator("input[type=file]").set_input_files(desk["whole"])
    expect(card(page, "summary").locator(".findings .done")).to_be_visible()
    card(page, "summary").get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("R000001")
    expect(page.get_by_text("总结（定稿）.docx")).to_be_visible()
    clerk.picture("receipt")
    page.get_by_role("link", name="回到本单位的材料").click()
    card(page, "photos").locator("input[type=file]").set_input_files([desk["opening"], desk["blurred"]])
    expect(card(page, "photos").locator(".files a", has_text="社区课堂.jpg")).to_be_visible()
    card(page, "photos").get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("R000002")

    # the city returns the pictures and approves the summary
    office.at("2021-10-13 09:05")
    city.follow("clerk@city.example", "reminder")
    expect(city.page.get_by_role("heading", name="待审材料")).to_be_visible()
    city.picture("reviews")
    city.page.get_by_role("link", name="活动照片").first.click()
    city.picture("review-photos")
    city.page.locator("summary", has_text="退回补正").click()
    city.page.get_by_label("补充说明").fill("社区课堂的照片模糊，请换清晰的。")
    city.page.get_by_label("补正截止日").fill("2021-10-18")
    city.page.get_by_role("button", name="退回", exact=True).click()
    city.page.goto("/reviews")
    city.page.get_by_role("link", name="活动周年度工作总结").first.click()
    city.picture("review-summary")
    city.page.get_by_role("button", name="审核通过").click()

    # the clerk reads why, and hands in again
    office.at("2021-10-13 15:00")
    clerk.follow("clerk@school.example", "returned")
    expect(card(page, "photos").get_by_text("社区课堂的照片模糊，请换清晰的")).to_be_visible()
    clerk.picture("unit-returned")
    card(page, "photos").locator(".files li", has_text="社区课堂").get_by_role("button", name="移除").click()
    expect(card(page, "photos").locator(".files a", has_text="社区课堂.jpg")).to_have_count(0)
    card(page, "photos").locator("input[type=file]").set_input_files(desk["sharp"])
    expect(card(page, "photos").locator(".files a", has_text="社区课堂.jpg")).to_be_visible()
    card(page, "photos").get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("R000003")

    # city and province approve; the ledger shows 办结
    office.at("2021-10-14 09:05")
    city.page.goto("/reviews")
    city.page.get_by_role("link", name="活动照片").first.click()
    city.page.get_by_role("button", name="审核通过").click()
    office.at("2021-10-15 09:05")
    province.follow("clerk@prov.example", "reminder")
    for name in ("活动周年度工作总结", "活动照片"):
        province.page.goto("/reviews")
        province.page.get_by_role("link", name=name).first.click()
        province.page.get_by_role("button", name="审核通过").click()
    session = come_in(office.duban.engine, "coordinator@prov.example", (Hat.COORDINATOR, "prov"))
    province.context.clear_cookies()
    province.context.add_cookies([{"name": COOKIE, "value": session, "url": office.url}])
    province.page.goto(f"/notices/{NOTICE.id}?unit=school&show=all")
    expect(province.page.locator(".ledger tbody .chip.done")).to_have_count(2)
    province.picture("ledger")

    # the mails of the whole story
    assert story(office) == [
        ("09-24 10:00", "chief@school.example", "notice"),
        ("09-24 10:00", "clerk@school.example", "notice"),
        ("10-12 10:00", "clerk@school.example", "reminder"),
        ("10-12 10:00", "clerk@school.example", "received"),
        ("10-12 10:00", "clerk@school.example", "received"),
        ("10-13 09:05", "clerk@city.example", "reminder"),
        ("10-13 09:05", "clerk@school.example", "returned"),
        ("10-13 15:00", "clerk@school.example", "received"),
        ("10-14 09:05", "clerk@city.example", "reminder"),
        ("10-14 09:05", "clerk@prov.example", "reminder"),
        ("10-14 09:05", "clerk@school.example", "reminder"),
        ("10-15 09:05", "clerk@prov.example", "reminder"),
        ("10-15 09:05", "clerk@school.example", "reminder"),
    ]
    assert TITLE in province.page.content() or NOTICE.document_number in province.page.content()


def story(office: Office) -> list[tuple[str, str, str]]:
    """Moment, address and kind of every mail to the school, its city and the province."""
    with reading(office.duban.engine) as session:
        found = [(f"{mail.at.astimezone(NOTICE.tz):%m-%d %H:%M}", mail.to_email, mail.kind) for mail in mails(session)]
    return [one for one in found if "other" not in one[1] and "town" not in one[1]]
