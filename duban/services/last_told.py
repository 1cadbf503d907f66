"""The last mail about a material, to all whom it went to; and the last that did not arrive. Reads nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from duban.domain.ladder import Ladder
from duban.domain.terms import MailKind, Role
from models import MailState
from models.supervising import LOST, Mailed


@dataclass(frozen=True, kw_only=True)
class Told:
    """A mail to the unit."""

    mail_id: int
    #: in the notice's zone
    at: datetime
    kind: MailKind
    state: MailState
    #: to whom, with the name where there is one
    to: tuple[tuple[Role, str], ...]
    #: why it did not arrive
    reason: str = ""


def last_told(mails: Sequence[Mailed], ladder: Ladder, zone: ZoneInfo) -> tuple[Told | None, Told | None]:
    """The last that went out, to all whom it went to at that moment; and the last that did not arrive, unless a later
    one reached the same role."""
    gone = [mail for mail in mails if MailState(mail.state) not in LOST]
    reached = {mail.role: mail.at for mail in reversed(gone)}
    lost = [m for m in mails if MailState(m.state) in LOST and not (m.role in reached and reached[m.role] > m.at)]
    told = _together([mail for mail in gone if mail.at == gone[0].at], ladder, zone) if gone else None
    return told, _together(lost[:1], ladder, zone) if lost else None


def _together(mails: Sequence[Mailed], ladder: Ladder, zone: ZoneInfo) -> Told:
    first = mails[0]
    # what it said of this material; the digest as a whole may be graver
    kinds = {rung.code: rung.kind for rung in ladder.rungs}
    said = [kinds.get(mail.rung or "", MailKind(mail.kind)) for mail in mails]
    return Told(
        mail_id=first.mail_id,
        at=first.at.astimezone(zone),
        kind=max(said, key=list(MailKind).index),
        state=MailState(first.state),
        to=tuple((Role(mail.role), mail.to_person) for mail in reversed(mails)),
        reason=first.reason,
    )
