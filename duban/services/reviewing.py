"""What waits for the own review, and what was decided lately. Reads only."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlmodel import Session

from duban.domain.access import Scope, Subject, Thing, may, scope_of
from duban.domain.checks import Handed, Verdict, check, verdict
from duban.domain.deeds import Deed
from duban.domain.notice import Notice
from duban.domain.terms import ARRIVAL, Decision, Status, review_owner
from duban.services.inspecting import handed_of
from duban.services.lines import deliverable_name
from duban.services.records import Owing, Records
from models import ObligationRow, ReviewRow, SubmissionRow
from models.event import last_names
from models.material import files_of
from models.obligation import Facts, by_ids
from models.submission import last_submissions, reviews_by, reviews_of, submissions_by_id, submitters_of
from models.views import in_review

#: Obligations looked at in one query.
BATCH = 5000
#: So many are listed at most; the others come up as these are done.
MOST = 100
#: So many are counted at most.
MOST_COUNTED = 1000
#: So many decisions are shown.
LATELY = 10


@dataclass(frozen=True, kw_only=True)
class Key:
    """One material as its reviewer has seen it."""

    notice: str
    unit: str
    #: a deliverable's id, or an occurrence ``ID@YYYY-MM-DD``
    deliverable: str
    #: the submission that stood then; 0: none
    submission: int


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One material that waits for a review."""

    key: Key
    notice: Notice
    step_id: str
    step_name: str
    unit_name: str
    deliverable_name: str
    #: in the notice's zone
    at: datetime | None
    round: int
    is_nil: bool
    #: what the unit has said with it
    note: str
    #: None: it is not for these eyes, or there is nothing to check
    verdict: Verdict | None
    #: the reviewer's own day
    due_day: date | None
    due_at: datetime | None
    #: working days from today to that day
    workdays_left: int | None
    #: holds personal data that this login or link does not open
    is_locked: bool
    #: this reader has handed it in himself
    is_own: bool
    may_approve: bool


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision of the reader's own."""

    key: Key
    unit_name: str
    deliverable_name: str
    decision: Decision
    #: in the notice's zone
    at: datetime
    note: str
    #: it was taken back then
    is_taken_back: bool
    may_take_back: bool


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """What a reviewer has before him."""

    #: by notice, step, unit order
    waiting: tuple[Waiting, ...]
    #: how many wait beside these, as far as they are counted
    more: int
    #: not all of them were counted
    is_cut: bool
    #: the newest first
    decided: tuple[Decided, ...]


def inbox(session: Session, subject: Subject, *, now: datetime) -> Inbox:
    """What waits for ``subject`` to review, and what the same person decided lately."""
    records = Records(session)
    rows = list(islice(_rows(records, scope_of(subject, Deed.REVIEW_INBOX)), MOST_COUNTED + 1))
    whole = by_ids(session, [row.id for row in rows[:MOST]])
    shown = [whole[row.id] for row in rows[:MOST]]
    return Inbox(
        waiting=tuple(_waiting(records, shown, subject, now)),
        more=min(len(rows), MOST_COUNTED) - len(shown),
        is_cut=len(rows) > MOST_COUNTED,
        decided=tuple(_decided(records, subject)),
    )


def _rows(records: Records, scope: Scope) -> Iterator[Facts]:
    """Whose turn a step is stands in the definition: asked row by row, in order, and no further than is wanted."""
    seen = 0
    while rows := in_review(records.session, Status.SUBMITTED, scope, offset=seen, limit=BATCH):
        records.units.fetch({row.unit_id for row in rows})
        for row in rows:
            holder = holder_of(records, row)
            if (holder, None) in scope.reviewers or (holder, row.notice_id) in scope.reviewers:
                yield row
        seen += len(rows)


def holder_of(records: Records, row: Owing) -> str:
    """The unit that holds the review of what is under review."""
    return records.holder(row, review_owner(row.step or ""))


def things_of(records: Records, rows: Collection[Owing]) -> dict[int, Thing]:
    """What the rule asks of obligations under review, by obligation."""
    found = submitters_of(records.session, [row.id or 0 for row in rows])
    return {row.id or 0: _thing(records, row, found.get(row.id or 0, set())) for row in rows}


def _thing(records: Records, row: Owing, persons: Collection[str]) -> Thing:
    return Thing(
        notice=row.notice_id,
        issuer=records.notice(row.notice_id).issuer,
        unit=row.unit_id,
        reviewers=frozenset({holder_of(records, row)}),
        personal=records.deliverable(row).personal,
        handed_in_by=frozenset(person.lower() for person in persons),
    )


@dataclass(frozen=True, kw_only=True)
class _Handed:
    """What was handed in, by obligation."""

    things: Mapping[int, Thing]
    submissions: Mapping[int, SubmissionRow]
    files: Mapping[int, Sequence[Handed]]


def _waiting(records: Records, rows: Sequence[ObligationRow], subject: Subject, now: datetime) -> Iterator[Waiting]:
    things = things_of(records, rows)
    opened = [row for row in rows if may(subject, Deed.SEE_FILES, things[row.id or 0])]
    known = _handed(records, rows, opened, things)
    for row in rows:
        yield _one(records, row, known, subject, now)


def _handed(
    records: Records, rows: Sequence[ObligationRow], opened: Sequence[ObligationRow], things: Mapping[int, Thing]
) -> _Handed:
    """The submissions of all, the files of those that are open to the reader: read at once."""
    session = records.session
    numbers = last_submissions(session, [row.id or 0 for row in rows])
    found = submissions_by_id(session, numbers.values())
    submissions = {owed: found[number] for owed, number in numbers.items()}
    mine = {numbers[row.id or 0]: row.id or 0 for row in opened if row.id in numbers}
    files = files_of(session, list(mine))
    materials = [one for part in files.values() for one in part]
    handed = dict(zip([one.id for one in materials], handed_of(session, materials), strict=True))
    return _Handed(
        things=things,
        submissions=submissions,
        files={owed: [handed[one.id] for one in files[number]] for number, owed in mine.items()},
    )


def _one(records: Records, row: ObligationRow, known: _Handed, subject: Subject, now: datetime) -> Waiting:
    notice, number = records.notice(row.notice_id), row.id or 0
    thing = known.things[number]
    ball, submission = records.ball(row), known.submissions.get(number)
    due = ball.due if ball else None
    files = known.files.get(number)
    deliverable = records.deliverable(row)
    is_checked = files is not None and not row.is_nil
    return Waiting(
        key=key_of(row, submission.id if submission else 0),
        notice=notice,
        step_id=row.step or "",
        step_name=step_name(records, row, row.step or ""),
        unit_name=records.unit(row.unit_id).name,
        deliverable_name=deliverable_name(deliverable.name, row.deliverable),
        at=row.submitted_at and row.submitted_at.astimezone(notice.tz),
        round=row.round,
        is_nil=row.is_nil,
        note=submission.note if submission else "",
        verdict=verdict(check(deliverable, notice, files or ())) if is_checked else None,
        due_day=due.day if due else None,
        due_at=due.at if due else None,
        workdays_left=records.calendar.workdays_between(now.astimezone(notice.tz).date(), due.day) if due else None,
        is_locked=files is None and thing.personal,
        is_own=bool(thing.handed_in_by & subject.addresses),
        may_approve=row.step != ARRIVAL and may(subject, Deed.APPROVE, thing),
    )


def key_of(row: Owing, submission: int | None) -> Key:
    """How a page names an obligation with the submission that it shows."""
    return Key(notice=row.notice_id, unit=row.unit_id, deliverable=row.deliverable, submission=submission or 0)


def step_name(records: Records, row: Owing, step: str) -> str:
    """How the definition calls a step of review."""
    return next((one.name for one in records.rules(row).steps if one.id == step), step)


def _decided(records: Records, subject: Subject) -> Iterator[Decided]:
    session = records.session
    found = reviews_by(session, subject.addresses, limit=LATELY) if subject.addresses else []
    ids = {review.obligation_id for review in found}
    rows = by_ids(session, ids)
    standing = standing_decisions(session, rows)
    records.units.fetch({row.unit_id for row in rows.values()})
    for review in found:
        row = rows[review.obligation_id]
        yield _told(records, row, review, may_take_back=standing.get(review.obligation_id) == review.id)


def standing_decisions(session: Session, obligations: Collection[int]) -> dict[int, int]:
    """The decision that may still be taken back, by obligation: the last one, made by a person, and nothing since."""
    last = {one.obligation_id: one for one in reviews_of(session, obligations) if one.taken_back_at is None}
    names = last_names(session, obligations)
    by_hand = (Decision.APPROVED, Decision.RETURNED)
    return {
        owed: one.id or 0 for owed, one in last.items() if one.decision in by_hand and names.get(owed) == one.decision
    }


def _told(records: Records, row: ObligationRow, review: ReviewRow, *, may_take_back: bool) -> Decided:
    return Decided(
        key=key_of(row, None),
        unit_name=records.unit(row.unit_id).name,
        deliverable_name=deliverable_name(records.deliverable(row).name, row.deliverable),
        decision=Decision(review.decision),
        at=review.at.astimezone(records.notice(row.notice_id).tz),
        note=review.note,
        is_taken_back=review.taken_back_at is not None,
        may_take_back=may_take_back,
    )
