"""The figures that a monitoring system asks for. Reads only, from indexes; no address and no name among them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.jumps import Reading
from duban.services.pausing import paused
from duban.services.pulse import beat_ages, doubt
from models import MailState
from models.mailroom import accounts, oldest_waiting, state_counts, tasks_open


@dataclass(frozen=True, kw_only=True)
class Meter:
    """How the work stands."""

    mails: dict[MailState, int]
    #: seconds, in the domain's time; 0 where none waits
    oldest_waiting: float
    is_paused: bool
    accounts_stopped: int
    is_clock_doubted: bool
    #: seconds since each work was last done
    beat_ages: dict[str, float]
    open_tasks: int


def meter(session: Session, *, now: datetime, real: Reading) -> Meter:
    """The figures at this moment."""
    oldest = oldest_waiting(session)
    return Meter(
        mails=state_counts(session),
        oldest_waiting=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        is_paused=bool(paused(session)),
        accounts_stopped=sum(account.is_stopped for account in accounts(session)),
        is_clock_doubted=bool(doubt(session, real)),
        beat_ages=beat_ages(session, real),
        open_tasks=tasks_open(session),
    )
