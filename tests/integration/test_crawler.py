"""A program that fetches whatever it finds, in every mail and on every page, with every way in: nothing changes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from chain_season import chain_notice, chain_units
from duban.bootstrap import Duban
from duban.domain.terms import Act, Hat
from duban.services.acting import Request, act
from duban.services.inspecting import inspect
from duban.services.intake import Asked
from duban.services.replaying import begin
from duban.services.submitting import submit
from duban.services.sweeping import sweep
from duban.services.uploading import add
from duban.settings import Settings
from factories import at
from material_files import docx, p, picture
from models.migrating import upgrade
from models.session import make_engine, writing
from notifications.local_server import LocalServer
from records import fingerprint
from web_season import Client, Stopped, come_in, stranger_of

NOTICE = chain_notice()
NOW, BEFORE = at("2021-10-14 10:00"), at("2021-10-13 10:00")
#: Pages that one crawler fetches at most.
MOST = 400
LINK = re.compile(r'(?:href|src|action)="([^"#]+)')


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duban]:
    """Something handed in, returned, asked for; mails with links."""
    folder = tmp_path_factory.mktemp("crawled")
    engine = make_engine(f"sqlite:///{folder / 'duban.db'}")
    upgrade(engine)
    settings = Settings(_env_file=None, data_dir=folder, base_url="http://127.0.0.1:8000")
    duban = Duban(settings, engine, Stopped(shows=NOW), is_demo=True)
    duban.store.prepare()
    begin(engine, NOTICE, chain_units(), at=at("2021-09-24 10:00"))
    for key, name, data in (("summary", "总结.docx", docx(p("字" * 1500))), ("photos", "课堂.jpg", picture())):
        asked = Asked(notice=NOTICE.id, unit="school", deliverable=key)
        made = add(engine, duban.store, asked, name=name, chunks=[data], by="clerk@school.example", now=BEFORE)
        inspect(engine, duban.store, made, now=BEFORE)
        with writing(engine) as session:
            submit(session, asked, note="请审核", by="clerk@school.example", now=BEFORE)
    with writing(engine) as session:
        asked_for = {"notice": NOTICE.id, "unit": "other", "deliverable": "summary", "act": Act.REQUEST}
        act(session, Request(**asked_for, note="公示期未满", due=date(2021, 10, 22)), now=BEFORE)  # type: ignore[arg-type]
    with LocalServer(settings.maildir) as mail:
        there = replace(duban, settings=settings.model_copy(update={"mail_port": mail.port}))
        sweep(engine, there.sender(), now=NOW, real_now=NOW)
    yield duban
    engine.dispose()


def crawl(client: Client, *starts: str, alike: int) -> dict[str, int]:
    """What is reached from these pages, by GET, and by HEAD one of each kind; address → status.

    Of pages that differ by their query alone, ``alike`` of each kind.
    """
    found: dict[str, int] = {}
    kinds: Counter[str] = Counter()
    waiting = list(starts)
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        kind = _kind(path)
        if path in found or ("?" in path and kinds[kind] >= alike):
            continue
        kinds[kind] += 1
        if kinds[kind] == 1:
            client.ask("HEAD", path, headers={"purpose": "prefetch"})
        answer = client.get(path)
        found[path] = answer.status_code
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting += _paths(answer.text, client.host)
        if 300 <= answer.status_code < 400:
            waiting += _paths(f'href="{answer.headers["location"]}"', client.host)
    return found


def _kind(path: str) -> str:
    """What pages that differ by what they show have in common: the words of the address."""
    return re.sub(r"[^/?&=]*[\d%-][^/?&=]*|=[^&]*", "*", path)


def _paths(text: str, host: str) -> list[str]:
    """The addresses on this machine that a page or a mail names, forms too."""
    named = [link.replace("&amp;", "&") for link in LINK.findall(text)]
    named += re.findall(rf"http://{re.escape(host)}(/[^\s\"<]+)", text)
    ours = [link.removeprefix(f"http://{host}") for link in named]
    return [link for link in dict.fromkeys(ours) if link.startswith("/") and not link.startswith("//")]


def ways_in(office: Duban) -> Iterator[tuple[str, Client, tuple[str, ...]]]:
    """Nobody with the demo's mailbox; each hat."""
    yield "stranger", stranger_of(office), ("/mail", "/login")
    hats = {
        "coordinator": (Hat.COORDINATOR, "prov"),
        "reviewer": (Hat.REVIEWER, "city"),
        "clerk": (Hat.CLERK, "school"),
    }
    for name, hat in {**hats, "supervisor": (Hat.SUPERVISOR, "city")}.items():
        client = stranger_of(office)
        client.session = come_in(office.engine, f"{name}@me.example", hat)
        yield name, client, ("/", "/my", "/reviews", "/registry", "/extensions", "/tasks", "/mail")


def test_fetching_every_kind_of_page_changes_nothing(office: Duban) -> None:
    fetched(office, alike=4)


@pytest.mark.soak
def test_fetching_everything_changes_nothing(office: Duban) -> None:
    fetched(office, alike=MOST)


def fetched(office: Duban, *, alike: int) -> None:
    """Everybody follows every link; nothing in the database is another then."""
    clients = list(ways_in(office))
    before = fingerprint(office.engine)
    reached = {name: crawl(client, *starts, alike=alike) for name, client, starts in clients}
    assert fingerprint(office.engine) == before
    assert [(name, path) for name, found in reached.items() for path, status in found.items() if status >= 500] == []
    assert any(path.startswith("/u/") for path in reached["stranger"])
    assert any(path.startswith("/r/") for path in reached["stranger"])
    assert "/receipts/R000001" in reached["clerk"]
    assert f"/reviews/school/{NOTICE.id}/photos" in reached["reviewer"]
    assert {name: len(found) > 20 for name, found in reached.items()} == dict.fromkeys(reached, True)
