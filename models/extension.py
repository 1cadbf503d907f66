"""Later days: asked for by a unit, granted or refused by the issuer. An extension may come unasked too."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import bindparam, func, update
from sqlmodel import Field, Session, col, select

from duban.domain.access import Scope
from models.bulk import among, table_of
from models.obligation import ObligationRow
from models.prepared import Prepared
from models.row import Row
from models.scoping import obligations_seen


class ExtensionRequestRow(Row, table=True):
    """A unit asks for a later day. At most one of an obligation is open."""

    __tablename__ = "extension_request"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    round: int
    at: datetime
    #: the day in force when it was asked
    due_before: datetime | None = None
    #: the day wanted, included
    day_wanted: date
    note: str
    by_person: str = ""
    #: a word of ``RequestState``
    state: str
    decided_at: datetime | None = None
    #: why it was refused, or what was said to the grant
    answer: str = ""


class ExtensionRow(Row, table=True):
    """A later day, granted by the issuer."""

    __tablename__ = "extension"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    round: int
    at: datetime
    due_before: datetime | None = None
    #: the day that was in force, as people name it; None where it was not kept yet
    day_before: date | None = None
    due_after: datetime
    note: str = ""
    #: the request that it grants
    request_id: int | None = Field(default=None, foreign_key="extension_request.id")


_ASKED = table_of(ExtensionRequestRow)
_SETTLE = Prepared(
    lambda _: (
        update(_ASKED)
        .where(_ASKED.c.obligation_id == bindparam("owed"), _ASKED.c.state == "open")
        .values(state=bindparam("to"), decided_at=bindparam("moment"), answer=bindparam("words"))
        .returning(_ASKED.c.id)
    ),
    columns=(_ASKED.c.id,),
)


def enter_request(session: Session, row: ExtensionRequestRow) -> int:
    """Write down a request; answers its number."""
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def settle_requests(session: Session, obligation: int, *, state: str, at: datetime, answer: str = "") -> list[int]:
    """The open request of an obligation is over; answers its number, or nothing where none was open."""
    return [number for (number,) in _SETTLE.all(session, owed=obligation, to=state, moment=at, words=answer)]


def open_request(session: Session, obligation: int) -> ExtensionRequestRow | None:
    """The request of an obligation that waits for an answer."""
    return open_requests(session, [obligation]).get(obligation)


def open_requests(session: Session, obligations: Collection[int]) -> dict[int, ExtensionRequestRow]:
    """Those that wait for an answer, by obligation."""
    query = select(ExtensionRequestRow).where(
        among(session, col(ExtensionRequestRow.obligation_id), obligations), ExtensionRequestRow.state == "open"
    )
    return {row.obligation_id: row for row in session.exec(query)}


def requests_within(session: Session, scope: Scope) -> list[ExtensionRequestRow]:
    """Those that wait for an answer within ``scope``, the oldest first."""
    joined = select(ExtensionRequestRow).join(ObligationRow)
    query = joined.where(ExtensionRequestRow.state == "open", obligations_seen(scope))
    return list(session.exec(query.order_by(col(ExtensionRequestRow.id))))


def requests_of(session: Session, obligations: Collection[int]) -> list[ExtensionRequestRow]:
    """Every request of some obligations, in order."""
    mine = among(session, col(ExtensionRequestRow.obligation_id), obligations)
    return list(session.exec(select(ExtensionRequestRow).where(mine).order_by(col(ExtensionRequestRow.id))))


def extensions_of(session: Session, obligations: Collection[int]) -> list[ExtensionRow]:
    """Every extension of some obligations, in order."""
    mine = among(session, col(ExtensionRow.obligation_id), obligations)
    return list(session.exec(select(ExtensionRow).where(mine).order_by(col(ExtensionRow.id))))


def extension_counts(session: Session, obligations: Collection[int]) -> dict[int, int]:
    """How many extensions were granted, by obligation."""
    table = table_of(ExtensionRow)
    query = sqlalchemy.select(table.c.obligation_id, func.count()).group_by(table.c.obligation_id)
    mine = query.where(among(session, table.c.obligation_id, obligations))
    return dict(session.connection().execute(mine).tuples().all())
