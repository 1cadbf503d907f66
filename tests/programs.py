"""Programs that come in by a token: an installation with two issuers and three units, and whoever asks it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from duban.bootstrap import Duban
from duban.clock import real_now
from duban.domain.roster import Roster
from duban.domain.terms import Hat
from duban.services.delivering import Sender
from duban.services.installing import import_units
from duban.services.people import add_person, give
from duban.services.publishing import publish
from duban.services.tokens import new_token
from duban.store.store import Store
from duban.web.app import create_app
from factories import at, deliverable, notice, on, roster, stage, unit
from models.person import person_by_address
from models.session import writing
from notifications.post import Rehearsal
from web_season import Client, Stopped, installation

ROOT = "/api/v1"
START, NOW = at("2021-09-24 10:00"), "2021-10-12 09:30"
BOTH = [{"medium": "electronic", "to": "office"}, {"medium": "paper", "to": "office", "copies": 2, "sealed": True}]
CITY_FIRST = [{"id": "city", "name": "市级审核", "by": "parent"}, {"id": "issuer", "name": "省级审核", "by": "issuer"}]
MINE = notice(
    stage(
        on("2021-10-15"),
        deliverable("report", requirements=[{"kind": "formats", "formats": ["Word"]}]),
        deliverable("table", tracks=BOTH),
        deliverable("person", personal=True),
    ),
    stage(on("2021-10-11"), deliverable("early", max_file_mb=1, max_files=2), name="two"),
    stage(on("2021-10-20"), deliverable("below", who=["counties"], review=CITY_FIRST), name="three"),
    classes={"cities": {"name": "各市", "kinds": ["city"]}, "counties": {"name": "各县", "kinds": ["county"]}},
)
OTHERS = notice(
    stage(on("2021-10-15"), deliverable("report")),
    id="other-2021-1",
    issuer="qq",
    classes={"cities": {"name": "各镇", "kinds": ["town"]}},
)


@dataclass(frozen=True)
class Quiet(Duban):
    """Sends nothing to anybody."""

    def sender(self) -> Sender:
        return Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid")


def office(engine: Engine, folder: Path, *, now: str = NOW) -> Duban:
    """Two notices of two issuers, on 12 October; nothing has been handed in."""
    county = unit("county", "clerk", parent="aa", kind="county", order=3)
    town = unit("zz", "clerk", parent="qq", kind="town", order=9)
    far = unit("qq", "clerk", parent=None, kind="far", order=8)
    with writing(engine) as session:
        import_units(session, roster(unit("aa", "clerk", "chief"), unit("bb", "clerk", order=2), county))
        import_units(session, Roster.of([far, town]))
    for asked in (MINE, OTHERS):
        with writing(engine) as session:
            publish(session, asked, now=START)
    made = installation(engine, folder, now=now, is_demo=False)
    Store(made.settings.uploads).prepare()
    return Quiet(made.settings, engine, Stopped(shows=at(now)), is_demo=False)


def token(engine: Engine, address: str, *hats: tuple[Hat, str], is_administrator: bool = False) -> str:
    """A token of a person with these hats."""
    now = real_now()
    with writing(engine) as session:
        if person_by_address(session, address) is None:
            add_person(session, address=address, name="", is_administrator=is_administrator, by="test", now=now)
            for hat, where in hats:
                give(session, address, hat, where, by="test", now=now)
        return new_token(session, address, name="test", days=1, by="test", now=now)


@dataclass
class Program:
    """Asks the interface; ``token`` empty: nobody knows it."""

    app: FastAPI
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        known = {"authorization": f"Bearer {self.token}"} if self.token else {"accept": "application/json"}
        headers = known | self.headers | dict(options.pop("headers", {}))
        return Client(self.app).ask(method, ROOT + path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def act(self, at: str, act: str, **more: Any) -> httpx.Response:
        return self.ask("POST", f"{at}/acts", json={"act": act, **more})


#: Who there is: hats of each, all at ``me.example``.
PEOPLE: dict[str, tuple[tuple[Hat, str], ...]] = {
    "administrator": (),
    "coordinator": ((Hat.COORDINATOR, "prov"),),
    "supervisor": ((Hat.SUPERVISOR, "aa"),),
    "reviewer": ((Hat.REVIEWER, "prov"),),
    "city": ((Hat.REVIEWER, "aa"),),
    "clerk": ((Hat.CLERK, "aa"),),
    "county": ((Hat.CLERK, "county"),),
    "stranger": ((Hat.CLERK, "zz"),),
}


def programs(duban: Duban) -> dict[str, Program]:
    """A program of each of them."""
    app = create_app(duban)
    return {
        name: Program(app, token(duban.engine, f"{name}@me.example", *hats, is_administrator=not hats))
        for name, hats in PEOPLE.items()
    }


def where(unit: str, deliverable: str, notice: str = MINE.id) -> str:
    """The address of an obligation."""
    return f"/notices/{notice}/units/{unit}/deliverables/{deliverable}"


DUE = "2021-10-16T00:00:00+08:00"


def row(unit: str = "aa", deliverable: str = "report", **more: Any) -> dict[str, Any]:
    """A row of the ledger of which nothing has come yet."""
    basic = {
        "unit": unit,
        "deliverable": deliverable,
        "stage": "one",
        "status": "pending",
        "round": 1,
        "due_at": DUE,
        "first_submitted_at": None,
        "completed_at": None,
        "overdue": False,
        "late_by_days": 0,
    }
    return basic | more


def refused(answer: Any) -> tuple[int, str]:
    """Status and word of a refusal, which has its lines in two languages and nothing else."""
    error = answer.json()["error"]
    assert sorted(error) == ["code", "message", "message_en"]
    assert all(error.values())
    return answer.status_code, error["code"]
