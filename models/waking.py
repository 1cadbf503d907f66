"""What lapses: obligations under review at which the planner must look."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import tuple_
from sqlmodel import Session, col

from models.bulk import fetch
from models.obligation import FACTS, Facts, ObligationRow


def in_review_to_wake(
    session: Session, now: datetime, *, notices: Sequence[str], after: Facts | None = None, limit: int
) -> list[Facts]:
    """Obligations of these notices that are under review and looked at by ``now``, as ``to_wake`` has them."""
    key = (col(ObligationRow.wake_at), col(ObligationRow.id))
    mine = col(ObligationRow.notice_id).in_(notices) & (col(ObligationRow.status) == "submitted")
    query = FACTS.query.where(col(ObligationRow.wake_at) <= now, mine)
    if after:
        query = query.where(tuple_(*key) > (after.wake_at, after.id))
    locked = query.order_by(*key).limit(limit).with_for_update(skip_locked=True, key_share=True)
    return fetch(session, FACTS, locked, Facts._make)
