"""Role × route × foreign object: everything that is not theirs is refused; everything that is theirs opens.

The routes are those of the application: a new one without a rule, or with a name that is not known here, fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from conftest import installed
from duban.bootstrap import Duban
from duban.clock import real_now
from duban.domain.deeds import TABLE, Reach
from duban.domain.links import LinkKey, Mint, Purpose, hashed
from duban.domain.roster import Roster
from duban.domain.terms import Hat
from duban.services import defining, sessions
from duban.services.delegating import Wanted, delegate, delegations
from duban.services.delivering import Sender
from duban.services.intake import Asked
from duban.services.links import row_of
from duban.services.replaying import begin, live_through
from duban.services.uploading import add
from duban.web.app import create_app
from duban.web.rules import Rule
from factories import at, deliverable, notice, on, roster, stage, unit
from models import AdviceRow
from models.definition_draft import drafts_within
from models.entry_link import put_links
from models.material import attach_drafts, drafts_of, files_of
from models.obligation import owed_by_name
from models.outbox import mails
from models.session import make_engine, reading, writing
from models.submission import standing_submission
from models.web_session import add_scope
from notifications.post import Rehearsal
from stories import did
from web_season import Client, come_in, installation, stranger_of

NOW, START = "2021-10-12 09:30", at("2021-09-24 10:00")
MINT = Mint(key=b"k" * 32, base_url="https://duban.example")
#: The province asks its cities (and what is below them); the county of another province asks its own town.
MINE = notice(
    stage(on("2021-10-15"), deliverable("report")), classes={"cities": {"name": "各市", "kinds": ["city", "county"]}}
)
OTHERS = notice(
    stage(on("2021-10-15"), deliverable("report")),
    id="other-2021-1",
    issuer="qq",
    classes={"cities": {"name": "各镇", "kinds": ["town"]}},
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duban]:
    """In earnest, not a demo; whoever may do something here has done it."""
    yield from opened(tmp_path_factory.mktemp("matrix"))


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[Duban]:
    """The same, as nobody has touched it."""
    yield from opened(tmp_path)


def opened(folder: Path) -> Iterator[Duban]:
    """Two issuers, three cities and counties, a town; mails of both."""
    engine = installed(make_engine("sqlite://"))
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid", mint=MINT)
    below = unit("county", "clerk", parent="aa", kind="county", order=3)
    begin(
        engine,
        MINE,
        roster(unit("aa", "clerk", "chief"), unit("bb", "clerk", order=2), below),
        at=at("2021-09-24 10:00"),
    )
    town = unit("zz", "clerk", parent="qq", kind="town", order=9)
    far = unit("qq", "clerk", parent=None, kind="far", order=8)
    begin(engine, OTHERS, Roster.of([far, town]), at=START)
    acts = [did("2021-10-11 10:00", "aa", "report", "submit"), did("2021-10-11 10:00", "bb", "report", "submit")]
    live_through(engine, MINE, acts, sender, start=START, until=at(NOW))
    made = installation(engine, folder, now=NOW, is_demo=False)
    made.store.prepare()
    for unit_, notice_ in (A, B, C, Z):
        asked = Asked(notice=notice_, unit=unit_, deliverable="report")
        add(engine, made.store, asked, name="总结.txt", chunks=[b"text"], by=f"clerk@{unit_}.example", now=at(NOW))
    for about in (MINE, OTHERS):
        with writing(engine) as session:
            owner = "aa" if about is MINE else "zz"
            advice = {"kind": "pause", "notice_id": about.id, "unit_id": owner, "day": at(NOW).date()}
            session.add(AdviceRow(**advice, text="汛期", at=at(NOW), by_person=""))
    for owner in ("aa", "bb"):
        with writing(engine) as session:
            owed = owed_by_name(session, notice=MINE.id, unit=owner, deliverable="report")
            assert owed is not None
            attach_drafts(session, owed.id)
    with writing(engine) as session:
        for office_ in ("prov", "qq"):
            defining.begin(session, office_, "id: test-2021-2\n", by=f"clerk@{office_}.example", now=at(NOW))
    yield made
    engine.dispose()


@dataclass(frozen=True)
class Guest:
    """Somebody who comes in, with what is his and what is not."""

    hat: Hat
    #: for which it is worn
    unit: str
    #: unit and notice
    own: tuple[tuple[str, str], ...]
    foreign: tuple[tuple[str, str], ...]
    #: of a link; None: an account
    purpose: Purpose | None = None


A, B, C, Z = ("aa", MINE.id), ("bb", MINE.id), ("county", MINE.id), ("zz", OTHERS.id)
NOTHING = (("aa", "nothing"), ("nobody", MINE.id), ("aa", OTHERS.id))
GUESTS = {
    "administrator": Guest(Hat.ADMINISTRATOR, "", (A, Z), ()),
    "coordinator": Guest(Hat.COORDINATOR, "prov", (A, B, C), (Z, *NOTHING)),
    "supervisor": Guest(Hat.SUPERVISOR, "aa", (A, C), (B, Z, *NOTHING)),
    # today, for an absent colleague; nothing of his own
    "stand-in": Guest(Hat.SUPERVISOR, "aa", (A, C), (B, Z, *NOTHING)),
    "reviewer": Guest(Hat.REVIEWER, "prov", (A, B, C), (Z, *NOTHING)),
    "clerk": Guest(Hat.CLERK, "aa", (A,), (B, C, Z, *NOTHING)),
    "link": Guest(Hat.CLERK, "aa", (A,), (B, C, Z, *NOTHING), Purpose.UNIT),
    "review link": Guest(Hat.REVIEWER, "prov", (A, B, C), (Z, *NOTHING), Purpose.REVIEW),
}
#: What a form of any door may ask for.
FORM = {
    "step": "hour",
    "choice": "cancel",
    "address": "new@aa.example",
    "name": "新同事",
    "word": "123456",
    "old": "",
    "new": "",
    "again": "",
}
OURS = {"sec-fetch-site": "same-origin"}


def enter(engine: Engine, name: str) -> str:
    """A new session of a guest."""
    guest = GUESTS[name]
    if name == "stand-in":
        return stand_in(engine, guest)
    if guest.purpose is None:
        hats = [(guest.hat, guest.unit)] if guest.unit else []
        return come_in(engine, f"{guest.hat}@me.example", *hats, is_administrator=not hats)
    key = LinkKey(purpose=guest.purpose, address=f"clerk@{guest.unit}.example", unit=guest.unit, notice=MINE.id)
    with writing(engine) as session:
        row = row_of(key, MINT.token(key), person="王老师", at=at(NOW), last_due=None)
        put_links(session, [row])
        token = sessions.begin(session, person=None, real_now=real_now())
        add_scope(session, hashed(token), row["hash"])
    return token


def stand_in(engine: Engine, guest: Guest) -> str:
    """A colleague wears the hat of somebody who is absent today."""
    come_in(engine, "absent@me.example", (guest.hat, guest.unit))
    token, day = come_in(engine, "standin@me.example"), at(NOW).date()
    lent = {"giver": "absent@me.example", "taker": "standin@me.example", "hat": guest.hat, "unit": guest.unit}
    with writing(engine) as session:
        if not delegations(session, None, now=at(NOW)):
            delegate(session, Wanted(**lent, first_day=day, last_day=day), by="test", now=at(NOW))
    return token


def routes(client: Client) -> dict[str, tuple[set[str], Rule | None]]:
    """Address → methods and rule."""
    found: dict[str, tuple[set[str], Rule | None]] = {}
    for route in _walk(client.app.routes):
        if getattr(route, "endpoint", None) is not None:
            for method in getattr(route, "methods", set()):
                found[f"{method} {route.path}"] = ({method}, getattr(route.endpoint, "rule", None))  # type: ignore[attr-defined]
    return found


def _walk(known: list[Any]) -> Iterator[Any]:
    for route in known:
        inner = getattr(route, "original_router", None)
        yield from _walk(inner.routes) if inner else [route]


def numbers(engine: Engine) -> dict[str, int]:
    """A mail for each address; the draft and the last submission of each unit, where there is one."""
    with reading(engine) as session:
        found = {mail.to_email: mail.id or 0 for mail in mails(session)}
        for unit_, notice_ in (A, B, C, Z):
            row = owed_by_name(session, notice=notice_, unit=unit_, deliverable="report")
            assert row is not None
            drafts, last = drafts_of(session, row.id), standing_submission(session, row.id)
            found |= {f"material {unit_}": draft.id for draft in drafts}
            if last:
                handed_in = files_of(session, [last.id or 0])[last.id or 0]
                found |= {f"receipt {unit_}": last.id or 0} | {f"material {unit_}": file.id for file in handed_in}
        issuers = {"prov": MINE.id, "qq": OTHERS.id}
        found |= {f"draft {issuers[row.unit_id]}": row.id for row in drafts_within(session, None)}
        return found


#: The names in addresses: a new one must be known here.
KNOWN = {
    *("unit", "notice", "number", "token", "deliverable", "key"),
    *("material", "receipt", "page", "opinion", "form", "kind", "file", "draft", "press"),
    *("material", "receipt", "page", "opinion", "form", "kind", "file", "advice"),
}


def address(path: str, about: tuple[str, str], mail_ids: dict[str, int]) -> str:
    """The address of a door for one unit and notice, or for the mail to that unit's clerk."""
    number = mail_ids.get(f"clerk@{about[0]}.example", 999_999)
    values = {
        "unit": about[0],
        "notice": about[1],
        "number": str(number),
        "token": "nothing",
        "deliverable": "report",
        "key": "0" * 40,
        "page": "1",
        "press": "1",
        "opinion": "1",
        "advice": {MINE.id: "1", OTHERS.id: "2"}.get(about[1], "999999"),
        "form": "table",
        "kind": "xlsx",
        "file": str(mail_ids.get(f"material {about[0]}", 999_999)),
        "material": str(mail_ids.get(f"material {about[0]}", 999_999)),
        "draft": str(mail_ids.get(f"draft {about[1]}", 999_999)),
        "receipt": f"R{mail_ids.get(f'receipt {about[0]}', 999_999):06d}",
    }
    return re.sub(r"\{(\w+)\}", lambda name: values[name[1]], path)


@pytest.fixture(scope="module")
def app(office: Duban) -> FastAPI:
    return create_app(office)


def ask(client: Client, method: str, path: str) -> int:
    options: dict[str, Any] = {"headers": OURS}
    if method == "POST":
        options["data"] = FORM
    return client.ask(method, path, **options).status_code


def test_every_route_has_a_rule(office: Duban) -> None:
    found = routes(stranger_of(office))
    assert [route for route, (_, rule) in found.items() if rule is None] == []
    assert len(found) > 20
    names = {name for route in found for name in re.findall(r"\{(\w+)\}", route)}
    assert names <= KNOWN


def test_a_route_without_a_rule_lets_nobody_in(office: Duban) -> None:
    client = stranger_of(office)

    async def forgotten() -> str:
        return "secret"

    client.app.add_api_route("/forgotten", forgotten)
    client.session = enter(office.engine, "administrator")
    answer = client.get("/forgotten")
    assert (answer.status_code, "secret" in answer.text) == (403, False)


def ruled(office: Duban) -> list[tuple[str, str, Rule]]:
    """Doors with a deed: method, path, rule."""
    found = routes(stranger_of(office))
    return [(*route.split(" ", 1), rule) for route, (_, rule) in found.items() if rule and rule.deed]  # type: ignore[misc]


@pytest.mark.parametrize("name", GUESTS)
def test_what_is_not_theirs_is_refused(office: Duban, app: FastAPI, name: str) -> None:
    guest, mail_ids = GUESTS[name], numbers(office.engine)
    client, opened = Client(app, session=enter(office.engine, name)), []
    for method, path, rule in ruled(office):
        mine = {address(path, about, mail_ids) for about in guest.own}
        for foreign in {address(path, about, mail_ids) for about in guest.foreign} - mine:
            status = ask(client, method, foreign)
            if status not in (403, 404):
                opened.append((method, foreign, status, rule.deed))
    assert opened == []


@pytest.mark.parametrize("name", GUESTS)
def test_what_is_theirs_opens_as_far_as_the_table_says(office: Duban, app: FastAPI, name: str) -> None:
    guest, mail_ids = GUESTS[name], numbers(office.engine)
    client, wrong = Client(app, session=enter(office.engine, name)), []
    # with a draft at hand one could hand in, and would not be let in to review it
    for method, path, rule in sorted(ruled(office), key=lambda found: found[1].endswith("/draft")):
        assert rule.deed
        may = TABLE[guest.hat, rule.deed] is not Reach.NONE or rule.is_local
        with_mail = [about for about in guest.own if _is_there(path, about, mail_ids)]
        # the county hands in to its city, not to the province; what is not handed in yet is for nobody else
        of_county = guest.hat is Hat.REVIEWER and "{unit}" in path
        draft = guest.hat in (Hat.REVIEWER, Hat.SUPERVISOR) and ("{material}" in path or "{file}" in path)
        reviewed = [about for about in with_mail if about != C or not (of_county or draft)]
        for own in {address(path, about, mail_ids) for about in reviewed}:
            status = ask(client, method, own)
            if (status != 403) != may:
                wrong.append((method, own, status))
    assert wrong == []


def _is_there(path: str, about: tuple[str, str], mail_ids: dict[str, int]) -> bool:
    """The mail or receipt of the address exists: what does not is refused like what is not theirs."""
    unit_ = about[0]
    wanted = {"{number}": f"clerk@{unit_}.example", "{receipt}": f"receipt {unit_}", "{material}": f"material {unit_}"}
    wanted["{file}"] = wanted["{material}"]
    return all(key in mail_ids for name, key in wanted.items() if name in path)


def test_nobody_comes_in_unknown(office: Duban) -> None:
    mail_ids, opened = numbers(office.engine), []
    for route, (_, rule) in routes(stranger_of(office)).items():
        method, path = route.split(" ", 1)
        if rule and not (rule.is_public or rule.is_local):
            client, at_door = stranger_of(office), address(path, A, mail_ids)
            answer = client.ask(method, at_door, headers=OURS)
            program = client.ask(method, at_door, headers=OURS | {"accept": "application/json"})
            # where only programs ask, nobody is sent to a page
            expected = (401, 401) if path.startswith("/api/") else (303, 401)
            is_shown_in = "/login" in answer.headers.get("location", "") or expected[0] == 401
            if (answer.status_code, program.status_code) != expected or not is_shown_in:
                opened.append((route, answer.status_code, program.status_code))
    assert opened == []


def test_lists_hold_nothing_foreign(untouched: Duban) -> None:
    pages = (
        "/",
        "/tasks",
        "/mail",
        f"/notices/{MINE.id}?show=all",
        f"/notices/{MINE.id}/names?show=all",
        "/my",
        "/reviews",
        "/registry",
        "/registry?q=市",
        "/extensions",
        "/publish",
        "/audit",
        "/audit/events.csv",
        "/search?q=re",
        "/search?q=aa",
        "/search?q=bb",
        "/search?q=zz",
        f"/notices/{MINE.id}/flow",
        "/supervision",
    )
    seen = {}
    for name in GUESTS:
        client = stranger_of(untouched)
        client.session = enter(untouched.engine, name)
        text = "".join(client.get(page).text for page in pages)
        seen[name] = {unit for unit in ("aa", "bb", "county", "zz") if f"{unit}市" in text}
    assert seen == {
        "administrator": {"aa", "bb", "county", "zz"},
        "coordinator": {"aa", "bb", "county"},
        "supervisor": {"aa", "county"},
        "stand-in": {"aa", "county"},
        "reviewer": {"aa", "bb"},
        "clerk": {"aa"},
        "link": {"aa"},
        "review link": {"aa", "bb"},
    }


def test_a_person_who_serves_two_units_sees_both_and_no_third(office: Duban) -> None:
    client = stranger_of(office)
    client.session = come_in(office.engine, "both@me.example", (Hat.CLERK, "aa"), (Hat.CLERK, "county"))
    mine = client.get("/my").text
    assert ("aa市" in mine, "county市" in mine, "bb市" in mine) == (True, True, False)
    statuses = [client.get(f"/units/{unit}/notices/{MINE.id}").status_code for unit in ("aa", "county", "bb")]
    assert statuses == [200, 200, 403]


def test_the_demo_asks_nobody_for_its_mailbox_and_only_on_this_machine(office: Duban) -> None:
    demo = stranger_of(replace(office, is_demo=True))
    number = numbers(office.engine)["clerk@aa.example"]
    assert [demo.get(path).status_code for path in ("/mail", f"/mail/{number}", "/")] == [200, 200, 303]
    passed_on = demo.get("/mail", headers={"x-forwarded-for": "10.0.0.1"})
    assert (passed_on.status_code, stranger_of(office).get("/mail").status_code) == (303, 303)


def test_figures_for_machines_are_for_this_machine(office: Duban) -> None:
    stranger = stranger_of(office)
    assert stranger.get("/metrics").status_code == 200
    assert stranger.get("/metrics", headers={"forwarded": "for=10.0.0.1"}).status_code == 303
    assert stranger.get("/healthz", headers={"x-forwarded-for": "10.0.0.1"}).status_code == 200
