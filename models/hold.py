"""Turns in which nobody is chased (已收到，勿催): until lifted, or until the turn itself is over."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import UniqueConstraint, update
from sqlmodel import Field, Session

from models.bulk import among, fetch, plain, table_of
from models.row import Row
from models.setting import HOLDS, new_version
from models.upsert import insert_new


class HoldRow(Row, table=True):
    """One turn that is held. The turn is in the key, so a new round or a new day is chased again by itself."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("obligation_id", "round", "owner", "due_key"),)

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id")
    round: int
    owner: str
    #: the due moment as text, as in ``said``
    due_key: str
    reason: str
    by: str
    at: datetime
    #: None: it is in force
    lifted_at: datetime | None = None


class Turn(NamedTuple):
    """A turn of an obligation."""

    obligation_id: int
    round: int
    owner: str
    due_key: str


class Held(NamedTuple):
    """A hold in force."""

    obligation_id: int
    round: int
    owner: str
    due_key: str
    reason: str
    by: str
    at: datetime

    @property
    def turn(self) -> Turn:
        return Turn(*self[:4])


_TABLE = table_of(HoldRow)
_HELD = plain(HoldRow, Held._fields)


def hold(session: Session, turn: Turn, *, reason: str, by: str, at: datetime) -> bool:
    """Hold a turn; False where it is held already."""
    new_version(session, HOLDS)
    values = {**turn._asdict(), "reason": reason, "by": by, "at": at}
    if insert_new(session, HoldRow, values) is not None:
        return True
    again = update(_TABLE).where(*_of(turn), _TABLE.c.lifted_at.is_not(None))
    values = {"reason": reason, "by": by, "at": at, "lifted_at": None}
    return bool(session.connection().execute(again.values(values)).rowcount)


def lift(session: Session, turn: Turn, *, at: datetime) -> bool:
    """Let a turn be chased again; False where it is not held."""
    new_version(session, HOLDS)
    in_force = update(_TABLE).where(*_of(turn), _TABLE.c.lifted_at.is_(None))
    return bool(session.connection().execute(in_force.values(lifted_at=at)).rowcount)


def _of(turn: Turn) -> Iterable[sqlalchemy.ColumnElement[bool]]:
    return (_TABLE.c[name] == value for name, value in turn._asdict().items())


def held_of(session: Session, obligations: Collection[int]) -> dict[Turn, Held]:
    """The holds in force of some obligations, by turn: a turn that is over stands here too."""
    mine = among(session, _TABLE.c.obligation_id, sorted(obligations)) & _TABLE.c.lifted_at.is_(None)
    return {held.turn: held for held in fetch(session, _HELD, _HELD.query.where(mine), Held._make)}
