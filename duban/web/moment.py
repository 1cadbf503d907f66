"""The domain's clock as pages see it: in the demo it may have been moved by another process."""

from datetime import timedelta

from duban.bootstrap import CLOCK_OFFSET, Duban
from duban.clock import Clock
from models.session import reading
from models.setting import setting


def clock_of(duban: Duban) -> Clock:
    """The clock as the database has it now; outside the demo it is never moved."""
    if not duban.is_demo:
        return duban.clock
    with reading(duban.engine) as session:
        offset = setting(session, CLOCK_OFFSET)
    return duban.clock if offset is None else Clock(timedelta(seconds=float(offset)))
