"""Values of the services as programs are answered."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from duban.domain.phrases import receipt_number
from duban.domain.roster import Unit
from duban.domain.terms import Act, Decision, RequestState
from duban.services.ledger import Entry
from duban.services.listing import Listed
from duban.services.materials import Version
from duban.services.overview import Errand
from duban.services.receipts import Receipt
from duban.services.reviewing import Waiting
from duban.services.tracking import TrackView, code_for
from duban.services.whole import Whole
from duban.web.api import answers
from models import ExtensionRequestRow, ReviewRow
from models.material import Material

Local = Callable[[datetime | None], Any]
Row = TypeVar("Row", bound=answers.Answer)


def paged(rows: Sequence[Row], *, total: int, page: int, size: int) -> answers.Page[Row]:
    """A page of a list."""
    return answers.Page[Any](total=total, page=page, size=size, rows=tuple(rows))


def cut(rows: Sequence[Row], *, page: int, size: int) -> answers.Page[Row]:
    """A page of a list that is there whole."""
    return paged(rows[(page - 1) * size : page * size], total=len(rows), page=page, size=size)


def notice(found: Listed) -> answers.NoticeRow:
    return answers.NoticeRow(**vars(found))


def unit(found: Unit) -> answers.UnitRow:
    return answers.UnitRow(
        id=found.id, name=found.name, parent=found.parent, kind=found.kind, relation=str(found.relation)
    )


def row(found: Entry) -> answers.LedgerRow:
    return answers.LedgerRow(**vars(found))


def file(found: Material, local: Local) -> answers.File:
    return answers.File(
        file=found.id,
        name=found.name,
        size=found.size,
        sha256=found.sha256,
        kind=found.kind,
        item=found.item,
        added_at=local(found.added_at),
    )


def obligation(found: Whole, acts: Iterable[Act], *, sees_files: bool) -> answers.ObligationWhole:
    """``sees_files``: what was handed in may be told of."""
    local = _local(found)
    return answers.ObligationWhole(
        **vars(found.entry),
        notice=found.notice.id,
        unit_name=found.unit.name,
        deliverable_name=found.name,
        code=code_for(found.row.id),
        holder=found.holder,
        due_day=found.row.due_day,
        is_nil=found.row.is_nil,
        reason=found.row.reason,
        tracks=tuple(map(_track, found.tracks.tracks)),
        drafts=tuple(file(draft, local) for draft in found.drafts) if sees_files else None,
        submissions=tuple(_submission(version, local, sees_files) for version in found.versions),
        requests=tuple(_wish(request, local) for request in found.requests),
        reviews=tuple(_review(review, local) for review in found.reviews),
        acts=tuple(acts),
    )


def _local(found: Whole) -> Local:
    """Moments in the notice's zone."""
    return lambda moment: moment and moment.astimezone(found.notice.tz)


def _track(found: TrackView) -> answers.Track:
    return answers.Track(
        track=found.position + 1,
        medium=found.medium,
        name=found.name,
        phrase=found.phrase,
        copies_wanted=found.copies_wanted,
        sealed=found.is_sealed,
        state=found.state,
        told=found.told,
    )


def _submission(found: Version, local: Local, sees_files: bool) -> answers.Submission:
    return answers.Submission(
        receipt=receipt_number(found.submission),
        round=found.round,
        at=local(found.at),
        is_nil=found.is_nil,
        note=found.note,
        withdrawn_at=local(found.withdrawn_at),
        files=tuple(file(one, local) for one in found.files) if sees_files else None,
    )


def _wish(found: ExtensionRequestRow, local: Local) -> answers.Wish:
    return answers.Wish(
        at=local(found.at),
        day_wanted=found.day_wanted,
        note=found.note,
        state=RequestState(found.state),
        decided_at=local(found.decided_at),
        answer=found.answer,
    )


def _review(found: ReviewRow, local: Local) -> answers.Review:
    return answers.Review(
        round=found.round,
        step=found.step,
        decision=Decision(found.decision),
        at=local(found.at),
        note=found.note,
        taken_back_at=local(found.taken_back_at),
    )


def receipt(found: Receipt) -> answers.Receipt:
    return answers.Receipt(
        receipt=found.number,
        notice=found.notice_id,
        unit=found.unit_id,
        unit_name=found.unit_name,
        deliverable=found.deliverable,
        deliverable_name=found.deliverable_name,
        round=found.round,
        at=found.at,
        is_nil=found.is_nil,
        note=found.note,
        withdrawn_at=found.withdrawn_at,
        files=tuple(answers.ReceiptFile(name=one.name, size=one.size, sha256=one.sha256) for one in found.files),
    )


def task(found: Errand) -> answers.Task:
    return answers.Task(at=found.at, kind=found.kind, notice=found.notice_id, unit=found.unit_id, text=found.text)


def waiting(found: Waiting) -> answers.Waiting:
    """What waits for a review."""
    zone = found.notice.tz
    return answers.Waiting(
        notice=found.key.notice,
        unit=found.key.unit,
        unit_name=found.unit_name,
        deliverable=found.key.deliverable,
        deliverable_name=found.deliverable_name,
        round=found.round,
        submitted_at=found.at,
        review_due_at=found.due_at.astimezone(zone) if found.due_at else None,
    )
