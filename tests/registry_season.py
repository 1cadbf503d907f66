"""A season with paper: one notice, two cities, a registry desk; the clients of those who come to it."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from duban.bootstrap import Duban
from duban.domain.terms import Act, Hat
from duban.services.acting import Request, act
from duban.services.installing import import_units
from duban.services.publishing import publish
from duban.services.tracking import code_for
from factories import at, deliverable, notice, on, roster, stage, unit
from models.event import chain
from models.obligation import of_notice
from models.session import reading, writing
from web_season import Client, come_in, installation, stranger_of

START, NOW = at("2021-09-24 10:00"), "2021-10-12 10:00"
BOTH = [
    {"medium": "electronic", "to": "office"},
    {"medium": "paper", "to": "office", "copies": 2, "sealed": True},
]
PAPER = [{"medium": "paper", "to": "office", "copies": 1}]
OFFICE = {"name": "省厅职成处", "address": "北京大街62号", "postcode": "130051", "email": "office@prov.example"}
TABLE = {"name": "附表1 汇总表", "columns": ["单位", "人数"]}


def named(key: str, name: str, **more: Any) -> dict[str, Any]:
    """A deliverable with a name of its own."""
    return deliverable(key, **more) | {"name": name}


NOTICE = notice(
    stage(
        on("2021-10-15"),
        named("report", "总结", tracks=BOTH, forms=["table"]),
        named("award", "推荐表", tracks=PAPER),
        named("photos", "照片"),
    ),
    stage(on("2021-12-10"), named("cases", "案例", tracks=PAPER), name="two"),
    title="关于bb等市测试的通知",
    offices={"office": OFFICE},
    forms={"table": TABLE},
)
OURS = {"sec-fetch-site": "same-origin"}


@dataclass
class Desk:
    """The season, and who comes to its doors."""

    engine: Engine
    folder: Path
    now: str = NOW
    duban: Duban = field(init=False)

    def __post_init__(self) -> None:
        with writing(self.engine) as session:
            import_units(session, roster(unit("aa", "clerk"), unit("bb", "clerk", order=2)))
        with writing(self.engine) as session:
            publish(session, NOTICE, now=START)
        self.duban = installation(self.engine, self.folder, now=self.now, is_demo=False)

    def client(self, *hats: tuple[Hat, str], name: str = "me") -> Client:
        """Somebody with these hats."""
        found = stranger_of(self.duban)
        found.session = come_in(self.engine, f"{name}@me.example", *hats)
        return found

    @property
    def coordinator(self) -> Client:
        return self.client((Hat.COORDINATOR, "prov"), name="coordinator")

    def clerk(self, where: str = "aa") -> Client:
        return self.client((Hat.CLERK, where), name=f"clerk-{where}")

    def does(self, what: str, unit: str = "aa", deliverable: str = "report", **more: Any) -> None:
        """An act, without a page."""
        for name in ("due", "day"):
            if name in more:
                more[name] = date.fromisoformat(more[name])
        moment = at(more.pop("moment", self.now))
        with writing(self.engine) as session:
            act(
                session,
                Request(notice=NOTICE.id, unit=unit, deliverable=deliverable, act=Act(what), **more),
                now=moment,
            )

    def stands(self, unit: str = "aa", deliverable: str = "report") -> str:
        """``pending due 2021-10-15 [-r]``; no marks while every track is open."""
        row = self.row(unit, deliverable)
        return f"{row.status} due {row.due_day}" + (f" [{row.tracks}]" if row.tracks.strip("-") else "")

    def row(self, unit: str = "aa", deliverable: str = "report") -> Any:
        with reading(self.engine) as session:
            rows = of_notice(session, NOTICE.id)
        return next(row for row in rows if (row.unit_id, row.deliverable) == (unit, deliverable))

    def code(self, unit: str = "aa", deliverable: str = "report") -> str:
        return code_for(self.row(unit, deliverable).id)

    def last(self) -> tuple[str, str, dict[str, Any]]:
        """The last event: name, whose act it was, what it says."""
        with reading(self.engine) as session:
            found = chain(session)[-1]
        return found.name, found.by, json.loads(found.data)


def post(client: Client, path: str, **form: Any) -> Any:
    """Post a form of ours."""
    return client.post(path, headers=OURS, data=form)
