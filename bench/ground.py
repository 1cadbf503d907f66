"""What the workloads stand on: a database of many obligations, in a file or on a server."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from duban.domain.calendar import opening
from duban.domain.notice import Notice
from duban.reading.workdays import seed
from duban.services.installing import seed_calendar
from duban.services.publishing import publish
from models.circulation import first_open
from models.migrating import downgrade, upgrade
from models.session import make_engine, writing
from models.tree import number_units
from models.unit import put_units

#: Deliverables of a unit.
DELIVERABLES = ("scheme", "report", "cases")
ISSUED = date(2021, 9, 24)
#: Of the few and of the many: when the first are chased, the second rest.
SOON, LATER = date(2021, 10, 15), date(2021, 12, 10)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A database to work on."""

    engine: Engine
    url: str
    notice: Notice
    obligations: int


def definition(*, name: str = "bench-2021-1", issued: date = ISSUED, few: date = SOON, steps: int = 1) -> Notice:
    """A notice to few and many units, three materials each, with so many steps of review."""
    days = {"few": few, "many": LATER}
    forms = {name: {"kind": "date", "date": day, "text": f"{day.month}月{day.day}日前"} for name, day in days.items()}
    values = {
        "id": name,
        "document_number": "测〔2021〕1号",
        "title": "关于开展测试活动的通知",
        "issuer": "prov",
        "issued_on": issued,
        "classes": {name: {"name": name, "kinds": [name]} for name in days},
        "offices": {"office": {"name": "省厅", "email": "office@prov.example"}},
        "stages": [_stage(name, forms) for name in DELIVERABLES],
        "review": [{"id": f"step-{n}", "name": "审核", "by": "issuer"} for n in range(1, steps + 1)],
    }
    return Notice.model_validate(values)


def _stage(name: str, forms: dict[str, Any]) -> dict[str, Any]:
    track = {"medium": "electronic", "to": "office"}
    report = {"id": name, "name": "工作总结", "kind": "material", "who": list(forms), "tracks": [track]}
    return {"id": name, "name": name, "deadline": {"kind": "by_class", "classes": forms}, "deliverables": [report]}


@contextmanager
def database(url: str) -> Iterator[str]:
    """The URL of an empty database: the one that is named (made empty), or a file that is thrown away."""
    if url:
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = make_engine(url)
        upgrade(engine)
        downgrade(engine, "base")
        engine.dispose()
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


@contextmanager
def prepared(url: str, obligations: int, build: Callable[[str, int], None]) -> Iterator[Ground]:
    """A database that ``build`` has filled, in a process of its own: its memory is not the workload's."""
    with database(url) as place:
        builder = get_context("spawn").Process(target=build, args=(place, obligations))
        builder.start()
        builder.join()
        if builder.exitcode:
            raise SystemExit(builder.exitcode)
        engine = make_engine(place)
        yield Ground(engine=engine, url=place, notice=definition(), obligations=obligations)
        engine.dispose()


def at(day: date) -> datetime:
    """09:00 of a day."""
    return opening(day, definition().tz)


def with_units(url: str, obligations: int, *, few: float = 0.01) -> None:
    """As many units as owe so many obligations, a clerk each, ``few`` of them in the first class."""
    engine = make_engine(url)
    upgrade(engine)
    count = ceil(obligations / len(DELIVERABLES))
    first = round(count * few)
    issuer = _unit("prov", "省教育厅", None, "province", 0)
    kinds = ("few" if n < first else "many" for n in range(count))
    units = (_unit(f"u{n:06d}", f"单位{n:06d}", "prov", kind, n + 1) for n, kind in enumerate(kinds))
    names = chain(["prov"], (f"u{n:06d}" for n in range(count)))
    with writing(engine) as session:
        seed_calendar(session, seed())
        put_units(session, chain([issuer], units), map(_clerk, names))
        number_units(session)
    _tidy(engine)
    engine.dispose()


def put_tree(url: str, *, cities: int, schools: int) -> None:
    """A province, so many cities in it, so many schools in each; a clerk each."""
    engine = make_engine(url)
    upgrade(engine)
    province = [_unit("prov", "省教育厅", None, "province", 0)]
    towns = [_unit(f"c{c:03d}", f"第{c}市", "prov", "city", c) for c in range(1, cities + 1)]
    below = (
        _unit(f"c{c:03d}s{n:05d}", f"第{c}市第{n}学校", f"c{c:03d}", "school", c * 100_000 + n)
        for c in range(1, cities + 1)
        for n in range(1, schools + 1)
    )
    names = (f"c{c:03d}s{n:05d}" for c in range(1, cities + 1) for n in range(1, schools + 1))
    every = chain(["prov"], (town["id"] for town in towns), names)
    with writing(engine) as session:
        seed_calendar(session, seed())
        put_units(session, chain(province, towns, below), map(_clerk, every))
        number_units(session)
    _tidy(engine)
    engine.dispose()


def _unit(name: str, title: str, parent: str | None, kind: str, place: int) -> dict[str, Any]:
    unit = {"id": name, "name": title, "parent_id": parent, "kind": kind, "relation": "subordinate"}
    return unit | {"position": place, "rank": place}


def _clerk(unit: str) -> dict[str, Any]:
    email = f"clerk@{unit}.example"
    person = {"role": "clerk", "person": "经办", "email": email, "address": email, "phone": "", "position": 0}
    return {"unit_id": unit, **person}


def published(url: str, obligations: int, *, few: float = 0.01, steps: int = 1) -> None:
    """The same with the notice published; of the notice mails nobody speaks here."""
    with_units(url, obligations, few=few)
    engine = make_engine(url)
    with writing(engine) as session:
        publish(session, definition(steps=steps), now=at(ISSUED))
        owed = first_open(session)
        assert owed is not None
        owed.done_at = owed.at
    _tidy(engine)
    engine.dispose()


def _tidy(engine: Engine) -> None:
    """What a database that has stood for a day has done: its log is in its file, and it knows its sizes."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
