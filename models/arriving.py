"""Paper as a registry desk asks for it: what is under way, what has arrived, what a word finds. Reads only.

A scope of reviewers narrows roughly here (``models.scoping``): whoever asks narrows row by row.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy
from sqlalchemy import and_, case, func, or_
from sqlmodel import Session

from duban.domain.access import Scope
from models.bulk import among, fetch, plain, table_of
from models.handover import Handover, HandoverRow
from models.notice import NoticeRow
from models.obligation import ObligationRow
from models.scoping import obligations_seen
from models.unit import UnitRow

_HAND, _OWED = table_of(HandoverRow), table_of(ObligationRow)
_UNIT, _NOTICE = table_of(UnitRow), table_of(NoticeRow)
_STANDING = plain(HandoverRow, Handover._fields)
_JOINED = _HAND.join(_OWED, _OWED.c.id == _HAND.c.obligation_id)


def posted(session: Session, scope: Scope, *, closed: Collection[str], limit: int) -> list[int]:
    """Obligations of which a track was posted and has not arrived, the first posted first.

    ``closed``: the statuses in which nobody waits for paper any more. Marks say how tracks stand
    (``duban.domain.tracks``): ``s`` is posted.
    """
    waits = (
        _HAND.c.state == "sent",
        _HAND.c.void_at.is_(None),
        _OWED.c.tracks.contains("s"),
        _OWED.c.status.not_in(sorted(closed)),
        obligations_seen(scope),
    )
    query = sqlalchemy.select(_OWED.c.id).select_from(_JOINED).where(*waits).group_by(_OWED.c.id)
    found = session.connection().execute(query.order_by(func.min(_HAND.c.at), _OWED.c.id).limit(limit))
    return [number for (number,) in found]


def arrived(session: Session, scope: Scope, *, since: datetime, limit: int) -> list[Handover]:
    """What was registered as received from ``since`` on and stands, the last first."""
    here = (_HAND.c.state == "received", _HAND.c.void_at.is_(None), _HAND.c.at >= since, obligations_seen(scope))
    query = _STANDING.query.select_from(_JOINED).where(*here).order_by(_HAND.c.id.desc()).limit(limit)
    return fetch(session, _STANDING, query, Handover._make)


def named(
    session: Session, scope: Scope, words: Sequence[Collection[str]], *, notices: Collection[str], limit: int
) -> list[int]:
    """Obligations of some notices where each word, in one of its spellings, stands in the unit's name, or in the
    notice's title or document number; where all are the unit's first, then the newest notices, then in order.
    """
    joined = _OWED.join(_UNIT, _UNIT.c.id == _OWED.c.unit_id).join(_NOTICE, _NOTICE.c.id == _OWED.c.notice_id)
    texts = (_UNIT.c.name, _NOTICE.c.title, _NOTICE.c.document_number)
    fits = [or_(*(text.icontains(one, autoescape=True) for text in texts for one in spelt)) for spelt in words]
    inside = (among(session, _OWED.c.notice_id, list(notices)), obligations_seen(scope), *fits)
    of_unit = and_(*(or_(*(_UNIT.c.name.icontains(one, autoescape=True) for one in spelt)) for spelt in words))
    first = case((of_unit, 0), else_=1)
    order = (
        first,
        _NOTICE.c.published_at.desc(),
        _OWED.c.notice_id,
        _OWED.c.unit_position,
        _OWED.c.unit_id,
        _OWED.c.position,
    )
    query = sqlalchemy.select(_OWED.c.id).select_from(joined).where(*inside).order_by(*order).limit(limit)
    return [number for (number,) in session.connection().execute(query)]
