"""``wake_at`` is an index, never a judgement: computed anew whenever the calendar changes, or somebody doubts it."""

from sqlalchemy import Engine

from duban.domain.plan import wake_at
from duban.services.records import Records
from duban.services.turns import said_in_turn
from models.obligation import after
from models.session import writing

#: Obligations in one transaction.
BATCH = 500


def rebuild(engine: Engine) -> int:
    """Compute ``wake_at`` of every obligation from the record; answers how many were not what they should be."""
    changed, last = 0, 0
    while True:
        with writing(engine) as session:
            records = Records(session)
            rows = after(session, last, BATCH)
            for row in rows:
                ball = records.ball(row)
                wake = wake_at(ball, said_in_turn(session, row, ball), records.calendar)
                changed += wake != row.wake_at
                row.wake_at = wake
        if len(rows) < BATCH:
            return changed
        last = rows[-1].id or last
