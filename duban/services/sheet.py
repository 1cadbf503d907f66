"""Everything that a reviewer needs of one material, on one page. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.access import Subject, Thing, may
from duban.domain.checks import Finding, Handed, check
from duban.domain.deeds import Deed
from duban.domain.errors import NotFound
from duban.domain.notice import Notice, Step
from duban.domain.obligation import Ball
from duban.domain.returning import proposed_day
from duban.domain.roster import Unit
from duban.domain.terms import Status
from duban.services import things
from duban.services.inspecting import handed_of
from duban.services.lines import deliverable_name
from duban.services.opinions import Asked, opinions_about
from duban.services.records import Records
from duban.services.reviewing import Key, holder_of, key_of, standing_decisions, things_of
from duban.services.tracking import Tracked, tracks_of
from models import ObligationRow, ReviewRow, SubmissionRow
from models.material import Material, files_of
from models.obligation import of_units
from models.submission import last_submissions, reviews_of, submissions_of


@dataclass(frozen=True, kw_only=True)
class Sibling:
    """Another material of the same unit that waits for the same reviewer."""

    key: Key
    name: str


@dataclass(frozen=True, kw_only=True)
class File:
    """A file with what was read in it."""

    material: Material
    handed: Handed


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One material under review, or after it."""

    row: ObligationRow
    notice: Notice
    unit: Unit
    deliverable_name: str
    #: the step whose turn it is; None: nobody's
    step: Step | None
    ball: Ball | None
    #: working days from today to its day; None without one
    workdays_left: int | None
    #: the submission that stands, with its files in order
    submission: SubmissionRow | None
    files: tuple[File, ...]
    #: what the checks find in these files
    findings: tuple[Finding, ...]
    #: the files hold personal data that this login or link does not open
    is_locked: bool
    tracked: Tracked
    opinions: tuple[Asked, ...]
    #: every attempt and every decision, the oldest first, and how many files each attempt had
    submissions: tuple[SubmissionRow, ...]
    reviews: tuple[ReviewRow, ...]
    file_counts: dict[int, int]
    #: how the definition calls its steps
    step_names: dict[str, str]
    siblings: tuple[Sibling, ...]
    #: a day for what is returned
    proposed: date
    today: date
    may_approve: bool
    may_return: bool
    may_consult: bool
    may_take_back: bool
    #: this reader has handed it in himself
    is_own: bool

    @property
    def key(self) -> Key:
        return key_of(self.row, self.submission.id if self.submission else 0)

    @property
    def is_under_review(self) -> bool:
        return self.row.status == Status.SUBMITTED


def sheet(session: Session, notice: str, unit: str, deliverable: str, subject: Subject, *, now: datetime) -> Sheet:
    """One material as ``subject`` may see it; NotFound."""
    rows = [row for row in of_units(session, [unit]) if row.notice_id == notice]
    row = next((one for one in rows if one.deliverable == deliverable), None)
    if row is None:
        raise NotFound("没有这项材料", "no such material")
    return _sheet(Records(session), row, rows, subject, now)


def _sheet(records: Records, row: ObligationRow, rows: list[ObligationRow], subject: Subject, now: datetime) -> Sheet:
    session, number = records.session, row.id or 0
    thing = things.obligation(session, row)
    notice = records.definition(row.notice_id, row.deliverable)
    deliverable = records.deliverable(row)
    attempts = submissions_of(session, number)
    submission = next((one for one in reversed(attempts) if one.withdrawn_at is None), None)
    files = files_of(session, [one.id or 0 for one in attempts])
    is_open = may(subject, Deed.SEE_FILES, thing)
    shown = files[submission.id or 0] if submission and is_open else []
    handed = handed_of(session, shown)
    under_review = row.status == Status.SUBMITTED
    step = next((one for one in records.rules(row).steps if one.id == row.step), None)
    ball = records.ball(row)
    today = now.astimezone(notice.tz).date()
    return Sheet(
        row=row,
        notice=notice,
        unit=records.unit(row.unit_id),
        deliverable_name=deliverable_name(deliverable.name, row.deliverable),
        step=step if under_review else None,
        ball=ball,
        workdays_left=records.calendar.workdays_between(today, ball.due.day) if ball and ball.due else None,
        submission=submission,
        files=tuple(File(material=one, handed=read) for one, read in zip(shown, handed, strict=True)),
        findings=check(deliverable, notice, handed) if submission and is_open and not row.is_nil else (),
        is_locked=not is_open,
        tracked=tracks_of(records, [row])[number],
        opinions=tuple(opinions_about(session, [number])),
        submissions=tuple(attempts),
        reviews=tuple(reviews_of(session, [number])),
        file_counts={one: len(found) for one, found in files.items()},
        step_names={one.id: one.name for one in records.rules(row).steps},
        siblings=tuple(_siblings(records, row, rows, subject)) if under_review else (),
        proposed=proposed_day(step, records.calendar, today),
        today=today,
        may_approve=under_review and may(subject, Deed.APPROVE, thing),
        may_return=under_review and may(subject, Deed.RETURN, thing),
        may_consult=under_review and may(subject, Deed.CONSULT, thing),
        may_take_back=_may_take_back(session, row, subject),
        is_own=bool(thing.handed_in_by & subject.addresses),
    )


def _may_take_back(session: Session, row: ObligationRow, subject: Subject) -> bool:
    thing = things.decision_in_notice(session, row.notice_id, row.unit_id, row.deliverable)
    stands = row.id in standing_decisions(session, [row.id or 0])
    return stands and may(subject, Deed.TAKE_BACK, thing)


def _siblings(records: Records, row: ObligationRow, rows: list[ObligationRow], subject: Subject) -> Iterator[Sibling]:
    """What else waits for the same unit's review."""
    holder = holder_of(records, row)
    others = [one for one in rows if one.status == Status.SUBMITTED and one.id != row.id]
    same = [one for one in others if holder_of(records, one) == holder]
    known: dict[int, Thing] = things_of(records, same) if same else {}
    last = last_submissions(records.session, list(known)) if known else {}
    for one in same:
        if may(subject, Deed.RETURN, known[one.id or 0]):
            name = deliverable_name(records.deliverable(one).name, one.deliverable)
            yield Sibling(key=key_of(one, last.get(one.id or 0, 0)), name=name)
