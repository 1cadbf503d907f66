"""What a flow works on: the installation, or for a dry run a throw-away copy of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from duban.bootstrap import open_duban, throw_away
from duban.services.delivering import Sender
from duban.services.rehearsing import copy
from duban.store.store import Store
from flows.address import pages


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Where a flow reads and writes, and how it sends."""

    engine: Engine
    sender: Sender
    #: the domain's time; the demo's is shifted
    now: datetime
    #: of our pages, for links
    address: str
    #: the files that were handed in; None for a dry run, which leaves them alone
    store: Store | None = None
    #: said behind the counts of a dry run
    remark: str = ""


@contextmanager
def opened(*, dry_run: bool = False, notice: str | None = None) -> Iterator[Opened]:
    """The installation; a dry run works on a copy (of ``notice``, or of all) and sends nothing."""
    duban = open_duban()
    now, address = duban.clock.now(), pages(duban.settings)
    if not dry_run:
        yield Opened(engine=duban.engine, sender=duban.sender(), now=now, address=address, store=duban.store)
        return
    with throw_away() as (engine, sender):
        copy(duban.engine, engine, notice=notice)
        yield Opened(engine=engine, sender=sender, now=now, address=address, remark="（演练：未写入、未发送）")
