"""May it be tried once more? Counted in the database, under a hash: no address and no account stands there."""

import hashlib
from datetime import datetime, timedelta

from sqlmodel import Session

from duban.domain.throttle import Limit
from models.throttle import count_try, forget_tries, forget_windows

#: Windows older than this are of no use to anybody.
_KEPT = timedelta(hours=1)


def may_try(session: Session, limit: Limit, *who: str, real_now: datetime) -> bool:
    """Count one try of ``who``; False when there were too many in this window. Real time."""
    forget_windows(session, real_now - _KEPT)
    counted = count_try(session, _key(limit, who), now=real_now, window_from=real_now - limit.window)
    return counted <= limit.tries


def forgive(session: Session, limit: Limit, *who: str) -> None:
    """Begin again from nothing: it was the right one."""
    forget_tries(session, _key(limit, who))


def _key(limit: Limit, who: tuple[str, ...]) -> str:
    return hashlib.sha256("|".join((limit.name, *who)).encode()).hexdigest()[:32]
