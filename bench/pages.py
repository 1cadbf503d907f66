"""The pages over a large record: how long each takes from the request to its last byte, as its readers wait."""

import tempfile
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import Engine
from starlette.testclient import TestClient

from bench.ground import ISSUED, at, database, put_tree
from bench.stopwatch import stopwatch
from duban.bootstrap import Duban
from duban.clock import Clock, real_now
from duban.domain.notice import Notice
from duban.domain.terms import Hat
from duban.services import people, sessions
from duban.services.batches import settle_collector
from duban.services.publishing import publish
from duban.services.tallying import tally
from duban.settings import Settings
from duban.web.app import create_app
from duban.web.rules import COOKIE
from models.circulation import first_open
from models.person import person_by_address
from models.session import make_engine, writing

#: Below a hundred thousand obligations a notice asks for ten materials; beyond, for three of many more units.
FEW, MANY = 3, 10
CITIES = 100
#: In mid-season: some days have passed, some are near, some far.
NOW = at(ISSUED) + timedelta(days=26, minutes=30)
DAYS = (14, 21, 28, 29, 35, 42, 60, 70, 77, 80)
#: Requests of each page, after one that nobody measures.
TIMES = 20
#: How many in a hundred stand so.
STANDING = (("completed", 40), ("submitted", 8), ("returned", 4))


class _Stopped(Clock):
    def now(self) -> datetime:
        return NOW


def pages(asked: Namespace) -> dict[str, Any]:
    """Each page of a coordinator ``TIMES`` times; the worst of their 95 % marks, and each."""
    with database(asked.database) as url, tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        engine = make_engine(url)
        notice = _lived(url, engine, asked.obligations)
        settings = Settings(
            _env_file=None, data_dir=Path(folder), database_url=engine.url.render_as_string(hide_password=False)
        )
        client = _coordinator(Duban(settings, engine, _Stopped(), False))
        settle_collector()
        with stopwatch() as watch:
            found = {name: _p95(client, path) for name, path in _places(notice).items()}
        engine.dispose()
    count = len(found) * TIMES
    return {"n": count, **vars(watch), "obligations": asked.obligations, "worst": max(found.values()), "p95": found}


def _places(notice: Notice) -> dict[str, str]:
    at_ = f"/notices/{notice.id}"
    unit = "c001s00001"
    return {
        "home": "/",
        "tasks": "/tasks",
        "overview": f"{at_}/overview",
        "ledger": at_,
        "ledger_overdue": f"{at_}?show=overdue",
        "ledger_city": f"{at_}?under=c001",
        "ledger_stage": f"{at_}?stage=s1&show=completed",
        "rows": f"{at_}?view=rows&show=returned",
        "names": f"{at_}/names?stage=s1",
        "about": f"{at_}/about",
        "unit": f"{at_}/units/{unit}",
        "unit_page": f"/units/{unit}/notices/{notice.id}",
        "mail": "/mail",
        "reviews": "/reviews",
        "extensions": "/extensions",
        "registry": "/registry",
    }


def _p95(client: TestClient, path: str) -> float:
    """Seconds within which 95 of 100 answers are there."""
    _ask(client, path)
    times = []
    for _ in range(TIMES):
        with stopwatch() as watch:
            _ask(client, path)
        times.append(watch.seconds)
    return round(quantiles(times, n=20)[-1], 4)


def _ask(client: TestClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")


def _coordinator(duban: Duban) -> TestClient:
    with writing(duban.engine) as session:
        people.add_person(session, address="office@prov.example", name="经办", by="bench", now=NOW)
        people.give(session, "office@prov.example", Hat.COORDINATOR, "prov", by="bench", now=NOW)
        person = person_by_address(session, "office@prov.example")
        assert person is not None
        token = sessions.begin(session, person=person.id, real_now=real_now())
    # no name of a machine but the loopback's is known here
    return TestClient(create_app(duban), base_url="http://127.0.0.1", cookies={COOKIE: token}, follow_redirects=False)


def _lived(url: str, engine: Engine, obligations: int) -> Notice:
    """A notice in mid-season: some handed in, some approved, some sent back."""
    materials = MANY if obligations <= 100_000 else FEW
    put_tree(url, cities=CITIES, schools=max(1, obligations // materials // CITIES))
    notice = _notice(materials)
    with writing(engine) as session:
        publish(session, notice, now=at(ISSUED))
        owed = first_open(session)
        assert owed is not None
        owed.done_at = owed.at
    _hand_in(engine)
    tally(engine)
    return notice


def _hand_in(engine: Engine) -> None:
    """As many stand so as ``STANDING`` says; nobody speaks meanwhile."""
    came = f"'{(NOW - timedelta(days=2)).astimezone(UTC):%Y-%m-%d %H:%M:%S}.000000'"
    if engine.dialect.name == "postgresql":
        came = f"TIMESTAMPTZ {came[:-1]}+00'"
    start, moves = 0, []
    for status, share in STANDING:
        moves.append(_MOVED.format(status=status, came=came, first=start, last=start + share - 1))
        start += share
    with writing(engine) as session:
        for statement in (*moves, _CAME, "UPDATE obligation SET wake_at = NULL"):
            session.connection().exec_driver_sql(statement)


#: By a number that scatters them over units and materials.
_MOVED = (
    "UPDATE obligation SET status = '{status}', submitted_at = {came}, "
    "completed_at = CASE WHEN '{status}' = 'completed' THEN {came} END, "
    "step = CASE WHEN '{status}' = 'submitted' THEN 'province' END WHERE MOD(id * 7919, 100) BETWEEN {first} AND {last}"
)
_CAME = (
    "INSERT INTO submission (obligation_id, round, at, is_nil, note, by_person) "
    "SELECT id, 1, submitted_at, false, '', '' FROM obligation WHERE submitted_at IS NOT NULL"
)


def _notice(materials: int) -> Notice:
    days = [ISSUED + timedelta(days=days) for days in DAYS[:materials]]
    values = {
        "id": "bench-2021-1",
        "document_number": "测〔2021〕1号",
        "title": "关于开展测试活动的通知",
        "issuer": "prov",
        "issued_on": ISSUED,
        "classes": {"schools": {"name": "各学校", "kinds": ["school"]}},
        "offices": {"office": {"name": "省厅", "email": "office@prov.example"}},
        "stages": [_stage(n, f"{day.month}月{day.day}日前", day) for n, day in enumerate(days, 1)],
        "review": [{"id": "province", "name": "审核", "by": "issuer"}],
    }
    return Notice.model_validate(values)


def _stage(number: int, words: str, day: Any) -> dict[str, Any]:
    track = {"medium": "electronic", "to": "office"}
    report = {"id": f"m{number}", "name": f"材料{number}", "kind": "material", "who": ["schools"], "tracks": [track]}
    deadline = {"kind": "date", "date": day, "text": words}
    return {"id": f"s{number}", "name": f"环节{number}", "deadline": deadline, "deliverables": [report]}
