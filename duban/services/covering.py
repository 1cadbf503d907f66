"""The cover sheet of an obligation: what goes with its paper to the office that receives it. Reads only."""

from datetime import date

from sqlmodel import Session

from duban.domain.errors import InputRefused
from duban.domain.notice import Notice, Track
from duban.domain.phrases import day_phrase, weekday_phrase
from duban.papers.cover import Cover, parcel
from duban.services.intake import Asked, owing
from duban.services.records import Records
from duban.services.tracking import code_for


def cover_of(session: Session, asked: Asked, *, base_url: str = "") -> Cover:
    """The cover of the first paper track of an obligation. ``base_url``: of the pages, for the QR code.

    NotFound; InputRefused where the notice asks for no paper, or does not print to which office.
    """
    row, records = owing(session, asked), Records(session)
    notice = records.definition(row.notice_id, row.deliverable)
    deliverable = records.deliverable(row)
    track = next((one for one in deliverable.tracks if _goes_to_office(one, notice)), None)
    if track is None:
        zh = f"“{deliverable.name}”没有要求向哪个部门寄送纸质件，无须封面"
        raise InputRefused(zh, f"{deliverable.name} asks for no paper at an office: it needs no cover")
    code = code_for(row.id)
    return parcel(
        notice,
        notice.offices[track.to],
        [(deliverable, track)],
        unit=records.unit(row.unit_id).name,
        code=code,
        url=f"{base_url.rstrip('/')}/registry?code={code}" if base_url else "",
        due=_due(row.due_day, records.form(row).text),
    )


def _goes_to_office(track: Track, notice: Notice) -> bool:
    return track.medium == "paper" and track.to in notice.offices


def _due(day: date | None, printed: str) -> str:
    """``10月15日前（系统按10月15日 周五计）``; the printed words alone while nothing fixes the day."""
    reading = f"系统按{day_phrase(day)} {weekday_phrase(day)}计" if day else ""
    return f"{printed}（{reading}）" if printed and reading else printed or reading
