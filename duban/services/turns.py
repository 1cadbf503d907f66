"""Turns on record: what was said in the turn that is on, for one obligation or for thousands that are alike."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlmodel import Session

from duban.domain.obligation import Ball
from duban.services.records import Records
from models.hold import Turn
from models.obligation import Facts, Owed
from models.said import said_about, said_codes


def due_key(ball: Ball) -> str:
    """The due moment as it stands in the key of ``said``: a new day is a new turn."""
    return key_of(ball.due.at if ball.due else None)


def key_of(due_at: datetime | None) -> str:
    """The same for a due moment."""
    return due_at.astimezone(UTC).isoformat() if due_at else "none"


def turn_of(obligation: int, ball: Ball) -> Turn:
    """The turn that is on, as it is held."""
    return Turn(obligation, ball.round, ball.owner, due_key(ball))


def said_in_turn(session: Session, row: Owed, ball: Ball | None) -> set[str]:
    """The rungs said or passed over for this round, owner and due moment."""
    if ball is None:
        return set()
    return said_codes(session, obligation=row.id, round_=ball.round, owner=ball.owner, due_key=due_key(ball))


class Group(NamedTuple):
    """Obligations of which every judgement is the same."""

    rows: list[Facts]
    ball: Ball | None
    #: the rungs said or passed over in their turns
    said: frozenset[str]


def in_groups(records: Records, rows: Sequence[Facts]) -> Iterator[Group]:
    """The same obligations in groups of those alike, so that each judgement is made once and not per unit."""
    said = _said(records, rows)
    turns: dict[object, tuple[Ball | None, tuple[int, str, str]]] = {}
    groups: dict[object, Group] = {}
    for row in rows:
        turn = row.turn
        if turn not in turns:
            ball = records.ball(row)
            turns[turn] = ball, (ball.round, ball.owner, due_key(ball)) if ball else (0, "", "")
        ball, keys = turns[turn]
        codes = said.get((row.id, *keys), _NOTHING)
        group = groups.get((turn, codes))
        if group is None:
            group = groups[turn, codes] = Group(rows=[], ball=ball, said=codes)
        group.rows.append(row)
    yield from groups.values()


_NOTHING: frozenset[str] = frozenset()


def _said(records: Records, rows: Sequence[Facts]) -> dict[tuple[int, int, str, str], frozenset[str]]:
    """Obligation, round, owner and due moment → the rungs said."""
    found: dict[tuple[int, int, str, str], frozenset[str]] = {}
    for said in said_about(records.session, sorted(row.id for row in rows)) if rows else ():
        turn = said[:4]
        found[turn] = found.get(turn, _NOTHING) | {said.rung}
    return found
