"""The one exit: claim · data · settle. Nothing is sent that no longer stands when its sending begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic

from sqlalchemy import Engine

from duban.domain.errors import DubanError
from duban.domain.terms import DIGEST_KINDS, MailKind, Status
from duban.services.letters import letter
from duban.services.records import Records
from duban.services.summarizing import summary
from models import MailItemRow, MailRow, MailState, ObligationRow
from models.obligation import by_ids
from models.outbox import abandoned_in_data, claim, items_of, mine, release, under_way
from models.session import writing
from notifications.compose import compose
from notifications.letter import Letter, Summary
from notifications.post import AccountRefused, Carrier, Deferred, Failed, Outcome, Sent, Unknown

#: Mails claimed at once.
BATCH = 100
#: A sender that has not settled within this (real) time is taken for dead.
LEASE = timedelta(minutes=10)
#: A deferred mail is tried again after 30 minutes, 1 h, 2 h, 4 h, then every 8 h (RFC 5321, 4.5.4.1).
FIRST_PAUSE = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=8)
#: So many tries take about 4 days; counted in tries, so that a pause of our own gives nothing up.
MOST_ATTEMPTS = 16
#: In doubt it is sent once more; then a person decides. Never more than two copies.
MOST_DOUBTS = 2


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who sends: its name in claims, its carrier, the address in From, and the page that mails link to."""

    name: str
    carrier: Carrier
    account: str
    base_url: str | None = None


def deliver(engine: Engine, sender: Sender, *, now: datetime, real_now: datetime) -> int:
    """Send what may leave by ``now``; answers how many mails were sent.

    For each mail, in order: claim it; in the transaction that marks it ``data``, drop the items that no longer
    stand (none left: cancelled) and keep the text as it will leave; transmit once; settle by the outcome.
    A crash leaves ``claimed`` (taken again after the lease) or ``data`` (one more try, then ``unknown``).
    AccountRefused: the account does not work; nothing is lost, every mail waits as before.
    """
    sent, began = 0, monotonic()

    def present() -> datetime:
        """The real moment: a long batch outlasts the leases that were given at its beginning."""
        return real_now + timedelta(seconds=monotonic() - began)

    recover(engine, real_now=real_now)
    try:
        with sender.carrier:
            while ids := _claim(engine, sender, now, present()):
                sent += sum(_send(engine, sender, mail_id, now, present()) for mail_id in ids)
    finally:
        with writing(engine) as session:
            release(session, sender.name)
    return sent


def recover(engine: Engine, *, real_now: datetime) -> None:
    """Mails whose sender died while transmitting: one more try with the same Message-ID, then a human."""
    with writing(engine) as session:
        for mail in abandoned_in_data(session, real_now):
            mail.doubts += 1
            again = mail.doubts < MOST_DOUBTS
            mail.state = MailState.PENDING if again else MailState.UNKNOWN
            mail.reason = "发送中断，已重发一次" if again else "两次发送中断，是否送达不明，请人工核实"
            session.add(mail)


def _claim(engine: Engine, sender: Sender, now: datetime, real_now: datetime) -> list[int]:
    with writing(engine) as session:
        return claim(session, owner=sender.name, now=now, real_now=real_now, lease=real_now + LEASE, limit=BATCH)


def _send(engine: Engine, sender: Sender, mail_id: int, now: datetime, real_now: datetime) -> bool:
    with writing(engine) as session:
        mail = mine(session, mail_id, sender.name)
        message = _begin(Records(session), mail, sender, real_now) if mail else None
    if mail is None or message is None:
        return False
    try:
        outcome = sender.carrier.deliver(message, mail.to_email)
    except AccountRefused as refusal:
        with writing(engine) as session:
            _settle(under_way(session, mail_id, sender.name), Deferred(reason=refusal.zh), now)
        raise
    with writing(engine) as session:
        _settle(under_way(session, mail_id, sender.name), outcome, now)
    return isinstance(outcome, Sent)


def _begin(records: Records, mail: MailRow, sender: Sender, real_now: datetime) -> EmailMessage | None:
    """The last moment: what still stands, and its text, in the transaction that sets ``data``."""
    assert mail.id is not None
    records.session.add(mail)
    try:
        words = _words(records, mail, mail.id, sender)
        if words is None:
            mail.state, mail.reason = MailState.CANCELLED, "事项已了，不再发送"
            return None
        message = compose(words, account=sender.account)
    except DubanError as error:
        # a poisoned row is parked with its reason; the others go on
        mail.state, mail.reason = MailState.FAILED, error.zh
        return None
    mail.subject = str(message["Subject"])
    mail.text, mail.html = _part(message, "plain"), _part(message, "html")
    mail.state, mail.attempts, mail.lease_until = MailState.DATA, mail.attempts + 1, real_now + LEASE
    return message


def _words(records: Records, mail: MailRow, mail_id: int, sender: Sender) -> Letter | Summary | None:
    """What the mail says now; None when nothing of it stands."""
    if mail.kind == MailKind.SUMMARY:
        return summary(records, mail, base_url=sender.base_url)
    items = standing_items(records, mail, items_of(records.session, [mail_id])[mail_id])
    return letter(records, mail, items, base_url=sender.base_url) if items else None


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return part.get_content().replace("\r\n", "\n") if part else ""


def standing_items(records: Records, mail: MailRow, items: Sequence[MailItemRow]) -> list[MailItemRow]:
    """The items that may still be said: nothing for a closed obligation, nor for a day no longer in force."""
    rows = by_ids(records.session, {item.obligation_id for item in items})
    return [item for item in items if _stands(records, mail, item, rows[item.obligation_id])]


def _stands(records: Records, mail: MailRow, item: MailItemRow, row: ObligationRow) -> bool:
    if mail.kind == MailKind.RECEIVED:
        return True
    if mail.kind not in DIGEST_KINDS:
        return row.status in (Status.PENDING, Status.RETURNED) and row.round == item.round
    ball = records.ball(row)
    return (
        ball is not None
        and (ball.owner, ball.round) == (item.owner, item.round)
        and (ball.due and ball.due.at) == item.due_at
    )


def _settle(mail: MailRow | None, outcome: Outcome, now: datetime) -> None:
    """Write down what became of it, unless it was taken for abandoned meanwhile and is another sender's now."""
    if mail is None:
        return
    mail.claimed_by = mail.lease_until = None
    match outcome:
        case Sent():
            mail.state, mail.sent_at, mail.reason = MailState.SENT, now, ""
        case Deferred() if mail.attempts < MOST_ATTEMPTS:
            mail.state, mail.reason = MailState.DEFERRED, outcome.reason
            mail.not_before = now + min(FIRST_PAUSE * 2 ** max(mail.attempts - 1, 0), LONGEST_PAUSE)
        case Deferred() | Failed():
            mail.state, mail.reason = MailState.FAILED, outcome.reason
        case Unknown():
            mail.doubts += 1
            again = mail.doubts < MOST_DOUBTS
            mail.state, mail.reason = MailState.DEFERRED if again else MailState.UNKNOWN, outcome.reason
            mail.not_before = now + FIRST_PAUSE
