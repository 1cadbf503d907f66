"""Opinions that reviewers ask of colleagues: which wait for an answer, and the answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import ActRefused, NotFound
from duban.domain.terms import Status, View, review_owner
from duban.services.lines import deliverable_name
from duban.services.records import Records
from models import ObligationRow, OpinionRow
from models.event import record
from models.obligation import by_ids
from models.opinion import answer, opinion, opinions_of, unanswered


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with what it is about."""

    opinion: OpinionRow
    notice: str
    unit_name: str
    deliverable_name: str
    #: the reviewing unit that asks
    asked_by: str
    #: True while the step that asked still holds the ball in that round
    stands: bool


def opinions_open(session: Session) -> list[Asked]:
    """The questions that wait for an answer and still stand, in order; whoever sends mails asks this."""
    return [asked for asked in _asked(session, unanswered(session)) if asked.stands]


def opinions_about(session: Session, obligations: Collection[int]) -> list[Asked]:
    """Every question about some obligations with its answer, in order."""
    return _asked(session, opinions_of(session, obligations))


def _asked(session: Session, found: Collection[OpinionRow]) -> list[Asked]:
    records = Records(session)
    rows = by_ids(session, {one.obligation_id for one in found})
    records.units.fetch({row.unit_id for row in rows.values()})
    return [_told(records, one, rows[one.obligation_id]) for one in found]


def _told(records: Records, one: OpinionRow, row: ObligationRow) -> Asked:
    name = deliverable_name(records.deliverable(row).name, row.deliverable)
    return Asked(
        opinion=one,
        notice=row.notice_id,
        unit_name=records.unit(row.unit_id).name,
        deliverable_name=name,
        asked_by=records.unit(records.holder(row, review_owner(one.step))).name,
        stands=_stands(one, row),
    )


def _stands(one: OpinionRow, row: ObligationRow) -> bool:
    return (row.status, row.step, row.round) == (Status.SUBMITTED, one.step, one.round)


def answer_opinion(session: Session, number: int, *, view: View, text: str = "", now: datetime) -> int:
    """Write down what the colleague thinks; answers the event's number.

    NotFound; ActRefused where it is answered, or decided, already. Who does not agree says why.
    """
    one = opinion(session, number)
    if one is None:
        raise NotFound("没有这项征求意见", f"no opinion {number} was asked for")
    row = by_ids(session, [one.obligation_id])[one.obligation_id]
    if not _stands(one, row):
        raise ActRefused("该材料已有审核意见，无须再答复", "it has been decided meanwhile")
    if view is View.DISAGREE and not text.strip():
        raise ActRefused("请写明不同意的理由", "who disagrees says why")
    if not answer(session, number, view=str(view), text=text, at=now):
        raise ActRefused("已经答复，无须再答复", "it is answered already")
    return record(
        session,
        at=now,
        name="opinion_given",
        by=review_owner(one.step),
        data={"unit": row.unit_id, "deliverable": row.deliverable, "asked": one.name, "view": str(view), "note": text},
        notice=row.notice_id,
        obligation=row.id,
    )
