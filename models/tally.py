"""Obligations counted by what every judgement depends on, kept by the database itself: figures cost what they show.

The triggers below move an obligation from one count to another whenever its status or its day changes, in the
transaction of the change. What comes in by the hundred thousand is counted anew in one statement; until then the
notice says that it is not counted, and readers count the facts themselves. A count is an index, never a judgement.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import DDL, ColumnElement, event, func, or_, update
from sqlmodel import Field, Session

from duban.domain.access import Scope
from models.bulk import INSERT, table_of
from models.notice import NoticeRow
from models.obligation import ObligationRow
from models.row import Row, metadata
from models.unit import UnitRow


class TallyRow(Row, table=True):
    """So many obligations of the units below one parent that are alike."""

    __tablename__ = "tally"

    notice_id: str = Field(primary_key=True)
    deliverable: str = Field(primary_key=True)
    #: the parent of the units; empty: they have none
    parent_id: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    #: the due moment; ``NEVER``: nothing fixes it
    due_key: datetime = Field(primary_key=True)
    stage: str
    due_day: date | None = None
    due_at: datetime | None = None
    count: int


#: In a key there is no nothing.
NEVER = "0001-01-01 00:00:00.000000"

_OF = "notice_id, deliverable, parent_id, status, due_key, stage, due_day, due_at, count"
_WHO = "coalesce((SELECT parent_id FROM unit WHERE id = {row}.unit_id), '')"
_MOVE = (
    "INSERT INTO tally ({of}) VALUES ({row}.notice_id, {row}.deliverable, {who}, {row}.status, "
    "coalesce({row}.due_at, {never}), {row}.stage, {row}.due_day, {row}.due_at, {by}) "
    "ON CONFLICT (notice_id, deliverable, parent_id, status, due_key) DO UPDATE SET count = tally.count + ({by});"
)


def _moved(row: str, by: int, never: str) -> str:
    return _MOVE.format(of=_OF, row=row, who=_WHO.format(row=row), by=by, never=never)


_LITE, _PG = f"'{NEVER}'", f"TIMESTAMPTZ '{NEVER}+00'"


#: What each kind of database must be told once, and forget again.
KEEP: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS obligation_moved AFTER UPDATE OF status, due_day, due_at ON obligation "
        "WHEN old.status IS NOT new.status OR old.due_at IS NOT new.due_at OR old.due_day IS NOT new.due_day "
        f"BEGIN {_moved('old', -1, _LITE)} {_moved('new', 1, _LITE)} END",
        f"CREATE TRIGGER IF NOT EXISTS obligation_gone AFTER DELETE ON obligation BEGIN {_moved('old', -1, _LITE)} END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION obligation_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{_moved('old', -1, _PG)} IF TG_OP = 'UPDATE' THEN {_moved('new', 1, _PG)} END IF; RETURN NULL; END $$",
        "CREATE OR REPLACE TRIGGER obligation_moved AFTER UPDATE OF status, due_day, due_at ON obligation FOR EACH ROW "
        "WHEN (old.status IS DISTINCT FROM new.status OR old.due_at IS DISTINCT FROM new.due_at "
        "OR old.due_day IS DISTINCT FROM new.due_day) EXECUTE FUNCTION obligation_moved()",
        "CREATE OR REPLACE TRIGGER obligation_gone AFTER DELETE ON obligation "
        "FOR EACH ROW EXECUTE FUNCTION obligation_moved()",
    ),
}
FORGET: dict[str, tuple[str, ...]] = {
    "sqlite": ("DROP TRIGGER IF EXISTS obligation_moved", "DROP TRIGGER IF EXISTS obligation_gone"),
    "postgresql": (
        "DROP TRIGGER IF EXISTS obligation_moved ON obligation",
        "DROP TRIGGER IF EXISTS obligation_gone ON obligation",
        "DROP FUNCTION IF EXISTS obligation_moved()",
    ),
}

_TALLY, _OWED = table_of(TallyRow), table_of(ObligationRow)
_UNIT, _NOTICE = table_of(UnitRow), table_of(NoticeRow)

for _dialect, _statements in KEEP.items():
    for _statement in _statements:
        # a schema made at once has them too
        event.listen(metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]


def count_anew(session: Session, notice: str) -> None:
    """Count the obligations of a notice from their facts; from now on the count is kept."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # whoever changes an obligation is waited for, and waits
        connection.execute(sqlalchemy.text("LOCK TABLE tally IN EXCLUSIVE MODE"))
    connection.execute(_TALLY.delete().where(_TALLY.c.notice_id == notice))
    never = sqlalchemy.text(_PG if connection.dialect.name == "postgresql" else _LITE)
    key = func.coalesce(_OWED.c.due_at, never)
    parent = func.coalesce(_UNIT.c.parent_id, "")
    by = (_OWED.c.deliverable, parent, _OWED.c.status, key, _OWED.c.stage, _OWED.c.due_day, _OWED.c.due_at)
    counted = (
        sqlalchemy.select(_OWED.c.notice_id, *by, func.count())
        .select_from(_OWED.join(_UNIT, _UNIT.c.id == _OWED.c.unit_id))
        .where(_OWED.c.notice_id == notice)
        .group_by(_OWED.c.notice_id, *by)
    )
    insert = INSERT[connection.dialect.name](_TALLY)
    connection.execute(insert.from_select([name.strip() for name in _OF.split(",")], counted))
    connection.execute(update(_NOTICE).where(_NOTICE.c.id == notice).values(is_counted=True))


def uncount(session: Session, notice: str) -> None:
    """What was counted of a notice does not hold any more: obligations came in that no trigger saw."""
    session.connection().execute(update(_NOTICE).where(_NOTICE.c.id == notice).values(is_counted=False))


def uncounted(session: Session) -> list[str]:
    """The notices that wait to be counted."""
    query = sqlalchemy.select(_NOTICE.c.id).where(~_NOTICE.c.is_counted)
    return list(session.connection().execute(query).scalars())


def is_counted(session: Session, notice: str | None = None) -> bool:
    """True when the counts of a notice, or of all, may be read."""
    query = sqlalchemy.select(_NOTICE.c.id).where(~_NOTICE.c.is_counted)
    if notice is not None:
        query = query.where(_NOTICE.c.id == notice)
    return session.connection().execute(query.limit(1)).first() is None


def serves(scope: Scope) -> bool:
    """True when what ``scope`` may see is whole notices: their counts are as good as the facts."""
    return scope.is_all or not (scope.units or scope.trees or scope.reviewers)


def counted(session: Session, by: tuple[Any, ...], *where: ColumnElement[bool]) -> list[tuple[Any, ...]]:
    """Sums of the counts by some columns of ``TallyRow``."""
    total = func.sum(_TALLY.c.count)
    query = sqlalchemy.select(*by, total).where(*where).group_by(*by).having(total != 0)
    return [tuple(row) for row in session.connection().execute(query)]


def of_notices(scope: Scope) -> ColumnElement[bool]:
    """The count at hand is of a notice within ``scope`` (one that it ``serves``)."""
    if scope.is_all:
        return sqlalchemy.true()
    issued = sqlalchemy.select(_NOTICE.c.id).where(_NOTICE.c.issuer_id.in_(sorted(scope.issuers)))
    return or_(sqlalchemy.false(), _TALLY.c.notice_id.in_(issued))


def counts_of(session: Session, notice: str) -> dict[tuple[Any, ...], int]:
    """Every count of a notice that is not nothing, by its key."""
    kept = (_TALLY.c.deliverable, _TALLY.c.parent_id, _TALLY.c.status, _TALLY.c.due_at)
    return {key: count for *key_, count in counted(session, kept, _TALLY.c.notice_id == notice) for key in [(*key_,)]}
