"""What supervisors advise: for or against a later day, a later day of their own, a pause in chasing a unit."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, true, update
from sqlmodel import Field, Session, col, select

from duban.domain.access import Scope
from models.bulk import among, table_of
from models.notice import NoticeRow
from models.row import Row


class AdviceRow(Row, table=True):
    """One piece of advice to the issuer, who decides."""

    __tablename__ = "advice"

    id: int | None = Field(default=None, primary_key=True)
    #: a word of ``AdviceKind``
    kind: str
    notice_id: str = Field(foreign_key="notice.id", index=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    #: None: about everything that the unit owes of the notice
    obligation_id: int | None = Field(default=None, foreign_key="obligation.id", index=True)
    #: the unit's request that it speaks of
    request_id: int | None = Field(default=None, foreign_key="extension_request.id")
    #: the later day advised, or until when not to chase; included
    day: date | None = None
    text: str
    at: datetime
    by_person: str
    #: when the issuer was done with it
    settled_at: datetime | None = None


def enter_advice(session: Session, row: AdviceRow) -> int:
    """Write it down; answers its number."""
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def advice_of(session: Session, units: Collection[str]) -> list[AdviceRow]:
    """What is advised about some units and not settled, the oldest first."""
    these = among(session, col(AdviceRow.unit_id), units)
    query = select(AdviceRow).where(these, col(AdviceRow.settled_at).is_(None))
    return list(session.exec(query.order_by(col(AdviceRow.id))))


def advice_on(session: Session, obligations: Collection[int]) -> dict[int, list[AdviceRow]]:
    """What is advised about some obligations, settled or not, the oldest first."""
    these = among(session, col(AdviceRow.obligation_id), obligations)
    found: dict[int, list[AdviceRow]] = {}
    for row in session.exec(select(AdviceRow).where(these).order_by(col(AdviceRow.id))):
        found.setdefault(row.obligation_id or 0, []).append(row)
    return found


def open_within(session: Session, scope: Scope, kinds: Collection[str]) -> list[AdviceRow]:
    """Advice of some kinds that the issuers within ``scope`` have not settled, the oldest first."""
    query = select(AdviceRow).where(col(AdviceRow.settled_at).is_(None), col(AdviceRow.kind).in_(list(kinds)))
    return list(session.exec(query.where(_issued(scope)).order_by(col(AdviceRow.id))))


def advice_seen(session: Session, scope: Scope, number: int) -> AdviceRow | None:
    """One piece of advice about a notice issued within ``scope``."""
    return session.exec(select(AdviceRow).where(AdviceRow.id == number, _issued(scope))).first()


def _issued(scope: Scope) -> ColumnElement[bool]:
    issued = select(NoticeRow.id).where(col(NoticeRow.issuer_id).in_(sorted(scope.issuers)))
    return true() if scope.is_all else col(AdviceRow.notice_id).in_(issued)


def settle_one(session: Session, number: int, *, at: datetime) -> bool:
    """The issuer is done with it; False where that was so before."""
    table = table_of(AdviceRow)
    mine = update(table).where(table.c.id == number, table.c.settled_at.is_(None)).values(settled_at=at)
    return bool(session.connection().execute(mine).rowcount)


def settle_about(session: Session, requests: Collection[int], *, at: datetime) -> None:
    """The requests that it speaks of are answered."""
    table = table_of(AdviceRow)
    mine = update(table).where(among(session, table.c.request_id, requests), table.c.settled_at.is_(None))
    session.connection().execute(mine.values(settled_at=at))


def settle_later(session: Session, obligation: int, *, at: datetime) -> list[int]:
    """A later day was granted: advice to grant one is done with; answers its numbers."""
    table = table_of(AdviceRow)
    mine = update(table).where(
        table.c.obligation_id == obligation, table.c.kind == "later", table.c.settled_at.is_(None)
    )
    return list(session.connection().execute(mine.values(settled_at=at).returning(table.c.id)).scalars())
