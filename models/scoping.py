"""What somebody may see, as a condition: the one place where a ``Scope`` becomes SQL. Every list asks here."""

from typing import Any

import sqlalchemy
import sqlmodel
from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlmodel import Session

from duban.domain.access import Scope
from models.bulk import table_of
from models.event import EventRow
from models.notice import NoticeRow, RevisionRow
from models.obligation import ObligationRow
from models.outbox import MailItemRow, MailRow
from models.task import TaskRow
from models.unit import UnitRow

_OWED, _UNIT, _NOTICE, _EVENT = (table_of(row) for row in (ObligationRow, UnitRow, NoticeRow, EventRow))
_REVISION = table_of(RevisionRow)
_MAIL, _ITEM, _TASK = table_of(MailRow), table_of(MailItemRow), table_of(TaskRow)


def obligations_seen(scope: Scope) -> ColumnElement[bool]:
    """The obligation at hand is within ``scope``."""
    return _within(scope, _OWED.c.notice_id, _OWED.c.unit_id)


def notices_seen(scope: Scope) -> ColumnElement[bool]:
    """The notice at hand was issued within ``scope``, or asks something of a unit within it."""
    if scope.is_all:
        return true()
    asks = exists().where(_OWED.c.notice_id == _NOTICE.c.id, obligations_seen(scope)).correlate(_NOTICE)
    return or_(_NOTICE.c.issuer_id.in_(sorted(scope.issuers)), asks)


def tasks_seen(scope: Scope) -> ColumnElement[bool]:
    """The task at hand is about a notice issued within ``scope``."""
    return true() if scope.is_all else _of_issuers(scope, _TASK.c.notice_id)


def events_seen(scope: Scope) -> ColumnElement[bool]:
    """The event at hand is about a notice issued within ``scope``; those about no notice are for who sees all."""
    return true() if scope.is_all else _of_issuers(scope, _EVENT.c.notice_id)


def mails_seen(scope: Scope) -> ColumnElement[bool]:
    """The mail at hand may be read within ``scope``.

    An issuer reads every mail that speaks of its notices, and what its own people got about no obligation; a
    supervisor only mails of which every obligation is of its units: nothing of another unit stands in them.
    """
    if scope.is_all:
        return true()
    joined = _ITEM.join(_OWED, _OWED.c.id == _ITEM.c.obligation_id)
    items = select(_ITEM.c.mail_id).select_from(joined).where(_ITEM.c.mail_id == _MAIL.c.id).correlate(_MAIL)
    issued = items.where(_of_issuers(scope, _OWED.c.notice_id)).exists()
    inside = _of_units(scope, _OWED.c.notice_id, _OWED.c.unit_id)
    whole = and_(items.exists(), ~items.where(~inside).exists())
    bare = and_(~items.exists(), _MAIL.c.unit_id.in_(sorted(scope.issuers)))
    return or_(issued, whole, bare)


def touches(session: Session, scope: Scope, notice: str) -> bool:
    """True when there is something of a notice to see within ``scope``."""
    query = select(_NOTICE.c.id).where(_NOTICE.c.id == notice, notices_seen(scope))
    return scope.is_all or session.connection().execute(query).first() is not None


def has_seen_mail(session: Session, scope: Scope, mail: int) -> bool:
    """True when one mail may be read within ``scope``."""
    query = select(_MAIL.c.id).where(_MAIL.c.id == mail, mails_seen(scope))
    return scope.is_all or session.connection().execute(query).first() is not None


def units_seen(session: Session, scope: Scope, *, offset: int, limit: int) -> tuple[int, list[UnitRow]]:
    """How many units owe something within ``scope``, and some of them in their order."""
    owes = exists().where(_OWED.c.unit_id == _UNIT.c.id, obligations_seen(scope)).correlate(_UNIT)
    count = session.connection().execute(select(func.count()).select_from(_UNIT).where(owes)).scalar_one()
    query = sqlmodel.select(UnitRow).where(owes).order_by(_UNIT.c.place, _UNIT.c.id)
    return count, list(session.exec(query.offset(offset).limit(limit)))


def _within(scope: Scope, notice: Any, unit: Any) -> ColumnElement[bool]:
    if scope.is_all:
        return true()
    return or_(false(), _of_issuers(scope, notice), _of_units(scope, notice, unit))


def _of_issuers(scope: Scope, notice: Any) -> ColumnElement[bool]:
    if not scope.issuers:
        return false()
    issued = _NOTICE.alias("issued")
    found: ColumnElement[bool] = notice.in_(select(issued.c.id).where(issued.c.issuer_id.in_(sorted(scope.issuers))))
    return found


def _of_units(scope: Scope, notice: Any, unit: Any) -> ColumnElement[bool]:
    """A unit named, or in one of the trees, or under one that reviews what its children hand in."""
    single = [_pair(notice, unit == name, only) for name, only in sorted(scope.units, key=str)]
    trees = unit.in_(tree(sorted(scope.trees))) if scope.trees else false()
    return or_(false(), trees, *single, *(_reviewed(notice, unit, *pair) for pair in sorted(scope.reviewers, key=str)))


def _reviewed(notice: Any, unit: Any, reviewer: str, only: str | None) -> ColumnElement[bool]:
    """As far as the database knows: steps are in the definition, so a list of reviews is narrowed row by row above.

    What is below the reviewer, and notices of which a step names it.
    """
    found: ColumnElement[bool] = notice == only
    return or_(unit.in_(tree([reviewer])), notice.in_(_naming(reviewer))) if only is None else found


def _naming(reviewer: str) -> sqlalchemy.Select[Any]:
    """The notices whose definition in force names a unit as the reviewer of a step."""
    named, revision = _NOTICE.alias("named"), _REVISION.alias("naming")
    in_force = (revision.c.notice_id == named.c.id) & (revision.c.number == named.c.revision)
    says = revision.c.definition.contains(f'"by":"{reviewer}"', autoescape=True)
    return select(named.c.id).select_from(named.join(revision, in_force)).where(says)


def _pair(notice: Any, of_unit: Any, only: str | None) -> ColumnElement[bool]:
    return of_unit if only is None else and_(of_unit, notice == only)


def tree(roots: list[str]) -> sqlalchemy.Select[Any]:
    """The units ``roots`` and all below them, by the numbers of the tree."""
    root, own = _UNIT.alias("root"), _UNIT.alias("below")
    # one that is its own ancestor is numbered 0: it has only itself
    inside = and_(root.c.tree_from > 0, own.c.tree_from.between(root.c.tree_from, root.c.tree_to))
    query = select(own.c.id).select_from(own.join(root, or_(own.c.id == root.c.id, inside)))
    return query.where(root.c.id.in_(roots))
