"""Publishing: one definition → obligations and one event, and the notice mails owed. One transaction."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from duban.domain.canonical import revision_hash
from duban.domain.errors import InputRefused
from duban.domain.expand import Clause, clauses, named_units, unassigned
from duban.domain.notice import Notice
from duban.domain.obligation import Rules, Standing, ball
from duban.domain.plan import wake_at
from duban.domain.terms import ISSUER, Relation, Status, TaskKind
from duban.services.records import Records
from models import NoticeRow, RevisionRow
from models.binding import Binding, bind, units_bound, unknown_units
from models.circulation import begin
from models.event import record
from models.task import give


def publish(session: Session, notice: Notice, *, now: datetime, by_person: str = "") -> int:
    """Put ``notice`` in force at ``now``; answers how many obligations it made.

    In order: the notice and its first revision; all obligations, by a statement per class; one event with the
    revision's hash, the count and the digest of the unit list; the notice mails (clerk and chief of each unit that
    owes something) as owed; unassigned items as tasks. ``by_person``: the address of who did it, for the record.
    InputRefused when it is published already or names unknown units.
    """
    records = Records(session)
    if session.get(NoticeRow, notice.id):
        zh = f"通知 {notice.id} 已经发布过；如有更改，请用补充通知（duban supplement）"
        raise InputRefused(zh, f"notice {notice.id} is published already: use a supplement (duban supplement)")
    check_units(session, notice)
    _enter(session, notice, now)
    asked = clauses(notice, records.calendar, published_at=now)
    owed = [first_binding(records, notice, clause, now) for clause in asked]
    count = bind(session, owed, notice=notice.id, issuer=notice.issuer, at=now)
    units = digest_of(units_bound(session, asked, issuer=notice.issuer))
    data = {"revision": revision_hash(notice), "obligations": count, "units": units}
    data |= {"person": by_person} if by_person else {}
    event = record(session, at=now, name="published", by=ISSUER, data=data, notice=notice.id)
    begin(session, notice=notice.id, event=event, at=now)
    leave_unassigned(session, notice, now)
    return count


def check_units(session: Session, notice: Notice) -> None:
    """InputRefused where the notice names a unit that is not in the roster."""
    for unit in unknown_units(session, named_units(notice)):
        zh = f"单位名册中没有 {unit}（通知 {notice.id} 提到了它）"
        raise InputRefused(zh, f"unit {unit} is not in the roster")


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


def first_binding(records: Records, notice: Notice, clause: Clause, now: datetime) -> Binding:
    """A clause with the first look at what it asks, by relation: a ladder may end sooner outside a line of command."""
    wakes = {str(relation): _first_wake(records, notice, clause, relation, now) for relation in Relation}
    return Binding(clause=clause, wake_at=wakes)


def _first_wake(records: Records, notice: Notice, clause: Clause, relation: Relation, now: datetime) -> datetime | None:
    fresh = Standing(
        unit="",
        deliverable=clause.deliverable,
        status=Status.PENDING,
        round=1,
        due=clause.due,
        opened_at=now,
        relation=relation,
    )
    rules = Rules.of(notice, notice.find(clause.deliverable)[1])
    return wake_at(ball(fresh, rules, records.calendar), (), records.calendar)


def digest_of(units: Sequence[str]) -> str:
    """The digest of a unit list, as events of publishing keep it."""
    return hashlib.sha256("\n".join(units).encode()).hexdigest()


def leave_unassigned(session: Session, notice: Notice, now: datetime) -> None:
    """What binds nobody yet is left to the coordinator, once."""
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
