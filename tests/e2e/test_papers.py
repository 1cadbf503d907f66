"""Cover sheets and slips in a real browser: under the strict policy, on one A4 page, readable on a phone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Route, sync_playwright

from duban.domain.short_code import short_code
from duban.papers.cover import Cover, Styled, cover_sheet, paper_tracks, parcel, slip, stylesheet
from duban.reading.definitions import read_definition
from duban.web.guard import PAGES

CHROMIUM = "/usr/bin/chromium"
NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"
JILIN = read_definition(NOTICES / "jilin-2021-25.yaml")
HOME = "http://duban.test"


def cover(times: int = 1) -> Cover:
    made = parcel(
        JILIN,
        JILIN.offices["receiver"],
        paper_tracks(JILIN, "receiver"),
        unit="长白山管委会教育科技局",
        code=short_code(17),
        url=f"{HOME}/paper/HUC98SJ",
        due="10月15日前（系统按10月15日 周五 24时计）",
    )
    return replace(made, materials=made.materials * times)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def printed(browser: Browser, html: bytes, policy: str) -> tuple[list[str], list[str], list[tuple[int, int]], bool]:
    """What the browser complains of, what it asks for, the pages in millimetres, and whether a phone must scroll."""
    complaints: list[str] = []
    asked: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOME)
        asked.append(path)
        if path == "/cover":
            route.fulfill(body=html, headers={"Content-Security-Policy": policy, "Content-Type": "text/html"})
        else:
            route.fulfill(body=stylesheet(), headers={"Content-Type": "text/css"})

    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.on("console", lambda message: complaints.append(message.text))
    page.route("**/*", answer)
    page.goto(f"{HOME}/cover")
    scrolls = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    pdf = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    sizes = [
        (round(width / 72 * 25.4), round(height / 72 * 25.4))
        for width, height in map(pdf.get_page_size, range(len(pdf)))
    ]
    pdf.close()
    page.close()
    return complaints, asked, sizes, scrolls


A4 = (210, 297)
NONCE = "default-src 'none'; style-src 'nonce-abc'"


@pytest.mark.parametrize("page", [cover_sheet, slip])
@pytest.mark.parametrize(
    ("styled", "policy", "asked"),
    [
        (Styled(path="/static/papers.css"), PAGES, ["/cover", "/static/papers.css"]),
        (Styled(nonce="abc"), NONCE, ["/cover"]),
    ],
)
def test_one_page_of_a4_under_the_strict_policy(
    browser: Browser, page: object, styled: Styled, policy: str, asked: list[str]
) -> None:
    html = page(cover(), styled)  # type: ignore[operator]
    assert printed(browser, html, policy) == ([], asked, [A4], False)


def test_many_materials_go_on_a_second_page(browser: Browser) -> None:
    html = cover_sheet(cover(5), Styled(nonce="abc"))
    assert printed(browser, html, NONCE) == ([], ["/cover"], [A4, A4], False)
