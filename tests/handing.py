"""A season in which files are handed in: one notice, two cities, and the calls with their usual answers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine

from duban.domain.acts import NEEDS_DUE
from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.installing import import_units
from duban.services.intake import Asked
from duban.services.publishing import publish
from duban.services.receipts import Receipt, standing_receipt
from duban.services.uploading import add, begin_upload
from duban.store.store import Store
from factories import at, deliverable, notice, on, roster, stage, unit
from models.material import Material
from models.session import keeping, writing

START = at("2021-09-24 10:00")
NOW = at("2021-10-11 15:00")
CLERK = "clerk@aa.example"
NOTICE = notice(
    stage(
        on("2021-10-15"),
        deliverable("report"),
        deliverable("photos"),
        deliverable("video", max_file_mb=1, max_files=2),
    ),
    stage(
        {"kind": "recurring", "every": "week", "weekday": 5, "until": "2021-10-30", "text": "每周五"},
        deliverable("weekly"),
        name="two",
    ),
)


def opened(engine: Engine) -> None:
    """Published, and its first day."""
    with writing(engine) as session:
        import_units(session, roster(unit("aa", "clerk", "chief", "leader"), unit("bb", "clerk", order=2)))
    with writing(engine) as session:
        publish(session, NOTICE, now=START)


def asked(deliverable: str = "report", unit: str = "aa") -> Asked:
    """What a unit is asked for."""
    return Asked(notice=NOTICE.id, unit=unit, deliverable=deliverable)


def put(engine: Engine, store: Store, name: str, data: bytes, *, to: Asked | None = None, item: str = "") -> Material:
    """A file in one go."""
    return add(engine, store, to or asked(), name=name, chunks=[data], item=item, by=CLERK, now=NOW)


def begun(
    engine: Engine, store: Store, name: str, size: int, *, to: Asked | None = None, real_now: datetime = NOW
) -> str:
    """An upload under way."""
    with keeping(engine) as session:
        return begin_upload(session, store, to or asked(), name=name, size=size, by=CLERK, real_now=real_now)


def done(engine: Engine, words: Act, *, to: Asked | None = None, now: datetime = NOW, note: str = "说明") -> int:
    """An act; answers the event's number."""
    about = to or asked()
    due = at("2021-10-20 00:00").date() if words in NEEDS_DUE else None
    with writing(engine) as session:
        request = Request(**vars(about), act=words, note=note, due=due)
        return act(session, request, now=now)


def handed_in(engine: Engine, *, to: Asked | None = None, now: datetime = NOW) -> Receipt:
    """Handed in; answers the receipt, as the same transaction has it."""
    about = to or asked()
    with keeping(engine) as session:
        act(session, Request(**vars(about), act=Act.SUBMIT), now=now)
        found = standing_receipt(session, about)
    assert found is not None
    return found


def names(materials: Iterable[Material]) -> list[str]:
    """How they are called, in order."""
    return [material.name for material in materials]
