"""Small facts of the installation, and the office's own table of working days."""

import uuid
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlmodel import Field, Session

from models.bulk import fetch, plain, table_of
from models.prepared import Prepared
from models.row import Row
from models.upsert import insert_or_replace


class SettingRow(Row, table=True):
    """One fact: the demo clock's offset, until when holidays are known."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str


class WorkdayRow(Row, table=True):
    """A day that differs from Monday to Friday."""

    __tablename__ = "workday"

    day: date = Field(primary_key=True)
    is_worked: bool
    #: ``published`` (seeded), or ``office`` (imported by file)
    source: str


_FACTS = table_of(SettingRow)
_ALL = Prepared(lambda _: select(_FACTS.c.key, _FACTS.c.value), columns=(_FACTS.c.key, _FACTS.c.value))


def settings(session: Session) -> dict[str, str]:
    """All facts: they are few."""
    session.flush()
    return dict(_ALL.all(session))


def setting(session: Session, key: str) -> str | None:
    """The value of a fact."""
    return settings(session).get(key)


def put_setting(session: Session, key: str, value: str) -> None:
    """Set a fact."""
    session.merge(SettingRow(key=key, value=value))


_WORKDAYS = plain(WorkdayRow, ("day", "is_worked"))


def workdays(session: Session) -> dict[date, bool]:
    """The table of exceptions."""
    return dict(fetch(session, _WORKDAYS, _WORKDAYS.query, tuple))


def put_workdays(session: Session, days: Mapping[date, bool], source: str) -> None:
    """Put days into the table; a day that is there is replaced."""
    rows = [{"day": day, "is_worked": worked, "source": source} for day, worked in days.items()]
    if rows:
        insert_or_replace(session, WorkdayRow, rows)
    new_version(session, WORKDAYS)


#: What readers may keep as long as its version stands.
WORKDAYS = "workdays_version"
ROSTER = "roster_version"
HOLDS = "holds_version"


def new_version(session: Session, what: str) -> None:
    """Say that ``what`` has changed: whoever kept the former version reads anew."""
    put_setting(session, what, uuid.uuid4().hex)
