"""What a transaction needs to know, read once: calendar, roster, definitions; and rows as the rules see them."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from sqlmodel import Session

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle
from duban.domain.due import Due
from duban.domain.errors import NotFound
from duban.domain.expand import form_of
from duban.domain.notice import Deliverable, Notice
from duban.domain.obligation import Ball, Rules, Standing, ball, reviewer
from duban.domain.roster import Contact, Roster, Unit
from duban.domain.terms import REVIEW_PREFIX, Relation, Role, Status
from models import ContactRow, ObligationRow, UnitRow
from models.notice import revision_in_force
from models.setting import ROSTER, WORKDAYS, setting, workdays
from models.unit import all_contacts, all_units

#: The setting that says until when holidays are published.
KNOWN_UNTIL = "holidays_known_until"


@lru_cache(maxsize=64)
def _definition(canonical: str) -> Notice:
    return Notice.model_validate_json(canonical)


#: Calendars and rosters by version: read once, not once per mail.
_KEPT: OrderedDict[str, Any] = OrderedDict()
_MOST_KEPT = 8

Kept = TypeVar("Kept")


def _kept(version: str | None, read: Callable[[], Kept]) -> Kept:
    """What was read under this version; a version is never given twice, so it cannot be stale."""
    if version is None:
        return read()
    if version not in _KEPT:
        _KEPT[version] = read()
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    kept: Kept = _KEPT[version]
    return kept


class Records:
    """One transaction's view of what is on record."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._notices: dict[str, Notice] = {}

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The office's table of working days."""
        return _kept(setting(self.session, WORKDAYS), self._read_calendar)

    @cached_property
    def roster(self) -> Roster:
        """All units with their contacts."""
        return _kept(setting(self.session, ROSTER), self._read_roster)

    def _read_calendar(self) -> WorkCalendar:
        known = setting(self.session, KNOWN_UNTIL)
        known_until = date.fromisoformat(known) if known else date.min
        return WorkCalendar(exceptions=workdays(self.session), known_until=known_until)

    def _read_roster(self) -> Roster:
        contacts: dict[str, list[ContactRow]] = {}
        for row in all_contacts(self.session):
            contacts.setdefault(row.unit_id, []).append(row)
        return Roster.of([_unit(row, contacts.get(row.id, [])) for row in all_units(self.session)])

    def notice(self, notice_id: str) -> Notice:
        """The definition in force; NotFound."""
        if notice_id not in self._notices:
            revision = revision_in_force(self.session, notice_id)
            if revision is None:
                raise NotFound(f"没有发布过通知 {notice_id}", f"no notice {notice_id} has been published")
            self._notices[notice_id] = _definition(revision.definition)
        return self._notices[notice_id]

    def unit(self, unit_id: str) -> Unit:
        """A unit; NotFound."""
        unit = self.roster.get(unit_id)
        if unit is None:
            raise NotFound(f"单位名册中没有 {unit_id}", f"no unit {unit_id}")
        return unit

    def deliverable(self, row: ObligationRow) -> Deliverable:
        """The deliverable of an obligation."""
        return self.notice(row.notice_id).find(row.deliverable)[1]

    def form(self, row: ObligationRow) -> AnySingle:
        """The form of deadline of an obligation."""
        stage, _ = self.notice(row.notice_id).find(row.deliverable)
        return form_of(stage, row.unit_class)

    def rules(self, row: ObligationRow) -> Rules:
        """The rules for an obligation."""
        notice = self.notice(row.notice_id)
        parent = self.unit(row.unit_id).parent
        return Rules.of(notice, self.deliverable(row), unit=row.unit_id, parent=parent)

    def ball(self, row: ObligationRow) -> Ball | None:
        """Who holds the ball of an obligation."""
        return ball(standing(row), self.rules(row), self.calendar)

    def holder(self, row: ObligationRow, owner: str) -> str:
        """The id of the unit that ``owner`` stands for: the obligation's own, or the reviewing one."""
        if not owner.startswith(REVIEW_PREFIX):
            return row.unit_id
        step = next(s for s in self.rules(row).steps if REVIEW_PREFIX + s.id == owner)
        return reviewer(step, notice=self.notice(row.notice_id), parent=self.unit(row.unit_id).parent)


def standing(row: ObligationRow) -> Standing:
    """A row as the rules see it."""
    due = Due(day=row.due_day, at=row.due_at) if row.due_day and row.due_at else None
    return Standing(
        unit=row.unit_id,
        deliverable=row.deliverable,
        status=Status(row.status),
        round=row.round,
        due=due,
        opened_at=row.opened_at,
        step=row.step,
        relation=Relation(row.relation),
        submitted_at=row.submitted_at,
    )


def _unit(row: UnitRow, contacts: list[ContactRow]) -> Unit:
    people = tuple(Contact(role=Role(c.role), person=c.person, email=c.email, phone=c.phone) for c in contacts)
    return Unit(
        id=row.id,
        name=row.name,
        parent=row.parent_id,
        kind=row.kind,
        relation=Relation(row.relation),
        order=row.position,
        contacts=people,
    )
