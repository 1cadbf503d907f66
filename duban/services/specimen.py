"""A mail as it would read, before it is sent; and the very mail to whoever asks for it, marked as a test."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from duban.domain.errors import ActRefused
from duban.domain.links import Mint, masked
from duban.domain.roster import Contact
from duban.domain.terms import MailKind, Role
from duban.services.letters import background, letter
from duban.services.mailing import Parcel, mail_of, post_parcel
from duban.services.pressing import Sorted, kind_of
from duban.services.records import Records
from models import MailItemRow, MailRow
from models.enqueueing import ITEM
from models.obligation import owed_by_ids
from notifications.compose import compose
from notifications.letter import Letter, Person

#: The address in From of what is only looked at.
NOWHERE = "duban@duban.invalid"
#: What a test says besides.
NOTE = "这是一封测试邮件，只发给您本人，内容与单位将收到的相同；单位的报送链接不在其中，也不计入已发的提醒。"


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """A mail as its reader would see it, links masked."""

    subject: str
    text: str


def specimen(records: Records, notice: str, found: Sorted, parcel: Parcel, *, mint: Mint | None) -> Specimen:
    """How one of the mails reads."""
    mail, items = _draft(parcel, notice, found)
    known = background(records, [(mail, items)])
    composed = compose(letter(records, mail, items, known, mint=mint).letter, account=NOWHERE)
    return Specimen(subject=composed.subject, text=masked(composed.text))


def _draft(parcel: Parcel, notice: str, found: Sorted) -> tuple[MailRow, list[MailItemRow]]:
    values = mail_of(parcel, kind=kind_of(parcel), key=f"specimen:{notice}", at=found.dated, notice=notice)
    rows = [item.row() for item in parcel.items]
    return MailRow.model_validate(values), [_item(n, row) for n, row in enumerate(rows)]


def _item(position: int, row: Sequence[object]) -> MailItemRow:
    return MailItemRow(mail_id=0, position=position, **dict(zip(ITEM, row, strict=True)))  # type: ignore[arg-type]


def post_trial(session: Session, notice: str, found: Sorted, *, unit: str, to: Person, key: str) -> None:
    """Put the mail that a unit's clerk would get into the outbox, for ``to`` alone.

    It tells nobody anything: no item, so nothing is counted as said. ActRefused where the unit gets none now.
    """
    parcel = next((p for p in found.parcels if unit in {item.obligation.unit_id for item in p.items}), None)
    if parcel is None:
        raise ActRefused("该单位现在不会收到邮件，没有可试发的内容", "the unit would get no mail now")
    contact = Contact(role=Role.CLERK, person=to.name, email=to.email)
    detail = {
        "kind": str(kind_of(parcel)),
        "person": parcel.contact.person,
        "items": [item.obligation.id for item in parcel.items],
    }
    own = Parcel(contact=contact, unit_id=parcel.unit_id, role=Role.CLERK)
    post_parcel(
        Records(session), own, kind=MailKind.TRIAL, key=f"trial:{key}", at=found.dated, notice=notice, detail=detail
    )


def trial(records: Records, mail: MailRow) -> Letter | None:
    """The words of such a mail as it leaves; None where nothing of it is left."""
    detail = json.loads(mail.detail)
    rows = owed_by_ids(records.session, detail["items"])
    owed = [rows[number] for number in detail["items"] if number in rows]
    held = [row for row in owed if row.due_at is not None and row.status in ("pending", "returned")]
    if not held:
        return None
    like = MailRow(**mail.model_dump(exclude={"id", "kind", "detail"}), kind=detail["kind"])
    items = [
        MailItemRow(
            mail_id=0,
            position=n,
            obligation_id=row.id,
            owner="unit",
            round=row.round,
            due_at=row.due_at,
            role=mail.role,
        )
        for n, row in enumerate(held)
    ]
    known = background(records, [(like, items)])
    drawn = letter(records, like, items, known).letter
    return replace(drawn, to=Person(name=detail["person"], email=mail.to_email), note=NOTE, is_trial=True)
