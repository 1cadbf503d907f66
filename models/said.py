"""What has been said: each rung of each turn once, by a unique key; and the due actions that wait for a digest."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint, update
from sqlmodel import Field, Session, col, select

from models.row import Row
from models.upsert import insert_new


class SaidRow(Row, table=True):
    """One rung of one turn. The due moment is in the key, so a new day re-arms the ladder without clean-up."""

    __tablename__ = "said"
    __table_args__ = (UniqueConstraint("obligation_id", "round", "owner", "rung", "due_key"),)

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id")
    round: int
    owner: str
    rung: str
    #: the due moment as text; ``none`` where there is none
    due_key: str
    at: datetime
    #: of several rungs reached at once only the latest is said
    passed_over: bool = False


class ActionState(StrEnum):
    """Where a due action stands."""

    WAITING = "waiting"
    TOLD = "told"
    #: what it was about no longer stands
    VOID = "void"
    #: nobody to tell: a gap for the coordinator
    GAP = "gap"


class DueActionRow(Row, table=True):
    """One role to be told of one rung; waits until it goes into a digest."""

    __tablename__ = "due_action"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    owner: str
    round: int
    rung: str
    due_at: datetime | None = None
    role: str
    kind: str
    state: str = Field(default=ActionState.WAITING, index=True)
    at: datetime


def said_codes(session: Session, *, obligation: int, round_: int, owner: str, due_key: str) -> set[str]:
    """The rungs already said or passed over in a turn."""
    query = select(SaidRow.rung).where(
        SaidRow.obligation_id == obligation,
        SaidRow.round == round_,
        SaidRow.owner == owner,
        SaidRow.due_key == due_key,
    )
    return set(session.exec(query))


def say_once(session: Session, values: dict[str, Any]) -> bool:
    """Record a rung as said; False when somebody else has said it."""
    return insert_new(session, SaidRow, values) is not None


def waiting(session: Session) -> list[DueActionRow]:
    """Due actions that wait for a digest, in order of their making."""
    query = select(DueActionRow).where(DueActionRow.state == ActionState.WAITING).order_by(col(DueActionRow.id))
    return list(session.exec(query))


def settle(session: Session, ids: Iterable[int], state: ActionState) -> None:
    """Mark due actions as told, void or gap."""
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        part = col(DueActionRow.id).in_(wanted[start : start + 500])
        session.execute(update(DueActionRow).where(part).values(state=str(state)))
