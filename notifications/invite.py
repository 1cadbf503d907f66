"""The calendar file: each deadline as a whole day, published, never an invitation to answer."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from icalendar import Calendar, Event, vCalAddress

from notifications.clean import one_line
from notifications.days import due_phrase
from notifications.letter import Letter, Line

FILE_NAME = "deadlines.ics"


def calendar_of(letter: Letter) -> bytes | None:
    """``METHOD:PUBLISH`` with one event a line that has a uid and a day; None when there is none."""
    lines = [
        line
        for section in letter.sections
        for line in section.lines
        if line.uid and line.due_day and not line.is_lifted
    ]
    if not lines:
        return None
    calendar = Calendar()  # Calendar.new would give it a uid by chance
    for name, words in (("VERSION", "2.0"), ("PRODID", "-//Duban//deadlines//ZH"), ("METHOD", "PUBLISH")):
        calendar.add(name, words)
    calendar.subcomponents = list(_events(lines, letter))
    return bytes(calendar.to_ical())


def _events(lines: Iterable[Line], letter: Letter) -> Iterable[Event]:
    for line in lines:
        assert line.due_day
        yield Event.new(
            uid=one_line(line.uid),
            sequence=line.sequence,
            stamp=letter.now.astimezone(UTC),
            start=line.due_day,
            end=line.due_day + timedelta(days=1),
            summary=f"截止：{one_line(line.deliverable_name)}（{one_line(line.unit_name)}）",
            description=due_phrase(line, letter.now),
            url=one_line(letter.url) if letter.url else None,
            organizer=_organizer(letter),
        )


def _organizer(letter: Letter) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{one_line(letter.reply_to.email)}")
    organizer.params["CN"] = one_line(letter.sender_name).replace('"', "'")
    return organizer
