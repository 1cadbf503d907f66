"""Whatever a unit writes is words on every page: in a real browser nothing of it runs, and nothing is lost."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine

from conftest import installed
from duban.bootstrap import Duban
from duban.domain.roster import Roster
from duban.domain.terms import Act, Hat
from duban.services.acting import Request, act
from duban.services.delivering import Sender
from duban.services.installing import import_units
from duban.services.intake import Asked
from duban.services.publishing import publish
from duban.services.sweeping import sweep
from duban.services.uploading import add
from duban.web.app import create_app
from duban.web.rules import COOKIE
from factories import at, roster, unit
from models.event import record
from models.material import attach_drafts
from models.obligation import owed_by_name
from models.session import make_engine, writing
from notifications.post import Rehearsal
from registry_season import NOTICE, START
from web_season import come_in, installation

CHROMIUM = "/usr/bin/chromium"
NOW = "2021-10-12 10:00"
#: What was ever taken for markup, an attribute's end, a script's end, a template, a formula, another direction.
EVIL = "\"'><img src=x onerror=alert(1)></script><script>alert(2)</script><svg/onload=alert(3)>{{7*7}}</textarea>=1+1"
SHORT = "<img src=x onerror=alert(4)>"
NAME = f"{SHORT}总结&amp;.txt"


class Served(NamedTuple):
    url: str
    browser: Browser
    sessions: dict[Hat, str]


def hostile_roster() -> Roster:
    """Units and people whose names are no names."""
    plain = roster(unit("aa", "clerk", "chief"), unit("bb", "clerk", order=2))
    units = []
    for one in plain.units:
        people = tuple(replace(contact, person=SHORT, phone=SHORT) for contact in one.contacts)
        units.append(replace(one, name=f"{one.name}{EVIL}", contacts=people))
    return Roster.of(units)


def office(engine: Engine, folder: Path) -> Duban:
    """Somebody has written something of the kind wherever one can write."""
    with writing(engine) as session:
        import_units(session, hostile_roster())
    with writing(engine) as session:
        publish(session, NOTICE, now=START)
    made = installation(engine, folder, now=NOW, is_demo=False)
    made.store.prepare()
    for name in ("report", "photos"):
        asked = Asked(notice=NOTICE.id, unit="aa", deliverable=name)
        add(engine, made.store, asked, name=NAME, chunks=[EVIL.encode()], by="clerk@aa.example", now=at(NOW))
        with writing(engine) as session:
            owed = owed_by_name(session, notice=NOTICE.id, unit="aa", deliverable=name)
            assert owed is not None
            attach_drafts(session, owed.id)
    does(engine, "aa", "photos", Act.SUBMIT, by_person=SHORT)
    does(engine, "aa", "photos", Act.CONSULT, to_name=SHORT, to_email="li@prov.example")
    does(engine, "aa", "report", Act.SEND, courier=SHORT, number=SHORT)
    does(engine, "bb", "report", Act.REQUEST, due="2021-10-29", by_person="clerk@bb.example")
    does(engine, "bb", "photos", Act.SUBMIT)
    does(engine, "bb", "photos", Act.RETURN, due="2021-10-29")
    does(engine, "aa", "cases", Act.NIL)
    with writing(engine) as session:
        record(session, at=at(NOW), name=SHORT, by=SHORT, data={"note": EVIL, "person": SHORT}, notice=NOTICE.id)
    sweep(engine, Sender(name="t", carrier=Rehearsal(), account="d@d.invalid"), now=at(NOW), real_now=at(NOW))
    return made


def does(engine: Engine, owner: str, name: str, what: Act, *, due: str = "", **more: str) -> None:
    asked = Request(notice=NOTICE.id, unit=owner, deliverable=name, act=what, note=EVIL, **more)  # type: ignore[arg-type]
    with writing(engine) as session:
        act(session, replace(asked, due=at(f"{due} 00:00").date() if due else None), now=at(NOW))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hostile")
    engine = installed(make_engine(f"sqlite:///{folder / 'duban.db'}"))
    app = create_app(office(engine, folder))
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="error", ws="none", lifespan="off", timeout_graceful_shutdown=5)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    people = {Hat.COORDINATOR: "prov", Hat.CLERK: "aa", Hat.REVIEWER: "prov", Hat.SUPERVISOR: "aa"}
    sessions = {hat: come_in(engine, f"{hat}@me.example", (hat, whose)) for hat, whose in people.items()}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Served(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", browser, sessions)
        browser.close()
    app.state.watch.end()
    server.should_exit = True
    thread.join()
    engine.dispose()


ISSUED = f"/notices/{NOTICE.id}"
UNIT = f"/units/aa{ISSUED}"
PAGES = {
    Hat.COORDINATOR: (
        *(
            "/",
            "/tasks",
            "/audit",
            "/search?q=onerror",
            f"/search?q={EVIL}",
            "/extensions",
            "/reviews",
            "/registry?q=aa",
        ),
        *(ISSUED, f"{ISSUED}?view=rows&show=all", f"{ISSUED}?show=all", f"{ISSUED}/names?show=all", f"{ISSUED}/flow"),
        *(f"{ISSUED}/about", f"{ISSUED}/units/aa", f"{ISSUED}/units/bb", f"{ISSUED}/units/bb/report/extend"),
        *(f"{ISSUED}/units/bb/report/refuse", f"{ISSUED}/units/aa/award/waive", f"{ISSUED}/units/aa/report/receive"),
        *("/mail", *(f"/mail/{n}" for n in range(1, 8)), f"/reviews/aa/{NOTICE.id}/photos"),
    ),
    Hat.CLERK: ("/my", UNIT, f"{UNIT}/cover", f"{UNIT}/slip", "/receipts/R000001", f"{UNIT}/report/send"),
    Hat.REVIEWER: ("/reviews", f"/reviews/aa/{NOTICE.id}/photos"),
    Hat.SUPERVISOR: ("/", ISSUED, f"{ISSUED}/units/aa", f"{ISSUED}/flow"),
}
#: No element came out of words: neither one of theirs, nor a script that is not ours, nor what listens to something.
COUNT = """() => document.querySelectorAll(
  'img[src="x"], svg[onload], script:not([src^="/static/"]), [onerror], [onload]').length"""


@pytest.mark.parametrize("hat", PAGES)
def test_nothing_that_was_written_runs(served: Served, hat: Hat) -> None:
    context, said = served.browser.new_context(base_url=served.url), list[str]()
    context.add_cookies([{"name": COOKIE, "value": served.sessions[hat], "url": served.url}])
    page: Page = context.new_page()
    page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    shown = 0
    for path in PAGES[hat]:
        answer = page.goto(path, wait_until="load")
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        assert (path, page.evaluate(COUNT)) == (path, 0)
        words = page.evaluate("document.body.innerText")
        assert "49" not in [part.strip() for part in words.split("onload=alert(3)>")[1:2]], path
        shown += "onerror=alert(" in words
    context.close()
    assert said == []
    assert shown >= len(PAGES[hat]) // 2, "the words are there to read"
