"""How the exit of all mails stands: resting or not, what waits, what each account may still send today. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from duban.services.mailroom import Queue
from duban.services.quota import AccountLeft
from duban.web.chip import DONE, LATE, MAIL_STATES, SOON, Chip
from duban.web.language.saying import say
from duban.web.words import ZONE, moment
from models import MailState

#: What has not left, and what waits for a person, in the order in which it is looked at.
SHOWN = (MailState.UNKNOWN, MailState.FAILED, MailState.DEFERRED, MailState.PENDING)


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """One account."""

    address: str
    state: Chip
    #: why it rests
    reason: str
    #: of an account without a bound nothing is counted: ``不计``
    sent: str
    #: ``123``, ``不限``
    left: str


@dataclass(frozen=True, kw_only=True)
class ExitView:
    """The exit."""

    #: why no mail leaves; empty: mails leave
    paused: str
    #: state, how many, where they are listed
    counts: tuple[tuple[Chip, int, str], ...]
    accounts: tuple[AccountLine, ...]


def exit_view(found: Queue, left: Sequence[AccountLeft]) -> ExitView:
    """The exit as it stands."""
    counts = [(MAIL_STATES[state], found.counts.get(state, 0), f"/mail?state={state}") for state in SHOWN]
    return ExitView(
        paused=found.paused, counts=tuple(one for one in counts if one[1]), accounts=tuple(map(_account, left))
    )


def _account(one: AccountLeft) -> AccountLine:
    sent, left = (say("不计"), say("不限")) if one.left is None else (str(one.sent), str(one.left))
    return AccountLine(address=one.address, state=_state(one), reason=one.reason, sent=sent, left=left)


def _state(one: AccountLeft) -> Chip:
    if one.is_stopped:
        return Chip(LATE, "▲", say("已停用"))
    if one.held_until:
        until = one.held_until.astimezone(ZONE)
        return Chip(
            SOON,
            "◆",
            say("暂停至{until}", until=moment(until, until)),
        )
    return Chip(DONE, "✓", say("可用"))
