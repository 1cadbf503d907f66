"""The mailbox: what was sent, as its readers see it, and what was not, with the reason. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope
from duban.domain.calendar import ONE_DAY
from duban.domain.errors import NotFound
from duban.domain.links import links_in, masked
from duban.domain.terms import REVIEW_PREFIX, Role
from duban.reading.maildir import Box, Received
from duban.services.lines import deliverable_name
from duban.services.records import Records
from models import MailItemRow, MailRow
from models.obligation import by_ids
from models.outbox import items_of
from models.views import MailFilter, mail_counts, mail_page

#: Mails on one page.
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which mails somebody wants to see; what is empty does not narrow."""

    kind: str = ""
    state: str = ""
    #: an address
    person: str = ""
    day: date | None = None
    words: str = ""
    #: from 1
    page: int = 1
    #: whose eyes these are
    scope: Scope = EVERYTHING


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A mail in the list."""

    mail: MailRow
    unit_name: str
    #: how often the local mail server received it
    copies: int
    #: how many due actions or obligations caused it
    items: int
    #: it asks for reviews alone, by these rungs
    for_review: bool = False
    rungs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Post:
    """A page of the mailbox."""

    mails: tuple[Listed, ...]
    #: over all pages, by state
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a mail was written: one due action, or one obligation touched."""

    notice_id: str
    document_number: str
    unit_id: str
    unit_name: str
    deliverable_name: str
    item: MailItemRow
    role: Role


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One mail with everything about it."""

    mail: MailRow
    unit_name: str
    causes: tuple[Cause, ...]
    #: as it was received; None where there is no local mail server, or where it never arrived
    received: Received | None
    #: for its reader, who comes in by its links; for anybody else they are taken out
    with_links: bool = False

    @property
    def html(self) -> str:
        """As its reader sees it; else as it left; empty while it was not written."""
        return self._shown(self.received.html) if self.received else self.mail.html

    @property
    def text(self) -> str:
        return self._shown(self.received.text) if self.received else self.mail.text

    @property
    def links(self) -> tuple[str, ...]:
        """The links by which its reader comes in, where they are shown."""
        return links_in(self.text) if self.with_links else ()

    def _shown(self, body: str) -> str:
        return body if self.with_links else masked(body)


def post(session: Session, box: Box, wanted: Wanted, *, zone: ZoneInfo) -> Post:
    """A page of mails, the newest first; days are those of ``zone``."""
    records = Records(session)
    narrowed = _filter(wanted, zone)
    found = mail_page(session, narrowed, offset=(wanted.page - 1) * PAGE, limit=PAGE)
    items = items_of(session, [mail.id or 0 for mail in found])
    mails = tuple(
        Listed(
            mail=mail,
            unit_name=records.unit(mail.unit_id).name,
            copies=box.copies(mail.message_id),
            items=len(items[mail.id or 0]),
            for_review=for_review(items[mail.id or 0]),
            rungs=tuple(item.rung for item in items[mail.id or 0] if item.rung),
        )
        for mail in found
    )
    return Post(mails=mails, counts=mail_counts(session, narrowed))


def for_review(items: Sequence[MailItemRow]) -> bool:
    """A mail with these items asks for reviews alone."""
    return bool(items) and all(item.owner.startswith(REVIEW_PREFIX) for item in items)


def _filter(wanted: Wanted, zone: ZoneInfo) -> MailFilter:
    since = datetime.combine(wanted.day, datetime.min.time(), zone) if wanted.day else None
    return MailFilter(
        kind=wanted.kind,
        states=(wanted.state,) if wanted.state else (),
        person=wanted.person,
        since=since,
        before=since + ONE_DAY if since else None,
        words=wanted.words,
        scope=wanted.scope,
    )


def opened(session: Session, box: Box, mail_id: int, *, with_links: bool = False) -> Opened:
    """One mail; NotFound."""
    mail = session.get(MailRow, mail_id)
    if mail is None:
        raise NotFound(f"没有第 {mail_id} 号邮件", f"no mail {mail_id}")
    records = Records(session)
    return Opened(
        mail=mail,
        unit_name=records.unit(mail.unit_id).name,
        causes=tuple(_causes(records, items_of(session, [mail_id])[mail_id])),
        received=box.find(mail.message_id),
        with_links=with_links,
    )


def _causes(records: Records, items: Sequence[MailItemRow]) -> list[Cause]:
    rows = by_ids(records.session, [item.obligation_id for item in items])
    return [
        Cause(
            notice_id=row.notice_id,
            document_number=records.notice(row.notice_id).document_number,
            unit_id=row.unit_id,
            unit_name=records.unit(row.unit_id).name,
            deliverable_name=deliverable_name(records.deliverable(row).name, row.deliverable),
            item=item,
            role=Role(item.role),
        )
        for item, row in ((item, rows[item.obligation_id]) for item in items)
    ]
