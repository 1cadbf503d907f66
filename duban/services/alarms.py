"""What keeps the work from being done, for the banner of the pages and for ``/readyz``. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from duban.domain.calendar import opening
from duban.domain.jumps import Reading, span
from duban.services.pausing import paused
from duban.services.pulse import doubt, quiet
from duban.services.records import Records
from models.mailroom import accounts, overdue_since


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One thing that somebody must see to."""

    #: a stable name for machines
    name: str
    zh: str
    en: str


#: Minutes of office hours after which a mail that might leave is stuck: three deliveries have passed it by.
STUCK_AFTER = 30


def alarms(session: Session, real: Reading, *, since: Reading, now: datetime) -> list[Alarm]:
    """All that is the matter, the gravest first.

    ``since``: when these pages began to answer; ``now``: the domain's moment.
    """
    found = [*_clock(session, real), *_silence(session, real, since), *_paused(session), *_stopped(session)]
    # whatever is the matter besides says already why mails wait
    return found or list(_stuck(session, now))


def _stuck(session: Session, now: datetime) -> Iterator[Alarm]:
    oldest = overdue_since(session, now)
    if oldest is None:
        return
    calendar = Records(session).calendar
    if not calendar.speaks_at(now):
        return
    waited = now - max(oldest, opening(now.date(), now.tzinfo or UTC))
    minutes = int(waited.total_seconds() // 60)
    if minutes > STUCK_AFTER:
        zh = f"有邮件已等待{span(waited)}没有发出。请查看运行情况，或运行 duban mail queue 查看原因。"
        yield Alarm(name="stuck", zh=zh, en=f"a mail that may leave has waited for {minutes} minutes")


def _clock(session: Session, real: Reading) -> Iterator[Alarm]:
    why = doubt(session, real)
    if why:
        zh = f"{why}。提醒和邮件已暂停，请核对本机时间，无误后运行 duban clock accept。"
        yield Alarm(name="clock", zh=zh, en="the clock is doubted: check it, then run duban clock accept")


def _silence(session: Session, real: Reading, since: Reading) -> Iterator[Alarm]:
    found = quiet(session, real, since=since)
    if found.is_silence:
        zh = f"自动办理已停{span(found.length)}，提醒和邮件没有发出。请查看运行情况，或手动运行一次 duban sweep。"
        yield Alarm(name="silence", zh=zh, en=f"no sign of life for {int(found.length.total_seconds())} s")


def _paused(session: Session) -> Iterator[Alarm]:
    why = paused(session)
    if why:
        yield Alarm(name="paused", zh=f"发信已暂停：{why}。恢复请运行 duban mail resume。", en="mail is paused")


def _stopped(session: Session) -> Iterator[Alarm]:
    for account in accounts(session):
        if account.is_stopped:
            zh = f"发信账号 {account.address} 已停用：{account.reason.rstrip('。')}。处理后运行 duban mail resume。"
            yield Alarm(name="account", zh=zh, en=f"the account {account.address} is stopped: {account.reason}")
