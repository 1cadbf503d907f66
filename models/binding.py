"""Clauses bind units: all obligations of a notice from a few statements, whatever the number of units."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    String,
    Table,
    and_,
    case,
    column,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    values,
)
from sqlmodel import Session, col

from duban.domain.expand import Clause, Selection
from models.bulk import among, table_of
from models.obligation import ObligationRow
from models.tally import count_anew, uncount
from models.unit import UnitRow


@dataclass(frozen=True, kw_only=True)
class Binding:
    """A clause, and when the planner must look first at what it asks: by how a unit stands to the issuer."""

    clause: Clause
    wake_at: Mapping[str, datetime | None]


def unknown_units(session: Session, units: Iterable[str]) -> list[str]:
    """Those of ``units`` that there are not, in their order."""
    wanted = list(dict.fromkeys(units))
    number = table_of(UnitRow).c.id
    known = set(session.execute(select(number).where(among(session, number, wanted))).scalars())
    return [unit for unit in wanted if unit not in known]


def bind(session: Session, bindings: Sequence[Binding], *, notice: str, issuer: str, at: datetime) -> int:
    """Insert every obligation that follows, a statement per class and not per unit; answers how many there are."""
    bound = units_around(session, issuer)
    for clause, group in _alike(bindings):
        _insert(session, group, bound(clause), notice=notice, at=at)
    return _count(session, notice)


def _count(session: Session, notice: str) -> int:
    """How many obligations a notice has; many are counted one by one by the next tick."""
    # the driver of SQLite does not count what a statement with clauses of its own has inserted
    counted = select(func.count()).select_from(ObligationRow).where(col(ObligationRow.notice_id) == notice)
    total = int(session.execute(counted).scalar_one())
    (count_anew if total <= COUNTED_AT_ONCE else uncount)(session, notice)
    return total


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """What clauses ask of units that do not owe it yet."""

    notice: str
    issuer: str
    bindings: Sequence[Binding]
    #: only this unit
    unit: str | None = None

    def bind(self, session: Session, *, at: datetime) -> None:
        """Insert what lacks, a statement per class; what is there stays as it is."""
        for group, bound in self._groups(session):
            _insert(session, group, bound, notice=self.notice, at=at, only_new=True)
        _count(session, self.notice)

    def units(self, session: Session) -> list[tuple[str, str]]:
        """The same, only asked: unit and deliverable."""
        found: list[tuple[str, str]] = []
        for group, bound in self._groups(session):
            clause = _clauses(group)
            lacks = _lacks(self.notice, clause)
            source = select(col(UnitRow.id), clause.c.deliverable).select_from(UnitRow).join(clause, true())
            found += session.execute(source.where(bound, lacks)).tuples().all()
        return found

    def _groups(self, session: Session) -> Iterator[tuple[list[Binding], ColumnElement[bool]]]:
        bound = units_around(session, self.issuer)
        only = true() if self.unit is None else col(UnitRow.id) == self.unit
        for clause, group in _alike(self.bindings):
            yield group, bound(clause) & only


def _alike(bindings: Sequence[Binding]) -> Iterator[tuple[Clause, list[Binding]]]:
    """Bindings of the same units together, as many as one statement takes."""
    for _, alike in groupby(bindings, key=lambda b: (b.clause.binds, b.clause.before, b.clause.receivers)):
        group = list(alike)
        for start in range(0, len(group), CLAUSES):
            yield group[0].clause, group[start : start + CLAUSES]


def units_around(session: Session, issuer: str) -> Callable[[Clause], ColumnElement[bool]]:
    """What says of a unit (a row of ``UnitRow``) that a clause binds it."""
    around = _around(session.get_one(UnitRow, issuer))
    return lambda clause: _bound(clause, around)


def _bound(clause: Clause, around: ColumnElement[bool]) -> ColumnElement[bool]:
    """The units that a clause binds and no clause before it; nothing is asked of one that has gone into another."""
    bound = and_(
        _is_in(clause.binds, around),
        col(UnitRow.merged_into).is_(None),
        *(~_is_in(other, around) for other in clause.before),
    )
    return bound & col(UnitRow.id).not_in(clause.receivers) if clause.receivers else bound


#: So many obligations are counted in the transaction that makes them.
COUNTED_AT_ONCE = 20_000
#: Clauses in one statement: their values are parameters, and SQLite takes 32,766.
CLAUSES = 500


def members_of(session: Session, members: Selection, *, issuer: str, limit: int | None = None) -> list[str]:
    """The units of a class, the first or all, in the official order."""
    query = select(col(UnitRow.id)).where(*_members(session, members, issuer)).order_by(col(UnitRow.place))
    return list(session.execute(query.limit(limit)).scalars())


def count_members(session: Session, members: Selection, *, issuer: str) -> int:
    """How many units a class has."""
    query = select(func.count()).select_from(UnitRow).where(*_members(session, members, issuer))
    return int(session.execute(query).scalar_one())


def _members(session: Session, members: Selection, issuer: str) -> tuple[ColumnElement[bool], ...]:
    around = _around(session.get_one(UnitRow, issuer))
    return _is_in(members, around), col(UnitRow.merged_into).is_(None)


def _around(issuer: UnitRow) -> ColumnElement[bool]:
    """Below the issuer, or alone: without a unit above and without one below."""
    below = (col(UnitRow.tree_from) > issuer.tree_from) & (col(UnitRow.tree_from) <= issuer.tree_to)
    alone = col(UnitRow.parent_id).is_(None) & (col(UnitRow.tree_from) == col(UnitRow.tree_to))
    return or_(below, alone & (col(UnitRow.id) != issuer.id))


def _is_in(members: Selection, around: ColumnElement[bool]) -> ColumnElement[bool]:
    by_kind = and_(col(UnitRow.kind).in_(members.kinds), around)
    if members.left_out:
        by_kind &= col(UnitRow.id).not_in(members.left_out)
    return or_(by_kind, col(UnitRow.id).in_(members.named)) if members.named else by_kind


#: The columns of an obligation that a clause fixes.
_FIXED = ("stage", "deliverable", "position", "unit_class", "due_day", "due_at", "due_set_by_coordinator")


def _fixed(clause: Clause) -> tuple[Any, ...]:
    due = clause.due
    place = (clause.stage, clause.deliverable, clause.position, clause.unit_class)
    return (*place, due and due.day, due and due.at, clause.set_by_coordinator)


def _typed(table: Table, binding: Binding) -> tuple[Any, ...]:
    """The values of a clause as parameters of their types: a bare NULL would be text to PostgreSQL."""
    fixed = [literal(value, table.c[name].type) for name, value in zip(_FIXED, _fixed(binding.clause), strict=True)]
    return (*fixed, *(literal(wake, table.c.wake_at.type) for wake in binding.wake_at.values()))


def _clauses(bindings: Sequence[Binding]) -> CTE:
    """The clauses as a table of their own."""
    table = table_of(ObligationRow)
    wakes = [column(f"wake_{relation}", table.c.wake_at.type) for relation in bindings[0].wake_at]
    fixed = (column(name, table.c[name].type) for name in _FIXED)
    return values(*fixed, *wakes, name="clause").data([_typed(table, b) for b in bindings]).cte()


def _lacks(notice: str, clause: CTE) -> ColumnElement[bool]:
    """The unit does not owe yet what the clause asks."""
    mine = (col(ObligationRow.notice_id) == notice, col(ObligationRow.unit_id) == col(UnitRow.id))
    return ~exists().where(*mine, col(ObligationRow.deliverable) == clause.c.deliverable)


def _insert(
    session: Session,
    bindings: Sequence[Binding],
    bound: ColumnElement[bool],
    *,
    notice: str,
    at: datetime,
    only_new: bool = False,
) -> None:
    """In the order of units and, for each, of the notice: rows that lie together are written together."""
    table = table_of(ObligationRow)
    relations, clause = list(bindings[0].wake_at), _clauses(bindings)
    bound = bound & _lacks(notice, clause) if only_new else bound
    wake: Any = case(
        *((col(UnitRow.relation) == literal(relation, String), clause.c[f"wake_{relation}"]) for relation in relations)
    )
    common = {"notice_id": notice, "status": "pending", "round": 1, "opened_at": at, "is_nil": False, "reason": ""}
    source = select(
        col(UnitRow.id),
        col(UnitRow.relation),
        col(UnitRow.place),
        wake,
        *(clause.c[name] for name in _FIXED),
        *(literal(value, table.c[name].type) for name, value in common.items()),
    )
    ordered = source.select_from(UnitRow).join(clause, true()).where(bound).order_by(UnitRow.place, clause.c.position)  # type: ignore[arg-type]
    names = ["unit_id", "relation", "unit_position", "wake_at", *_FIXED, *common]
    session.connection().execute(insert(table).from_select(names, ordered, include_defaults=False))


def units_bound(session: Session, clauses: Iterable[Clause], *, issuer: str) -> list[str]:
    """The units that some clause binds, by id (in the order of their characters' numbers)."""
    around = _around(session.get_one(UnitRow, issuer))
    alike = {(clause.binds, clause.before, clause.receivers): clause for clause in clauses}
    number = table_of(UnitRow).c.id
    query = select(number).where(or_(false(), *(_bound(clause, around) for clause in alike.values())))
    return sorted(session.execute(query.order_by(number)).scalars())
