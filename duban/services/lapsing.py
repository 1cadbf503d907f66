"""Reviews that nobody did in time, where the notice says what becomes of them: passed, or given back.

The first part of a tick, at any hour: the rule decides at the end of the reviewer's day, whoever looks.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.notice import Step
from duban.domain.plan import has_lapsed
from duban.domain.terms import Act, Decision, review_owner
from duban.services.acting import do
from duban.services.batches import collector_at_rest
from duban.services.board import Board
from duban.services.records import Records
from duban.services.request import Request
from models.notice import notices
from models.obligation import Facts, Owed, owed_by_ids
from models.session import reading, writing
from models.submission import decided_as, reviews_of
from models.waking import in_review_to_wake

#: Decisions in one transaction.
BATCH = 500
_BY_RULE = (Decision.APPROVED_BY_TIMEOUT, Decision.RETURNED_BY_TIMEOUT)
#: Why it comes back.
NOTE = "审核逾期，自动退回"


def lapse(engine: Engine, *, now: datetime, notice: str | None = None) -> int:
    """Decide what nobody has decided by ``now``; answers how much that was. Without such a rule it costs a look.

    Each once: the rows are locked, and what another has decided is no longer there to be found.
    """
    lapsing = _lapsing(engine, notice)
    decided, last = 0, None
    while lapsing:
        with collector_at_rest(), writing(engine) as session:
            records = Records(session)
            rows = in_review_to_wake(session, now, notices=lapsing, after=last, limit=BATCH)
            decided += sum(_decide(records, row, now) for row in _lapsed(records, rows, now))
        if len(rows) < BATCH:
            break
        last = rows[-1]
    return decided


def decided_by_rule(session: Session, obligations: Collection[int]) -> dict[int, Decision]:
    """Of some obligations those whose last decision the rule took, for ledgers: ``逾期未审视同通过``."""
    some = decided_as(session, obligations, [str(decision) for decision in _BY_RULE])
    last = {review.obligation_id: review for review in reviews_of(session, some) if not review.taken_back_at}
    found = {number: Decision(review.decision) for number, review in last.items()}
    return {number: decision for number, decision in found.items() if decision in _BY_RULE}


def by_rule(session: Session, found: Board) -> dict[int, Decision]:
    """The same for the cells of a ledger."""
    return decided_by_rule(session, [cell.obligation for cell in found.cells])


def _lapsing(engine: Engine, notice: str | None) -> list[str]:
    """The notices in which a step of review has such a rule."""
    with reading(engine) as session:
        records = Records(session)
        wanted = [row.id for row in notices(session) if notice in (None, row.id)]
        return [name for name in wanted if records.is_readable(name) and _has_rule(records, name)]


def _has_rule(records: Records, name: str) -> bool:
    notice = records.notice(name)
    return any(step.on_timeout != "remind" for _, one in notice.placed() for step in notice.steps(one))


def _lapsed(records: Records, rows: list[Facts], now: datetime) -> Iterator[Owed]:
    """Those whose turn is over, as they stand; they are locked."""
    balls = ((row.id, records.ball(row)) for row in rows)
    over = [number for number, ball in balls if ball and has_lapsed(ball, now)]
    found = owed_by_ids(records.session, over) if over else {}
    records.units.fetch(row.unit_id for row in found.values())
    yield from (found[number] for number in over)


def _decide(records: Records, row: Owed, now: datetime) -> int:
    step = next(s for s in records.rules(row).steps if s.id == row.step)
    do(records, row, _request(records, row, step, now), now=now, by_timeout=True)
    return 1


def _request(records: Records, row: Owed, step: Step, now: datetime) -> Request:
    """A return gives the unit as many working days, from today, as the step had."""
    back = step.on_timeout == "return"
    today = now.astimezone(records.notice(row.notice_id).tz).date()
    return Request(
        notice=row.notice_id,
        unit=row.unit_id,
        deliverable=row.deliverable,
        act=Act.RETURN if back else Act.APPROVE,
        by=review_owner(step.id),
        note=NOTE if back else "",
        due=records.calendar.shift(today, step.workdays) if back else None,
    )
