"""Obligations at which the planner will look in the days to come, to be read and not to be worked on."""

from datetime import datetime

from sqlmodel import Session, col

from models.bulk import fetch
from models.obligation import FACTS, Facts, ObligationRow


def waking_by(session: Session, moment: datetime, *, after: int, limit: int) -> list[Facts]:
    """Those that wake by ``moment``, in the order of their numbers, beyond ``after``. Nothing is locked."""
    query = FACTS.query.where(col(ObligationRow.wake_at) <= moment, col(ObligationRow.id) > after)
    return fetch(session, FACTS, query.order_by(col(ObligationRow.id)).limit(limit), Facts._make)
