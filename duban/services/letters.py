"""From an outbox row to the letter that is composed: what stands when its sending begins."""

from collections.abc import Sequence

from duban.domain.notice import Notice
from duban.domain.phrases import event_phrase
from duban.domain.roster import recipients
from duban.domain.terms import ISSUER, UNIT, MailKind, Role, Status
from duban.services.lines import line, past
from duban.services.records import Records
from models import MailItemRow, MailRow, ObligationRow
from models.obligation import by_ids, of_units
from models.outbox import notice_message_id
from notifications.letter import Addendum, Letter, Line, Office, Person, Section


def letter(records: Records, mail: MailRow, items: Sequence[MailItemRow], *, base_url: str | None = None) -> Letter:
    """The letter of ``mail`` with the items that still stand."""
    rows = by_ids(records.session, {item.obligation_id for item in items})
    first = records.notice(rows[items[0].obligation_id].notice_id)
    unit = records.unit(mail.unit_id)
    return Letter(
        kind=MailKind(mail.kind),
        role=Role(mail.role),
        to=Person(name=mail.to_person, email=mail.to_email),
        unit_name=unit.name,
        relation=unit.relation,
        sections=_sections(records, mail, items, rows),
        sender_name=first.issuing_office or records.unit(first.issuer).name,
        reply_to=coordinator(records, first),
        ask=_ask(records, first),
        code=mail.code,
        url=base_url,
        message_id=mail.message_id,
        thread_id=_thread(records, mail, first.id),
        now=mail.at.astimezone(first.tz),
        addendum=_addendum(first) if mail.kind == MailKind.NOTICE else None,
    )


def coordinator(records: Records, notice: Notice) -> Person:
    """The issuer's clerk: who is answered to. Without one, the office printed in the notice."""
    contacts = recipients(records.roster, notice.issuer, Role.CLERK, notice.issuer)
    if contacts:
        return Person(name=contacts[0].person, email=contacts[0].email)
    office = notice.offices.get(notice.contact or "")
    return Person(name=office.name if office else ISSUER, email=office.email if office else "")


def _ask(records: Records, notice: Notice) -> Office:
    """Whom to call: the coordinator's office."""
    contacts = recipients(records.roster, notice.issuer, Role.CLERK, notice.issuer)
    phone = next((contact.phone for contact in contacts if contact.phone), "")
    person = contacts[0].person if contacts else ""
    name = notice.issuing_office or records.unit(notice.issuer).name
    return Office(name=f"{name} {person}".strip(), phone=phone, hours="工作日 8:30—11:30、13:30—17:00")


def _sections(
    records: Records, mail: MailRow, items: Sequence[MailItemRow], rows: dict[int, ObligationRow]
) -> tuple[Section, ...]:
    """A section per notice in the order of the items; a clerk also sees what else is open and what has arrived."""
    others = _others(records, mail, rows) if mail.role == Role.CLERK and _speaks_to_unit(items) else []
    known = past(records, [*rows.values(), *others])
    by_notice: dict[str, list[Line]] = {}
    for item in items:
        row = rows[item.obligation_id]
        by_notice.setdefault(row.notice_id, []).append(line(records, row, mail, known, item))
    for row in others:
        by_notice.setdefault(row.notice_id, [])
    return tuple(
        Section(
            notice_title=records.notice(notice).title,
            document_number=records.notice(notice).document_number,
            lines=tuple(lines),
            also_open=tuple(
                line(records, row, mail, known) for row in others if row.notice_id == notice and _is_open(row)
            ),
            received=tuple(
                line(records, row, mail, known) for row in others if row.notice_id == notice and not _is_open(row)
            ),
        )
        for notice, lines in by_notice.items()
    )


def _speaks_to_unit(items: Sequence[MailItemRow]) -> bool:
    return all(item.owner == UNIT for item in items)


def _others(records: Records, mail: MailRow, rows: dict[int, ObligationRow]) -> list[ObligationRow]:
    """The other obligations of the same units; an immediate mail keeps to its own notice."""
    if mail.kind == MailKind.NOTICE:
        return []
    units = {row.unit_id for row in rows.values()}
    found = [row for row in of_units(records.session, units) if row.id not in rows and row.status != Status.WAIVED]
    return [row for row in found if mail.notice_id in (None, row.notice_id)]


def _is_open(row: ObligationRow) -> bool:
    return row.status in (Status.PENDING, Status.RETURNED)


def _thread(records: Records, mail: MailRow, notice: str) -> str | None:
    """The notice mail to the same person, so that mail programs keep the thread together."""
    if mail.kind == MailKind.NOTICE:
        return None
    return notice_message_id(records.session, notice, mail.to_email)


def _addendum(notice: Notice) -> Addendum:
    used = {track.to for _, deliverable in notice.placed() for track in deliverable.tracks}
    return Addendum(
        theme=notice.theme,
        basis=tuple(" ".join(part for part in (b.title, b.document_number) if part) for b in notice.based_on),
        receivers=tuple(
            Office(name=o.name, email=o.email, phone=o.phone, address=o.address, postcode=o.postcode)
            for name, o in notice.offices.items()
            if name in used
        ),
        events=tuple(event_phrase(event) for event in notice.events.values()),
        duties=tuple(duty.text for duty in notice.duties),
    )
