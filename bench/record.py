"""The record under load: publishing, ticks, the full scan. Each answers what it did and how long it took."""

from argparse import Namespace
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

from bench.ground import ISSUED, SOON, Ground, at, definition, prepared, published, with_units
from bench.stopwatch import Stopwatch, stopwatch
from duban.services.circulating import circulate
from duban.services.digesting import digest
from duban.services.planning import plan
from duban.services.publishing import publish as put_in_force
from duban.services.waking import rebuild as rebuild_wakes
from models.session import reading, writing
from models.views import alike

#: Ticks of which the middle one counts, where nothing is due.
IDLE_TICKS = 21


def publish(asked: Namespace) -> dict[str, Any]:
    """One notice in force: all its obligations and its event, durable. The notice mails are owed by it, not made."""
    with prepared(asked.database, asked.obligations, with_units) as ground:
        with stopwatch() as watch, writing(ground.engine) as session:
            count = put_in_force(session, definition(), now=at(ISSUED))
        bare = _copied(ground)
        return {"n": count, **vars(watch), "bare_seconds": bare.seconds, "ratio": bare.seconds / watch.seconds}


def _copied(ground: Ground) -> Stopwatch:
    """The same rows once more, durable, into a table without keys and indexes: what the disk and the pages cost."""
    with ground.engine.connect() as connection, stopwatch() as watch:
        connection.exec_driver_sql("CREATE TABLE bare AS SELECT * FROM obligation")
        connection.commit()
    with ground.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE bare")
        connection.commit()
    return watch


def sweep(asked: Namespace) -> dict[str, Any]:
    """One tick: what is due is said, put into digests and into the outbox, durable; bodies are for ``deliver``."""
    build = partial(published, few=asked.due or 0.01)
    with prepared(asked.database, asked.obligations, build) as ground:
        if not asked.due:
            return _idle(ground)
        now = at(SOON - timedelta(days=3))
        with stopwatch() as watch:
            said, mails = plan(ground.engine, now=now), digest(ground.engine, now=now)
        return {"n": said, **vars(watch), "mails": mails, "stored": _stored(ground)}


def _idle(ground: Ground) -> dict[str, Any]:
    now, times = at(ISSUED), []
    for _ in range(IDLE_TICKS):
        with stopwatch() as watch:
            circulate(ground.engine)
            said = plan(ground.engine, now=now) + digest(ground.engine, now=now)
        assert said == 0
        times.append(watch.seconds)
    return {"n": 1, "seconds": median(times), "worst": max(times), "stored": _stored(ground)}


def rebuild(asked: Namespace) -> dict[str, Any]:
    """The full scan: when to look at each obligation, computed anew from the record."""
    with prepared(asked.database, asked.obligations, published) as ground:
        with stopwatch() as watch:
            changed = rebuild_wakes(ground.engine)
        return {"n": _stored(ground), **vars(watch), "changed": changed}


def _stored(ground: Ground) -> int:
    with reading(ground.engine) as session:
        return sum(group.count for group in alike(session))
