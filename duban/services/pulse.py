"""Is the recurring work being done, and is the clock to be believed? Real time, never the domain's.

Each work leaves a sign of life when it is done (``beat``) and asks before it begins (``may_work``). What is wrong
with the clock is judged from the last reading; a doubt, once raised, stands until somebody accepts the clock, or
until the clock, within the same start of the machine, agrees with that reading again: then nothing was done by it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.errors import Temporary
from duban.domain.jumps import Reading, elapsed, jump
from models import HeartbeatRow
from models.event import record
from models.heartbeat import heartbeats, put_heartbeats
from models.session import writing
from models.setting import put_setting, setting


class Work(StrEnum):
    """What recurs."""

    PLAN = "plan"
    DELIVER = "deliver"
    DAILY = "daily"
    #: plan, digest and deliver in one call
    SWEEP = "sweep"


#: The works without which no mail leaves: one of them must be done.
VITAL = (Work.DELIVER, Work.SWEEP)
#: So long without a vital work is silence.
SILENT_AFTER = timedelta(minutes=15)
#: The reading that the next one is compared with.
CLOCK = "clock"
#: Settings: why the clock is doubted (empty: it is not), and in which start of the machine the doubt came up.
DOUBT, DOUBT_START = "clock_doubt", "clock_doubt_start"
#: Setting: silences that are over and not yet told to the coordinator, as JSON, the last few.
SILENCES = "silences"
MOST_SILENCES = 20


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """How long no vital work has been done."""

    length: timedelta
    #: when the last one was done; None: never
    since: datetime | None

    @property
    def is_silence(self) -> bool:
        return self.length >= SILENT_AFTER


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A silence that is over."""

    start: datetime
    end: datetime


@contextmanager
def at_work(engine: Engine, work: str, look: Callable[[], Reading]) -> Iterator[None]:
    """Ask before a work, and leave its sign of life when it is done; ``look`` is how its door reads the clocks.

    Temporary while the clock is doubted. Work that raises leaves no sign.
    """
    with writing(engine) as session:
        why = may_work(session, look())
    if why:
        zh = f"{why}，提醒和邮件已暂停。请核对本机时间，无误后运行 duban clock accept"
        raise Temporary(zh, "the clock is doubted: check it, then run duban clock accept")
    yield
    with writing(engine) as session:
        beat(session, work, real_now=look())


def may_work(session: Session, real: Reading) -> str:
    """Why nothing may be planned or sent now, for people; empty: go on. Writes a doubt that is new, or has gone."""
    why, known = doubt(session, real), setting(session, DOUBT) or ""
    if why != known:
        name = "clock_doubted" if why else "clock_agreed"
        _put_doubt(session, why, real)
        record(session, at=real.at, name=name, by="system", data={"reason": why or known})
    return why


def doubt(session: Session, real: Reading) -> str:
    """Why the clock is doubted, for people; empty: it is believed. Only reads."""
    last = heartbeats(session).get(CLOCK)
    known = setting(session, DOUBT) or ""
    found = jump(_reading(last), real) if last else None
    if known:
        agrees = found is None and real.boot and setting(session, DOUBT_START) == real.boot
        return "" if agrees else known
    return found.zh if found else ""


def accept_clock(session: Session, real: Reading, *, by: str) -> bool:
    """Believe the clock as it is; False when it is not doubted."""
    why = doubt(session, real)
    if not why:
        return False
    _put_doubt(session, "", real)
    put_heartbeats(session, [_row(CLOCK, real)])
    record(session, at=real.at, name="clock_accepted", by=by, data={"reason": why})
    return True


def forget_clock(session: Session) -> None:
    """Begin anew on another machine: its clock is compared with no other's."""
    for name in (DOUBT, DOUBT_START, SILENCES):
        if setting(session, name):
            put_setting(session, name, "")


def beat(session: Session, work: str, *, real_now: Reading) -> None:
    """A work is done. A silence that ends here is kept for the coordinator; a doubted clock leaves no sign."""
    if may_work(session, real_now):
        return
    rows = heartbeats(session)
    last = _last_vital(rows)
    if work in VITAL and last and elapsed(last, real_now) >= SILENT_AFTER:
        _keep_silence(session, last.at, real_now.at)
    put_heartbeats(session, [_row(work, real_now), _row(CLOCK, real_now)])


def quiet(session: Session, real: Reading, *, since: Reading) -> Quiet:
    """How long no vital work was done; where none ever was, since these pages began to answer (``since``)."""
    last = _last_vital(heartbeats(session))
    return Quiet(length=elapsed(last or since, real), since=last.at if last else None)


def beat_ages(session: Session, real: Reading) -> dict[str, float]:
    """Seconds since the last sign of life of each work that has ever left one."""
    rows = heartbeats(session)
    return {work: elapsed(_believed(rows, work), real).total_seconds() for work in map(str, Work) if work in rows}


def silences(session: Session) -> tuple[Silence, ...]:
    """Silences that are over and not yet told, the oldest first."""
    kept = json.loads(setting(session, SILENCES) or "[]")
    return tuple(Silence(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end)) for start, end in kept)


def forget_silences(session: Session) -> None:
    """They have been told."""
    if setting(session, SILENCES):
        put_setting(session, SILENCES, "")


def _keep_silence(session: Session, start: datetime, end: datetime) -> None:
    kept = [*silences(session), Silence(start=start, end=end)][-MOST_SILENCES:]
    put_setting(session, SILENCES, json.dumps([[s.start.isoformat(), s.end.isoformat()] for s in kept]))


def _put_doubt(session: Session, why: str, real: Reading) -> None:
    put_setting(session, DOUBT, why)
    put_setting(session, DOUBT_START, real.boot if why else "")


def _last_vital(rows: dict[str, HeartbeatRow]) -> Reading | None:
    found = [_believed(rows, work) for work in VITAL if work in rows]
    return max(found, key=lambda reading: reading.at, default=None)


def _believed(rows: dict[str, HeartbeatRow], work: str) -> Reading:
    """The sign of a work; one from before the clock was accepted further back counts from there."""
    clock = rows.get(CLOCK)
    return _reading(clock if clock and clock.at < rows[work].at else rows[work])


def _reading(row: HeartbeatRow) -> Reading:
    return Reading(at=row.at, boot=row.boot, uptime=row.uptime)


def _row(work: str, real: Reading) -> dict[str, object]:
    return {"work": str(work), "at": real.at, "boot": real.boot, "uptime": real.uptime}
