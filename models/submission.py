"""What happened to an obligation, one row each: submissions, reviews, extensions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Field, Session, col, select

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


def standing_submission(session: Session, obligation: int) -> SubmissionRow | None:
    """The last submission that is not withdrawn."""
    query = select(SubmissionRow).where(
        SubmissionRow.obligation_id == obligation, col(SubmissionRow.withdrawn_at).is_(None)
    )
    return session.exec(query.order_by(col(SubmissionRow.id).desc())).first()


def last_submissions(session: Session, obligations: Sequence[int]) -> dict[int, int]:
    """The number of the last submission that is not withdrawn, by obligation."""
    mine = col(SubmissionRow.obligation_id).in_(obligations) & col(SubmissionRow.withdrawn_at).is_(None)
    query = select(SubmissionRow.obligation_id, func.max(SubmissionRow.id)).where(mine)
    found = session.exec(query.group_by(col(SubmissionRow.obligation_id)))
    return {obligation: number for obligation, number in found if number is not None}


def extension_counts(session: Session, obligations: Sequence[int]) -> dict[int, int]:
    """How many extensions were granted, by obligation."""
    query = select(ExtensionRow.obligation_id, func.count()).where(col(ExtensionRow.obligation_id).in_(obligations))
    return dict(session.exec(query.group_by(col(ExtensionRow.obligation_id))).all())
