"""What keeps the work from being done, for the banner of the pages and for ``/readyz``. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from duban.domain.jumps import Reading, span
from duban.services.pausing import paused
from duban.services.pulse import doubt, quiet
from models.mailroom import accounts


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One thing that somebody must see to."""

    #: a stable name for machines
    name: str
    zh: str
    en: str


def alarms(session: Session, real: Reading, *, since: Reading) -> list[Alarm]:
    """All that is the matter, the gravest first; ``since``: when these pages began to answer."""
    return [*_clock(session, real), *_silence(session, real, since), *_paused(session), *_stopped(session)]


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
