"""Has something changed that somebody may see? From the record of events, and never what."""

from collections.abc import Iterable

import sqlalchemy
from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import Session

from duban.domain.access import Scope
from models.bulk import table_of
from models.event import EventRow
from models.notice import NoticeRow
from models.obligation import ObligationRow
from models.scoping import notices_seen, obligations_seen

_EVENT, _OWED, _NOTICE = table_of(EventRow), table_of(ObligationRow), table_of(NoticeRow)


def has_changed(session: Session, scopes: Iterable[Scope], *, after: int, upto: int) -> bool:
    """True when one of the events beyond ``after`` is about a notice or an obligation within one of ``scopes``."""
    between = and_(_EVENT.c.seq > after, _EVENT.c.seq <= upto, _EVENT.c.notice_id.is_not(None))
    mine = or_(*(_about(scope) for scope in scopes))
    return (
        session.connection().execute(sqlalchemy.select(_EVENT.c.seq).where(between, mine).limit(1)).first() is not None
    )


def _about(scope: Scope) -> ColumnElement[bool]:
    """The event at hand is about an obligation within ``scope``, or about a whole notice that it shows something of."""
    owed = exists().where(_OWED.c.id == _EVENT.c.obligation_id, obligations_seen(scope)).correlate(_EVENT)
    told = exists().where(_NOTICE.c.id == _EVENT.c.notice_id, notices_seen(scope)).correlate(_EVENT)
    return or_(owed, and_(_EVENT.c.obligation_id.is_(None), told))
