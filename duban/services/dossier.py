"""One unit in one notice: who can be reached, and everything that happened, in order. Reads only."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from duban.domain.roster import Unit
from duban.domain.terms import UNIT, TaskKind
from duban.services.lines import deliverable_name
from duban.services.naming import names_known
from duban.services.noting import CALLED
from duban.services.records import Records
from models import EventRow, MailRow, ObligationRow
from models.adjustment import adjustments_of
from models.entry_link import links_of
from models.obligation import of_units
from models.outbox import items_of
from models.person import names_of
from models.phone_note import notes_of
from models.pressing import pressed_by
from models.task import tasks_of
from models.views import entrances, events_about, mails_about

#: Events of a notice that are about some of its units, which they name.
ABOUT_SOME = ("pressed", "press_undone")
#: Events that are about a unit and none of its materials.
ABOUT_UNIT = (
    *("unit_enlisted", "contact_added", "contact_changed", "contact_removed"),
    *("order_drafted", "pause_advised", "advice_settled"),
)


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An event, a mail, a task or a call; exactly one of ``event``, ``mail``, ``task`` and ``called`` is there."""

    #: in the notice's zone
    at: datetime
    #: the event's name in the audit log
    event: str = ""
    #: whose act: ``unit``, ``issuer``, ``review:STEP``
    by: str = ""
    #: both names, where it was done for an absent colleague: ``王五 代 李四``
    on_behalf: str = ""
    #: what the event says: round, note, due_at
    data: Mapping[str, object] = field(default_factory=dict)
    mail: MailRow | None = None
    #: the mail asks its reader to review
    for_review: bool = False
    #: the rungs that caused the mail
    rungs: tuple[str, ...] = ()
    #: who sent the mail by hand; empty: the ladder did
    by_hand: str = ""
    task: TaskKind | None = None
    #: with whom a call was; then ``by`` wrote it down
    called: str = ""
    text: str = ""
    #: the deliverables that it is about
    deliverables: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Who did it, or sent it by hand, as addresses; empty where the record has none."""
        person = self.data.get("person")
        found = (self.by, self.by_hand, person if isinstance(person, str) else "")
        return tuple(dict.fromkeys(one for one in found if "@" in one))


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A unit in a notice."""

    unit: Unit
    parent: Unit | None
    #: oldest first
    happenings: tuple[Happening, ...]
    #: the names of those whose addresses (small letters) stand in it, as far as they are known
    names: Mapping[str, str] = field(default_factory=dict)


#: Events of a notice that concern one unit, and all that tell only of what they have adjusted.
OF_ONE_UNIT = ("unit_added", "unit_merged")
ADJUSTING = (*OF_ONE_UNIT, "supplemented", "cancelled", "opened_again")


def dossier(session: Session, notice_id: str, unit_id: str) -> Dossier:
    """Who ``unit_id`` is, and what happened to it in a notice; NotFound."""
    records = Records(session)
    records.notice(notice_id)
    unit = records.unit(unit_id)
    rows = [row for row in of_units(session, [unit_id]) if row.notice_id == notice_id]
    found = [
        *_events(records, notice_id, unit_id, rows),
        *_mails(records, rows),
        *_tasks(records, notice_id, unit_id),
        *_calls(records, notice_id, unit_id),
        *_openings(records, notice_id, unit_id),
    ]
    return Dossier(
        unit=unit,
        parent=records.units.get(unit.parent or ""),
        happenings=tuple(sorted(found, key=lambda happening: happening.at)),
        names=names_known(session, {address for one in found for address in one.addresses}),
    )


def _events(records: Records, notice: str, unit: str, rows: list[ObligationRow]) -> Iterator[Happening]:
    """Of the whole notice only what is about all its units, or about this one too."""
    by_id = {row.id: row for row in rows}
    touched: dict[int, list[ObligationRow]] = {}
    for one in adjustments_of(records.session, [row.id or 0 for row in rows]):
        touched.setdefault(one.event, []).append(by_id[one.obligation_id])
    found = [(e, json.loads(e.data)) for e in events_about(records.session, notice, [row.id or 0 for row in rows])]
    names = _absences(records, found)
    for event, data in found:
        row, about_some = by_id.get(event.obligation_id), event.name in (*ABOUT_SOME, *ABOUT_UNIT)
        if row is None and not _concerns(event, data, unit, touched):
            continue
        whole = touched.get(event.seq, []) if event.name in ADJUSTING else rows
        yield Happening(
            at=event.at.astimezone(records.notice(notice).tz),
            event=event.name,
            by=event.by,
            on_behalf=_on_behalf(str(data.get("person") or event.by), data.get("for"), names),
            data=data,
            deliverables=_names(records, _about(data, row, [] if about_some else whole, rows)),
        )


def _about(
    data: Mapping[str, Any], row: ObligationRow | None, whole: list[ObligationRow], rows: list[ObligationRow]
) -> list[ObligationRow]:
    """The materials that an event names, or the one that it is about, or those of the whole that it touched."""
    named = data.get("deliverables")
    if isinstance(named, list):
        return [one for one in rows if one.deliverable in named]
    return [row] if row else whole


def _concerns(event: EventRow, data: Mapping[str, Any], unit: str, touched: Mapping[int, object]) -> bool:
    """An event of the whole notice is about this unit too; a call stands in its own note."""
    if event.name == CALLED:
        return False
    if event.name in ABOUT_SOME:
        return unit in data["units"]
    if event.name in OF_ONE_UNIT:
        return event.seq in touched
    return bool(data.get("unit", unit) == unit)


def _absences(records: Records, found: Sequence[tuple[EventRow, Mapping[str, Any]]]) -> Mapping[str, str]:
    """The names of those who acted for somebody, and of those for whom."""
    pairs = [(str(data.get("person") or event.by), str(data["for"])) for event, data in found if data.get("for")]
    return names_of(records.session, {one for pair in pairs for one in pair}) if pairs else {}


def _on_behalf(by: str, absent: object, names: Mapping[str, str]) -> str:
    return f"{names.get(by, by)} 代 {names.get(str(absent), str(absent))}" if absent else ""


def _openings(records: Records, notice: str, unit: str) -> Iterator[Happening]:
    """When somebody came in by the link of a mail: the only sign of reading that is taken."""
    addresses = {link.address for link in links_of(records.session, unit=unit, notice=notice, in_force=False)}
    for event in entrances(records.session, addresses):
        data = json.loads(event.data)
        if (data.get("unit"), data.get("notice")) == (unit, notice):
            yield Happening(at=event.at.astimezone(records.notice(notice).tz), event=event.name, by=event.by, data=data)


def _mails(records: Records, rows: list[ObligationRow]) -> Iterator[Happening]:
    by_id = {row.id: row for row in rows}
    mails = mails_about(records.session, [row.id or 0 for row in rows])
    items = items_of(records.session, [mail.id or 0 for mail in mails])
    by_hand = pressed_by(records.session, [mail.id or 0 for mail in mails])
    for mail in mails:
        about = [item for item in items[mail.id or 0] if item.obligation_id in by_id]
        found = [by_id[item.obligation_id] for item in about]
        yield Happening(
            at=mail.at.astimezone(records.notice(found[0].notice_id).tz),
            mail=mail,
            by_hand=by_hand.get(mail.id or 0, ""),
            for_review=all(item.owner != UNIT for item in about),
            rungs=tuple(item.rung for item in about if item.rung),
            deliverables=_names(records, found),
        )


def _tasks(records: Records, notice_id: str, unit_id: str) -> Iterator[Happening]:
    notice = records.notice(notice_id)
    for task in tasks_of(records.session, notice_id):
        if task.unit_id == unit_id:
            name = records.find(notice_id, task.deliverable)[1].name if task.deliverable else ""
            yield Happening(
                at=task.at.astimezone(notice.tz),
                task=TaskKind(task.kind),
                text=task.text,
                deliverables=(deliverable_name(name, task.deliverable or ""),) if name else (),
            )


def _calls(records: Records, notice: str, unit: str) -> Iterator[Happening]:
    for note in notes_of(records.session, notice=notice, unit=unit):
        at = note.called_at.astimezone(records.notice(notice).tz)
        yield Happening(at=at, called=note.person, by=note.by, text=note.said)


def _names(records: Records, rows: Iterable[ObligationRow]) -> tuple[str, ...]:
    return tuple(deliverable_name(records.deliverable(row).name, row.deliverable) for row in rows)
