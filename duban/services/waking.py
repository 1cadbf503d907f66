"""``wake_at`` is an index, never a judgement: computed anew whenever the calendar changes, or somebody doubts it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.plan import wake_at
from duban.services.batches import collector_at_rest
from duban.services.records import Records
from duban.services.turns import in_groups
from models.obligation import Facts, facts_after, put_wakes
from models.session import writing

#: Obligations in one transaction.
BATCH = 5000


def rebuild(engine: Engine) -> int:
    """Compute ``wake_at`` of every obligation from the record; answers how many were not what they should be."""
    changed, last = 0, 0
    while True:
        with collector_at_rest(), writing(engine) as session:
            rows = facts_after(session, last, BATCH)
            changed += _correct(Records(session), rows)
        if len(rows) < BATCH:
            return changed
        last = rows[-1].id


def rebuild_notice(session: Session, notice: str) -> int:
    """The same for one notice, within the transaction that has changed it."""
    changed, last = 0, 0
    while rows := facts_after(session, last, BATCH, notice=notice):
        changed += _correct(Records(session), rows)
        last = rows[-1].id
    return changed


def _correct(records: Records, rows: Sequence[Facts]) -> int:
    wrong: dict[datetime | None, list[int]] = {}
    for group in in_groups(records, rows):
        wake = wake_at(group.ball, group.said, records.calendar)
        found = [row.id for row in group.rows if row.wake_at != wake]
        wrong.setdefault(wake, []).extend(found)
    put_wakes(records.session, wrong)
    return sum(map(len, wrong.values()))
