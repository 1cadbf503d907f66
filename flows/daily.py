"""The flow of a day: the coordinator's summary, before a week begins the supervisors' table, and tidying."""

from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from duban.services.pulse import Work
from duban.services.summarizing import summarize
from duban.services.weekly import remind_supervisors
from flows.opening import opened
from flows.signs import done, doubted
from flows.staleness import stale
from flows.tidying import tidied

PERIOD = timedelta(days=1)


@flow(name="daily")
async def daily(dry_run: bool = False) -> State[None]:
    """Put the day's summaries and the week's tables into the outbox, for ``deliver``; remove files no longer needed."""
    if over := stale(PERIOD):
        return over
    with opened(dry_run=dry_run) as o:
        if over := doubted(o):
            return over
        summaries = summarize(o.engine, now=o.now)
        tables = remind_supervisors(o.engine, now=o.now)
        removed = tidied(o)
        done(o, Work.DAILY)
    return Completed(message=f"每日小结 {summaries} 封，每周督办 {tables} 封{removed}{o.remark}")
