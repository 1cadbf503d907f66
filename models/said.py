"""What has been said: each rung of each turn once, by a unique key; and the due actions that wait for a digest."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import UniqueConstraint, bindparam, update
from sqlmodel import Field, Session, col

from models.bulk import Plain, among, fetch, insert_many, plain, table_of
from models.obligation import FACTS, Facts, ObligationRow
from models.prepared import Prepared
from models.row import Row


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


_SAID_ROW = table_of(SaidRow)
_TURN = ("obligation_id", "round", "owner", "due_key")
_CODES = Prepared(
    lambda _: sqlalchemy.select(_SAID_ROW.c.rung).where(*(_SAID_ROW.c[name] == bindparam(name) for name in _TURN)),
    columns=(_SAID_ROW.c.rung,),
)


def said_codes(session: Session, *, obligation: int, round_: int, owner: str, due_key: str) -> set[str]:
    """The rungs already said or passed over in a turn."""
    return {
        code for (code,) in _CODES.all(session, obligation_id=obligation, round=round_, owner=owner, due_key=due_key)
    }


class Said(NamedTuple):
    """A rung said or passed over."""

    obligation_id: int
    round: int
    owner: str
    due_key: str
    rung: str


_SAID = plain(SaidRow, Said._fields)


def said_about(session: Session, obligations: Sequence[int]) -> list[Said]:
    """Everything said about some obligations (in ascending order, at least one), in whatever turn."""
    number = table_of(SaidRow).c.obligation_id
    if len(obligations) == obligations[-1] - obligations[0] + 1:
        # a stretch without gaps, as a full scan reads them
        about: Any = number.between(obligations[0], obligations[-1])
    else:
        about = among(session, number, obligations)
    return fetch(session, _SAID, _SAID.query.where(about), Said._make)


def say(session: Session, said: Sequence[Said], *, at: datetime, passed_over: bool = False) -> None:
    """Record rungs as said, or passed over. Said before: the unique key refuses it all."""
    insert_many(session, SaidRow, (*Said._fields, "at", "passed_over"), [(*one, at, passed_over) for one in said])


class Action(NamedTuple):
    """One role to be told of one rung."""

    obligation_id: int
    owner: str
    round: int
    rung: str
    due_at: datetime | None
    role: str
    kind: str


def await_digest(session: Session, actions: Sequence[Action], *, at: datetime) -> None:
    """Let roles be told with the next digest."""
    rows = [(*action, str(ActionState.WAITING), at) for action in actions]
    insert_many(session, DueActionRow, (*Action._fields, "state", "at"), rows)


class Waiting(NamedTuple):
    """A due action that waits, with the facts of its obligation."""

    id: int
    owner: str
    round: int
    rung: str
    due_at: datetime | None
    role: str
    kind: str
    facts: Facts


_ACTION = plain(DueActionRow, Waiting._fields[:-1])
_WAITING = Plain(*_ACTION.columns, *FACTS.columns)


def waiting(session: Session) -> list[Waiting]:
    """Due actions that wait for a digest, in order of their making."""
    table, owing = table_of(DueActionRow), table_of(ObligationRow)
    joined = _WAITING.query.join_from(table, owing, owing.c.id == table.c.obligation_id)
    query = joined.where(table.c.state == str(ActionState.WAITING)).order_by(table.c.id)
    return fetch(session, _WAITING, query, _waiting)


def _waiting(row: tuple[Any, ...]) -> Waiting:
    cut = len(_ACTION.columns)
    return Waiting._make((*row[:cut], Facts._make(row[cut:])))


def is_waiting(session: Session) -> bool:
    """True while a due action waits for a digest."""
    query = sqlalchemy.select(col(DueActionRow.id)).where(col(DueActionRow.state) == str(ActionState.WAITING)).limit(1)
    return session.execute(query).first() is not None


def settle(session: Session, ids: Iterable[int], state: ActionState) -> None:
    """Mark due actions as told, void or gap."""
    table = table_of(DueActionRow)
    session.connection().execute(update(table).where(among(session, table.c.id, list(ids))).values(state=str(state)))
