"""Who will be written to at a moment to come if nobody acts: the planner's own decisions, nothing written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope
from duban.domain.calendar import opening
from duban.domain.notice import Notice
from duban.domain.obligation import Ball
from duban.domain.plan import decide
from duban.domain.roster import Contact
from duban.domain.terms import MailKind, Role
from duban.services.digesting import item_of, still_stands, turn_waiting
from duban.services.lines import deliverable_name
from duban.services.mailing import Item, Parcels
from duban.services.records import Records
from duban.services.turns import in_groups, turn_of
from models.hold import Held, held_of
from models.notice import notices
from models.obligation import Facts, to_wake
from models.said import waiting
from models.scoping import touches

#: Obligations looked at in one query.
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """One role to be told of one obligation."""

    item: Item
    kind: MailKind
    #: None: it will be said
    held: Held | None


def foreseen(records: Records, own: Sequence[Notice], moment: datetime) -> Iterator[Foreseen]:
    """What the digests of ``moment`` will say of these notices, and what they will not because it is held."""
    for notice in own:
        for rows in _to_wake(records, notice.id, moment):
            yield from _decided(records, rows, moment)
    yield from _waiting(records, {notice.id for notice in own})


def _to_wake(records: Records, notice: str, moment: datetime) -> Iterator[list[Facts]]:
    last = None
    while rows := to_wake(records.session, moment, notice=notice, after=last, limit=BATCH):
        yield rows
        last = rows[-1]


def _decided(records: Records, rows: Sequence[Facts], moment: datetime) -> Iterator[Foreseen]:
    held = held_of(records.session, [row.id for row in rows])
    for group in in_groups(records, rows):
        say = decide(group.ball, group.said, moment, records.calendar).say
        if group.ball is None or say is None:
            continue
        for row, role in product(group.rows, say.to):
            item = _item(row, role, group.ball, say.code)
            yield Foreseen(item=item, kind=MailKind(say.kind or ""), held=held.get(turn_of(row.id, group.ball)))


def _item(row: Facts, role: Role, ball: Ball, rung: str) -> Item:
    due_at = ball.due.at if ball.due else None
    return Item(obligation=row, role=role, owner=ball.owner, rung=rung, round=ball.round, due_at=due_at)


def _waiting(records: Records, own: set[str]) -> Iterator[Foreseen]:
    """What was said too late for the last digest leaves with the next; of a turn only its latest rung."""
    mine = [action for action in waiting(records.session) if action.facts.notice_id in own]
    held = held_of(records.session, {action.facts.id for action in mine})
    latest = {action.facts.id: action.rung for action in mine}
    for action in mine:
        if still_stands(records, action) and latest[action.facts.id] == action.rung:
            kind, item = MailKind(action.kind), item_of(action)
            yield Foreseen(item=item, kind=kind, held=held.get(turn_waiting(action)))


@dataclass(frozen=True, kw_only=True)
class Chased:
    """One obligation on the list, with everybody who will be told of it."""

    notice_id: str
    unit_id: str
    unit_name: str
    #: a deliverable's id, or an occurrence ``ID@YYYY-MM-DD``
    deliverable: str
    deliverable_name: str
    due_at: datetime | None
    #: the gravest of the rungs
    kind: MailKind
    #: who reviews it and is late; empty: the unit is to move
    reviewer: str
    #: the unit whose move it is
    holder: str
    #: the rungs that will be said
    rungs: tuple[str, ...]
    #: the people, each with the role under which he is told; none: there is nobody to write to
    people: tuple[tuple[Role, Contact], ...]
    held: Held | None


@dataclass(frozen=True, kw_only=True)
class Chase:
    """The list of a working day."""

    day: date
    #: by notice, newest first; those without a line are left out
    notices: tuple[tuple[Notice, tuple[Chased, ...]], ...]

    @property
    def mails(self) -> int:
        """How many people will be written to."""
        lines = [line for _, found in self.notices for line in found if line.held is None]
        return len({contact.email.lower() for line in lines for _, contact in line.people})


def chase(session: Session, scope: Scope = EVERYTHING, *, now: datetime) -> Chase:
    """Who will be written to on the next working day, over the open notices within ``scope``."""
    records = Records(session)
    rows = [row for row in notices(session) if row.closed_at is None and touches(session, scope, row.id)]
    own = [records.notice(row.id) for row in reversed(rows)]
    day = next_workday(records, own, now)
    moments = [opening(day, notice.tz) for notice in own]
    found = [(notice, tuple(_lines(records, notice, moment))) for notice, moment in zip(own, moments, strict=True)]
    return Chase(day=day, notices=tuple((notice, lines) for notice, lines in found if lines))


def next_workday(records: Records, own: Sequence[Notice], now: datetime) -> date:
    """The working day after today, in the zone of the first notice."""
    today = now.astimezone(own[0].tz if own else None).date()
    return records.calendar.shift(today, 1)


def _lines(records: Records, notice: Notice, moment: datetime) -> Iterator[Chased]:
    """By unit order, then the notice's order."""
    parcels = Parcels(records)
    grouped: dict[tuple[int, int, int], list[Foreseen]] = {}
    for one in foreseen(records, [notice], moment):
        row = one.item.obligation
        grouped.setdefault((row.unit_position, row.position, row.id or 0), []).append(one)
    records.units.fetch(found[0].item.obligation.unit_id for found in grouped.values())
    for key in sorted(grouped):
        yield _line(parcels, notice, grouped[key], moment)


def _line(parcels: Parcels, notice: Notice, found: Sequence[Foreseen], moment: datetime) -> Chased:
    records, item = parcels.records, found[0].item
    row = item.obligation
    holder = records.holder(row, item.owner)
    people = {
        c.email.lower(): (f.item.role, c)
        for f in found
        for c in parcels.to_holder(holder, f.item, notice.issuer, moment)
    }
    return Chased(
        notice_id=notice.id,
        unit_id=row.unit_id,
        unit_name=records.unit(row.unit_id).name,
        deliverable=row.deliverable,
        deliverable_name=deliverable_name(records.deliverable(row).name, row.deliverable),
        due_at=item.due_at and item.due_at.astimezone(notice.tz),
        kind=max((one.kind for one in found), key=list(MailKind).index),
        reviewer=records.unit(holder).name if holder != row.unit_id else "",
        holder=holder,
        rungs=tuple(one.item.rung or "" for one in found),
        people=tuple(people.values()),
        held=found[0].held,
    )
