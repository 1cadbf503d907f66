"""From an outbox row to the letter that is composed: what stands when its sending begins."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from duban.domain.links import Mint
from duban.domain.notice import Notice
from duban.domain.phrases import event_phrase
from duban.domain.roster import recipients
from duban.domain.terms import ISSUER, UNIT, MailKind, Role, Status
from duban.services.lines import Past, line, past
from duban.services.links import Doors, LinkRow, Ways, doors, page_for
from duban.services.records import Records
from models import MailItemRow, MailRow
from models.hold import Turn, held_of
from models.obligation import Owed, owed_by_ids, owed_of_units
from models.told import threads
from notifications.letter import Addendum, Letter, Office, Person, Section


@dataclass(frozen=True, kw_only=True)
class Background:
    """What some mails tell of, read at once."""

    #: the obligations of their items
    rows: Mapping[int, Owed]
    #: unit → everything it owes, where a clerk is told of it
    by_unit: Mapping[str, Sequence[Owed]]
    past: Past
    #: notice and address → the notice mail, so that mail programs keep the thread together
    threads: Mapping[tuple[str, str], str]
    #: what the links of their readers depend on
    doors: Doors
    #: turns of these obligations in which nobody is chased
    held: Collection[Turn] = ()


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A letter, and the rows of the links in it."""

    letter: Letter
    links: tuple[LinkRow, ...] = ()


def background(records: Records, mails: Sequence[tuple[MailRow, Sequence[MailItemRow]]]) -> Background:
    """The background of mails with these items."""
    session = records.session
    rows = owed_by_ids(session, {item.obligation_id for _, items in mails for item in items})
    telling = [items for mail, items in mails if _tells_of_others(mail, items)]
    units = {rows[item.obligation_id].unit_id for items in telling for item in items}
    by_unit = owed_of_units(session, units) if units else {}
    return Background(
        rows=rows,
        by_unit=by_unit,
        past=past(
            records,
            _each_once([*rows.values(), *chain.from_iterable(by_unit.values())]),
            with_files=any(mail.kind == MailKind.RECEIVED for mail, _ in mails),
        ),
        threads=threads(session, {mail.to_email for mail, _ in mails if mail.kind != MailKind.NOTICE}),
        doors=doors(records, [mail for mail, _ in mails]),
        held=held_of(session, rows).keys() if rows else (),
    )


def _each_once(rows: Iterable[Owed]) -> list[Owed]:
    return list({row.id: row for row in rows}.values())


def letter(
    records: Records, mail: MailRow, items: Sequence[MailItemRow], known: Background, *, mint: Mint | None = None
) -> Drawn:
    """The letter of ``mail`` with the items that still stand; without ``mint`` it names no page."""
    first = records.notice(known.rows[items[0].obligation_id].notice_id)
    unit = records.unit(mail.unit_id)
    ways = Ways(records, mail, known.doors, mint)
    drawn = Letter(
        kind=MailKind(mail.kind),
        role=Role(mail.role),
        to=Person(name=mail.to_person, email=mail.to_email),
        unit_name=unit.name,
        relation=unit.relation,
        sections=_sections(records, mail, items, known, ways),
        sender_name=first.issuing_office or records.unit(first.issuer).name,
        reply_to=coordinator(records, first),
        ask=office_to_ask(records, first),
        code=mail.code,
        url=page_for(mail, first.id, known.doors, mint) if mint else None,
        message_id=mail.message_id,
        thread_id=known.threads.get((first.id, mail.to_email)),
        now=mail.at.astimezone(first.tz),
        addendum=_addendum(first) if mail.kind == MailKind.NOTICE else None,
    )
    return Drawn(letter=drawn, links=tuple(ways.rows))


def coordinator(records: Records, notice: Notice) -> Person:
    """The issuer's clerk: who is answered to. Without one, the office printed in the notice."""
    contacts = recipients(records.units, notice.issuer, Role.CLERK, notice.issuer)
    if contacts:
        return Person(name=contacts[0].person, email=contacts[0].email)
    office = notice.offices.get(notice.contact or "")
    return Person(name=office.name if office else ISSUER, email=office.email if office else "")


def office_to_ask(records: Records, notice: Notice) -> Office:
    """Whom to call: the coordinator's office."""
    contacts = recipients(records.units, notice.issuer, Role.CLERK, notice.issuer)
    phone = next((contact.phone for contact in contacts if contact.phone), "")
    person = contacts[0].person if contacts else ""
    name = notice.issuing_office or records.unit(notice.issuer).name
    return Office(name=f"{name} {person}".strip(), phone=phone, hours="工作日 8:30—11:30、13:30—17:00")


def _sections(
    records: Records, mail: MailRow, items: Sequence[MailItemRow], known: Background, ways: Ways
) -> tuple[Section, ...]:
    """A section per notice in the order of the items; a clerk also sees what else is open and what has arrived."""
    others = _others(records, mail, items, known) if _tells_of_others(mail, items) else []
    by_notice: dict[str, list[MailItemRow]] = {}
    for item in items:
        by_notice.setdefault(known.rows[item.obligation_id].notice_id, []).append(item)
    for row in others:
        by_notice.setdefault(row.notice_id, [])
    return tuple(
        _section(
            records,
            mail,
            notice,
            said,
            others=[row for row in others if row.notice_id == notice],
            known=known,
            ways=ways,
        )
        for notice, said in by_notice.items()
    )


def _section(
    records: Records,
    mail: MailRow,
    notice: str,
    items: Sequence[MailItemRow],
    *,
    others: Sequence[Owed],
    known: Background,
    ways: Ways,
) -> Section:
    return Section(
        notice_title=records.notice(notice).title,
        document_number=records.notice(notice).document_number,
        lines=tuple(line(records, known.rows[item.obligation_id], mail, known.past, item) for item in items),
        also_open=tuple(line(records, row, mail, known.past) for row in others if _is_open(row)),
        received=tuple(line(records, row, mail, known.past) for row in others if not _is_open(row)),
        entrances=ways.entrances(notice, items, known.rows, others),
    )


def _tells_of_others(mail: MailRow, items: Sequence[MailItemRow]) -> bool:
    """A clerk is told of all that the own unit owes; who reviews is not, nor who hears of a notice first."""
    to_unit = all(item.owner == UNIT for item in items)
    return mail.role == Role.CLERK and mail.kind != MailKind.NOTICE and to_unit


def _others(records: Records, mail: MailRow, items: Sequence[MailItemRow], known: Background) -> list[Owed]:
    """The other obligations of the same units under open notices; an immediate mail keeps to its own notice."""
    said = {item.obligation_id for item in items}
    units = dict.fromkeys(known.rows[item.obligation_id].unit_id for item in items)
    found = [owed for unit in units for owed in known.by_unit[unit]]
    mine = [owed for owed in found if owed.id not in said and mail.notice_id in (None, owed.notice_id)]
    open_or_in = (o for o in mine if o.status != Status.WAIVED and not records.is_closed(o.notice_id))
    return sorted(open_or_in, key=lambda o: o.notice_id)


def _is_open(row: Owed) -> bool:
    return row.status in (Status.PENDING, Status.RETURNED)


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
