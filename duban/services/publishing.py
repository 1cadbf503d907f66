"""Publishing: one definition → obligations, one event, one notice mail per person. One transaction."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from duban.domain.canonical import revision_hash
from duban.domain.errors import InputRefused
from duban.domain.expand import Owed, expand, unassigned
from duban.domain.notice import Notice
from duban.domain.obligation import Rules, Standing, ball
from duban.domain.plan import wake_at
from duban.domain.terms import ISSUER, MailKind, Role, Status, TaskKind
from duban.services.mailing import post_at_once
from duban.services.records import Records
from models import NoticeRow, RevisionRow
from models.event import record
from models.notice import notices
from models.obligation import insert_obligations, of_notice
from models.task import give


def publish(session: Session, notice: Notice, *, now: datetime) -> int:
    """Put ``notice`` in force at ``now``; answers how many obligations it made.

    In order: the notice and its first revision; all obligations in one statement; one event with the revision's
    hash, the count and the digest of the unit list; the notice mails (clerk and chief of each unit that owes
    something); gaps and unassigned items as tasks. InputRefused when it is published already or names unknown units.
    """
    records = Records(session)
    if any(row.id == notice.id for row in notices(session)):
        raise InputRefused(f"通知 {notice.id} 已经发布过", f"notice {notice.id} is published already")
    owed = expand(notice, records.roster, records.calendar, published_at=now)
    _enter(session, notice, now)
    count = insert_obligations(session, _rows(records, notice, owed, now))
    units = sorted({o.unit.id for o in owed})
    data = {"revision": revision_hash(notice), "obligations": count, "units": _digest(units)}
    event = record(session, at=now, name="published", by=ISSUER, data=data, notice=notice.id)
    rows = of_notice(session, notice.id)
    post_at_once(records, rows, (Role.CLERK, Role.CHIEF), kind=MailKind.NOTICE, event=event, notice=notice.id, at=now)
    _leave_to_coordinator(session, notice, now)
    return count


def _enter(session: Session, notice: Notice, now: datetime) -> None:
    session.add(
        NoticeRow(
            id=notice.id,
            document_number=notice.document_number,
            title=notice.title,
            issuer_id=notice.issuer,
            published_at=now,
            revision=1,
        )
    )
    session.flush()
    # in the order of the file, so that events and offices are shown as the notice has them
    text = notice.model_dump_json(by_alias=True)
    session.add(
        RevisionRow(notice_id=notice.id, number=1, definition=text, sha256=revision_hash(notice), created_at=now)
    )
    session.flush()


def _rows(records: Records, notice: Notice, owed: Sequence[Owed], now: datetime) -> list[dict[str, object]]:
    wakes: dict[object, datetime | None] = {}
    rows = []
    for o in owed:
        alike = (o.deliverable, o.due, o.unit.relation)
        if alike not in wakes:
            wakes[alike] = _first_wake(records, notice, o, now)
        rows.append(
            {
                "notice_id": notice.id,
                "unit_id": o.unit.id,
                "deliverable": o.deliverable,
                "stage": o.stage,
                "unit_class": o.unit_class,
                "relation": str(o.unit.relation),
                "unit_position": o.unit_position,
                "position": o.position,
                "status": str(Status.PENDING),
                "round": 1,
                "due_day": o.due and o.due.day,
                "due_at": o.due and o.due.at,
                "due_set_by_coordinator": o.set_by_coordinator,
                "opened_at": now,
                "is_nil": False,
                "reason": "",
                "wake_at": wakes[alike],
            }
        )
    return rows


def _first_wake(records: Records, notice: Notice, owed: Owed, now: datetime) -> datetime | None:
    fresh = Standing(
        unit=owed.unit.id,
        deliverable=owed.deliverable,
        status=Status.PENDING,
        round=1,
        due=owed.due,
        opened_at=now,
        relation=owed.unit.relation,
    )
    deliverable = notice.find(owed.deliverable)[1]
    rules = Rules.of(notice, deliverable, unit=owed.unit.id, parent=owed.unit.parent)
    return wake_at(ball(fresh, rules, records.calendar), (), records.calendar)


def _digest(units: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(units).encode()).hexdigest()


def _leave_to_coordinator(session: Session, notice: Notice, now: datetime) -> None:
    for deliverable in unassigned(notice):
        give(
            session,
            {
                "key": f"unassigned:{notice.id}:{deliverable.id}",
                "notice_id": notice.id,
                "at": now,
                "kind": str(TaskKind.UNASSIGNED),
                "deliverable": deliverable.id,
                "text": f"“{deliverable.name}”未印责任单位，请经办确定由谁办理。",
            },
        )
