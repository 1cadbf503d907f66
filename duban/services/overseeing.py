"""A supervisor's Monday: what presses in the own subtree over all notices, unit by unit. Reads only.

A page of units takes as many queries as the next: what presses is found and ordered by the database, and what is
told beside it is read for the whole page at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.roster import UPWARD, Contact, Unit
from duban.domain.rungs import Climbed, climbed
from duban.domain.terms import UNIT, AdviceKind, OrderStage, Role, Status
from duban.services.figures import Asked, Show, shows
from duban.services.last_told import Told, last_told
from duban.services.letters import office_to_ask
from duban.services.lines import deliverable_name
from duban.services.overview import HELD_BY_UNIT
from duban.services.records import Records
from duban.services.turns import due_key
from models import AdviceRow, PhoneNoteRow
from models.advice import advice_of
from models.extension import extension_counts, open_requests
from models.obligation import Facts
from models.phone_note import last_notes
from models.supervising import Mailed, Pressed, Rung, mailed, pressed_facts, pressed_units, readable, rungs_of
from models.views import notices_within
from notifications.letter import Office

#: Units on a page; in a file, all that a sheet can be read with.
PAGE, WHOLE = 50, 5000


@dataclass(frozen=True, kw_only=True)
class Line:
    """One material that presses."""

    obligation: int
    notice_id: str
    document_number: str
    deliverable: str
    deliverable_name: str
    stage: OrderStage
    #: why the stage is no milder: returned, put off before
    is_returned: bool
    was_put_off: bool
    due_day: date
    #: days after the day, and working days; 0: not late
    late_days: int
    late_workdays: int
    #: working days to the day; 0 or less where it is today or past
    workdays_left: int
    #: the last mail that went to the unit about it
    told: Told | None
    #: the last mail that did not arrive, unless a later one did: our failure, not the unit's
    failed: Told | None
    ladder: Climbed
    #: when the rung reached was said; None: none was
    said_at: datetime | None
    #: the day that the unit asks for, while that waits for an answer
    asked_until: date | None
    #: what supervisors advise and the issuer has not settled
    advice: tuple[AdviceRow, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One unit with what presses there."""

    unit: Unit
    #: 责任人: its chief, else who can be reached
    answers: Contact | None
    lines: tuple[Line, ...]
    #: the last telephone call about it, by notice
    calls: Mapping[str, PhoneNoteRow]

    @property
    def stage(self) -> OrderStage:
        """The gravest of its lines."""
        return max((line.stage for line in self.lines), key=list(OrderStage).index)

    @property
    def is_late(self) -> bool:
        return self.stage is OrderStage.RED


@dataclass(frozen=True, kw_only=True)
class Monday:
    """What presses below somebody, as of a moment."""

    now: datetime
    #: units with something that presses, over all pages
    total: int
    page: int
    #: in the official order, never ranked
    parts: tuple[Part, ...]
    #: whom to ask at the issuer, by notice
    offices: Mapping[str, Office]
    #: the mails told of that the reader may open
    readable: frozenset[int]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is read for a whole page, and what is judged once for all that are alike."""

    mails: Mapping[int, Sequence[Mailed]]
    rungs: Mapping[int, Sequence[Rung]]
    put_off: Mapping[int, int]
    asked: Mapping[int, date]
    advice: Mapping[int, Sequence[AdviceRow]]
    pauses: Mapping[tuple[str, str], Sequence[AdviceRow]]
    calls: Mapping[tuple[str, str], PhoneNoteRow]
    asked_of: dict[str, Asked] = field(default_factory=dict)
    climbs: dict[object, Climbed] = field(default_factory=dict)


def monday(
    session: Session, scope: Scope, *, now: datetime, page: int = 1, size: int = PAGE, only_late: bool = False
) -> Monday:
    """What presses within ``scope`` as of ``now``; of units beyond a page only how many there are.

    ``only_late``: without what is merely near or returned.
    """
    records = Records(session)
    pressed = _pressed(records, scope, now, only_late=only_late)
    total, units = pressed_units(session, pressed, offset=(page - 1) * size, limit=size)
    rows = pressed_facts(session, pressed, units)
    records.units.fetch(units)
    known = _read(records, [row.id for row in rows], units, now)
    by_unit: dict[str, list[Facts]] = {unit: [] for unit in units}
    for row in rows:
        by_unit[row.unit_id].append(row)
    parts = [_part(records, unit, mine, known, now) for unit, mine in by_unit.items()]
    notices = dict.fromkeys(row.notice_id for row in rows)
    told = {line.told.mail_id for part in parts for line in part.lines if line.told}
    return Monday(
        now=now,
        total=total,
        page=page,
        parts=tuple(parts),
        offices={notice: office_to_ask(records, records.notice(notice)) for notice in notices},
        readable=readable(session, scope, told),
    )


def of_unit(session: Session, scope: Scope, unit: str, notice: str, *, now: datetime) -> Part | None:
    """What presses of one unit in one notice, within ``scope``; None: nothing."""
    records = Records(session)
    found = pressed_facts(session, _pressed(records, scope, now, only_late=False), [unit])
    rows = [row for row in found if row.notice_id == notice]
    return _part(records, unit, rows, _read(records, [row.id for row in rows], [unit], now), now) if rows else None


def _pressed(records: Records, scope: Scope, now: datetime, *, only_late: bool) -> Pressed:
    """What is near is judged once a zone; the database finds the rows."""
    near: dict[date, list[str]] = {}
    for row in () if only_late else notices_within(records.session, scope):
        near.setdefault(_asked(records, row.id, now).near_day, []).append(row.id)
    return Pressed(
        scope=scope,
        held=tuple(map(str, HELD_BY_UNIT)),
        returned=str(Status.RETURNED),
        now=now,
        near=tuple((day, tuple(notices)) for day, notices in near.items()),
    )


def _asked(records: Records, notice: str, now: datetime) -> Asked:
    return Asked(now=now.astimezone(records.notice(notice).tz), calendar=records.calendar)


def _asked_of(records: Records, notice: str, known: _Known, now: datetime) -> Asked:
    if notice not in known.asked_of:
        known.asked_of[notice] = _asked(records, notice, now)
    return known.asked_of[notice]


def _read(records: Records, ids: Sequence[int], units: Sequence[str], now: datetime) -> _Known:
    session, today = records.session, now.date()
    advice: dict[int, list[AdviceRow]] = {}
    pauses: dict[tuple[str, str], list[AdviceRow]] = {}
    for one in advice_of(session, units):
        if one.kind == AdviceKind.PAUSE and one.day and one.day < today:
            continue
        if one.obligation_id is None:
            pauses.setdefault((one.notice_id, one.unit_id), []).append(one)
        else:
            advice.setdefault(one.obligation_id, []).append(one)
    return _Known(
        mails=mailed(session, ids, owner=UNIT),
        rungs=rungs_of(session, ids),
        put_off=extension_counts(session, ids),
        asked={number: one.day_wanted for number, one in open_requests(session, ids).items()},
        advice=advice,
        pauses=pauses,
        calls=last_notes(session, units),
    )


def _part(records: Records, unit: str, rows: Sequence[Facts], known: _Known, now: datetime) -> Part:
    owing = records.unit(unit)
    notices = dict.fromkeys(row.notice_id for row in rows)
    return Part(
        unit=owing,
        answers=_answers(owing),
        lines=tuple(_line(records, row, known, _asked_of(records, row.notice_id, known, now)) for row in rows),
        calls={notice: known.calls[notice, unit] for notice in notices if (notice, unit) in known.calls},
    )


def _answers(unit: Unit) -> Contact | None:
    """The chief, else the clerk, else the leader."""
    order = (Role.CHIEF, *(role for role in UPWARD if role is not Role.CHIEF))
    found = sorted((c for c in unit.contacts if c.role in order), key=lambda contact: order.index(contact.role))
    return found[0] if found else None


def _line(records: Records, row: Facts, known: _Known, asked: Asked) -> Line:
    assert row.due_day is not None
    found = shows(Status(row.status), row.due_day, row.due_at, asked)
    ladder, said_at = _climbed(records, row, known)
    left = asked.workdays_left(row.due_day)
    is_late = Show.OVERDUE in found
    today = asked.now.date()
    told, failed = last_told(known.mails.get(row.id, ()), records.notice(row.notice_id).ladder, asked.zone)
    return Line(
        obligation=row.id,
        notice_id=row.notice_id,
        document_number=records.notice(row.notice_id).document_number,
        deliverable=row.deliverable,
        deliverable_name=deliverable_name(records.deliverable(row).name, row.deliverable),
        stage=_stage(found, put_off=row.id in known.put_off),
        is_returned=Show.RETURNED in found,
        was_put_off=row.id in known.put_off,
        due_day=row.due_day,
        late_days=max(1, (today - row.due_day).days) if is_late else 0,
        late_workdays=max(0, -left) if is_late else 0,
        workdays_left=left,
        told=told,
        failed=failed,
        ladder=ladder,
        said_at=said_at and said_at.astimezone(asked.zone),
        asked_until=known.asked.get(row.id),
        advice=(*known.advice.get(row.id, ()), *known.pauses.get((row.notice_id, row.unit_id), ())),
    )


def _stage(found: frozenset[Show], *, put_off: bool) -> OrderStage:
    """逾期 is red; returned, or put off before, is yellow; what is only near is blue."""
    if Show.OVERDUE in found:
        return OrderStage.RED
    return OrderStage.YELLOW if Show.RETURNED in found or put_off else OrderStage.BLUE


def _climbed(records: Records, row: Facts, known: _Known) -> tuple[Climbed, datetime | None]:
    ball = records.ball(row)
    assert ball is not None
    turn = (ball.round, ball.owner, due_key(ball))
    mine = {r.rung: r.at for r in known.rungs.get(row.id, ()) if (r.round, r.owner, r.due_key) == turn}
    alike = (row.turn, frozenset(mine))
    if alike not in known.climbs:
        known.climbs[alike] = climbed(ball, mine, records.calendar)
    found = known.climbs[alike]
    return found, mine.get(found.reached.code) if found.reached else None
