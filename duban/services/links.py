"""The links of mails: which ones a letter carries, and their rows, written when its sending begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duban.domain.links import LinkKey, Mint, Purpose, expiry, hashed
from duban.domain.terms import UNIT, Role
from duban.services.records import Records
from models import MailItemRow, MailRow
from models.entry_link import Key, generations
from models.obligation import Owed
from models.person import enabled_addresses
from notifications.letter import Entrance

#: A link's row, by column.
LinkRow = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Doors:
    """What is known of the readers of some mails, read at once."""

    #: the generation of their links, where it is not the first
    generations: Mapping[Key, int]
    #: addresses (small letters) that may log in, as far as a mail without links of its own asks
    accounts: frozenset[str]


#: Nobody has lost a link, nobody may log in.
CLOSED = Doors(generations={}, accounts=frozenset())


def doors(records: Records, mails: Iterable[MailRow]) -> Doors:
    """What is known of the readers of ``mails``."""
    clerks = {mail.to_email.lower() for mail in mails if has_links(mail)}
    others = {mail.to_email.lower() for mail in mails if not has_links(mail)}
    return Doors(
        generations=generations(records.session, clerks) if clerks else {},
        accounts=frozenset(enabled_addresses(records.session, others)) if others else frozenset(),
    )


def has_links(mail: MailRow) -> bool:
    """True for a mail to somebody who hands in or reviews: leaders, chiefs and supervisors only look."""
    return mail.role == Role.CLERK


def page_for(mail: MailRow, notice: str, known: Doors, mint: Mint) -> str | None:
    """The page of a notice, for a reader who may log in and has no link."""
    if has_links(mail) or mail.to_email.lower() not in known.accounts:
        return None
    return f"{mint.base_url}/notices/{notice}"


class Ways:
    """The links of one letter."""

    def __init__(self, records: Records, mail: MailRow, known: Doors, mint: Mint | None) -> None:
        self._records, self._mail, self._known = records, mail, known
        self._mint = mint if has_links(mail) else None
        #: their rows
        self.rows: list[LinkRow] = []

    def entrances(
        self, notice: str, items: Sequence[MailItemRow], said: Mapping[int, Owed], others: Sequence[Owed]
    ) -> tuple[Entrance, ...]:
        """The links of the section of a notice: one for each unit that its lines are about."""
        if self._mint is None:
            return ()
        owing = [said[item.obligation_id] for item in items]
        asked = [(self._purpose(item), self._unit(item, row)) for item, row in zip(items, owing, strict=True)]
        asked += [(Purpose.UNIT, row.unit_id) for row in others]
        known = [*owing, *others]
        return tuple(self._entrance(self._mint, *key, notice, _last_due(known)) for key in dict.fromkeys(asked))

    def _is_stand_in(self, purpose: Purpose, unit: str) -> bool:
        """The reader reviews for an absent colleague: by the own account, as long as that lasts, never by a link."""
        own = {contact.email.lower() for contact in self._records.unit(unit).contacts}
        return purpose is Purpose.REVIEW and self._mail.to_email.lower() not in own

    def _purpose(self, item: MailItemRow) -> Purpose:
        return Purpose.UNIT if item.owner == UNIT else Purpose.REVIEW

    def _unit(self, item: MailItemRow, row: Owed) -> str:
        return self._records.holder(row, item.owner)

    def _entrance(self, mint: Mint, purpose: Purpose, unit: str, notice: str, last_due: datetime | None) -> Entrance:
        mail = self._mail
        if self._is_stand_in(purpose, unit):
            url = f"{mint.base_url}/reviews"
            return Entrance(unit_name=self._records.unit(unit).name, url=url, for_review=True)
        key = key_in_force(purpose, mail.to_email, unit, notice, self._known.generations)
        token = mint.token(key)
        self.rows.append(row_of(key, token, person=mail.to_person, at=mail.at, last_due=last_due))
        name = self._records.unit(unit).name
        return Entrance(unit_name=name, url=mint.url(purpose, token), for_review=purpose is Purpose.REVIEW)


def key_in_force(purpose: Purpose, address: str, unit: str, notice: str, known: Mapping[Key, int]) -> LinkKey:
    """The key of a link, of the generation in force."""
    plain = address.lower()
    generation = known.get((str(purpose), plain, unit, notice), 1)
    return LinkKey(purpose=purpose, address=plain, unit=unit, notice=notice, generation=generation)


def row_of(
    key: LinkKey, token: str, *, person: str, at: datetime, last_due: datetime | None, handed_on_by: str = ""
) -> LinkRow:
    """The row of a link, by column; ``at``: of the mail that brings it."""
    return {
        "hash": hashed(token),
        "purpose": str(key.purpose),
        "address": key.address,
        "person": person,
        "unit_id": key.unit,
        "notice_id": key.notice,
        "generation": key.generation,
        "made_at": at,
        "expires_at": expiry(last_due=last_due, mailed_at=at),
        "revoked_at": None,
        "handed_on_by": handed_on_by,
    }


def _last_due(rows: Iterable[Owed]) -> datetime | None:
    return max((row.due_at for row in rows if row.due_at), default=None)
