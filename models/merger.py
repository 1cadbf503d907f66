"""One unit goes into another: rows of units and contacts."""

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from duban.domain.errors import InputRefused
from models.setting import ROSTER, new_version
from models.unit import ContactRow, UnitRow


def check_not_below(session: Session, former: str, into: str) -> None:
    """InputRefused where one of the units has gone already, or the second lies under the first."""
    old, new = session.get_one(UnitRow, former), session.get_one(UnitRow, into)
    for unit in (old, new):
        if unit.merged_into is not None:
            raise InputRefused(f"{unit.name}已并入其他单位", f"the unit {unit.id} has gone into another already")
    if old.tree_from < new.tree_from <= old.tree_to:
        raise InputRefused(f"{new.name}是{old.name}的下级单位，不能并入", f"{into} lies under {former}")


def move_contacts(session: Session, former: str, into: str) -> int:
    """The people of the former unit go over where the other has nobody in their role; the rest are nobody's."""
    taken = set(session.execute(select(col(ContactRow.role)).where(col(ContactRow.unit_id) == into)).scalars())
    theirs = col(ContactRow.unit_id) == former
    moves = update(ContactRow).where(theirs, col(ContactRow.role).not_in(taken))
    moved = session.connection().execute(moves.values(unit_id=into)).rowcount
    session.connection().execute(delete(ContactRow).where(theirs))
    return int(moved)


def mark_merged(session: Session, former: str, into: str) -> None:
    """Nothing more is asked of the former unit; what lay under it lies under the other."""
    below = update(UnitRow).where(col(UnitRow.parent_id) == former)
    session.connection().execute(below.values(parent_id=into))
    session.connection().execute(update(UnitRow).where(col(UnitRow.id) == former).values(merged_into=into))
    session.expire_all()
    new_version(session, ROSTER)
