"""Two cities and a county late with two materials, as a supervisor of one city and one of the province have them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from duban.bootstrap import Duban
from duban.domain.access import Scope
from duban.domain.notice import Notice
from duban.domain.terms import Hat
from duban.services.delivering import Sender
from duban.services.overseeing import Line, Monday, monday
from duban.services.people import add_person, give
from duban.services.replaying import begin, live_through
from duban.settings import Settings
from duban.web.app import create_app
from factories import at, deliverable, notice, on, roster, stage, unit
from models.session import reading, writing
from notifications.post import Rehearsal
from stories import Did
from web_season import Client, Stopped, come_in

START, NOW = at("2021-09-24 10:00"), "2021-10-20 09:30"
CITIES = {"classes": {"cities": {"name": "各市县", "kinds": ["city", "county"]}}}
NOTICE = notice(
    stage(on("2021-10-15"), deliverable("report") | {"name": "工作总结"}, deliverable("photos") | {"name": "活动照片"}),
    **CITIES,
)
UNITS = roster(
    unit("aa", "clerk", "chief", "leader", order=1),
    unit("bb", "clerk", order=2),
    unit("county", "clerk", parent="aa", kind="county", order=3),
)
AA, ALL = Scope(trees=frozenset({"aa"})), Scope(trees=frozenset({"prov"}))


def sender() -> Sender:
    """Composes every mail and delivers it to nobody."""
    return Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid")


def live(engine: Engine, *script: Did, until: str = NOW, told: Notice = NOTICE) -> Engine:
    """Published, and lived through until a moment."""
    begin(engine, told, UNITS, at=START)
    live_through(engine, told, list(script), sender(), start=START, until=at(until))
    return engine


def office(engine: Engine, folder: Path, *, now: str = NOW) -> Duban:
    """An installation in earnest, its clock standing still."""
    settings = Settings(_env_file=None, data_dir=folder, base_url="http://duban.example")  # type: ignore[call-arg]
    duban = Duban(settings, engine, Stopped(shows=at(now)), is_demo=False)
    duban.store.prepare()
    return duban


class Browser(Client):
    """A browser on pages of ours."""

    def ask(self, method: str, path: str, **options: Any) -> Any:
        return super().ask(method, path, headers={"sec-fetch-site": "same-origin"}, **options)


def browser(duban: Duban, address: str, *hats: tuple[Hat, str]) -> Browser:
    """Somebody with these hats."""
    return Browser(create_app(duban), session=come_in(duban.engine, address, *hats))


def seen(engine: Engine, scope: Scope, moment: str = NOW, **more: Any) -> Monday:
    with reading(engine) as session:
        return monday(session, scope, now=at(moment), **more)


def lines(found: Monday) -> list[tuple[str, str, str, int]]:
    """Unit, material, stage, days late."""
    return [
        (part.unit.id, one.deliverable, str(one.stage), one.late_days) for part in found.parts for one in part.lines
    ]


def first_line(found: Monday) -> Line:
    return found.parts[0].lines[0]


def account(session: Session, address: str, name: str, *hats: tuple[Hat, str], now: datetime) -> None:
    """A person with a name and hats."""
    add_person(session, address=address, name=name, by="test", now=now)
    for hat, unit_ in hats:
        give(session, address, hat, unit_, by="test", now=now)


def staff(engine: Engine, *people: tuple[str, str, tuple[tuple[Hat, str], ...]]) -> None:
    """Several of them: address, name, hats."""
    with writing(engine) as session:
        for address, name, hats in people:
            account(session, address, name, *hats, now=START)
