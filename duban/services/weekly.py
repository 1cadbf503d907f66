"""The weekly mail of a supervisor: what is overdue below, on the first working day of the week, to whom asked for it.

Put into the outbox on the day before, to leave at 09:00; worded when it leaves, so that it says what stands then, and
dropped where nothing is overdue any more.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.access import Scope, Subject
from duban.domain.calendar import WorkCalendar, opening
from duban.domain.errors import Denied
from duban.domain.roster import Contact
from duban.domain.terms import Hat, MailKind, Role
from duban.services.delegating import zone_of
from duban.services.mailing import Parcel, post_parcel
from duban.services.overseeing import Part, monday
from duban.services.records import Records
from models import MailRow, PersonRow
from models.event import record
from models.notice import notices
from models.person import grants_of, person_by_address, wanting_weekly
from models.session import writing
from notifications.letter import Person
from notifications.weekly import Overdue, Weekly

#: Units in a mail; the others are on the page.
MOST_UNITS = 60


def wants(session: Session, subject: Subject) -> bool:
    """True when the reader has asked for it."""
    person = session.get(PersonRow, subject.person) if subject.person else None
    return person is not None and person.wants_weekly


def wish(session: Session, person: PersonRow | None, *, now: datetime) -> bool:
    """Ask for it, or for it no more; answers what holds now. Denied without an account."""
    found = session.get(PersonRow, person.id) if person else None
    if found is None:
        raise Denied("每周邮件发给有账号的人，请先登录。", "the weekly mail goes to people with an account")
    found.wants_weekly = not found.wants_weekly
    session.add(found)
    session.flush()
    record(session, at=now, name="weekly_wished", by=found.address, data={"wanted": found.wants_weekly})
    return found.wants_weekly


def remind_supervisors(engine: Engine, *, now: datetime) -> int:
    """Put the mails of the coming week into the outbox; answers how many.

    Run on any day: it does something on the day before a first working day, or on that day where it was missed; once
    a person and week (the key says so), and only where something will be overdue.
    """
    with writing(engine) as session:
        records = Records(session)
        return sum(_post(records, person, now) for person in wanting_weekly(session))


def _post(records: Records, person: PersonRow, now: datetime) -> bool:
    units = supervised(records.session, person)
    if not units:
        return False
    at = begins(records.calendar, now.astimezone(ZoneInfo(zone_of(records.session, units[0]))))
    if at is None or not monday(records.session, _scope(units), now=at, size=1, only_late=True).total:
        return False
    contact = Contact(role=Role.SUPERVISOR, person=person.name, email=person.address)
    parcel = Parcel(contact=contact, unit_id=units[0], role=Role.SUPERVISOR)
    year, week, _ = at.isocalendar()
    key = f"{MailKind.WEEKLY}:{person.address}:{year}-W{week:02d}"
    return post_parcel(records, parcel, kind=MailKind.WEEKLY, key=key, at=at)


def begins(calendar: WorkCalendar, local: datetime) -> datetime | None:
    """When a mail that is asked for at ``local`` leaves: 09:00 of the next day worked, if that begins a week; at once
    in the office hours of such a day; else never (None)."""
    today = local.date()
    if is_first_of_week(calendar, today):
        start = max(local, opening(today, _zone(local)))
        return start if calendar.speaks_at(start) else None
    following = calendar.shift(today, 1)
    return opening(following, _zone(local)) if is_first_of_week(calendar, following) else None


def is_first_of_week(calendar: WorkCalendar, day: date) -> bool:
    """True for the first day worked from Monday to Sunday."""
    earlier = (day - timedelta(days=n) for n in range(1, day.weekday() + 1))
    return calendar.is_workday(day) and not any(map(calendar.is_workday, earlier))


def _zone(local: datetime) -> ZoneInfo:
    assert isinstance(local.tzinfo, ZoneInfo)
    return local.tzinfo


def supervised(session: Session, person: PersonRow) -> list[str]:
    """The units below which somebody supervises, in the order in which that was given."""
    return [grant.unit_id for grant in grants_of(session, person.id or 0) if grant.hat == Hat.SUPERVISOR]


def _scope(units: list[str]) -> Scope:
    return Scope(trees=frozenset(units))


def weekly(records: Records, mail: MailRow, *, base_url: str | None = None) -> Weekly | None:
    """The mail of an outbox row as it stands now; None where nothing is overdue, or it is not wanted any more."""
    person = person_by_address(records.session, mail.to_email)
    units = supervised(records.session, person) if person else []
    if person is None or person.disabled_at or not person.wants_weekly or not units:
        return None
    zone = ZoneInfo(zone_of(records.session, units[0]))
    found = monday(records.session, _scope(units), now=mail.at, size=MOST_UNITS, only_late=True)
    rows = sorted(_rows(records, found.parts), key=lambda row: row.document_number)
    if not rows:
        return None
    return Weekly(
        to=Person(name=mail.to_person, email=mail.to_email),
        unit_name=records.unit(units[0]).name,
        sender_name=_sender(records, units[0]),
        rows=tuple(rows),
        units=found.total,
        url=f"{base_url}/supervision" if base_url else None,
        message_id=mail.message_id,
        now=mail.at.astimezone(zone),
    )


def _sender(records: Records, unit: str) -> str:
    """The office that issued the newest notice, else the supervisor's own unit."""
    published = notices(records.session)
    newest = records.notice(published[-1].id) if published else None
    return newest.issuing_office or records.unit(newest.issuer).name if newest else records.unit(unit).name


def _rows(records: Records, parts: tuple[Part, ...]) -> Iterator[Overdue]:
    for part in parts:
        for line in part.lines:
            yield Overdue(
                notice_title=records.notice(line.notice_id).title,
                document_number=line.document_number,
                unit_name=part.unit.name,
                deliverable_name=line.deliverable_name,
                due_day=line.due_day,
                days=line.late_days,
                workdays=line.late_workdays,
            )
