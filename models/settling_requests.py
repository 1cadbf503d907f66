"""Requests for a later day that an event has met, or made moot."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Session

from models.adjustment import Adjusted, AdjustmentRow
from models.bulk import table_of
from models.extension import ExtensionRequestRow
from models.task import finish

_ASKED, _LOG = table_of(ExtensionRequestRow), table_of(AdjustmentRow)


def settle_adjusted(session: Session, event: int, *, at: datetime, state: str, answer: str) -> int:
    """Settle the open requests for a day that the new one reaches, and those of what is no longer owed.

    Their tasks are done. Answers how many.
    """
    reached = (_LOG.c.kind == str(Adjusted.MOVED)) & (_LOG.c.day_after >= _ASKED.c.day_wanted)
    moot = (_LOG.c.kind != str(Adjusted.MOVED)) | _LOG.c.day_after.is_(None)
    mine = (_LOG.c.event == event, _LOG.c.obligation_id == _ASKED.c.obligation_id, or_(reached, moot))
    open_ones = select(_ASKED.c.id).where(_ASKED.c.state == "open", select(_LOG.c.id).where(*mine).exists())
    numbers = list(session.execute(open_ones).scalars())
    if numbers:
        settled = update(_ASKED).where(_ASKED.c.id.in_(numbers))
        session.connection().execute(settled.values(state=state, decided_at=at, answer=answer))
        finish(session, [f"extension:{number}" for number in numbers], at=at)
    return len(numbers)
