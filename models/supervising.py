"""What a supervisor asks of the record: what presses below him, what was said about it, how far all is. Reads only."""

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session

from duban.domain.access import Scope
from models.bulk import among, fetch, plain, table_of
from models.notice import NoticeRow
from models.obligation import FACTS, Facts, ObligationRow
from models.outbox import MailItemRow, MailRow, MailState
from models.said import SaidRow
from models.scoping import mails_seen, obligations_seen
from models.unit import UnitRow

_OWED, _UNIT, _NOTICE = table_of(ObligationRow), table_of(UnitRow), table_of(NoticeRow)
_MAIL, _ITEM, _SAID = table_of(MailRow), table_of(MailItemRow), table_of(SaidRow)


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """What presses: late by ``now``, near, or returned to be mended."""

    scope: Scope
    #: statuses in which the unit holds the ball
    held: tuple[str, ...]
    returned: str
    now: datetime
    #: the last day that is near, with the notices in whose zone it is; empty: only what is late
    near: tuple[tuple[date, tuple[str, ...]], ...] = ()


def pressed_units(session: Session, pressed: Pressed, *, offset: int, limit: int) -> tuple[int, list[str]]:
    """How many units have something that presses, and some of them in the official order."""
    pressing = sqlalchemy.select(_OWED.c.unit_id).where(_presses(pressed)).distinct().subquery()
    connection = session.connection()
    count = connection.execute(sqlalchemy.select(func.count()).select_from(pressing)).scalar_one()
    joined = sqlalchemy.select(_UNIT.c.id).join(pressing, pressing.c.unit_id == _UNIT.c.id)
    found = connection.execute(joined.order_by(_UNIT.c.place, _UNIT.c.id).offset(offset).limit(limit))
    return int(count), list(found.scalars())


def pressed_facts(session: Session, pressed: Pressed, units: Collection[str]) -> list[Facts]:
    """What presses of some units: by notice, then the notice's order."""
    these = among(session, _OWED.c.unit_id, units)
    query = FACTS.query.where(_presses(pressed), these)
    return fetch(session, FACTS, query.order_by(_OWED.c.notice_id, _OWED.c.position, _OWED.c.id), Facts._make)


def _presses(pressed: Pressed) -> ColumnElement[bool]:
    c = _OWED.c
    wanted = [c.due_at <= pressed.now]
    for day, notices in pressed.near:
        wanted.append(c.notice_id.in_(notices) & or_(c.due_day <= day, c.status == pressed.returned))
    return and_(c.status.in_(pressed.held), c.due_at.is_not(None), or_(*wanted), obligations_seen(pressed.scope))


#: A mail of ours that did not arrive, or perhaps did not.
LOST = (MailState.FAILED, MailState.UNKNOWN)


class Rung(NamedTuple):
    """A rung that was said or passed over, in whatever turn."""

    obligation_id: int
    round: int
    owner: str
    due_key: str
    rung: str
    at: datetime
    passed_over: bool


_RUNG = plain(SaidRow, Rung._fields)


def rungs_of(session: Session, obligations: Collection[int]) -> dict[int, list[Rung]]:
    """What was said about some obligations, in order."""
    query = _RUNG.query.where(among(session, _SAID.c.obligation_id, obligations)).order_by(_SAID.c.id)
    found: dict[int, list[Rung]] = {}
    for one in fetch(session, _RUNG, query, Rung._make):
        found.setdefault(one.obligation_id, []).append(one)
    return found


class Mailed(NamedTuple):
    """A mail about an obligation to one role of its unit."""

    obligation_id: int
    mail_id: int
    kind: str
    state: str
    role: str
    to_person: str
    at: datetime
    reason: str
    #: the rung that put the obligation into it
    rung: str | None


def mailed(session: Session, obligations: Collection[int], *, owner: str) -> dict[int, list[Mailed]]:
    """For each obligation and role the last mail to ``owner`` about it, and the last that did not arrive, or perhaps
    did not; the newest first. What was cancelled is left out."""
    is_lost = case((_MAIL.c.state.in_([str(state) for state in LOST]), 1), else_=0)
    mine = among(session, _ITEM.c.obligation_id, obligations)
    last = (
        sqlalchemy.select(_ITEM.c.obligation_id, _ITEM.c.role, func.max(_ITEM.c.mail_id).label("mail_id"))
        .join(_MAIL, _MAIL.c.id == _ITEM.c.mail_id)
        .where(mine, _ITEM.c.owner == owner, _MAIL.c.state != str(MailState.CANCELLED))
        .group_by(_ITEM.c.obligation_id, _ITEM.c.role, is_lost)
        .subquery()
    )
    m = _MAIL.c
    columns = (last.c.obligation_id, m.id, m.kind, m.state, last.c.role, m.to_person, m.at, m.reason, _ITEM.c.rung)
    named = ("obligation_id", "mail_id", "role")
    joined = (
        sqlalchemy.select(*columns)
        .join(_MAIL, m.id == last.c.mail_id)
        .join(_ITEM, and_(_ITEM.c.owner == owner, *(_ITEM.c[name] == last.c[name] for name in named)))
    )
    query = joined.order_by(m.at.desc(), m.id.desc(), _ITEM.c.position.desc())
    found: dict[int, dict[tuple[int, str], Mailed]] = {}
    for one in itertools.starmap(Mailed, session.connection().execute(query).tuples()):
        # a mail that names an obligation twice counts with what it says last
        found.setdefault(one.obligation_id, {}).setdefault((one.mail_id, one.role), one)
    return {obligation: list(mails.values()) for obligation, mails in found.items()}


def readable(session: Session, scope: Scope, mails: Collection[int]) -> frozenset[int]:
    """Those of some mails that may be read within ``scope``: nothing of a foreign unit stands in them."""
    query = sqlalchemy.select(_MAIL.c.id).where(among(session, _MAIL.c.id, mails), mails_seen(scope))
    return frozenset(session.connection().execute(query).scalars())


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How much was asked for, and how much of it was done, by a moment."""

    at: datetime
    owed: int
    done: int


def reached_by(
    session: Session, scope: Scope, moments: Sequence[datetime], *, held: Collection[str], waived: str
) -> list[Reached]:
    """For each moment: what notices published by then ask for (not what is waived, nor what has no day), and what of it
    was complete. One reading of the table for all moments."""
    joined = _OWED.join(_NOTICE, _NOTICE.c.id == _OWED.c.notice_id)
    asked = and_(
        _OWED.c.status != waived,
        or_(_OWED.c.due_at.is_not(None), _OWED.c.status.not_in(list(held))),
        obligations_seen(scope),
    )
    row = session.connection().execute(sqlalchemy.select(*_sums(moments)).select_from(joined).where(asked)).one()
    pairs = zip(row[::2], row[1::2], strict=True)
    return [
        Reached(at=at, owed=int(owed or 0), done=int(done or 0))
        for at, (owed, done) in zip(moments, pairs, strict=True)
    ]


def _sums(moments: Sequence[datetime]) -> Iterator[Any]:
    for moment in moments:
        yield func.sum(case((_NOTICE.c.published_at <= moment, 1), else_=0))
        yield func.sum(case((_OWED.c.completed_at <= moment, 1), else_=0))
