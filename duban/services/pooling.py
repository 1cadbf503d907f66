"""The accounts by which mail may leave: which is next, what each has used, and what its provider said. Real time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol, runtime_checkable

from sqlmodel import Session

from duban.domain import pace
from duban.domain.pace import Profile, Usage
from models import AccountRow
from models.account import accounts, locked_accounts
from models.setting import put_setting, setting
from notifications.outcome import Brake
from notifications.post import AccountRefused, Carrier

#: Logins refused in a row after which an account is asked no more: a third gets the machine's address banned.
MOST_REFUSED_LOGINS = 2
#: How a stopped account is set free.
REPAIRED = ("改好后运行 duban mail resume 恢复发信。", "then run: duban mail resume")
#: A server that is not there is asked again after this.
ABSENT = timedelta(minutes=1)
#: A connection that takes one mail only, and is still one too many, rests for this.
TOO_SHORT = timedelta(minutes=16)

_FACTS = tuple(field.name for field in fields(Usage))


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """One account by which mail may leave."""

    #: in From and in the envelope
    address: str
    carrier: Carrier
    profile: Profile


@runtime_checkable
class _Shortening(Protocol):
    """A carrier whose connections can be made shorter while it is open."""

    per_connection: int


@lru_cache(maxsize=32)
def _untouched(addresses: tuple[str, ...]) -> dict[str, AccountRow]:
    """Accounts of which nothing is on record; only looked at."""
    return {address: AccountRow(address=address) for address in addresses}


class Desk:
    """The accounts within one transaction: locked, so that two senders never use the same quota twice.

    Where no account has a limit nothing is locked, and nothing is written while all goes well.
    """

    def __init__(
        self,
        session: Session,
        outlets: Sequence[Outlet],
        moment: datetime,
        *,
        refused: Mapping[str, AccountRefused],
        reads: bool,
        locks: bool,
    ) -> None:
        """``refused``: what the servers of this run have said of logins; ``moment`` is real time.

        ``reads``: there is something on record; ``locks``: something is about to be written down.
        """
        addresses = [outlet.address for outlet in outlets]
        if locks or not all(outlet.profile.is_unlimited for outlet in outlets):
            self._rows = locked_accounts(session, addresses)
        elif reads:
            self._rows = accounts(session, addresses)
        else:
            self._rows = _untouched(tuple(addresses))
        self._session = session
        self._outlets = outlets
        self._moment = moment
        self._refused = refused

    def next(self) -> Outlet | datetime | AccountRefused:
        """The account that may send now; else the moment when one may; else why none works."""
        working = [o for o in self._outlets if not (self._row(o).is_stopped or o.address in self._refused)]
        if not working:
            return self._refusal()
        free = [(pace.free_from(o.profile, _usage(self._row(o)), self._moment), o) for o in working]
        when, outlet = min(free, key=lambda pair: pair[0])
        return outlet if when <= self._moment else when

    def reserve(self, outlet: Outlet) -> None:
        """Count one more mail, before it leaves."""
        usage = _usage(self._row(outlet))
        if isinstance(outlet.carrier, _Shortening) and usage.per_connection:
            outlet.carrier.per_connection = min(outlet.carrier.per_connection, usage.per_connection)
        if not outlet.profile.is_unlimited:
            self._write(outlet, pace.sent(usage, self._moment))

    def worked(self, outlet: Outlet) -> None:
        """The server has spoken with us: logins are in order."""
        if self._row(outlet).logins_refused:
            self._put(outlet, logins_refused=0, reason="")

    def login_refused(self, outlet: Outlet, refusal: AccountRefused) -> None:
        """Count a refused login; the second in a row stops the account, over all processes."""
        count = self._row(outlet).logins_refused + 1
        self._put(outlet, logins_refused=count, reason=refusal.zh, is_stopped=count >= MOST_REFUSED_LOGINS)

    def brake(self, outlet: Outlet, brake: Brake, *, is_quota: bool) -> None:
        """Do as the provider says: rest, go slower, use shorter connections, or stop."""
        usage = _usage(self._row(outlet))
        if brake.halve or brake.until_tomorrow or is_quota:
            usage = pace.complained(usage, self._moment)
        if brake.shorten and pace.per_connection(outlet.profile, usage) == 1:
            usage = pace.held(usage, self._moment + TOO_SHORT)
        elif brake.shorten:
            usage = pace.shortened(outlet.profile, usage)
        if brake.hold or brake.until_tomorrow:
            usage = pace.held(usage, self._rest(outlet, brake))
        self._write(outlet, usage)
        self._put(outlet, reason=brake.zh, is_stopped=self._row(outlet).is_stopped or brake.stop)

    def _rest(self, outlet: Outlet, brake: Brake) -> datetime:
        """Until when: as the answer says, longer with each one of a day where it says so, at last until tomorrow."""
        if brake.hold is None or brake.until_tomorrow:
            return pace.tomorrow(self._moment)
        if not brake.then:
            return self._moment + brake.hold
        holds = (brake.hold, *brake.then)
        before = self._count_of_day(outlet)
        return self._moment + holds[before] if before < len(holds) else pace.tomorrow(self._moment)

    def _count_of_day(self, outlet: Outlet) -> int:
        """How many such answers this day has brought before this one, which is counted too."""
        key, day = f"brakes:{outlet.address}", pace.local_day(self._moment).isoformat()
        counted, _, count = (setting(self._session, key) or "").partition(" ")
        before = int(count) if counted == day else 0
        put_setting(self._session, key, f"{day} {before + 1}")
        return before

    def absent(self, outlet: Outlet, reason: str) -> None:
        """The server is not there: the other mails need not find that out one by one."""
        self._write(outlet, pace.held(_usage(self._row(outlet)), self._moment + ABSENT))
        self._put(outlet, reason=reason)

    def _row(self, outlet: Outlet) -> AccountRow:
        return self._rows[outlet.address]

    def _write(self, outlet: Outlet, usage: Usage) -> None:
        self._put(outlet, **asdict(usage))

    def _put(self, outlet: Outlet, **values: object) -> None:
        row = self._row(outlet)
        for name, value in values.items():
            setattr(row, name, value)
        self._session.add(row)

    def _refusal(self) -> AccountRefused:
        said = [self._refused.get(o.address) or _stopped(self._row(o)) for o in self._outlets]
        return AccountRefused("；".join(s.zh for s in said), "; ".join(s.en for s in said))


def _stopped(row: AccountRow) -> AccountRefused:
    zh, en = REPAIRED
    return AccountRefused(
        f"发信账号 {row.address} 已停用：{row.reason.rstrip('。')}。{zh}",
        f"{row.address} is stopped: {row.reason}; {en}",
    )


def _usage(row: AccountRow) -> Usage:
    return Usage(**{name: getattr(row, name) for name in _FACTS})


def usage_of(session: Session, outlets: Sequence[Outlet]) -> dict[str, Usage | None]:
    """What each account has used; None for one that is stopped."""
    found = accounts(session, [outlet.address for outlet in outlets])
    return {address: None if row.is_stopped else _usage(row) for address, row in found.items()}
