"""The receipt of a submission: number, moment, and every file with its hash."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import NotFound
from duban.domain.phrases import receipt_number
from duban.services.intake import Asked, owing
from duban.services.lines import deliverable_name, filed
from duban.services.records import Records
from models import SubmissionRow
from models.material import files_of
from models.obligation import owed_by_ids
from models.submission import standing_submission
from notifications.letter import Filed


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What was received, from whom and when. It is there exactly when the submission is."""

    #: ``R000037``
    number: str
    submission: int
    #: aware, in the notice's zone
    at: datetime
    #: it was withdrawn then; in the notice's zone
    withdrawn_at: datetime | None
    notice_id: str
    notice_title: str
    document_number: str
    #: the office that received it
    issuer_name: str
    unit_id: str
    unit_name: str
    deliverable: str
    deliverable_name: str
    round: int
    is_nil: bool
    note: str
    #: in the order in which they were handed in
    files: tuple[Filed, ...]


def receipt(session: Session, submission: int) -> Receipt:
    """The receipt of a submission; NotFound."""
    row = session.get(SubmissionRow, submission)
    if row is None:
        raise NotFound(f"没有回执 {receipt_number(submission)}", f"no receipt {receipt_number(submission)}")
    records = Records(session)
    owed = owed_by_ids(session, [row.obligation_id])[row.obligation_id]
    notice = records.notice(owed.notice_id)
    return Receipt(
        number=receipt_number(submission),
        submission=submission,
        at=row.at.astimezone(notice.tz),
        withdrawn_at=row.withdrawn_at and row.withdrawn_at.astimezone(notice.tz),
        notice_id=notice.id,
        notice_title=notice.title,
        document_number=notice.document_number,
        issuer_name=notice.issuing_office or records.unit(notice.issuer).name,
        unit_id=owed.unit_id,
        unit_name=records.unit(owed.unit_id).name,
        deliverable=owed.deliverable,
        deliverable_name=deliverable_name(records.deliverable(owed).name, owed.deliverable),
        round=row.round,
        is_nil=row.is_nil,
        note=row.note,
        files=filed(files_of(session, [submission])[submission]),
    )


def standing_receipt(session: Session, asked: Asked) -> Receipt | None:
    """The receipt of what was handed in last and not withdrawn; None before that. NotFound for no obligation."""
    row = standing_submission(session, owing(session, asked).id)
    return None if row is None else receipt(session, row.id or 0)
