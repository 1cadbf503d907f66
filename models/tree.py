"""Units by number: the place in every list, and the tree as intervals. Kept by whoever changes units."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from models.bulk import among
from models.notice import NoticeRow
from models.unit import UnitRow


def number_units(session: Session) -> None:
    """Number all units anew: ``place`` by the official order, ``tree_from`` to ``tree_to`` a unit and all below it."""
    order = (UnitRow.position, UnitRow.rank, UnitRow.id)
    columns = (UnitRow.id, UnitRow.parent_id, UnitRow.place, UnitRow.tree_from, UnitRow.tree_to)
    rows = session.execute(select(*columns).order_by(*order)).all()  # type: ignore[call-overload]
    spans = intervals([(unit, parent) for unit, parent, *_ in rows])
    changed = [
        {"unit": unit, "place": place, "tree_from": spans[unit][0], "tree_to": spans[unit][1]}
        for place, (unit, _, *numbers) in enumerate(rows)
        if numbers != [place, *spans[unit]]
    ]
    if changed:
        # counts are by parent
        session.connection().execute(update(NoticeRow).values(is_counted=False))
        session.connection().execute(update(UnitRow).where(col(UnitRow.id) == bindparam("unit")), changed)


def intervals(units: Sequence[tuple[str, str | None]]) -> dict[str, tuple[int, int]]:
    """For each ``(unit, parent)``, in order: its number in a walk of the tree, and that of its last descendant.

    A unit whose parent is unknown is a root; one that is its own ancestor is nobody's child (0, 0).
    """
    known = {unit for unit, _ in units}
    children: dict[str | None, list[str]] = {}
    for unit, parent in units:
        children.setdefault(parent if parent in known else None, []).append(unit)
    first: dict[str, int] = {}
    last = dict.fromkeys(known, 0)
    walk = _downward(children.get(None, ()))
    while walk:
        unit, is_left = walk.pop()
        if is_left:
            last[unit] = len(first)
        else:
            first[unit] = len(first) + 1
            walk.append((unit, True))
            walk += _downward(children.get(unit, ()))
    return {unit: (first.get(unit, 0), last[unit]) for unit in known}


def _downward(units: Iterable[str]) -> list[tuple[str, bool]]:
    return [(unit, False) for unit in reversed(list(units))]


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A unit right below another, with the numbers of all below it."""

    id: str
    name: str
    first: int
    last: int


def branches_of(session: Session, unit: str) -> list[Branch]:
    """The units right below ``unit``, in the official order."""
    columns = (UnitRow.id, UnitRow.name, UnitRow.tree_from, UnitRow.tree_to)
    query = select(*columns).where(col(UnitRow.parent_id) == unit, col(UnitRow.tree_from) > 0)  # type: ignore[call-overload]
    rows = session.execute(query.order_by(UnitRow.place))
    return [Branch(id=id_, name=name, first=first, last=last) for id_, name, first, last in rows]


def numbers_of(session: Session, units: Collection[str]) -> dict[str, int]:
    """The number of each of some units in the walk of the tree; those that there are not are left out."""
    query = select(UnitRow.id, UnitRow.tree_from)  # type: ignore[call-overload]
    return dict(session.execute(query.where(among(session, col(UnitRow.id), units))).tuples().all())
