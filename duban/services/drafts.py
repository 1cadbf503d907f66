"""A mail composed ahead, and what its words rest on: as long as that stands, they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.links import Mint
from duban.domain.terms import UNIT, MailKind, Role
from duban.services.inviting import way_in
from duban.services.letters import Background, background, letter
from duban.services.links import LinkRow
from duban.services.records import Records
from duban.services.specimen import trial
from duban.services.standing import is_by_hand, is_left_over, opens_at, standing_items
from duban.services.summarizing import summary
from duban.services.weekly import weekly
from models import MailItemRow, MailRow
from models.gate import Gate, told_of
from models.outbox import items_of, units_of_items
from notifications.compose import Composed, Words, compose

#: Mails that are about no obligation: drawn up at the last moment.
WITHOUT_ITEMS = (MailKind.SUMMARY, MailKind.LINK, MailKind.TRIAL, MailKind.WEEKLY)


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A mail with its items, which never change, and the units that these are about."""

    mail: MailRow
    items: tuple[MailItemRow, ...] = ()
    #: of a clerk's mail: the units whose other materials it tells of
    units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a mail says as of one moment."""

    #: None: nothing of it stands
    words: Words | None
    #: None: now; else it may not be said before
    opens_at: datetime | None = None
    #: composed for this account
    account: str = ""
    message: Composed | None = None
    #: the rows of the links in it, written when its sending begins
    links: tuple[LinkRow, ...] = ()
    #: what it rests on; None: it must be drawn up anew at the last moment
    rests_on: object = None
    #: why it does not leave, where ``words`` is None
    why: str = "事项已了，不再发送"

    def for_account(self, account: str, *, bare: bool) -> Composed:
        """The message as it leaves by ``account``."""
        assert self.words is not None
        if self.message is not None and self.account == account and not bare:
            return self.message
        return compose(self.words, account=account, bare=bare)


def foundation(session: Session, envelope: Envelope, barred: Gate, *, keep: bool) -> object:
    """What the words of a mail rest on, as it is now; ``keep``: and stays until this transaction ends."""
    ids = [item.obligation_id for item in envelope.items]
    told = told_of(session, units=envelope.units, ids=ids, keep=keep)
    return barred.roster, barred.workdays, barred.revisions, barred.links, barred.holds, told


def keeps(mail: MailRow, now: datetime) -> bool:
    """True where a mail drawn up ahead stays right as long as what it rests on stands."""
    return mail.kind not in WITHOUT_ITEMS and not (is_left_over(mail, now) or is_by_hand(mail))


def draft(
    records: Records,
    envelope: Envelope,
    now: datetime,
    *,
    mint: Mint | None,
    account: str = "",
    known: Background | None = None,
) -> Draft:
    """What a mail says now; with ``account`` composed too, to be used later. ``now``: the domain's.

    ``mint`` makes the links; without it there are none.
    ``known``: its background, where it has been read with that of others. Whatever cannot be composed raises.
    """
    mail, items = envelope.mail, envelope.items
    if mail.kind == MailKind.SUMMARY:
        return Draft(words=summary(records, mail, base_url=mint.base_url if mint else None))
    if mail.kind == MailKind.TRIAL:
        return Draft(words=trial(records, mail))
    if mail.kind == MailKind.WEEKLY:
        return Draft(words=weekly(records, mail, base_url=mint.base_url if mint else None))
    if mail.kind == MailKind.LINK:
        invited = way_in(records, mail, mint)
        return Draft(words=invited.words, links=invited.links)
    known = known or background(records, [(mail, items)])
    standing = standing_items(records, mail, items, known.rows, now, held=known.held)
    if not standing:
        return Draft(words=None)
    if is_left_over(mail, now):
        # days are counted from the day on which it leaves
        mail.at = now
    drawn = letter(records, mail, standing, known, mint=mint)
    return Draft(
        words=drawn.letter,
        opens_at=opens_at(records, mail, known.rows, now),
        account=account,
        message=compose(drawn.letter, account=account) if account else None,
        links=drawn.links,
    )


def envelopes_of(session: Session, mails: Sequence[MailRow]) -> list[Envelope]:
    """Mails with their items."""
    numbers = [mail.id for mail in mails if mail.id is not None]
    items, units = items_of(session, numbers), units_of_items(session, numbers)
    return [_envelope(mail, tuple(items[mail.id or 0]), units) for mail in mails]


def _envelope(mail: MailRow, items: tuple[MailItemRow, ...], units: dict[int, str]) -> Envelope:
    tells_of_others = mail.role == Role.CLERK and all(item.owner == UNIT for item in items)
    about = sorted({units[item.obligation_id] for item in items}) if tells_of_others else ()
    return Envelope(mail=mail, items=items, units=tuple(about))
