"""Durable transitions, one by one, beside a bare loop of commits on the same disk."""

import sqlite3
from argparse import Namespace
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg

from bench.ground import DELIVERABLES, ISSUED, at, definition, prepared, published
from bench.stopwatch import Stopwatch, stopwatch
from duban.domain.terms import Act
from duban.services.acting import Request
from duban.services.acting import act as do
from models.session import writing

#: From handed in to completed, over two steps of review.
STEPS = (Act.SUBMIT, Act.APPROVE, Act.APPROVE)
#: The bare loop writes about as much text as an event has.
PAYLOAD = "x" * 200


def act(asked: Namespace) -> dict[str, Any]:
    """Hand in, review, review, completed: each transition with its event, durable before the next."""
    build = partial(published, few=0.01, steps=len(STEPS) - 1)
    with prepared(asked.database, asked.obligations, build) as ground:
        now, notice = at(ISSUED) + timedelta(hours=3), definition().id
        with stopwatch() as watch:
            for n in range(asked.count):
                unit, deliverable = f"u{n // len(DELIVERABLES):06d}", DELIVERABLES[n % len(DELIVERABLES)]
                for step in STEPS:
                    with writing(ground.engine) as session:
                        do(session, Request(notice=notice, unit=unit, deliverable=deliverable, act=step), now=now)
        count = asked.count * len(STEPS)
        bare = _bare(ground.url, count)
    ratio = bare.seconds / watch.seconds
    return {"n": count, **vars(watch), "bare_seconds": bare.seconds, "bare_rate": count / bare.seconds, "ratio": ratio}


def _bare(url: str, count: int) -> Stopwatch:
    """So many commits of one row each, with nothing above the driver."""
    connection: Any = (
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        if url.startswith("postgresql")
        else sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    )
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE bare (line TEXT)")
    with stopwatch() as watch:
        for _ in range(count):
            connection.execute("BEGIN")
            connection.execute(f"INSERT INTO bare VALUES ('{PAYLOAD}')")
            connection.execute("COMMIT")
    connection.execute("DROP TABLE bare")
    connection.close()
    return watch
