"""Senders killed at any moment, over and over: what was lost, what came twice, what is in doubt."""

import os
import random
import signal
import time
from argparse import Namespace
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from bench.ground import ISSUED, at, database, definition, with_units
from bench.sink import Sink, sink
from bench.stopwatch import stopwatch
from duban.bootstrap import local_account
from duban.clock import real_now
from duban.domain.notice import Notice
from duban.services.circulating import circulate
from duban.services.delivering import Sender
from duban.services.digesting import digest
from duban.services.planning import plan
from duban.services.publishing import publish
from duban.services.rehearsing import next_tick
from duban.services.reporting import told
from duban.services.sweeping import sweep
from models import MailState
from models.outbox import mails
from models.session import make_engine, reading, writing
from notifications.post import Post

#: Units of each of the notices that follow one another; they hand in nothing, and climb the whole ladder.
UNITS = 40
#: A sender lives so long before it is killed (seconds): up to the second, or to what a whole tick takes here.
LIFE = (0.002, 0.050)
#: Rounds without a death after which nothing that was due is left.
CALM_ROUNDS = 2
#: Longer than any lease: whoever comes after the dead may take their work.
AFTER = timedelta(minutes=11)
#: A notice asks for its materials so many days after its issue, and its last rung has been said by the end.
ASKED_IN, SEASON = timedelta(days=21), timedelta(days=60)

#: A notice, from when to when it is the one that runs.
Run = tuple[Notice, datetime, datetime]


def kill(asked: Namespace) -> dict[str, Any]:
    """Sweep and send, killed (SIGKILL) at any moment, ``count`` times, by ``senders`` at once; then to the end."""
    chance = random.Random(asked.seed)
    with database(asked.database) as url, sink() as server:
        with_units(url, UNITS * 3, few=1)
        season = _Season(url, server, asked.senders)
        season.warm_up()
        with stopwatch() as watch:
            while season.kills < asked.count:
                season.round(chance)
            season.finish()
        found = season.account()
        season.end()
    return {"n": season.kills, "senders": asked.senders, "seed": asked.seed, **vars(watch), **found}


class _Season:
    """Notices one after another, until enough senders have died over them."""

    def __init__(self, url: str, server: Sink, senders: int) -> None:
        self.kills = 0
        self._engine = make_engine(url)
        self._server = server
        self._senders = senders
        self._runs: list[Run] = []
        self._now = at(ISSUED)
        self._longest = LIFE[1]
        self._calm = 0
        self._real = real_now()

    def warm_up(self) -> None:
        """One notice without harm, so that the first sender to be killed knows its statements as the last one does."""
        self._go_on()
        account = local_account(self._server.port)
        sender = Sender(name="first", carrier=Post(account), account=account.sender)
        sweep(self._engine, sender, now=self._now, real_now=self._real)
        self._go_on()
        with stopwatch() as watch:
            sweep(self._engine, sender, now=self._now, real_now=self._real)
        self._longest = max(LIFE[1], watch.seconds)
        self._engine.dispose()

    def round(self, chance: random.Random) -> None:
        """Some senders at once; each is killed unless it has done all that it finds due by then.

        PostgreSQL holds what a dead sender was at for a moment longer, and those who come then pass it over: the next
        tick of the same moment does it. So two rounds in which nobody dies end a moment.
        """
        self._real += AFTER
        children = [
            (child, time.monotonic() + chance.uniform(LIFE[0], self._longest)) for child in self._begin(self._senders)
        ]
        died = [_end(child, moment) for child, moment in sorted(children, key=lambda pair: pair[1])]
        self.kills += sum(died)
        self._calm = 0 if any(died) else self._calm + 1
        if self._calm == CALM_ROUNDS:
            self._calm = 0
            self._go_on()

    def finish(self) -> None:
        """Nobody is killed any more, until nothing is left to do."""
        for _ in range(3):
            self._real += AFTER
            (child,) = self._begin(1)
            _end(child, time.monotonic() + AFTER.total_seconds())

    def _go_on(self) -> None:
        """The next moment at which something is due; after the last one, the next notice."""
        tick = next_tick(self._engine, self._now)
        if tick is None:
            notice = _notice(len(self._runs), self._now)
            with writing(self._engine) as session:
                publish(session, notice, now=self._now)
            self._runs.append((notice, self._now, self._now + SEASON))
        else:
            self._now = tick

    def _begin(self, count: int) -> list[int]:
        """Processes that do what is due, and end; they are at it when this returns."""
        ready, at_it = os.pipe()
        children = [os.fork() or os._exit(self._work(at_it)) for _ in range(count)]
        for _ in children:
            os.read(ready, 1)
        os.close(ready)
        os.close(at_it)
        return children

    def _work(self, at_it: int) -> int:
        account = local_account(self._server.port)
        sender = Sender(name=f"sender-{os.getpid()}", carrier=Post(account), account=account.sender)
        # the connections are the parent's; what the engine has learned of our statements is kept
        self._engine.dispose(close=False)
        self._engine.connect().close()
        os.write(at_it, b".")
        try:
            sweep(self._engine, sender, now=self._now, real_now=self._real)
        except BaseException:  # a child says it by its code
            return 1
        return 0

    def end(self) -> None:
        """Leave the database to others."""
        self._engine.dispose()

    def account(self) -> dict[str, Any]:
        """What should have been said against what was; copies by Message-ID as the server has them."""
        copies = self._server.copies()
        with reading(self._engine) as session:
            rows = mails(session)
        states = Counter(row.state for row in rows)
        settled = states[MailState.SENT] + states[MailState.UNKNOWN]
        unsent = sum(row.state == MailState.SENT and not copies[row.message_id] for row in rows)
        # what lies ahead has not been due yet
        runs = [(notice, start, min(until, self._now)) for notice, start, until in self._runs]
        missing = set(_expected(runs)) - set(_said(self._engine, runs))
        doubled = sum(count - 1 for count in copies.values())
        return {
            "mails": len(rows),
            "lost": len(rows) - settled + unsent + len(missing),
            "doubled": doubled,
            "unknown": states[MailState.UNKNOWN],
            "most_copies": max(copies.values(), default=0),
            "doubled_per_kill": doubled / max(self.kills, 1),
        }


def _end(child: int, moment: float) -> bool:
    """Wait for a sender until its moment comes; True when it had to be killed. A sender that fails stops it all."""
    while time.monotonic() < moment:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended and status:
            raise SystemExit(f"a sender failed: {status}")
        if ended:
            return False
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _notice(number: int, now: datetime) -> Notice:
    return definition(name=f"bench-{number}", issued=now.date(), few=now.date() + ASKED_IN)


def _expected(runs: list[Run]) -> list[tuple[Any, ...]]:
    """What an undisturbed season says of the same notices."""
    with database("") as url:
        with_units(url, UNITS * 3, few=1)
        engine = make_engine(url)
        for notice, now, until in runs:
            _undisturbed(engine, notice, now, until)
        found = _said(engine, runs)
        engine.dispose()
    return found


def _undisturbed(engine: Engine, notice: Notice, now: datetime, until: datetime) -> None:
    with writing(engine) as session:
        publish(session, notice, now=now)
    circulate(engine)
    tick = next_tick(engine, now)
    while tick is not None and tick <= until:
        plan(engine, now=tick)
        digest(engine, now=tick)
        tick = next_tick(engine, tick)


def _said(engine: Engine, runs: list[Run]) -> list[tuple[Any, ...]]:
    """Every item of every mail, with its reader and its moment."""
    found: list[tuple[Any, ...]] = []
    for notice, start, until in runs:
        with reading(engine) as session:
            mails_of = told(session, notice.id, start=start, until=until)
        found += ((notice.id, m["at"], *m["to"], m["kind"], *item.values()) for m in mails_of for item in m["items"])
    return found
