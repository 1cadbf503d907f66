"""What an operator may do with mails that wait or are in doubt, and with the accounts; each leaves its event."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.errors import InputRefused, NotFound
from duban.services.mailing import MESSAGE_ID_DOMAIN
from duban.services.pausing import pause as rest
from duban.services.pausing import paused
from duban.services.pausing import resume as unpause
from models import AccountRow, MailRow, MailState
from models.event import record
from models.mailroom import WAITING, accounts, free_accounts, in_states, locked, state_counts
from models.session import reading, writing
from notifications.clean import one_line
from notifications.post import AccountRefused, Carrier, Outcome, Sent, Unknown
from notifications.trial import trial

#: States from which an operator may send again, and may cancel.
RETRIED = (MailState.DEFERRED, MailState.FAILED)
CANCELLED = (MailState.PENDING, *RETRIED)

STATE_WORDS = {
    MailState.PENDING: ("待发", "pending"),
    MailState.CLAIMED: ("即将发出", "claimed"),
    MailState.DATA: ("发送中", "in transmission"),
    MailState.SENT: ("已发出", "sent"),
    MailState.DEFERRED: ("稍后重试", "deferred"),
    MailState.FAILED: ("未送达", "failed"),
    MailState.UNKNOWN: ("是否送达不明", "unknown"),
    MailState.CANCELLED: ("已取消", "cancelled"),
}


class Choice(StrEnum):
    """What a person decides about a mail that may or may not have arrived."""

    SEND_AGAIN = "send-again"
    MARK_SENT = "mark-sent"
    CANCEL = "cancel"


#: Where each choice leads, and what is noted on the mail.
_DECIDED = {
    Choice.SEND_AGAIN: (MailState.PENDING, "经人工核实，重新发送"),
    Choice.MARK_SENT: (MailState.SENT, "经人工核实，已送达"),
    Choice.CANCEL: (MailState.CANCELLED, "经人工核实，不再发送"),
}


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What waits, and why."""

    #: why no mail leaves at all; empty: mails leave
    paused: str
    counts: dict[MailState, int]
    #: the oldest first, no more than asked for
    waiting: tuple[MailRow, ...]
    accounts: tuple[AccountRow, ...]


def queue(session: Session, *, limit: int | None) -> Queue:
    """The outbox at a glance; failed mails are listed too, for they wait for a person."""
    return Queue(
        paused=paused(session),
        counts=state_counts(session),
        waiting=tuple(in_states(session, (*WAITING, MailState.FAILED, MailState.UNKNOWN), limit=limit)),
        accounts=tuple(accounts(session)),
    )


def doubtful(session: Session) -> list[MailRow]:
    """The mails of which nobody knows whether they arrived, the oldest first."""
    return in_states(session, (MailState.UNKNOWN,))


def retry(session: Session, numbers: Sequence[int], *, by: str, now: datetime) -> int:
    """Let deferred or failed mails leave at the next opportunity; answers how many.

    NotFound; InputRefused for a mail in another state, and then none of them is touched.
    """
    return _retry(session, _in(session, numbers, RETRIED, "重发", "retried"), by=by, now=now)


def retry_all(session: Session, *, by: str, now: datetime) -> int:
    """As ``retry``, for every deferred or failed mail. InputRefused when there is none."""
    numbers = [mail.id for mail in in_states(session, RETRIED) if mail.id]
    if not numbers:
        raise InputRefused("没有未送达或稍后重试的邮件", "no mail is deferred or failed")
    return _retry(session, [m for m in locked(session, numbers).values() if m.state in RETRIED], by=by, now=now)


def _retry(session: Session, mails: Sequence[MailRow], *, by: str, now: datetime) -> int:
    for mail in mails:
        mail.state, mail.not_before, mail.attempts = MailState.PENDING, now, 0
        session.add(mail)
    record(session, at=now, name="mail_retried", by=by, data={"mails": [mail.id for mail in mails]})
    return len(mails)


def cancel(session: Session, number: int, *, by: str, now: datetime) -> None:
    """A mail that has not begun to leave never will. NotFound; InputRefused in any other state."""
    (mail,) = _in(session, [number], CANCELLED, "取消", "cancelled")
    mail.state, mail.reason = MailState.CANCELLED, "人工取消"
    session.add(mail)
    record(session, at=now, name="mail_cancelled", by=by, data={"mail": number})


def decide(session: Session, number: int, choice: Choice, *, by: str, now: datetime) -> None:
    """A person settles a mail in doubt. Sent again, it is tried once more and no oftener. NotFound; InputRefused."""
    (mail,) = _in(session, [number], (MailState.UNKNOWN,), "按“送达不明”处理", "decided as unknown")
    mail.state, mail.reason = _DECIDED[choice]
    if choice is Choice.SEND_AGAIN:
        mail.not_before, mail.attempts = now, 0
    if choice is Choice.MARK_SENT:
        mail.sent_at = now
    session.add(mail)
    record(session, at=now, name="mail_decided", by=by, data={"mail": number, "choice": str(choice)})


def resolve(session: Session, number: int, choice: Choice, *, by: str, now: datetime) -> None:
    """What a person decides about any mail that did not simply arrive: in doubt, failed, deferred or waiting.

    NotFound; InputRefused where the mail's state does not allow it.
    """
    mail = locked(session, [number]).get(number)
    if mail is None or mail.state == MailState.UNKNOWN or choice is Choice.MARK_SENT:
        decide(session, number, choice, by=by, now=now)
    elif choice is Choice.SEND_AGAIN:
        retry(session, [number], by=by, now=now)
    else:
        cancel(session, number, by=by, now=now)


def pause(session: Session, reason: str, *, by: str, now: datetime) -> str:
    """Let no mail leave; answers the reason. InputRefused when it rests already, or without a reason."""
    reason = one_line(reason)
    if not reason:
        raise InputRefused("请写明暂停的原因", "give a reason")
    if not rest(session, reason, by=by, now=now):
        raise InputRefused(f"发信已经暂停：{paused(session)}", f"mail is paused already: {paused(session)}")
    return reason


def resume(session: Session, *, by: str, now: datetime) -> int:
    """Let mail leave again, by every account; answers how many accounts were stopped or held.

    InputRefused when neither the mail was paused nor an account kept from sending.
    """
    was_paused, freed = unpause(session, by=by, now=now), free_accounts(session)
    if not was_paused and not freed:
        raise InputRefused("发信没有暂停，账号也没有停用", "mail is not paused, and no account is stopped")
    if freed:
        record(session, at=now, name="accounts_freed", by=by, data={"accounts": freed})
    return freed


def try_account(engine: Engine, carrier: Carrier, *, to: str, account: str, by: str, now: datetime) -> Outcome:
    """Send one plain mail past the outbox and answer what the server said.

    InputRefused for an address that is none, and while mail is paused; AccountRefused.
    """
    with reading(engine) as session:
        reason = paused(session)
    if reason:
        raise InputRefused(f"发信已暂停（{reason}），先运行 duban mail resume", f"mail is paused: {reason}")
    message = trial(to, account=account, message_id=f"<{uuid.uuid4().hex}@{MESSAGE_ID_DOMAIN}>", at=now)
    try:
        with carrier:
            outcome = carrier.deliver(message, to)
    except AccountRefused as refusal:
        _record_trial(engine, to, refusal.zh, by, now)
        raise
    _record_trial(engine, to, outcome_words(outcome)[0], by, now)
    return outcome


def _record_trial(engine: Engine, to: str, said: str, by: str, now: datetime) -> None:
    with writing(engine) as session:
        record(session, at=now, name="mail_tried", by=by, data={"to": to, "said": said})


def outcome_words(outcome: Outcome) -> tuple[str, str]:
    """What became of a mail, in Chinese and English."""
    if isinstance(outcome, Sent):
        return "服务器已接收", "taken by the server"
    prefix = ("是否送达不明", "perhaps sent") if isinstance(outcome, Unknown) else ("没有发出", "not sent")
    return f"{prefix[0]}：{outcome.reason}", f"{prefix[1]}: {outcome.reason}"


def _in(session: Session, numbers: Sequence[int], states: Sequence[MailState], zh: str, en: str) -> list[MailRow]:
    """These mails, locked, in the order asked; NotFound; InputRefused when one is in another state."""
    found = locked(session, numbers)
    missing = next((number for number in numbers if number not in found), None)
    if missing is not None:
        raise NotFound(f"没有第 {missing} 号邮件", f"no mail {missing}")
    for number in dict.fromkeys(numbers):
        state = MailState(found[number].state)
        if state not in states:
            words = STATE_WORDS[state]
            raise InputRefused(f"第 {number} 号邮件{words[0]}，不能{zh}", f"mail {number} is {words[1]}, not {en}")
    return [found[number] for number in dict.fromkeys(numbers)]
