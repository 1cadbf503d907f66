"""Counting what came in by the hundred thousand: once, behind its publication; the database keeps the counts."""

from sqlalchemy import Engine

from models.notice import notices
from models.session import reading, writing
from models.tally import count_anew, counts_of, is_counted, uncounted


def tally(engine: Engine) -> int:
    """Count the notices whose obligations are not counted; answers how many."""
    with reading(engine) as session:
        waiting = uncounted(session)
    for notice in waiting:
        with writing(engine) as session:
            count_anew(session, notice)
    return len(waiting)


def recount(engine: Engine) -> int:
    """Count every notice anew, whatever is said of its counts; answers how many counts were not what they should be."""
    with reading(engine) as session:
        every = [notice.id for notice in notices(session)]
    return sum(_recount(engine, notice) for notice in every)


def _recount(engine: Engine, notice: str) -> int:
    with writing(engine) as session:
        kept = counts_of(session, notice) if is_counted(session, notice) else None
        count_anew(session, notice)
        right = counts_of(session, notice)
    return 0 if kept is None else len(set(kept.items()) ^ set(right.items()))
