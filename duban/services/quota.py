"""How many mails each account may still send today, and what keeps it from sending. Reads only; real time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.pace import allowance, local_day, turned
from duban.services.pooling import Outlet, usage_of
from models import AccountRow
from models.account import accounts


@dataclass(frozen=True, kw_only=True)
class AccountLeft:
    """One account today."""

    address: str
    sent: int
    #: None: as many as there are
    left: int | None
    #: nothing leaves by it before this; None: it may send
    held_until: datetime | None
    is_stopped: bool
    #: why, for people
    reason: str


def left_today(session: Session, outlets: Sequence[Outlet], *, real_now: datetime) -> tuple[AccountLeft, ...]:
    """The accounts in the order in which they are preferred. One that is stopped has nothing left."""
    used, rows = usage_of(session, outlets), accounts(session, [outlet.address for outlet in outlets])
    day, found = local_day(real_now), []
    for outlet in outlets:
        usage, row = used[outlet.address], rows[outlet.address]
        today = turned(usage, day) if usage else None
        most = allowance(outlet.profile, today, day) if today else 0
        sent = today.sent_today if today and today.day == day else 0
        left = None if most is None else max(0, most - sent)
        found.append(_account(row, sent=sent, left=left, real_now=real_now))
    return tuple(found)


def _account(row: AccountRow, *, sent: int, left: int | None, real_now: datetime) -> AccountLeft:
    until = row.held_until if row.held_until and row.held_until > real_now else None
    reason = row.reason if until or row.is_stopped else ""
    return AccountLeft(
        address=row.address, sent=sent, left=left, held_until=until, is_stopped=row.is_stopped, reason=reason
    )


def total_left(found: Sequence[AccountLeft]) -> int | None:
    """All accounts together; None: as many as there are."""
    counts = [account.left for account in found]
    return None if None in counts else sum(count or 0 for count in counts)
