"""What happened to an obligation, one row each: submissions and reviews."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import String, func
from sqlmodel import Field, Session, col, select

from models.bulk import among, table_of
from models.prepared import insertion
from models.row import Row


class SubmissionRow(Row, table=True):
    """One attempt; round n."""

    __tablename__ = "submission"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    round: int
    at: datetime
    is_nil: bool = False
    note: str = ""
    #: the person who handed in; empty where unknown
    by_person: str = ""
    withdrawn_at: datetime | None = None


class ReviewRow(Row, table=True):
    """One decision of one step."""

    __tablename__ = "review"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    round: int
    step: str
    #: a word of ``Decision``
    decision: str
    at: datetime
    note: str = ""
    #: the person who decided; empty where unknown
    by_person: str = ""
    #: how the obligation stood before, for taking it back
    due_before: datetime | None = None
    day_before: date | None = None
    set_before: bool = False
    reason_before: str = ""
    submitted_before: datetime | None = None
    tracks_before: str = ""
    taken_back_at: datetime | None = None


_SUBMISSION = insertion(SubmissionRow, ("obligation_id", "round", "at", "is_nil", "note", "by_person", "withdrawn_at"))
_REVIEW = insertion(ReviewRow, tuple(name for name in ReviewRow.model_fields if name != "id"))


def enter_submission(
    session: Session, *, obligation: int, round_: int, at: datetime, is_nil: bool, note: str, by_person: str = ""
) -> None:
    """Write down one attempt."""
    values = {"obligation_id": obligation, "round": round_, "at": at, "is_nil": is_nil, "note": note}
    _SUBMISSION.run(session, **values, by_person=by_person, withdrawn_at=None)


def enter_review(session: Session, row: ReviewRow) -> None:
    """Write down one decision of one step."""
    _REVIEW.run(session, **row.model_dump(exclude={"id"}))


def last_review(session: Session, obligation: int) -> ReviewRow | None:
    """The last decision that was not taken back."""
    query = select(ReviewRow).where(ReviewRow.obligation_id == obligation, col(ReviewRow.taken_back_at).is_(None))
    return session.exec(query.order_by(col(ReviewRow.id).desc())).first()


def decided_as(session: Session, obligations: Collection[int], decisions: Collection[str]) -> list[int]:
    """Of some obligations those with a decision of these sorts that was not taken back."""
    mine = among(session, col(ReviewRow.obligation_id), obligations)
    query = select(ReviewRow.obligation_id).where(mine, col(ReviewRow.decision).in_(list(decisions)))
    return list(session.exec(query.where(col(ReviewRow.taken_back_at).is_(None)).distinct()))


def reviews_of(session: Session, obligations: Collection[int]) -> list[ReviewRow]:
    """Every decision on some obligations, in order."""
    mine = among(session, col(ReviewRow.obligation_id), obligations)
    return list(session.exec(select(ReviewRow).where(mine).order_by(col(ReviewRow.id))))


def reviews_by(session: Session, persons: Collection[str], *, limit: int) -> list[ReviewRow]:
    """The last decisions of some persons (addresses in small letters), the newest first."""
    mine = among(session, func.lower(col(ReviewRow.by_person), type_=String), list(persons))
    return list(session.exec(select(ReviewRow).where(mine).order_by(col(ReviewRow.id).desc()).limit(limit)))


def submitters(session: Session, obligation: int) -> set[str]:
    """Who handed in what stands of the last round in which something was handed in."""
    query = select(SubmissionRow).where(
        SubmissionRow.obligation_id == obligation, col(SubmissionRow.withdrawn_at).is_(None)
    )
    found = list(session.exec(query))
    last = max((row.round for row in found), default=0)
    return {row.by_person for row in found if row.round == last and row.by_person}


def standing_submission(session: Session, obligation: int) -> SubmissionRow | None:
    """The last submission that is not withdrawn."""
    query = select(SubmissionRow).where(
        SubmissionRow.obligation_id == obligation, col(SubmissionRow.withdrawn_at).is_(None)
    )
    return session.exec(query.order_by(col(SubmissionRow.id).desc())).first()


def submissions_by_id(session: Session, numbers: Collection[int]) -> dict[int, SubmissionRow]:
    """Some submissions by number."""
    mine = among(session, col(SubmissionRow.id), numbers)
    return {row.id: row for row in session.exec(select(SubmissionRow).where(mine)) if row.id is not None}


def submitters_of(session: Session, obligations: Collection[int]) -> dict[int, set[str]]:
    """``submitters`` of several obligations at once; those whom nobody is known of are left out."""
    mine = among(session, col(SubmissionRow.obligation_id), obligations)
    query = select(SubmissionRow).where(mine, col(SubmissionRow.withdrawn_at).is_(None))
    found: dict[int, set[str]] = {}
    rounds: dict[int, int] = {}
    for row in session.exec(query.order_by(col(SubmissionRow.round))):
        if row.round != rounds.get(row.obligation_id):
            found[row.obligation_id] = set()
        rounds[row.obligation_id] = row.round
        found[row.obligation_id] |= {row.by_person} - {""}
    return found


def submissions_of(session: Session, obligation: int) -> list[SubmissionRow]:
    """Every attempt, withdrawn ones too, the oldest first."""
    query = select(SubmissionRow).where(SubmissionRow.obligation_id == obligation)
    return list(session.exec(query.order_by(col(SubmissionRow.id))))


def submissions_about(session: Session, obligations: Collection[int]) -> list[SubmissionRow]:
    """Every submission of some obligations, withdrawn ones too, the oldest first."""
    mine = among(session, col(SubmissionRow.obligation_id), obligations)
    return list(session.exec(select(SubmissionRow).where(mine).order_by(col(SubmissionRow.id))))


def last_submissions(session: Session, obligations: Collection[int]) -> dict[int, int]:
    """The number of the last submission that is not withdrawn, by obligation."""
    table = table_of(SubmissionRow)
    query = sqlalchemy.select(table.c.obligation_id, func.max(table.c.id)).group_by(table.c.obligation_id)
    mine = query.where(among(session, table.c.obligation_id, obligations), table.c.withdrawn_at.is_(None))
    return dict(session.connection().execute(mine).tuples().all())
