"""Whatever is done, and whenever somebody looks: the promises of tracks, rounds, requests and time-outs hold."""

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from conftest import installed
from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.lapsing import lapse
from duban.services.replaying import begin
from factories import at, unit
from histories import NOTICE, START, UNITS, Asked, check_history, histories
from models.event import chain, chain_is_whole
from models.session import make_engine, reading, writing


@given(histories())
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_done_the_promises_hold(history: list[Asked]) -> None:
    check_history(history)


@pytest.mark.soak
@given(histories())
@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
def test_over_many_histories_the_promises_hold(history: list[Asked]) -> None:
    check_history(history)


def asked(moment: str, name: str, what: Act) -> Asked:
    return Asked(at=at(moment), request=Request(notice=NOTICE.id, unit="aa", deliverable=name, act=what))


def test_a_history_gets_far() -> None:
    """The check is not empty: paper posted, lapsed at the city, approved, waited for, received."""
    history = [
        asked("2021-10-08 10:00", "panel", Act.SEND),
        asked("2021-10-08 11:00", "panel", Act.SUBMIT),
        asked("2021-10-13 10:00", "panel", Act.APPROVE),
        asked("2021-10-14 10:00", "panel", Act.RECEIVE),
        asked("2021-10-14 11:00", "panel", Act.TAKE_BACK),
    ]
    assert check_history(history) == {"send", "submit", "approve", "receive"}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_four_sweepers_at_once_decide_once(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """On SQLite in a file: in memory there is one connection only."""
    postgres = kind == "postgres"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path / 'duban.db'}"
    engine = installed(make_engine(url))
    names = [f"u{n:02}" for n in range(12)]
    counties = [unit(name, "clerk", order=n, kind="county", parent="city") for n, name in enumerate(names, 3)]
    begin(engine, NOTICE, type(UNITS).of([*UNITS.units, *counties]), at=START)
    with writing(engine) as session:
        for name in names:
            act(session, Request(notice=NOTICE.id, unit=name, deliverable="table", act=Act.SUBMIT), now=START)
    decided: list[int] = []
    work = [threading.Thread(target=lambda: decided.append(lapse(engine, now=at("2021-09-30 10:00")))) for _ in "1234"]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    with reading(engine) as session:
        events = [event.name for event in chain(session)]
        assert chain_is_whole(session)
    assert (len(decided), sum(decided), events.count("approved_by_timeout")) == (4, 12, 12)
    engine.dispose()
