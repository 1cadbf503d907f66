"""Will the mails of the days to come fit the quotas of the accounts? Asked before anything is sent."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.fitting import Overflow, overflows
from duban.domain.notice import Notice
from duban.domain.pace import Profile, Usage, expected, local_day
from duban.services.circulating import circulate
from duban.services.digesting import digest
from duban.services.planning import plan
from duban.services.pooling import Outlet, usage_of
from duban.services.publishing import publish
from duban.services.records import Records
from duban.services.rehearsing import next_tick
from models.outbox import moments_of_mails, waiting_mails
from models.session import reading, writing

#: So far ahead mails are counted.
HORIZON = timedelta(days=60)


def is_limited(outlets: Sequence[Outlet]) -> bool:
    """False when some account may send as much as there is: nothing needs to be counted."""
    return not any(outlet.profile.is_unlimited for outlet in outlets)


def mails_ahead(engine: Engine, notice: Notice, *, now: datetime) -> Counter[date]:
    """Mails by day if ``notice`` is published at ``now`` and nobody acts; ``engine`` is a throw-away copy.

    Nothing is composed: the ticks are planned and put into the copy's outbox only.
    """
    with writing(engine) as session:
        publish(session, notice, now=now)
    circulate(engine)
    moment = now
    while (ahead := next_tick(engine, moment)) is not None and ahead <= now + HORIZON:
        moment = ahead
        plan(engine, now=moment)
        digest(engine, now=moment)
    with reading(engine) as session:
        return Counter(local_day(at) for at in moments_of_mails(session) if at >= now)


def shortfall(
    engine: Engine, outlets: Sequence[Outlet], wanted: Mapping[date, int], *, now: datetime
) -> tuple[Overflow, ...]:
    """The days at whose end mails will be left, with what waits already; none where an account is unlimited."""
    if not is_limited(outlets):
        return ()
    with reading(engine) as session:
        counted = Counter(wanted)
        counted[local_day(now)] += waiting_mails(session, now)
        return overflows(+counted, _allowed(session, outlets, counted, local_day(now)))


def allowances(
    engine: Engine, outlets: Sequence[Outlet], wanted: Mapping[date, int], *, now: datetime
) -> dict[date, int]:
    """Day → the mails that the accounts together may be counted on to send; empty where an account is unlimited."""
    if not is_limited(outlets):
        return {}
    with reading(engine) as session:
        allowed = _allowed(session, outlets, wanted, local_day(now))
        return {day: allowed(day) for day in wanted}


def _allowed(
    session: Session, outlets: Sequence[Outlet], wanted: Mapping[date, int], today: date
) -> Callable[[date], int]:
    """What the accounts together may be counted on to send on a day; what is left over rests on days of rest."""
    used, calendar = usage_of(session, outlets), Records(session).calendar

    def allowed(day: date) -> int:
        rests = not wanted.get(day) and not calendar.is_workday(day)
        return 0 if rests else sum(_of_account(o.profile, used[o.address], day, today) for o in outlets)

    return allowed


def _of_account(profile: Profile, usage: Usage | None, day: date, today: date) -> int:
    if usage is None:
        return 0
    # one that was never used is from today on
    known = replace(usage, first_used_on=usage.first_used_on or today)
    spent = usage.sent_today if usage.day == day else 0
    return max(0, (expected(profile, known, day, today=today) or 0) - spent)


def told(found: Sequence[Overflow]) -> tuple[str, str]:
    """One line for people, Chinese and English: the first such day, how many there are, and what helps."""
    first = found[0]
    day = f"{first.day.month}月{first.day.day}日"
    days = f"，这样的日子共{len(found)}天" if len(found) > 1 else ""
    zh = (
        f"发信额度不够：{day}需发{first.wanted}封，约可发{first.allowed}封，其余顺延{days}。"
        "可增加发信账号，或改用企业邮箱、自有邮件服务器（profile: relay）。"
    )
    en = (
        f"the quota does not suffice: {first.wanted} mails on {first.day}, about {first.allowed} can leave, the rest "
        f"later ({len(found)} such days); add accounts, or use a company mailbox or an own server (profile: relay)"
    )
    return zh, en
