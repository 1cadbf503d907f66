"""The pages in English: no Chinese on them but what people wrote and what things are called; times with their zone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chain_season import chain_notice, chain_units
from conftest import installed
from desk_season import office as desk_office
from desk_season import page
from desk_season import reviewer as desk_reviewer
from duban.bootstrap import Duban
from duban.domain.terms import Hat
from duban.services.delivering import Sender
from duban.services.replaying import begin
from factories import at
from models.session import make_engine
from notifications.post import Rehearsal
from publish_season import TEXT, coordinator
from publish_season import office as publish_office
from reading_english import Reader, crawl, data_of, english, strange
from supervising_season import NOTICE, browser, live
from supervising_season import office as supervising_office
from web_season import JILIN, Client, client_of, come_in, installation, live_season, stranger_of


@pytest.fixture
def engine_of_one() -> Iterator[object]:
    engine = installed(make_engine("sqlite://"))
    yield engine
    engine.dispose()


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


def test_the_pages_of_a_notice_for_its_coordinator(engine_of_one, tmp_path: Path) -> None:
    live_season(engine_of_one, Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid"))
    duban = installation(engine_of_one, tmp_path)
    client = english(client_of(duban))
    client.app.state.watch.end()
    pages = crawl(client, "/", most=150)
    chosen = {"chosen": ["changchun", "baicheng"], "show": "missing"}
    at_notice = f"/notices/{JILIN}"
    pages |= {door: posted(client, f"{at_notice}/{door}", **chosen) for door in ("press/preview", "texts")}
    pages |= {
        door: posted(client, f"{at_notice}/chosen/{door}/look", chosen=["jilin/panel", "changchun/panel"])
        for door in ("extend", "return", "waive")
    }
    pages |= {door: client.get(f"{at_notice}/{door}").text for door in ("close", "cancel", "revisions", "flow", "nowhere")}
    pages |= {door: client.get(door).text for door in ("/chase", "/tasks", "/extensions", "/search?q=25", "/search?q=x", "/login", "/reviews", "/registry", "/publish", "/delegations", "/delegations/new", "/supervision", "/my", "/mail?day=2021-10-18", "/audit")}
    assert left(duban, pages) == {}


def test_the_desk_of_a_reviewer(engine_of_one, tmp_path: Path) -> None:
    duban = desk_office(engine_of_one, tmp_path)
    client = english(desk_reviewer(duban))
    pages = crawl(client, "/reviews", most=40)
    chosen = re.findall(r'name="chosen" value="([^"]+)"', pages["/reviews"])
    pages["confirm"] = posted(client, "/reviews/confirm", chosen=chosen)
    (seen,) = set(re.findall(r'name="seen" value="([^"]+)"', client.get(page()).text))
    pages["no reason"] = posted(client, f"{page()}/return", seen=seen, template="", note="", due="")
    pages["returned"] = posted(client, f"{page()}/return", seen=seen, template="", note="缺章", due="2021-10-20")
    pages["again"] = client.get(page()).text
    pages["approved"] = posted(client, "/reviews/approve", chosen=chosen[-1])
    pages["took back"] = posted(client, f"{page()}/take-back")
    assert left(duban, pages) == {}


def test_the_monday_of_a_supervisor(engine_of_one, tmp_path: Path) -> None:
    live(engine_of_one)
    duban = supervising_office(engine_of_one, tmp_path)
    client = english(browser(duban, "chief@aa.example", (Hat.SUPERVISOR, "aa")))
    client.app.state.watch.end()
    pages = crawl(client, "/supervision", most=60)
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
    pages |= crawl(office, "/tasks", most=30) | {"extensions": office.get("/extensions").text}
    assert left(duban, pages) == {}


def test_the_steps_of_publishing(engine_of_one, tmp_path: Path) -> None:
    duban = publish_office(engine_of_one, tmp_path)
    client = english(coordinator(duban))
    pages = {"start": client.get("/publish").text, "original": client.get("/publish/original").text}
    begun = client.post("/publish", files={"text": (None, TEXT)})
    pages |= crawl(client, begun.headers["location"], most=30)
    pages["broken"] = client.post("/publish", files={"text": (None, "id: x")}).text
    assert left(duban, pages) == {}


def test_the_page_of_a_unit(engine_of_one, tmp_path: Path) -> None:
    notice = chain_notice()
    begin(engine_of_one, notice, chain_units(), at=at("2021-09-24 10:00"))
    duban = installation(engine_of_one, tmp_path, now="2021-10-12 10:00", is_demo=False)
    duban.store.prepare()
    session = come_in(duban.engine, "clerk@school.example", (Hat.CLERK, "school"))
    client = english(Client(stranger_of(duban).app, session=session))
    at_unit = f"/units/school/notices/{notice.id}"
    pages = crawl(client, at_unit, most=60)
    pages |= {act: client.get(f"{at_unit}/summary/{act}").text for act in ("nil", "request", "withdraw", "send")}
    pages["asked"] = posted(client, f"{at_unit}/summary/request", due="2021-10-22", note="出差")
    pages["nil"] = posted(client, f"{at_unit}/summary/nil", note="没有")
    pages["acknowledged"] = posted(client, f"{at_unit}/photos/acknowledge")
    pages["link"] = client.get("/u/nothing").text + client.get("/l/nothing").text
    pages |= {"again " + path: text for path, text in crawl(client, at_unit, most=60).items()}
    assert left(duban, pages) == {}
