"""What is due, in parts: for the tasks of a run, and for the workers of the pool."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from sqlalchemy import Engine

from duban.services.planning import plan, shards
from duban.services.progress import due
from models.obligation import Shard
from models.session import reading

#: Obligations in a part, at least; a part is a task, and Prefect records some thirty tasks a second.
SIZE = 1000
#: Parts of a sweep, at most: far below what Prefect's server can take in.
MOST = 200

Part = TypeVar("Part")


def parts(engine: Engine, *, now: datetime, notice: str | None) -> list[Shard]:
    """The units with something due by ``now``, in parts of about the same size."""
    with reading(engine) as session:
        most = min(due(session, now=now, notice=notice) // SIZE, MOST)
        return shards(session, now=now, notice=notice, most=most) if most else []


def plan_part(engine: Engine, part: Shard | None, *, now: datetime, notice: str | None) -> str:
    """Plan one part, or everything; answers in words."""
    return f"到期应说 {plan(engine, now=now, notice=notice, shard=part)} 项"


def dealt(found: Sequence[Part], hands: int) -> list[list[Part]]:
    """``found`` in order, dealt to so many hands in runs of neighbours; nobody gets nothing."""
    size, rest = divmod(len(found), hands)
    ends = [n * size + min(n, rest) for n in range(hands + 1)]
    return [list(found[a:b]) for a, b in pairwise(ends) if b > a]
