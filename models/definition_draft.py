"""Drafts of definitions: what an office is writing and has not published. A closed tab loses nothing."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import delete, func, update
from sqlmodel import Field, Session, col, select

from models.bulk import among, table_of
from models.row import Row


class DefinitionDraftRow(Row, table=True):
    """One draft of one office."""

    __tablename__ = "definition_draft"

    id: int | None = Field(default=None, primary_key=True)
    #: the office that will issue it
    unit_id: str = Field(foreign_key="unit.id", index=True)
    #: how lists call it
    name: str
    #: YAML, as it was typed
    text: str
    #: the notice that it was drafted from; empty: none
    original: str = ""
    #: which document of that text, from 0
    document: int = 0
    #: keys of the readings of deadlines that a person has confirmed, as a JSON list
    confirmed: str = "[]"
    #: grows with every change: what was changed meanwhile is not overwritten
    version: int = 1
    #: the address of who began it, and of who changed it last
    made_by: str
    changed_by: str
    made_at: datetime
    changed_at: datetime


#: What lists show: everything but the texts.
_LISTED = ("id", "unit_id", "name", "made_by", "changed_by", "made_at", "changed_at")


def drafts_within(session: Session, units: Collection[str] | None) -> list[Any]:
    """The drafts of some offices (None: of all) without their texts, the one changed last first."""
    table = table_of(DefinitionDraftRow)
    query = sqlalchemy.select(*(table.c[name] for name in _LISTED)).order_by(table.c.changed_at.desc(), table.c.id)
    if units is not None:
        query = query.where(among(session, table.c.unit_id, sorted(units)))
    return list(session.connection().execute(query))


def count_drafts(session: Session, unit: str) -> int:
    """How many drafts an office has."""
    query = select(func.count()).select_from(DefinitionDraftRow)
    return session.exec(query.where(col(DefinitionDraftRow.unit_id) == unit)).one()


def change_draft(session: Session, number: int, version: int, values: dict[str, Any]) -> bool:
    """Change a draft that still has this version; False when it has another one, or is gone."""
    table = table_of(DefinitionDraftRow)
    same = (table.c.id == number) & (table.c.version == version)
    changed = update(table).where(same).values(version=version + 1, **values)
    return bool(session.connection().execute(changed).rowcount)


def end_draft(session: Session, number: int, version: int | None = None) -> bool:
    """It is published (in this version) or given up; False when it was not there."""
    table = table_of(DefinitionDraftRow)
    query = delete(table).where(table.c.id == number)
    if version is not None:
        query = query.where(table.c.version == version)
    return bool(session.connection().execute(query).rowcount)
