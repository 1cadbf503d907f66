"""What people look for by a part of its name, within what they may see. A scan that stops at so many rows."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session

from duban.domain.access import Scope
from models.bulk import among, table_of
from models.notice import NoticeRow, RevisionRow
from models.obligation import ObligationRow
from models.scoping import notices_seen, obligations_seen
from models.unit import ContactRow, UnitRow

_OWED, _UNIT, _NOTICE = table_of(ObligationRow), table_of(UnitRow), table_of(NoticeRow)
_CONTACT, _REVISION = table_of(ContactRow), table_of(RevisionRow)


class FoundUnit(NamedTuple):
    """A unit that owes something."""

    id: str
    name: str


class FoundContact(NamedTuple):
    """A contact of such a unit."""

    unit_id: str
    unit_name: str
    role: str
    person: str
    email: str


def units_named(session: Session, spellings: Sequence[str], scope: Scope, *, limit: int) -> list[FoundUnit]:
    """Units with one of these in their name, in their order."""
    named = or_(*(_has(_UNIT.c.name, text) for text in spellings))
    query = sqlalchemy.select(_UNIT.c.id, _UNIT.c.name).where(named, _owes(_UNIT.c.id, scope))
    found = session.connection().execute(query.order_by(_UNIT.c.place).limit(limit))
    return [FoundUnit(*row) for row in found]


def contacts_named(session: Session, spellings: Sequence[str], scope: Scope, *, limit: int) -> list[FoundContact]:
    """Contacts with one of these in their name or address."""
    name = or_(*(_has(_CONTACT.c.person, text) for text in spellings))
    address = or_(*(_has(_CONTACT.c.address, text.lower()) for text in spellings))
    columns = (_CONTACT.c.unit_id, _UNIT.c.name, _CONTACT.c.role, _CONTACT.c.person, _CONTACT.c.email)
    query = sqlalchemy.select(*columns).join_from(_CONTACT, _UNIT, _UNIT.c.id == _CONTACT.c.unit_id)
    found = query.where(or_(name, address), _owes(_CONTACT.c.unit_id, scope)).order_by(_CONTACT.c.id).limit(limit)
    return [FoundContact(*row) for row in session.connection().execute(found)]


def notices_of_units(session: Session, units: Sequence[str], scope: Scope) -> dict[str, list[str]]:
    """For each unit the notices of which it owes something within ``scope``, the newest first."""
    query = sqlalchemy.select(_OWED.c.unit_id, _OWED.c.notice_id).join_from(_OWED, _NOTICE)
    mine = query.where(among(session, _OWED.c.unit_id, units), obligations_seen(scope))
    grouped = mine.group_by(_OWED.c.unit_id, _OWED.c.notice_id, _NOTICE.c.published_at)
    found: dict[str, list[str]] = {unit: [] for unit in units}
    for unit, notice in session.connection().execute(
        grouped.order_by(_NOTICE.c.published_at.desc(), _OWED.c.notice_id)
    ):
        found[unit].append(notice)
    return found


def notices_that_say(session: Session, spellings: Sequence[str], scope: Scope, *, limit: int) -> list[str]:
    """Notices whose definition in force has one of these in it, the newest first."""
    said = or_(*(_has(_REVISION.c.definition, text) for text in spellings))
    in_force = (_REVISION.c.notice_id == _NOTICE.c.id) & (_REVISION.c.number == _NOTICE.c.revision)
    query = sqlalchemy.select(_NOTICE.c.id).join_from(_NOTICE, _REVISION, in_force).where(said, notices_seen(scope))
    found = query.order_by(_NOTICE.c.published_at.desc(), _NOTICE.c.id).limit(limit)
    return list(session.connection().execute(found).scalars())


def _has(column: Any, text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.contains(text, autoescape=True)
    return found


def _owes(unit: Any, scope: Scope) -> ColumnElement[bool]:
    table = unit.table
    return exists().where(_OWED.c.unit_id == unit, obligations_seen(scope)).correlate(table)
