"""A tick: lapse, plan, digest, deliver. Run it twice, late, or from two places: the same mails leave once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from duban.services.delivering import Sender, deliver
from duban.services.digesting import digest
from duban.services.lapsing import lapse
from duban.services.planning import plan


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What one tick did."""

    said: int
    digests: int
    sent: int
    #: reviews that the rule decided
    lapsed: int = 0


def sweep(engine: Engine, sender: Sender, *, now: datetime, real_now: datetime) -> Swept:
    """One tick over all notices at ``now``."""
    lapsed = lapse(engine, now=now)
    said = plan(engine, now=now)
    digests = digest(engine, now=now)
    sent = deliver(engine, sender, now=now, real_now=real_now)
    return Swept(said=said, digests=digests, sent=sent, lapsed=lapsed)
