"""Which acts are possible for an obligation now: every check that stands before an act, asked without acting."""

from datetime import datetime, timedelta

from duban.domain.errors import ActRefused
from duban.domain.terms import Act
from duban.services.checking import check
from duban.services.handing import media, touch
from duban.services.records import Records
from duban.services.request import Request
from models.extension import open_request
from models.obligation import Owed


def possible(records: Records, row: Owed, *, now: datetime) -> tuple[Act, ...]:
    """The acts that would not be refused now, if what they need is said; whoever may do them. In the acts' order."""
    return tuple(act for act in Act if _is_possible(records, row, act, now))


def _is_possible(records: Records, row: Owed, act: Act, now: datetime) -> bool:
    request = _complete(records, row, act, now)
    if act is Act.REFUSE and open_request(records.session, row.id) is None:
        return False
    try:
        check(records, row, request, now)
        touch(row, request, media(records, row))
    except ActRefused:
        return False
    return True


def _complete(records: Records, row: Owed, act: Act, now: datetime) -> Request:
    """A request that lacks nothing."""
    today = now.astimezone(records.notice(row.notice_id).tz).date()
    later = max(today, row.due_day or today) + timedelta(days=1)
    return Request(
        notice=row.notice_id,
        unit=row.unit_id,
        deliverable=row.deliverable,
        act=act,
        note="x",
        due=later,
        to_name="x",
        to_email="x@x.invalid",
    )
