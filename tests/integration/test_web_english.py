"""The pages in English: no Chinese on them but what people wrote and what things are called; times with their zone."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from chain_season import chain_notice, chain_units
from conftest import installed
from desk_season import NOTICE as DESK
from desk_season import OFFICE, knows, page
from desk_season import office as desk_office
from desk_season import reviewer as desk_reviewer
from duban.bootstrap import Duban
from duban.domain.terms import Hat
from duban.services.delivering import Sender
from duban.services.replaying import begin
from factories import at
from models.event import chain
from models.session import make_engine, reading
from notifications.post import Rehearsal
from publish_season import OFFICE as JILIN_OFFICE
from publish_season import TEXT, coordinator
from publish_season import office as publish_office
from reading_english import OURS, Reader, crawl, data_of, english, strange
from registry_season import NOTICE as REGISTRY
from registry_season import Desk as RegistryDesk
from supervising_season import NOTICE, browser, live
from supervising_season import office as supervising_office
from web_season import JILIN, Client, client_of, come_in, installation, live_season, stranger_of

#: Pages that are not reached by a link from the first one.
ASIDE = (
    *("/chase", "/tasks", "/extensions", "/search?q=25", "/search?q=x", "/login", "/reviews", "/registry", "/publish"),
    *("/delegations", "/delegations/new", "/supervision", "/my", "/mail?day=2021-10-18", "/audit", "/nowhere"),
)
OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = installed(make_engine("sqlite://"))
    yield made
    made.dispose()


def left(duban: Duban, pages: dict[str, str]) -> dict[str, set[str]]:
    """Page → the Chinese on it that is nobody's data."""
    data = data_of(duban.engine)
    return {path: found for path, text in pages.items() if (found := strange(text, data))}


def posted(client: Reader, path: str, **form: object) -> str:
    """What answers a form."""
    answer = client.post(path, data=form)
    if answer.status_code == 303:
        return client.get(answer.headers["location"].partition("#")[0]).text
    return answer.text


def test_the_pages_of_a_notice_for_its_coordinator(engine: Engine, tmp_path: Path) -> None:
    live_season(engine, Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid"))
    duban = installation(engine, tmp_path)
    client = english(client_of(duban))
    client.app.state.watch.end()
    pages = crawl(client, "/")
    # beside the demo, whose administrator may not press: the coordinator of an installation in earnest
    earnest = stranger_of(installation(engine, tmp_path, is_demo=False))
    hats = ((Hat.COORDINATOR, JILIN_OFFICE), (Hat.REVIEWER, JILIN_OFFICE))
    client = english(replace(earnest, session=come_in(engine, "jingban@me.example", *hats)))
    chosen = {"chosen": ["changchun", "baicheng"], "show": "missing"}
    at_notice = f"/notices/{JILIN}"
    pages |= {door: posted(client, f"{at_notice}/{door}", **chosen) for door in ("press/preview", "texts")}
    pages |= {
        door: posted(client, f"{at_notice}/chosen/{door}/look", chosen=["jilin/panel", "changchun/panel"])
        for door in ("extend", "return", "waive")
    }
    pages |= {door: client.get(f"{at_notice}/{door}").text for door in ("close", "cancel", "revisions", "flow")}
    pages |= {door: client.get(door).text for door in ASIDE}
    shut = ("Not open to you", "The database does not answer")
    assert [path for path, text in pages.items() if any(words in text for words in shut)] == []
    assert left(duban, pages) == {}


def test_the_desk_of_a_reviewer(engine: Engine, tmp_path: Path) -> None:
    duban = desk_office(engine, tmp_path)
    client = english(desk_reviewer(duban))
    pages = crawl(client, "/reviews")
    chosen = re.findall(r'name="chosen" value="([^"]+)"', pages["/reviews"])
    pages["confirm"] = posted(client, "/reviews/confirm", chosen=chosen)
    (seen,) = set(re.findall(r'name="seen" value="([^"]+)"', client.get(page()).text))
    pages["no reason"] = posted(client, f"{page()}/return", seen=seen, template="", note="", due="")
    pages["returned"] = posted(client, f"{page()}/return", seen=seen, template="", note="缺章", due="2021-10-20")
    pages["again"] = client.get(page()).text
    pages["approved"] = posted(client, "/reviews/approve", chosen=chosen[-1])
    pages["took back"] = posted(client, f"{page()}/take-back")
    assert left(duban, pages) == {}


def test_the_monday_of_a_supervisor(engine: Engine, tmp_path: Path) -> None:
    live(engine)
    duban = supervising_office(engine, tmp_path)
    client = english(browser(duban, "chief@aa.example", (Hat.SUPERVISOR, "aa")))
    client.app.state.watch.end()
    pages = crawl(client, "/supervision")
    door = f"/supervision/{NOTICE.id}/aa"
    call = {"with_whom": "李科长", "text": "公示期未满"}
    pages["call"] = posted(client, f"{door}/phone", **call)
    pages["called"] = posted(client, f"{door}/phone", **call, sure="yes")
    pages["empty"] = posted(client, f"{door}/phone", with_whom="", text="")
    wish = {"kind": "later", "day": "2021-10-29", "text": "汛期"}
    pages["advice"] = posted(client, f"{door}/recommend", **wish)
    pages["advised"] = posted(client, f"{door}/recommend", **wish, sure="yes")
    pages["pause"] = posted(client, f"{door}/pause", day="2021-10-29", text="汛期")
    pages["paused"] = posted(client, f"{door}/pause", day="2021-10-29", text="汛期", sure="yes")
    pages["weekly"] = posted(client, "/supervision/weekly")
    pages["unit"] = client.get(f"/notices/{NOTICE.id}/units/aa").text
    office = english(browser(duban, "office@prov.example", (Hat.COORDINATOR, "prov")))
    pages |= {door: office.get(door).text for door in ("/", "/tasks", "/extensions", "/chase")}
    assert left(duban, pages) == {}


def test_the_steps_of_publishing(engine: Engine, tmp_path: Path) -> None:
    duban = publish_office(engine, tmp_path)
    client = english(coordinator(duban))
    pages = {"start": client.get("/publish").text, "original": client.get("/publish/original").text}
    begun = client.post("/publish", files={"text": (None, TEXT)})
    pages |= crawl(client, begun.headers["location"])
    pages["broken"] = client.post("/publish", files={"text": (None, "id: x")}).text
    assert left(duban, pages) == {}


def test_the_page_of_a_unit(engine: Engine, tmp_path: Path) -> None:
    notice = chain_notice()
    begin(engine, notice, chain_units(), at=at("2021-09-24 10:00"))
    duban = installation(engine, tmp_path, now="2021-10-12 10:00", is_demo=False)
    duban.store.prepare()
    session = come_in(duban.engine, "clerk@school.example", (Hat.CLERK, "school"))
    client = english(Client(stranger_of(duban).app, session=session))
    at_unit = f"/units/school/notices/{notice.id}"
    pages = crawl(client, at_unit)
    pages |= {act: client.get(f"{at_unit}/summary/{act}").text for act in ("nil", "request", "withdraw", "send")}
    pages["asked"] = posted(client, f"{at_unit}/summary/request", due="2021-10-22", note="出差")
    pages["nil"] = posted(client, f"{at_unit}/summary/nil", note="没有")
    pages["acknowledged"] = posted(client, f"{at_unit}/photos/acknowledge")
    pages["link"] = client.get("/u/nothing").text + client.get("/l/nothing").text
    pages |= {"again " + path: text for path, text in crawl(client, at_unit).items()}
    assert left(duban, pages) == {}


def test_the_units_of_a_notice_and_their_contacts(engine: Engine, tmp_path: Path) -> None:
    desk = RegistryDesk(engine, tmp_path)
    client = english(desk.coordinator)
    home = f"/notices/{REGISTRY.id}"
    pages = crawl(client, f"{home}/people", alike=3)
    assert {f"{home}/{door}" for door in ("people/aa", "people/aa/contact", "join", "new-unit")} <= pages.keys()
    li = {"role": "clerk", "person": "李强", "email": "li@bb.example", "phone": ""}
    pages["no contact"] = posted(client, f"{home}/people/bb/contact", **(li | {"email": "li@"}))
    pages["contact"] = posted(client, f"{home}/people/bb/contact", **li)
    number = re.findall(r"number=(\d+)\"[^>]*李强", pages["contact"])[0]
    change, remove = (f"{home}/people/bb/{door}?number={number}" for door in ("contact", "contact/remove"))
    pages["change"] = client.get(change).text
    pages["changed"] = posted(client, change, **(li | {"person": "李刚", "was": "li@bb.example"}))
    pages["remove"] = client.get(remove).text
    pages["removed"] = posted(client, remove, was="li@bb.example")
    new = {"name": "cc市教育局", "parent": "prov市", "kind": "city", "relation": "subordinate", "id": "cc"}
    pages["no unit"] = posted(client, f"{home}/new-unit", **(new | {"parent": "b"}))
    pages["new unit"] = posted(client, f"{home}/new-unit", **new)
    pages["join"] = client.get(f"{home}/join").text
    pages["joined"] = posted(client, f"{home}/join/cc")
    pages["twice"] = posted(client, f"{home}/join/cc")
    pages["into which"] = client.get(f"{home}/people/aa/merge?into=b").text
    pages["merger"] = client.get(f"{home}/people/aa/merge?into=bb").text
    pages["merged"] = posted(client, f"{home}/people/aa/merge", into="bb")
    pages |= {door: client.get(f"{home}/{door}").text for door in ("people", "people?q=zz", "people/aa", "units/bb")}
    assert [path for path, text in pages.items() if "Not open to you" in text] == []
    assert "2 units: 2 without a chief or leader." in pages[f"{home}/people"]
    assert left(desk.duban, pages) == {}


def switch(client: Client, language: str, back: str = "/") -> tuple[int, str, str]:
    """What the switch answers: status, where to, the cookie."""
    answer = client.post("/language", data={"language": language, "back": back}, headers=OWN)
    return answer.status_code, answer.headers.get("location", ""), answer.headers.get("set-cookie", "")


@pytest.fixture
def duban(engine: Engine, tmp_path: Path) -> Duban:
    return desk_office(engine, tmp_path)


def test_the_switch_keeps_a_cookie_and_goes_back_to_the_page(duban: Duban) -> None:
    assert switch(stranger_of(duban), "en", "/login?back=%2Freviews") == (
        303,
        "/login?back=%2Freviews",
        "language=en; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax",
    )
    secure = replace(duban, settings=duban.settings.model_copy(update={"base_url": "https://duban.example"}))
    assert switch(stranger_of(secure), "en")[2].endswith("; SameSite=lax; Secure")


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "", "/a\nb"]
)
def test_the_switch_leads_to_no_other_host(duban: Duban, back: str) -> None:
    assert switch(stranger_of(duban), "en", back)[:2] == (303, "/")


@pytest.mark.parametrize("language", ["zh-CN", "de", "", "EN", "en-GB"])
def test_any_other_language_is_chinese(duban: Duban, language: str) -> None:
    assert switch(stranger_of(duban), language)[2].startswith("language=zh-CN; ")
    page = Reader(stranger_of(duban).app, language=language).get("/login").text
    assert ('<html lang="zh-CN">' in page, "登录" in page) == (True, True)


def test_pages_are_chinese_until_somebody_chooses(duban: Duban) -> None:
    client = stranger_of(duban)
    plain, chosen = client.get("/login").text, english(client).get("/login").text
    assert ('<html lang="zh-CN">' in plain, 'value="en" lang="en">English</button>' in plain) == (True, True)
    assert ('<html lang="en">' in chosen, 'value="zh-CN" lang="zh-CN">中文</button>' in chosen) == (True, True)
    assert ("english.css" in plain, "english.css" in chosen) == (False, True)


def test_a_foreign_page_cannot_switch(duban: Duban) -> None:
    client = stranger_of(duban)
    answer = client.post("/language", data={"language": "en"}, headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, answer.headers.get("set-cookie")) == (403, None)
    assert client.get("/language").status_code == 405


def test_an_answer_to_a_form_has_no_switch(duban: Duban) -> None:
    client = english(desk_reviewer(duban))
    read, answered = client.get("/reviews").text, posted(client, "/reviews/confirm", chosen="nonsense")
    assert ('action="/language"' in read, 'action="/language"' in answered) == (True, False)


def test_choosing_a_language_changes_nothing_that_is_kept(duban: Duban) -> None:
    before = data_of(duban.engine)
    switch(stranger_of(duban), "en")
    assert data_of(duban.engine) == before


def test_papers_stay_chinese(duban: Duban) -> None:
    client = english(knows(desk_reviewer(duban), duban, OFFICE, Hat.COORDINATOR))
    answer = client.get(f"/notices/{DESK.id}/ledger.xlsx")
    heads = [cell.value for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row]
    assert (quote("台账") in answer.headers["content-disposition"], "单位" in heads, "Unit" in heads) == (
        True,
        True,
        False,
    )


def test_what_the_record_keeps_is_chinese_whatever_the_page(duban: Duban) -> None:
    client = english(knows(desk_reviewer(duban), duban, OFFICE, Hat.COORDINATOR))
    posted(client, f"/notices/{DESK.id}/hold", chosen="bb/photos", reason="")
    with reading(duban.engine) as session:
        kept = chain(session)[-1]
    assert (kept.name, json.loads(kept.data)["note"]) == ("held", "已收到")


def test_a_broken_page_speaks_english_too(duban: Duban) -> None:
    nonsense = english(client_of(replace(duban, clock=None)))  # type: ignore[arg-type]
    answer = nonsense.get("/")
    assert (answer.status_code, "The fault is in the program, not yours" in answer.text) == (500, True)


def test_what_is_allowed_is_no_more_than_words() -> None:
    assert strange("<p>中文 待确认 尚未上传材料 别的</p>", "") == {"别的"}
    assert all(re.fullmatch(r"[\u4e00-\u9fff]+", word) for word in OURS)
