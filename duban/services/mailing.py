"""Mails into the outbox: who gets them, under which key, with which items. Nothing is sent here."""

import base64
import hashlib
import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from duban.domain.roster import Contact, recipients
from duban.domain.terms import UNIT, MailKind, Role, TaskKind
from duban.services.records import Owing, Records
from duban.services.standing_in import StandIns, stand_ins
from models.enqueueing import enqueue
from models.task import give

#: The domain part of our Message-IDs; a reserved name, so that it never collides with a real host's.
MESSAGE_ID_DOMAIN = "duban.invalid"
#: How the key of a mail begins that was written by hand: ``press:PRESS:ADDRESS``.
BY_HAND = "press:"


class Item(NamedTuple):
    """An obligation in a mail: why it is there, and under which role its reader gets it."""

    obligation: Owing
    role: Role
    round: int
    due_at: datetime | None
    owner: str = UNIT
    rung: str | None = None

    def row(self) -> tuple[object, ...]:
        """By column, as ``models.enqueueing.ITEM`` has them."""
        return (self.obligation.id, self.owner, self.rung, self.round, self.due_at, str(self.role))


@dataclass(kw_only=True)
class Parcel:
    """What one person gets in one mail."""

    contact: Contact
    unit_id: str
    role: Role
    items: list[Item] = field(default_factory=list)
    kinds: set[MailKind] = field(default_factory=set)
    _seen: set[tuple[int | None, str, str | None]] = field(default_factory=set)

    def add(self, item: Item) -> None:
        """Put an item in, unless it is in already: who would get it twice gets it once."""
        about = (item.obligation.id, item.owner, item.rung)
        if about not in self._seen:
            self._seen.add(about)
            self.items.append(item)


class Parcels:
    """Items sorted by person (an address), in the order in which people first come up."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.by_email: dict[str, Parcel] = {}
        self._found: dict[tuple[str, Role, str], tuple[Contact, ...]] = {}
        self._stand_ins: StandIns | None = None

    def address(self, unit_id: str, role: Role, issuer: str) -> tuple[Contact, ...]:
        """The people who are ``role`` for a unit, after the fallbacks."""
        asked = (unit_id, role, issuer)
        if asked not in self._found:
            self._found[asked] = recipients(self.records.units, unit_id, role, issuer)
        return self._found[asked]

    def to_holder(self, unit_id: str, item: Item, issuer: str, now: datetime) -> tuple[Contact, ...]:
        """The people who are told of an item: a reviewer on leave is told nothing, the stand-in is."""
        found = self.address(unit_id, item.role, issuer)
        if item.owner == UNIT:
            return found
        if self._stand_ins is None:
            self._stand_ins = stand_ins(self.records.session, now=now)
        present = [self._stand_ins.get((unit_id, contact.email.lower()), contact) for contact in found]
        return tuple({contact.email.lower(): contact for contact in present}.values())

    def put_roles(self, row: Owing, roles: Iterable[Role], *, kind: MailKind) -> bool:
        """An obligation for these roles of its unit; False when nobody can be written to."""
        issuer = self.records.notice(row.notice_id).issuer
        reached = False
        for role in roles:
            item = Item(obligation=row, role=role, round=row.round, due_at=row.due_at)
            for contact in self.address(row.unit_id, role, issuer):
                self.put(contact, row.unit_id, item, kind=kind)
                reached = True
        return reached

    def put(self, contact: Contact, unit_id: str, item: Item, *, kind: MailKind) -> None:
        """One item for one person."""
        key = contact.email.lower()
        parcel = self.by_email.get(key)
        if parcel is None:
            parcel = self.by_email[key] = Parcel(contact=contact, unit_id=unit_id, role=item.role)
        parcel.add(item)
        parcel.kinds.add(kind)


def _message_id() -> str:
    """One that no other mail has; it need not be a secret, and many are wanted at once."""
    return f"<{random.getrandbits(128):032x}@{MESSAGE_ID_DOMAIN}>"


def reply_code(key: str) -> str:
    """The short code of a mail, ``T7K2-9QXM``: the same for the same mail, whenever it is sent."""
    text = base64.b32encode(hashlib.sha256(key.encode()).digest()[:5]).decode()
    return f"{text[:4]}-{text[4:]}"


def post_parcel(
    records: Records,
    parcel: Parcel,
    *,
    kind: MailKind,
    key: str,
    at: datetime,
    notice: str | None = None,
    digest_day: date | None = None,
    detail: Mapping[str, object] | None = None,
) -> bool:
    """Put one person's mail into the outbox; False when it is there already."""
    mail = mail_of(parcel, kind=kind, key=key, at=at, notice=notice, digest_day=digest_day, detail=detail)
    return bool(enqueue(records.session, [(mail, [item.row() for item in parcel.items])]))


def mail_of(
    parcel: Parcel,
    *,
    kind: MailKind,
    key: str,
    at: datetime,
    notice: str | None = None,
    digest_day: date | None = None,
    detail: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The outbox row of one person's mail."""
    return {
        "key": key,
        "kind": str(kind),
        "notice_id": notice,
        "to_email": parcel.contact.email,
        "to_person": parcel.contact.person,
        "unit_id": parcel.unit_id,
        "role": str(parcel.role),
        "at": at,
        "not_before": at,
        "digest_day": digest_day,
        "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else "{}",
        "message_id": _message_id(),
        "code": reply_code(key),
    }


def post_at_once(
    records: Records,
    rows: Iterable[Owing],
    roles: tuple[Role, ...],
    *,
    kind: MailKind,
    event: int,
    notice: str,
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> int:
    """The immediate mails of one event: one per person, listing the obligations touched; gaps become tasks.

    Answers how many mails it put into the outbox.
    """
    parcels = Parcels(records)
    for row in rows:
        if not parcels.put_roles(row, roles, kind=kind):
            report_gap(records, notice, row.unit_id, roles[0], at)
    mails = [
        (
            mail_of(p, kind=kind, key=f"{kind}:{event}:{email}", at=at, notice=notice, detail=detail),
            [item.row() for item in p.items],
        )
        for email, p in parcels.by_email.items()
    ]
    return len(enqueue(records.session, mails))


def report_gap(records: Records, notice: str, unit_id: str, role: Role, at: datetime) -> None:
    """Tell the coordinator, once, that there is nobody to write to."""
    name = records.unit(unit_id).name
    text = f"{name}没有可用的{role.zh}邮箱，邮件无法送达，请补登联系人。"
    give(
        records.session,
        {
            "key": f"gap:{notice}:{unit_id}:{role}",
            "notice_id": notice,
            "at": at,
            "kind": str(TaskKind.CONTACT_GAP),
            "unit_id": unit_id,
            "text": text,
        },
    )
