"""The last moment of one mail: what stands, by which account, in which words; then its sending begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlmodel import Session

from duban.domain.links import Mint, masked
from duban.domain.terms import Role
from duban.services.drafts import Draft, Envelope, draft, foundation
from duban.services.mailing import report_gap
from duban.services.pooling import Desk, Outlet
from duban.services.readdressing import NOBODY, readdress
from duban.services.records import Records
from models import MailRow, MailState
from models.entry_link import put_links
from models.gate import Gate
from models.outbox import begin
from notifications.compose import Composed
from notifications.post import AccountRefused


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A mail whose sending begins now."""

    envelope: Envelope
    outlet: Outlet
    message: Composed


class Turn(Enum):
    """What else may become of a mail at its turn."""

    #: it is written down that it does not leave now
    LEFT = "left"
    #: all mail rests
    REST = "rest"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """By whom, when and until when a mail is sent."""

    #: the sender's name in claims
    owner: str
    #: makes links; None: there are no pages to link to
    mint: Mint | None
    #: the domain's time
    now: datetime
    #: real time
    lease: datetime


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one transaction sees besides the mail."""

    session: Session
    barred: Gate
    desk: Desk


#: What a mail has that nobody is sending.
FREE: Mapping[str, object] = {"claimed_by": None, "lease_until": None}


def begin_mail(
    seen: Seen, envelope: Envelope, ahead: Draft | None, terms: Terms
) -> Begun | Turn | datetime | AccountRefused:
    """Mark a mail as under way, in the transaction that has looked whether it may leave.

    The moment when an account may send, or why none works, where no account can take it now: it stays claimed.
    ``ahead`` is used if all that it rests on still stands. Whatever cannot be composed raises: park the mail.
    """
    if seen.barred.paused:
        return Turn.REST
    outlet = seen.desk.next()
    if not isinstance(outlet, Outlet):
        return outlet
    found = _as_it_stands(seen, envelope, ahead, terms)
    kept_back = _kept_back(seen.barred, found)
    if kept_back:
        begin(seen.session, envelope.mail.id or 0, terms.owner, {**kept_back, **FREE})
        return Turn.LEFT
    return _start(seen, envelope, found, outlet, terms)


def _as_it_stands(seen: Seen, envelope: Envelope, ahead: Draft | None, terms: Terms) -> Draft:
    """What the mail says now, read (and kept so) in this transaction."""
    stands = foundation(seen.session, envelope, seen.barred, keep=True)
    if ahead is not None and ahead.rests_on == stands:
        return ahead
    records, mail = Records(seen.session), envelope.mail
    if not readdress(records, envelope):
        if mail.notice_id:
            report_gap(records, mail.notice_id, mail.unit_id, Role(mail.role), mail.at)
        return Draft(words=None, why=NOBODY)
    return draft(records, envelope, terms.now, mint=terms.mint)


def _kept_back(barred: Gate, found: Draft) -> dict[str, object]:
    """What becomes of a mail that does not leave now; empty: it leaves."""
    if barred.refusal is not None:
        return {"state": str(MailState.FAILED), "reason": f"该邮箱收不到邮件：{barred.refusal}"}
    if found.words is None:
        return {"state": str(MailState.CANCELLED), "reason": found.why}
    return {"state": str(MailState.PENDING), "not_before": found.opens_at} if found.opens_at else {}


def _start(seen: Seen, envelope: Envelope, found: Draft, outlet: Outlet, terms: Terms) -> Begun | Turn:
    mail = envelope.mail
    message = found.for_account(outlet.address, bare=mail.bare)
    if not begin(seen.session, mail.id or 0, terms.owner, _under_way(mail, outlet, message, terms)):
        return Turn.LEFT
    put_links(seen.session, found.links)
    seen.desk.reserve(outlet)
    mail.attempts += 1
    return Begun(envelope=envelope, outlet=outlet, message=message)


def park(session: Session, mail: MailRow, owner: str, reason: str) -> None:
    """A poisoned mail: it stays, visible, with its reason; the others go on."""
    begin(session, mail.id or 0, owner, {"state": str(MailState.FAILED), "reason": reason, **FREE})


def _under_way(mail: MailRow, outlet: Outlet, message: Composed, terms: Terms) -> dict[str, object]:
    return {
        "state": str(MailState.DATA),
        "attempts": mail.attempts + 1,
        "lease_until": terms.lease,
        "account": outlet.address,
        "to_email": mail.to_email,
        "to_person": mail.to_person,
        "subject": message.subject,
        # as it leaves, but for the links: who may read the archive does not come in by them
        "text": masked(message.text),
        "html": masked(message.html),
    }
