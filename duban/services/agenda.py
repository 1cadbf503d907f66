"""The days of one unit for its own calendar: what is open of a notice. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.state import HOLDER
from duban.domain.terms import UNIT, MailKind, Role, Status
from duban.services.letters import coordinator, office_to_ask
from duban.services.lines import line, past
from duban.services.records import Records
from models.obligation import owed_of_units
from notifications.invite import calendar_of
from notifications.letter import Letter, Person, Section


@dataclass(frozen=True, kw_only=True)
class _Page:
    """No mail: what a reader takes from a page."""

    at: datetime
    kind: str = MailKind.NOTICE
    detail: str = "{}"


def agenda(session: Session, notice_id: str, unit_id: str, *, now: datetime) -> bytes | None:
    """A calendar file (text/calendar) with the day of each open material; None where nothing open has a day.

    Its entries are those of the mails: an entry that a mail brought is moved, not doubled. NotFound.
    """
    records = Records(session)
    notice, unit = records.notice(notice_id), records.unit(unit_id)
    owed = owed_of_units(session, {unit_id}).get(unit_id, ())
    rows = [row for row in owed if row.notice_id == notice_id and HOLDER[Status(row.status)] == UNIT]
    known = past(records, rows, with_files=False)
    lines = tuple(line(records, row, _Page(at=now), known) for row in rows)
    section = Section(notice_title=notice.title, document_number=notice.document_number, lines=lines)
    return calendar_of(
        Letter(
            kind=MailKind.NOTICE,
            role=Role.CLERK,
            to=Person(name="", email=""),
            unit_name=unit.name,
            relation=unit.relation,
            sections=(section,),
            sender_name=notice.issuing_office or records.unit(notice.issuer).name,
            reply_to=coordinator(records, notice),
            ask=office_to_ask(records, notice),
            code="",
            now=now.astimezone(notice.tz),
            message_id="",
        )
    )
