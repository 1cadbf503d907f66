"""A notice that changes in mid-season: a supplement puts a new revision in force. Foreseen first, then one transaction.

Who keeps which day (decision 0014): whoever stands at the stage's day gets the new one; who has an own later day keeps
it, an own earlier one gives way; what was returned keeps the day of its return; what is completed or waived is not
touched. What was handed in keeps its place in the review and gets the new day for the record, without a mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.canonical import revision_hash
from duban.domain.errors import InputRefused, NotFound
from duban.domain.notice import Notice
from duban.domain.roster import recipients
from duban.domain.supplement import Change
from duban.domain.terms import ISSUER, Role
from duban.services.publishing import leave_unassigned
from duban.services.revising import Revising
from duban.services.waking import rebuild_notice
from models import NoticeRow, RevisionRow
from models.adjusting import HELD, Which, count_waiting, last_number, lock_obligations, units_of_effect
from models.adjustment import Adjusted
from models.circulation import begin
from models.event import record
from models.notice import locked_notice
from models.task import finish


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What a supplement would do, as of a moment."""

    notice: str
    #: the revision that it would make
    revision: int
    changes: tuple[Change, ...]
    #: obligations by what becomes of them; the rest is unchanged
    moved: int
    added: int
    dropped: int
    restored: int
    unchanged: int
    #: units of which something changes
    units: int
    #: due actions that wait for a digest and will not be said
    reminders: int
    #: people who get one mail that tells of new days, or of what is no longer asked
    mails: int
    #: people who get one mail that tells of what is newly asked
    notices: int

    @property
    def touched(self) -> int:
        """Obligations that change."""
        return self.moved + self.added + self.dropped + self.restored

    def as_json(self) -> dict[str, object]:
        """For programs."""
        counted = {name: value for name, value in vars(self).items() if name != "changes"}
        return counted | {"changes": [{"kind": change.kind, "text": change.text} for change in self.changes]}


@dataclass(frozen=True, kw_only=True)
class Supplemented:
    """What a supplement has done."""

    revision: int
    event: int
    changes: tuple[Change, ...]
    moved: int
    added: int
    dropped: int
    restored: int


def foresee(session: Session, notice: Notice, *, now: datetime) -> Foreseen:
    """What ``supplement`` would do at ``now``; reads only. Refuses what it would refuse."""
    plan = Revising(session, notice, _open_row(session.get(NoticeRow, notice.id), notice.id), now)
    plan.check()
    return _foreseen(plan)


def supplement(
    session: Session, notice: Notice, *, now: datetime, by: str = ISSUER, reason: str, by_person: str = ""
) -> Supplemented:
    """Put a changed definition in force at ``now``; one transaction, statements by class and not by unit.

    In order: lock the notice and its obligations, so that nobody acts on the former definition and no mail begins to
    leave by it; refuse; the new revision; what is newly owed; one event (revision's hash, counts, reason); what it
    does to each obligation, written down and carried out; waiting due actions void, requests that are met or moot
    settled; ``wake_at`` anew; the mails owed (one to each person touched). NotFound, InputRefused.
    """
    row = _open_row(locked_notice(session, notice.id), notice.id)
    lock_obligations(session, notice.id)
    if not reason.strip():
        raise InputRefused("请写明更改的缘由（如补充通知的文号）", "say why: the number of the supplement, for one")
    plan = Revising(session, notice, row, now)
    plan.check()
    last = last_number(session)
    counts = plan.counts | {"added": plan.bind()}
    data = {"version": row.revision + 1, "revision": revision_hash(notice), "reason": reason.strip(), **counts}
    if by_person:
        data["person"] = by_person
    event = record(session, at=now, name="supplemented", by=by, data=data, notice=notice.id)
    _enter(session, row, notice, plan, event=event, reason=reason.strip(), by_person=by_person)
    plan.carry_out(event, after_id=last, reason=reason.strip())
    begin(session, notice=notice.id, event=event, at=now, is_adjusting=True)
    finish(session, [f"unassigned:{notice.id}:{name}" for name in plan.newly_assigned], at=now)
    leave_unassigned(session, notice, now)
    rebuild_notice(session, notice.id)
    return Supplemented(revision=row.revision, event=event, changes=plan.changes, **counts)


def _open_row(row: NoticeRow | None, notice_id: str) -> NoticeRow:
    if row is None:
        raise NotFound(f"没有发布过通知 {notice_id}", f"no notice {notice_id} has been published")
    if row.closed_at is not None:
        zh = f"通知 {notice_id} 已{'撤销' if row.is_cancelled else '办结归档'}，请先重新打开，再发补充通知"
        raise InputRefused(zh, f"notice {notice_id} is closed: open it again first")
    return row


def _enter(
    session: Session, row: NoticeRow, notice: Notice, plan: Revising, *, event: int, reason: str, by_person: str
) -> None:
    row.revision += 1
    row.title = notice.title
    session.add(row)
    session.add(
        RevisionRow(
            notice_id=notice.id,
            number=row.revision,
            definition=notice.model_dump_json(by_alias=True),
            sha256=revision_hash(notice),
            created_at=plan.now,
            reason=reason,
            by_person=by_person,
            event=event,
        )
    )
    session.flush()


def _foreseen(plan: Revising) -> Foreseen:
    """All of it, counted."""
    issuer, counts = plan.notice.issuer, plan.counts
    told = _units(plan, (Adjusted.MOVED,), held=True) | _units(plan, (Adjusted.DROPPED,))
    again = _units(plan, (Adjusted.RESTORED,)) | {unit for unit, _ in plan.lacks}
    units = _units(plan, tuple(Adjusted)) | again
    every = plan.count(Which(notice=plan.notice.id, statuses=(*HELD, "submitted", "completed", "waived")))
    return Foreseen(
        notice=plan.notice.id,
        revision=plan.row.revision + 1,
        changes=plan.changes,
        **counts,
        added=len(plan.lacks),
        unchanged=every - sum(counts.values()),
        units=len(units),
        reminders=count_waiting(plan.session, [effect.which for effect in plan.effects], issuer),
        mails=_people(plan, told, (Role.CLERK,)),
        notices=_people(plan, again, (Role.CLERK, Role.CHIEF)),
    )


def _units(plan: Revising, kinds: Sequence[Adjusted], *, held: bool = False) -> set[str]:
    found: set[str] = set()
    for effect in plan.effects:
        if effect.kind in kinds:
            found |= units_of_effect(plan.session, effect.which, plan.notice.issuer, held=held).keys()
    return found


def _people(plan: Revising, units: set[str], roles: tuple[Role, ...]) -> int:
    """How many people these are: one mail each."""
    known = plan.records.units
    known.fetch(units)
    return len({
        contact.email.lower()
        for unit in units
        for role in roles
        for contact in recipients(known, unit, role, plan.notice.issuer)
    })  # fmt: skip
