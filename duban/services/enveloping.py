"""What a unit sends by post: which papers go together, to which office, and how the envelope is marked."""

from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from duban.domain.calendar import WorkCalendar
from duban.domain.due import Due
from duban.domain.errors import NotFound
from duban.domain.notice import PARENT, Deliverable, Notice, Office, Track
from duban.domain.terms import Role, Status
from duban.domain.tracks import RECEIVED
from duban.services.columns import Planned
from duban.services.handing import media, states
from duban.services.records import Records
from duban.services.tracking import code_for
from models.obligation import Owed, owed_of_units


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Papers of one unit with the same deadline and the same receiver, in the notice's order."""

    notice: Notice
    office: Office
    unit_name: str
    #: of the unit's clerk; empty: none is known
    phone: str
    #: ids of deliverables, or occurrences ``ID@YYYY-MM-DD``
    deliverables: tuple[str, ...]
    papers: tuple[tuple[Deliverable, Track], ...]
    #: the short code of the first
    code: str
    planned: Planned
    calendar: WorkCalendar


@dataclass(frozen=True)
class _Sheet:
    """One paper track of one obligation."""

    row: Owed
    track: Track


def envelope(session: Session, notice: str, unit: str, *, of: str = "") -> Envelope:
    """The envelope with the material ``of``; without one, the first that the unit has to send. NotFound."""
    for found in envelopes(session, notice, unit):
        if of in ("", *found.deliverables):
            return found
    raise NotFound("没有需要寄送的纸质件", "there is no paper to send")


def envelopes(session: Session, notice_id: str, unit: str) -> list[Envelope]:
    """What a unit has to send of a notice, the earliest deadline first; what has arrived is not in it."""
    records = Records(session)
    records.notice(notice_id)
    rows = [row for row in owed_of_units(session, [unit])[unit] if row.notice_id == notice_id]
    sheets = sorted((sheet for row in rows for sheet in _sheets(records, row)), key=_address)
    return [_envelope(records, list(group)) for _, group in groupby(sheets, key=_address)]


def _sheets(records: Records, row: Owed) -> list[_Sheet]:
    """The paper of one obligation that has not arrived."""
    if row.status == Status.WAIVED:
        return []
    stand = states(row, media(records, row))
    tracks = enumerate(records.deliverable(row).tracks)
    return [_Sheet(row, track) for n, track in tracks if track.medium == "paper" and stand[n] is not RECEIVED]


def _address(sheet: _Sheet) -> tuple[bool, str, str]:
    """What one envelope has in common, those without a day last; sorting keeps the notice's order within."""
    at = sheet.row.due_at
    return (at is None, at.isoformat() if at else "", sheet.track.to)


def _envelope(records: Records, sheets: list[_Sheet]) -> Envelope:
    row, track = sheets[0].row, sheets[0].track
    notice, unit = records.definition(row.notice_id, row.deliverable), records.unit(row.unit_id)
    due = Due(day=row.due_day, at=row.due_at) if row.due_day and row.due_at else None
    phones = [contact.phone for contact in unit.contacts if contact.role is Role.CLERK and contact.phone]
    return Envelope(
        notice=notice,
        office=_above(records, unit.parent) if track.to == PARENT else notice.offices[track.to],
        unit_name=unit.name,
        phone=phones[0] if phones else "",
        deliverables=tuple(sheet.row.deliverable for sheet in sheets),
        papers=tuple((records.deliverable(sheet.row), sheet.track) for sheet in sheets),
        code=code_for(row.id),
        planned=Planned(class_name=records.class_name(row), form=records.form(row), due=due),
        calendar=records.calendar,
    )


def _above(records: Records, parent: str | None) -> Office:
    """The unit above, as an office."""
    above = records.units.get(parent or "")
    return Office(name=above.name if above else "上级主管部门")
