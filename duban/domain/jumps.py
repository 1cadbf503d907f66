"""Has somebody moved the clock? The wall clock against the machine's own, between two readings. Pure.

Within one start of the machine the two must run alike: sleep counts in both. Across starts only the wall clock is
left, and a long time without it is an outage rather than a jump (docs/decisions/0007-clock-jumps.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: The wall clock may gain so much on the machine's own within one start; more is a jump.
FORWARD = timedelta(hours=36)
#: It may lose so much: the clock is set right by a few seconds now and then.
BACKWARD = timedelta(minutes=5)
#: A machine may be off for so long; the longest holiday with its days of leave is shorter.
OUTAGE = timedelta(days=15)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Both clocks at one moment."""

    #: the wall clock: aware
    at: datetime
    #: which start of the machine; empty where the system does not say
    boot: str = ""
    #: seconds since that start, sleep included
    uptime: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Jump:
    """What is wrong with the clock, in a few words without a full stop."""

    zh: str
    en: str


def same_start(before: Reading, after: Reading) -> bool:
    """True when both were taken within one start of the machine."""
    return bool(after.boot) and before.boot == after.boot


def elapsed(before: Reading, after: Reading) -> timedelta:
    """The time between two readings, by the machine's own clock where it tells; never negative."""
    if same_start(before, after):
        return max(timedelta(seconds=after.uptime - before.uptime), timedelta(0))
    return max(after.at - before.at, timedelta(0))


def jump(before: Reading, after: Reading) -> Jump | None:
    """What happened to the wall clock between two readings; None: nothing that matters."""
    wall = after.at - before.at
    if not same_start(before, after):
        return _across_starts(wall)
    moved = wall - timedelta(seconds=after.uptime - before.uptime)
    if moved > FORWARD:
        return Jump(zh=f"系统时间突然向前跳了{span(moved)}", en=f"the system clock has jumped forward by {moved}")
    return _backward(moved)


def _across_starts(wall: timedelta) -> Jump | None:
    if wall > OUTAGE:
        zh = f"系统时间距上次办理已过{span(wall)}，可能是时间有误，也可能是停机过久"
        return Jump(zh=zh, en=f"by the system clock nothing was done for {wall}: a wrong clock, or a long outage")
    return _backward(wall)


def _backward(moved: timedelta) -> Jump | None:
    if moved >= -BACKWARD:
        return None
    return Jump(zh=f"系统时间倒退了{span(-moved)}", en=f"the system clock has gone back by {-moved}")


def span(length: timedelta) -> str:
    """``3天2小时``, ``1小时5分钟``, ``40秒``: the two largest parts; the rest is dropped."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "天"), (hours, "小时"), (minutes, "分钟"), (seconds, "秒")]
    first = next((n for n, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return "".join(f"{count}{name}" for count, name in parts[first : first + 2] if count) or "0秒"
