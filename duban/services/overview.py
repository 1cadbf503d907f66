"""The first page: every notice with its figures, and what the coordinator has to do today. Reads only."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope, Subject, scope_of
from duban.domain.calendar import opening
from duban.domain.deeds import Deed
from duban.domain.obligation import Ball
from duban.domain.state import HOLDER
from duban.domain.terms import UNIT, Status, TaskKind
from duban.services.board import Cell, cell_of
from duban.services.figures import NEAR_WORKDAYS, Asked, Figures, Show, shows
from duban.services.lines import deliverable_name
from duban.services.records import Records
from duban.services.turns import due_key, turn_of
from models import MailRow, MailState, NoticeRow, ObligationRow, TaskRow
from models.hold import Turn, held_of
from models.notice import notices
from models.obligation import next_wake, of_units
from models.views import (
    Alike,
    LastMail,
    MailFilter,
    alike,
    held_by_units,
    last_mails,
    mail_page,
    notices_within,
    open_tasks,
    with_status,
)

#: Statuses in which the unit holds the ball.
HELD_BY_UNIT = tuple(status for status in Status if HOLDER[status] == UNIT)
#: No break is so long that what is near is due later than this.
NEAR_AT_MOST = timedelta(days=NEAR_WORKDAYS + 14)
#: Mails that a person must look at.
TROUBLED = (MailState.FAILED, MailState.UNKNOWN, MailState.DEFERRED)
#: So many obligations or mails of a sort are listed at most; the figures count all.
MOST = 200


@dataclass(frozen=True, kw_only=True)
class Glance:
    """A notice with its figures."""

    id: str
    title: str
    document_number: str
    issuer: str
    published_at: datetime
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Pressing:
    """One obligation on today's list."""

    notice_id: str
    document_number: str
    unit_id: str
    unit_name: str
    deliverable_name: str
    cell: Cell
    #: the turn of whoever must move next
    ball: Ball | None
    #: when the unit was last written to about it
    told_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A task that is left to the coordinator."""

    kind: TaskKind
    notice_id: str
    document_number: str
    unit_id: str | None
    unit_name: str
    #: what it is about; empty where it is about the unit
    deliverable_name: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Today:
    """What the coordinator has to do."""

    overdue: tuple[Pressing, ...]
    near: tuple[Pressing, ...]
    review: tuple[Pressing, ...]
    errands: tuple[Errand, ...]
    #: failed, unknown and deferred mails, the newest first
    mails: tuple[MailRow, ...]


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """Whose eyes a page is for, list by list."""

    ledger: Scope = EVERYTHING
    tasks: Scope = EVERYTHING
    mails: Scope = EVERYTHING

    @classmethod
    def of(cls, subject: Subject) -> "Eyes":
        """What ``subject`` may see."""
        return cls(
            ledger=scope_of(subject, Deed.SEE_LEDGER),
            tasks=scope_of(subject, Deed.SEE_TASKS),
            mails=scope_of(subject, Deed.SEE_MAIL),
        )


#: For those who are not asked who they are.
ALL_EYES = Eyes()


def glances(session: Session, *, now: datetime, eyes: Eyes = ALL_EYES) -> list[Glance]:
    """Every notice of which there is something to see, newest first, with its figures as of ``now``."""
    records = Records(session)
    counted = alike(session, eyes.ledger)
    rows = notices_within(session, eyes.ledger)
    return [_glance(records, row, [a for a in counted if a.notice == row.id], now) for row in rows]


def _glance(records: Records, row: NoticeRow, counted: Iterable[Alike], now: datetime) -> Glance:
    asked = _asked(records, row.id, now)
    judged = ((shows(Status(a.status), a.due_day, a.due_at, asked), a.count) for a in counted)
    return Glance(
        id=row.id,
        title=row.title,
        document_number=row.document_number,
        issuer=records.unit(row.issuer_id).name,
        published_at=row.published_at.astimezone(asked.zone),
        figures=Figures.of(judged),
    )


def today(session: Session, *, now: datetime, eyes: Eyes = ALL_EYES) -> Today:
    """What there is to do as of ``now``, over all notices."""
    records = Records(session)
    held = held_by_units(session, HELD_BY_UNIT, now + NEAR_AT_MOST, limit=MOST, scope=eyes.ledger)
    told = last_mails(session, [row.id or 0 for row in held], owner=UNIT)
    records.units.fetch({row.unit_id for row in held})
    found = [pressing(records, row, now, told) for row in held]
    review = with_status(session, Status.SUBMITTED, limit=MOST, scope=eyes.ledger)
    return Today(
        overdue=tuple(p for p in found if Show.OVERDUE in p.cell.shows),
        near=tuple(p for p in found if Show.NEAR in p.cell.shows),
        review=tuple(pressing(records, row, now) for row in review),
        errands=tuple(_errands(records, eyes.tasks)),
        mails=tuple(mail_page(session, MailFilter(states=TROUBLED, scope=eyes.mails), offset=0, limit=MOST)),
    )


def minutes_unswept(session: Session, *, now: datetime) -> int:
    """For how many minutes of office hours a rung has been due without a tick; 0 when all is said."""
    wake = next_wake(session)
    published = notices(session)
    if wake is None or wake >= now or not published:
        return 0
    records = Records(session)
    zone = records.notice(published[0].id).tz
    local = now.astimezone(zone)
    if not records.calendar.speaks_at(local):
        return 0
    return int((local - max(wake, opening(local.date(), zone))).total_seconds() // 60)


def _asked(records: Records, notice: str, now: datetime) -> Asked:
    return Asked(now=records.as_of(notice, now).astimezone(records.notice(notice).tz), calendar=records.calendar)


#: Nobody was written to.
_UNTOLD: Mapping[int, LastMail] = MappingProxyType({})


def pressing(records: Records, row: ObligationRow, now: datetime, told: Mapping[int, LastMail] = _UNTOLD) -> Pressing:
    """An obligation as today's list has it; ``told``: the last mail about each."""
    last = told.get(row.id or 0)
    return Pressing(
        notice_id=row.notice_id,
        document_number=records.notice(row.notice_id).document_number,
        unit_id=row.unit_id,
        unit_name=records.unit(row.unit_id).name,
        deliverable_name=deliverable_name(records.deliverable(row).name, row.deliverable),
        cell=cell_of(row, _asked(records, row.notice_id, now)),
        ball=records.ball(row),
        told_at=last.mail.at if last else None,
    )


def _errands(records: Records, scope: Scope) -> Iterator[Errand]:
    """Open tasks that still stand."""
    tasks = open_tasks(records.session, scope)
    units = {task.unit_id for task in tasks if task.kind == TaskKind.TELEPHONE and task.unit_id}
    rows = {(r.notice_id, r.unit_id, r.deliverable): r for r in of_units(records.session, units)}
    held = held_of(records.session, [row.id or 0 for row in rows.values()])
    for task in tasks:
        row = rows.get((task.notice_id, task.unit_id or "", task.deliverable or ""))
        if task.kind != TaskKind.TELEPHONE or (row and _still_calls(records, task, row, held)):
            yield _errand(records, task)


def _still_calls(records: Records, task: TaskRow, row: ObligationRow, held: Collection[Turn]) -> bool:
    """True while the turn that the call is about is on, and is not held: the key names the turn."""
    ball = records.ball(row)
    if ball is None or turn_of(row.id or 0, ball) in held:
        return False
    return task.key.startswith(f"call:{row.id}:{ball.round}:{ball.owner}:") and task.key.endswith(due_key(ball))


def _errand(records: Records, task: TaskRow) -> Errand:
    notice = records.notice(task.notice_id)
    return Errand(
        kind=TaskKind(task.kind),
        notice_id=notice.id,
        document_number=notice.document_number,
        unit_id=task.unit_id,
        unit_name=records.unit(task.unit_id).name if task.unit_id else "",
        deliverable_name=_named(records, notice.id, task.deliverable) if task.deliverable else "",
        text=task.text,
        at=task.at.astimezone(notice.tz),
    )


def _named(records: Records, notice: str, key: str) -> str:
    return deliverable_name(records.find(notice, key)[1].name, key)
