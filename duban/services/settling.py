"""What becomes of a mail after one attempt: of the mail itself, of its account, of the address it went to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from duban.domain.calendar import ONE_DAY
from duban.domain.terms import Role, TaskKind
from duban.services.drafts import Envelope
from duban.services.pausing import pause
from duban.services.pooling import Desk, Outlet
from duban.services.records import Records
from models import MailRow, MailState
from models.gate import refuse_address
from models.obligation import by_ids
from models.task import give
from notifications.post import AccountRefused, Deferred, Failed, Outcome, Sent, Unknown

#: A deferred mail is tried again after 30 minutes, 1 h, 2 h, 4 h, then every 8 h (RFC 5321, 4.5.4.1).
FIRST_PAUSE = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=8)
#: So many tries take about 4 days; counted in tries, so that a pause of our own gives nothing up.
MOST_ATTEMPTS = 16
#: In doubt it is sent once more; then a person decides. Never more than two copies.
MOST_DOUBTS = 2
#: So often in one run an account may be to blame for one mail; then the mail waits like any other.
MOST_BRAKES = 6

#: Answers that a quota is used up: the pace was too fast, whatever else they say.
QUOTAS = frozenset({"MI:SFQ", "RP:QRC", "MI:STC", "RP:TRC"})

Values = dict[str, object]

#: What a mail has that nobody is sending.
_FREE: Values = {"claimed_by": None, "lease_until": None}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One mail, handed once to one account, and the answer."""

    envelope: Envelope
    outlet: Outlet
    outcome: Outcome | AccountRefused
    #: how often in this run an account was to blame for this mail before
    brakes: int = 0

    @property
    def mail(self) -> MailRow:
        return self.envelope.mail


def may_go_at_once(attempt: Attempt) -> bool:
    """True when the mail was not to blame: it may leave by another account, or without its attachment."""
    outcome = attempt.outcome
    if isinstance(outcome, Deferred):
        if outcome.brake is not None:
            return outcome.pause is None and not outcome.brake.stop_all and attempt.brakes < MOST_BRAKES
        return outcome.bare and not attempt.mail.bare
    return isinstance(outcome, AccountRefused)


def after(attempt: Attempt, now: datetime) -> Values:
    """What is written down of the mail."""
    match attempt.outcome:
        case Sent():
            return _FREE | {"state": str(MailState.SENT), "sent_at": now, "reason": ""}
        case AccountRefused() as refusal:
            return _next_again(attempt, refusal.zh)
        case Deferred() as deferred:
            return (
                _next_again(attempt, deferred.reason) if may_go_at_once(attempt) else _deferred(attempt, deferred, now)
            )
        case Failed() as failed:
            return _FREE | {"state": str(MailState.FAILED), "reason": failed.reason}
        case Unknown() as unknown:
            return _FREE | _doubtful(attempt.mail, now) | {"reason": unknown.reason}


def _next_again(attempt: Attempt, reason: str) -> Values:
    """It stays ours; a try counts where the mail was to blame."""
    spent = attempt.mail.attempts if _is_bared(attempt) else attempt.mail.attempts - 1
    bare = attempt.mail.bare or _is_bared(attempt)
    return {"state": str(MailState.CLAIMED), "attempts": spent, "bare": bare, "reason": reason}


def _is_bared(attempt: Attempt) -> bool:
    return isinstance(attempt.outcome, Deferred) and attempt.outcome.brake is None and attempt.outcome.bare


def _deferred(attempt: Attempt, outcome: Deferred, now: datetime) -> Values:
    """Later, or given up."""
    tries = attempt.mail.attempts
    if outcome.brake is not None:
        not_before = now if outcome.brake.stop_all else now + (outcome.pause or FIRST_PAUSE)
        return _FREE | _waiting(outcome, not_before) | {"attempts": tries - 1}
    if tries >= min(outcome.most or MOST_ATTEMPTS, MOST_ATTEMPTS):
        return _FREE | {"state": str(MailState.FAILED), "reason": outcome.reason}
    return _FREE | _waiting(outcome, now + _pause(outcome, tries))


def _pause(outcome: Deferred, tries: int) -> timedelta:
    """What the answer says for this try, and a day after all it says; else the usual."""
    if outcome.pause is None:
        return min(FIRST_PAUSE * (1 << max(tries - 1, 0)), LONGEST_PAUSE)
    said: tuple[timedelta, ...] = (outcome.pause, *outcome.then)
    return said[tries - 1] if tries <= len(said) else ONE_DAY if outcome.then else outcome.pause


def _waiting(outcome: Deferred, not_before: datetime) -> Values:
    return {"state": str(MailState.DEFERRED), "reason": outcome.reason, "not_before": not_before}


def _doubtful(mail: MailRow, now: datetime) -> Values:
    doubts = mail.doubts + 1
    state = MailState.DEFERRED if doubts < MOST_DOUBTS else MailState.UNKNOWN
    return {"state": str(state), "doubts": doubts, "not_before": now + FIRST_PAUSE}


def tell_account(session: Session, desk: Desk, attempt: Attempt, now: datetime) -> None:
    """What the answer means for the account that sent, and for all."""
    outlet, outcome = attempt.outlet, attempt.outcome
    if isinstance(outcome, AccountRefused):
        desk.login_refused(outlet, outcome)
    elif isinstance(outcome, Deferred) and outcome.brake:
        desk.brake(outlet, outcome.brake, is_quota=outcome.token in QUOTAS)
        if outcome.brake.stop_all:
            pause(session, outcome.brake.zh, by="system", now=now)
    elif isinstance(outcome, Deferred) and not outcome.code:
        desk.absent(outlet, outcome.reason)
    else:
        desk.worked(outlet)


def tell_coordinator(session: Session, attempt: Attempt, *, now: datetime, real_now: datetime) -> None:
    """An address that a server refuses is written to no more, and somebody looks after it: once a notice."""
    outcome, mail = attempt.outcome, attempt.mail
    if not (isinstance(outcome, Failed) and outcome.permanent):
        return
    refuse_address(session, mail.to_email, at=real_now, words=outcome.reason)
    rows = by_ids(session, {item.obligation_id for item in attempt.envelope.items})
    records = Records(session)
    for notice in sorted({row.notice_id for row in rows.values()}):
        give(session, _errand(records, notice, mail, outcome, now))


def _errand(records: Records, notice: str, mail: MailRow, outcome: Failed, now: datetime) -> dict[str, object]:
    who = f"{records.unit(mail.unit_id).name}{Role(mail.role).zh}{mail.to_person}"
    return {
        "key": f"undelivered:{notice}:{mail.to_email.lower()}",
        "notice_id": notice,
        "at": now,
        "kind": str(TaskKind.UNDELIVERED),
        "unit_id": mail.unit_id,
        "text": f"请核实联系人：{who}的邮箱 {mail.to_email} 收不到邮件（{outcome.reason}），请更正后重新导入名册。",
    }
