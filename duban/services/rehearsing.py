"""What will be said if nobody acts: the same ticks on a throw-away copy. The record is only read."""

from datetime import datetime

from sqlalchemy import Engine

from duban.domain.calendar import opening
from duban.services.delivering import Sender
from duban.services.pausing import PAUSED
from duban.services.records import Records
from duban.services.sweeping import sweep
from models.copying import copy_records
from models.notice import notices
from models.obligation import next_wake
from models.said import is_waiting
from models.session import reading, writing
from models.setting import put_setting


def copy(source: Engine, target: Engine, *, notice: str | None = None) -> None:
    """Copy one notice (None: all) into an empty ``target``."""
    with reading(source) as origin, writing(target) as session:
        copy_records(origin, session, notice=notice)
        # what would be said is asked also while nothing may leave
        put_setting(session, PAUSED, "")


def run_ahead(engine: Engine, sender: Sender, *, now: datetime, until: datetime) -> int:
    """Tick at every rung moment after ``now`` up to ``until``, both of the virtual clock; answers how many ticks."""
    ticks = 0
    while (moment := next_tick(engine, now)) is not None and moment <= until:
        now = moment
        ticks += 1
        sweep(engine, sender, now=now, real_now=now)
    return ticks


def next_tick(engine: Engine, now: datetime) -> datetime | None:
    """The next rung moment after ``now``; while something is overdue to be said, the next opening of the office."""
    with reading(engine) as session:
        wake = next_wake(session)
        records = Records(session)
        held = is_waiting(session) or (wake is not None and wake <= now)
        published = notices(session)
        if not held or not published:
            return wake
        zone = records.notice(published[0].id).tz
        ahead = [opening(records.calendar.first_opening_after(now.astimezone(zone)), zone)]
    return min([*ahead, wake] if wake and wake > now else ahead)
