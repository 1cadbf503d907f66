"""What is said to be possible is exactly what is not refused: every act tried in every standing, and undone."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.domain.errors import ActRefused
from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.installing import import_units
from duban.services.intake import Asked, owing
from duban.services.possible import possible
from duban.services.publishing import publish
from duban.services.records import Records
from factories import at, deliverable, notice, on, roster, stage
from models.session import make_engine, reading, writing

BOTH = [{"medium": "electronic", "to": "office"}, {"medium": "paper", "to": "office"}]
TWO = [{"id": "first", "by": "prov"}, {"id": "issuer", "by": "issuer"}]
NOTICE = notice(
    stage(on("2021-10-15"), deliverable("report"), deliverable("table", tracks=BOTH, review=TWO)),
    stage({"kind": "none"}, deliverable("diary"), name="two"),
)
START, NOW, LATE = at("2021-09-24 10:00"), at("2021-10-12 09:30"), at("2021-10-18 09:30")
LATER = date(2021, 10, 29)

Step = tuple[str, dict[str, Any]]
SUBMIT, APPROVE, RETURN = ("submit", {}), ("approve", {}), ("return", {})
STANDINGS: dict[str, Sequence[Step]] = {
    "pending": (),
    "acknowledged": (("acknowledge", {}),),
    "asked": (("request", {}),),
    "submitted": (SUBMIT,),
    "half": (("submit", {"tracks": (0,)}),),
    "sent": (("send", {}),),
    "all sent": (("submit", {"tracks": (0,)}), ("send", {})),
    "reviewed": (SUBMIT, APPROVE),
    "completed": (SUBMIT, APPROVE, APPROVE),
    "returned": (SUBMIT, RETURN),
    "again": (SUBMIT, RETURN, SUBMIT),
    "waived": (("waive", {}),),
    "reopened": (("waive", {}), ("reopen", {})),
    "consulted": (SUBMIT, ("consult", {})),
    "extended": (("extend", {}),),
}


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = installed(make_engine("sqlite://"))
    yield made
    made.dispose()


def request(name: str, words: Act, due: date = LATER, **more: Any) -> Request:
    about = {"notice": NOTICE.id, "unit": "aa", "deliverable": name}
    return Request(**about, act=words, note="x", due=due, to_name="x", to_email="x@x.example", **more)


def tried(engine: Engine, name: str, words: Act, now: Any) -> bool:
    """True when the act is done; then it is undone."""
    with writing(engine) as session:
        try:
            act(session, request(name, words, date(2021, 11, 30)), now=now)
        except ActRefused:
            return False
        finally:
            session.rollback()
    return True


@pytest.mark.parametrize("standing", STANDINGS)
def test_what_is_possible_is_what_is_not_refused(engine: Engine, standing: str) -> None:
    with writing(engine) as session:
        import_units(session, roster())
        publish(session, NOTICE, now=START)
    for name in ("report", "table", "diary"):
        for words, more in STANDINGS[standing]:
            try:
                with writing(engine) as session:
                    act(session, request(name, Act(words), **more), now=NOW)
            except ActRefused:
                # not every one comes as far as the others
                break
        for now in (NOW, LATE):
            with reading(engine) as session:
                row = owing(session, Asked(notice=NOTICE.id, unit="aa", deliverable=name))
                found = possible(Records(session), row, now=now)
            assert found == tuple(a for a in Act if tried(engine, name, a, now)), (name, now)
