"""Moving through time at a stride, so that each rung is said on its own day (the demo's clock)."""

from datetime import datetime

from sqlalchemy import Engine

from duban.services.delivering import Sender
from duban.services.rehearsing import next_tick
from duban.services.sweeping import sweep


def sweep_through(engine: Engine, sender: Sender, *, start: datetime, until: datetime, real_now: datetime) -> int:
    """A tick at every rung moment between ``start`` and ``until``, then one at ``until``; answers the mails sent.

    The moments are given to the ticks; no clock is moved. Broken off, it goes on where it was: a rung is said once.
    """
    sent, now = 0, start
    while (moment := next_tick(engine, now)) is not None and moment < until:
        now = moment
        sent += sweep(engine, sender, now=now, real_now=real_now).sent
    return sent + sweep(engine, sender, now=until, real_now=real_now).sent
