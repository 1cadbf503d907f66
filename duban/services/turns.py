"""Turns on record: what was said in the turn that is on."""

from datetime import UTC

from sqlmodel import Session

from duban.domain.obligation import Ball
from models import ObligationRow
from models.said import said_codes


def due_key(ball: Ball) -> str:
    """The due moment as it stands in the key of ``said``: a new day is a new turn."""
    return ball.due.at.astimezone(UTC).isoformat() if ball.due else "none"


def said_in_turn(session: Session, row: ObligationRow, ball: Ball | None) -> set[str]:
    """The rungs said or passed over for this round, owner and due moment."""
    if ball is None or row.id is None:
        return set()
    return said_codes(session, obligation=row.id, round_=ball.round, owner=ball.owner, due_key=due_key(ball))
