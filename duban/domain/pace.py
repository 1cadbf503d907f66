"""How fast an account may send: by its provider's profile, what it has sent, and what was refused. Pure; real time.

The bound of a quarter of an hour slides, with two numbers and no list of mails. Mails form a burst; a burst ends when
nothing has left for ``REST``, which is longer than ``WINDOW``; a burst has at most ``per_window`` mails, then it rests.
Two mails of different bursts are more than ``WINDOW`` apart, so whatever window one lays, its mails are of one burst.
The bound of a day is that of the local day: it is the day by which providers count.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The zone in which providers count days.
ZONE = ZoneInfo("Asia/Shanghai")
#: The time over which providers count mails.
WINDOW = timedelta(minutes=15)
#: A silence that ends a burst: the window, and a minute for what the network delays.
REST = timedelta(minutes=16)
#: After a daily quota nothing leaves before this hour of the next day.
NEXT_DAY = time(0, 30)
#: What a complaint leaves of the pace, and below what it never falls.
AFTER_COMPLAINT = 0.5
LEAST_PACE = 0.2
#: What a day without complaint adds.
AFTER_CLEAN_DAY = 1.1
#: So many days after a complaint the pace grows; then it stays below what was refused …
GROWING_DAYS = 3
#: … until so long after it: providers trust an account more when it is older.
REMEMBERED = timedelta(days=90)
#: An account that is not longer in use than this has proved nothing: half its quota is counted on.
PROBATION = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a kind of account may be asked to send."""

    name: str
    #: the least time between two mails
    spacing: timedelta = timedelta(0)
    #: mails in any quarter of an hour; None: as many as there are
    per_window: int | None = None
    #: mails a day; None: as many as there are
    per_day: int | None = None
    #: mails on its first day in use
    on_first_day: int | None = None
    #: mails over one connection
    per_connection: int = 100

    @property
    def is_unlimited(self) -> bool:
        return not self.spacing and (self.per_window, self.per_day, self.on_first_day) == (None, None, None)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an account has sent, and what it was refused: facts."""

    #: its first day in use: a new account begins slowly
    first_used_on: date | None = None
    #: the share of its profile's pace that it has at present
    pace: float = 1.0
    #: mails per connection at present; None: as its profile says
    per_connection: int | None = None
    #: the last day on which the provider complained
    complained_on: date | None = None
    held_until: datetime | None = None
    #: the local day that ``sent_today`` counts
    day: date | None = None
    sent_today: int = 0
    #: the first mail of the burst that ``sent_in_window`` counts
    window_from: datetime | None = None
    sent_in_window: int = 0
    last_sent_at: datetime | None = None


def local_day(moment: datetime) -> date:
    """The day by which a provider counts a moment."""
    return moment.astimezone(ZONE).date()


def free_from(profile: Profile, usage: Usage, moment: datetime) -> datetime:
    """When the account may send its next mail: ``moment`` itself, or the first one after it."""
    if profile.is_unlimited:
        return max(moment, usage.held_until or moment)
    today = turned(usage, local_day(moment))
    bounds = [moment, today.held_until or moment]
    if today.last_sent_at is not None:
        bounds.append(today.last_sent_at + profile.spacing / today.pace)
        if _is_full(profile, today, moment):
            bounds.append(today.last_sent_at + REST)
    allowed = allowance(profile, today, local_day(moment))
    if allowed is not None and today.sent_today >= allowed:
        bounds.append(datetime.combine(local_day(moment) + timedelta(days=1), time(0), ZONE))
    return max(bounds)


def allowance(profile: Profile, usage: Usage, day: date) -> int | None:
    """How many mails the account may send on a local day, all in all; None: as many as there are."""
    daily = _share(profile.per_day, usage.pace)
    is_first = usage.first_used_on is None or usage.first_used_on == day
    if not is_first or profile.on_first_day is None:
        return daily
    return profile.on_first_day if daily is None else min(daily, profile.on_first_day)


def expected(profile: Profile, usage: Usage, day: date, *, today: date) -> int | None:
    """What may be counted on for a day to come, as one knows ``today``.

    Quotas are secret, and the first complaint halves the pace: an account that is new today is counted at half.
    """
    first = usage.first_used_on
    unproved = usage.complained_on is None and (first is None or today - first <= PROBATION)
    return allowance(profile, replace(usage, pace=usage.pace * AFTER_COMPLAINT) if unproved else usage, day)


def sent(usage: Usage, moment: datetime) -> Usage:
    """The facts after one more mail."""
    today = turned(usage, local_day(moment))
    is_new = _is_over(today, moment)
    return replace(
        today,
        first_used_on=today.first_used_on or local_day(moment),
        day=local_day(moment),
        sent_today=today.sent_today + 1,
        window_from=moment if is_new else today.window_from,
        sent_in_window=1 if is_new else today.sent_in_window + 1,
        last_sent_at=moment,
    )


def held(usage: Usage, until: datetime) -> Usage:
    """Nothing leaves before ``until``; a longer rest stays."""
    return replace(usage, held_until=max(until, usage.held_until or until))


def complained(usage: Usage, moment: datetime) -> Usage:
    """The provider finds us too fast: half the pace, once for one trouble (while it rests, nothing new is said)."""
    if usage.held_until is not None and usage.held_until > moment:
        return usage
    today = turned(usage, local_day(moment))
    slower = max(LEAST_PACE, today.pace * AFTER_COMPLAINT)
    return replace(today, pace=slower, complained_on=local_day(moment), day=local_day(moment))


def shortened(profile: Profile, usage: Usage) -> Usage:
    """Too many mails over one connection: half as many from now on."""
    return replace(usage, per_connection=max(1, per_connection(profile, usage) // 2))


def per_connection(profile: Profile, usage: Usage) -> int:
    """Mails over one connection at present."""
    return usage.per_connection or profile.per_connection


def tomorrow(moment: datetime) -> datetime:
    """When a daily quota is counted anew."""
    return datetime.combine(local_day(moment) + timedelta(days=1), NEXT_DAY, ZONE)


def turned(usage: Usage, day: date) -> Usage:
    """The facts at the beginning of ``day``: its count is 0, and a day in use without complaint has made it faster."""
    if usage.day is None or usage.day >= day:
        return usage
    is_clean = usage.sent_today > 0 and usage.complained_on != usage.day and _may_grow(usage, usage.day)
    pace = min(1.0, usage.pace * AFTER_CLEAN_DAY) if is_clean else usage.pace
    return replace(usage, day=day, sent_today=0, pace=pace)


def _may_grow(usage: Usage, day: date) -> bool:
    """Soon after a complaint, or long after it; in between it would only find the same quota again."""
    if usage.complained_on is None:
        return True
    since = day - usage.complained_on
    return since <= timedelta(days=GROWING_DAYS) or since >= REMEMBERED


def _is_full(profile: Profile, usage: Usage, moment: datetime) -> bool:
    most = _share(profile.per_window, usage.pace)
    return most is not None and usage.sent_in_window >= most and not _is_over(usage, moment)


def _is_over(usage: Usage, moment: datetime) -> bool:
    """The last burst has ended."""
    return usage.last_sent_at is None or moment - usage.last_sent_at >= REST


def _share(most: int | None, pace: float) -> int | None:
    """A pace's share of a number, at least 1; the little is for what floats lose."""
    return None if most is None else max(1, int(most * pace + 1e-6))
