"""How often a program may ask: counted in this process, in real time, for whoever came in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import Request

from duban.clock import real_now
from duban.services.sessions import Guest
from duban.web.api.refusals import TooOften


@dataclass
class Pace:
    """So many requests within a window, for each who asks."""

    most: int = 1200
    window: timedelta = timedelta(minutes=1)
    #: who → since when, how many
    counted: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    def count(self, who: str, now: datetime) -> bool:
        """Count one; False when there were too many."""
        since, count = self.counted.get(who, (now, 0))
        if not since <= now < since + self.window:
            self._forget(now)
            since, count = now, 0
        self.counted[who] = (since, count + 1)
        return count < self.most

    def _forget(self, now: datetime) -> None:
        """Windows that are over."""
        self.counted = {who: one for who, one in self.counted.items() if one[0] <= now < one[0] + self.window}


async def keep_pace(request: Request) -> None:
    """Behind the rule of each door: TooOften. On the one thread of the server, so that nothing is counted twice."""
    guest: Guest | None = getattr(request.state, "guest", None)
    pace: Pace = request.app.state.pace
    if guest and not pace.count(_name(guest), real_now()):
        raise TooOften("请求过于频繁，请稍后再试", "too many requests: wait a while")


def _name(guest: Guest) -> str:
    return f"person:{guest.subject.person}" if guest.subject.person else f"session:{guest.session}"
