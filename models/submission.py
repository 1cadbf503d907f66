"""What happened to an obligation, one row each: submissions, reviews, extensions."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy
from sqlalchemy import func
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
    withdrawn_at: datetime | None = None


class ReviewRow(Row, table=True):
    """One decision of one step."""

    __tablename__ = "review"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    round: int
    step: str
    #: ``approved`` or ``returned``
    decision: str
    at: datetime
    note: str = ""


class ExtensionRow(Row, table=True):
    """A later day, granted by the issuer."""

    __tablename__ = "extension"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    round: int
    at: datetime
    due_before: datetime | None = None
    due_after: datetime
    note: str = ""


_SUBMISSION = insertion(SubmissionRow, ("obligation_id", "round", "at", "is_nil", "note", "withdrawn_at"))
_REVIEW = insertion(ReviewRow, ("obligation_id", "round", "step", "decision", "at", "note"))


def enter_submission(session: Session, *, obligation: int, round_: int, at: datetime, is_nil: bool, note: str) -> None:
    """Write down one attempt."""
    values = {"obligation_id": obligation, "round": round_, "at": at, "is_nil": is_nil, "note": note}
    _SUBMISSION.run(session, **values, withdrawn_at=None)


def enter_review(
    session: Session, *, obligation: int, round_: int, step: str, decision: str, at: datetime, note: str
) -> None:
    """Write down one decision of one step."""
    values = {"obligation_id": obligation, "round": round_, "step": step}
    _REVIEW.run(session, **values, decision=decision, at=at, note=note)


def standing_submission(session: Session, obligation: int) -> SubmissionRow | None:
    """The last submission that is not withdrawn."""
    query = select(SubmissionRow).where(
        SubmissionRow.obligation_id == obligation, col(SubmissionRow.withdrawn_at).is_(None)
    )
    return session.exec(query.order_by(col(SubmissionRow.id).desc())).first()


def last_submissions(session: Session, obligations: Collection[int]) -> dict[int, int]:
    """The number of the last submission that is not withdrawn, by obligation."""
    table = table_of(SubmissionRow)
    query = sqlalchemy.select(table.c.obligation_id, func.max(table.c.id)).group_by(table.c.obligation_id)
    mine = query.where(among(session, table.c.obligation_id, obligations), table.c.withdrawn_at.is_(None))
    return dict(session.connection().execute(mine).tuples().all())


def extension_counts(session: Session, obligations: Collection[int]) -> dict[int, int]:
    """How many extensions were granted, by obligation."""
    table = table_of(ExtensionRow)
    query = sqlalchemy.select(table.c.obligation_id, func.count()).group_by(table.c.obligation_id)
    mine = query.where(among(session, table.c.obligation_id, obligations))
    return dict(session.connection().execute(mine).tuples().all())
