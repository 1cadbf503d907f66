"""A notice under review: two cities have handed in, files and all; who reviews, and who asks."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from duban.bootstrap import Duban
from duban.domain.content import Content
from duban.domain.terms import Act, Hat
from duban.services.acting import act
from duban.services.installing import import_units
from duban.services.publishing import publish
from duban.services.request import Request
from duban.settings import Settings
from duban.web.app import create_app
from factories import at, deliverable, notice, on, roster, stage, unit
from models.material import attach_drafts, enter_material, put_content
from models.obligation import owed_by_name
from models.session import writing
from models.submission import standing_submission
from web_season import Client, Stopped, come_in

NOW = "2021-10-12 09:30"
CITY, OFFICE = "clerk@aa.example", "clerk@prov.example"
WORDS = {"kind": "words", "text": "不少于1500字", "min": 1500}
NOTICE = notice(
    stage(
        on("2021-10-15"),
        deliverable("report", requirements=[WORDS]) | {"name": "工作总结"},
        deliverable("photos") | {"name": "活动照片"},
        deliverable("persons", personal=True) | {"name": "推荐人选"},
    )
)


def office(engine: Engine, folder: Path) -> Duban:
    """Published; ``aa`` has handed in all three, ``bb`` its report; the installation has an address."""
    units = roster(unit("aa", "clerk", "chief", "leader"), unit("bb", "clerk", order=2))
    with writing(engine) as session:
        import_units(session, units)
    with writing(engine) as session:
        publish(session, NOTICE, now=at("2021-09-24 10:00"))
    settings = Settings(_env_file=None, data_dir=folder, base_url="http://duban.example")  # type: ignore[call-arg]
    duban = Duban(settings, engine, Stopped(shows=at(NOW)), is_demo=False)
    duban.store.prepare()
    for owner, name in (("aa", "report"), ("aa", "photos"), ("aa", "persons"), ("bb", "report")):
        hand_in(engine, owner, name)
    return duban


def hand_in(engine: Engine, owner: str, name: str, *, by: str = CITY, moment: str = "2021-10-11 15:00") -> int:
    """Handed in; answers the number of the submission."""
    with writing(engine) as session:
        request = Request(notice=NOTICE.id, unit=owner, deliverable=name, act=Act.SUBMIT, by_person=by, note="请审核")
        act(session, request, now=at(moment))
        found = standing_submission(session, number(session, owner, name))
        assert found is not None
        return found.id or 0


def number(session: object, owner: str, name: str) -> int:
    row = owed_by_name(session, notice=NOTICE.id, unit=owner, deliverable=name)  # type: ignore[arg-type]
    assert row is not None
    return row.id


def attach(duban: Duban, owner: str, name: str, file: str, data: bytes, content: Content | None) -> int:
    """A file of what was handed in last, in the store, as the reader found it; answers its number."""
    kept = duban.store.put([data], most=1 << 30)
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    with writing(duban.engine) as session:
        owed = number(session, owner, name)
        about = {"sha256": kept.sha256, "size": kept.size, "item": "", "at": at(NOW), "by": CITY}
        made = enter_material(session, obligation=owed, name=file, **about)
        if content:
            put_content(session, made.id, kind=str(content.kind), content=content.model_dump_json(), at=at(NOW))
        attach_drafts(session, owed)
    return made.id


class Desk(Client):
    """A browser on pages of ours."""

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return super().ask(method, path, headers={"sec-fetch-site": "same-origin"}, **options)


def anybody(duban: Duban) -> Client:
    """Somebody whom nobody knows."""
    return Desk(create_app(duban))


def reviewer(duban: Duban, address: str = "wang@prov.example", hat: Hat = Hat.REVIEWER) -> Client:
    """Somebody of the province who reviews."""
    return knows(anybody(duban), duban, address, hat)


def knows(client: Client, duban: Duban, address: str, hat: Hat, owner: str = "prov") -> Client:
    return replace(client, session=come_in(duban.engine, address, (hat, owner)))


def page(owner: str = "aa", name: str = "report") -> str:
    return f"/reviews/{owner}/{NOTICE.id}/{name}"


def key(submission: int, owner: str = "aa", name: str = "report") -> str:
    return f"{NOTICE.id}/{owner}/{name}/{submission}"
