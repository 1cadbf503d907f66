"""What a transaction needs to know, read once: calendar, roster, definitions; and rows as the rules see them."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from sqlmodel import Session

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle
from duban.domain.due import Due
from duban.domain.errors import DubanError, NotFound
from duban.domain.expand import form_of
from duban.domain.notice import Deliverable, Notice, Step
from duban.domain.obligation import Ball, Rules, Standing, ball, reviewer, steps_for
from duban.domain.roster import Contact, Roster, Unit
from duban.domain.terms import REVIEW_PREFIX, Relation, Status
from duban.services.directory import Directory, contact_of, unit_of
from models import ObligationRow
from models.notice import revision_in_force, version_in_force
from models.obligation import Facts, Owed
from models.setting import ROSTER, WORKDAYS, settings, workdays
from models.unit import all_contacts, all_units

#: The setting that says until when holidays are published.
KNOWN_UNTIL = "holidays_known_until"


#: Calendars, rosters and definitions by version: read once, not once per mail.
_KEPT: OrderedDict[str, Any] = OrderedDict()
_MOST_KEPT = 80

Kept = TypeVar("Kept")

#: An obligation, as a row or as its facts.
Owing = ObligationRow | Owed | Facts


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
        self._rules: dict[tuple[str, str], Rules] = {}
        self._balls: dict[object, Ball | None] = {}

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The office's table of working days."""
        return _kept(self._settings.get(WORKDAYS), self._read_calendar)

    @cached_property
    def roster(self) -> Roster:
        """All units with their contacts. One by one they come from ``units``."""
        return _kept(self._roster_version, self._read_roster)

    @cached_property
    def units(self) -> "UnitsOnRecord":
        """Units by id, read when they are asked for."""
        version = self._roster_version
        directory = _kept(version and f"directory {version}", Directory)
        directory.trim()
        return UnitsOnRecord(self.session, directory)

    @cached_property
    def _roster_version(self) -> str | None:
        return self._settings.get(ROSTER)

    @cached_property
    def _settings(self) -> dict[str, str]:
        return settings(self.session)

    def _read_calendar(self) -> WorkCalendar:
        known = self._settings.get(KNOWN_UNTIL)
        known_until = date.fromisoformat(known) if known else date.min
        return WorkCalendar(exceptions=workdays(self.session), known_until=known_until)

    def _read_roster(self) -> Roster:
        contacts: dict[str, list[Contact]] = {}
        for row in all_contacts(self.session):
            contacts.setdefault(row.unit_id, []).append(contact_of(row))
        return Roster.of([unit_of(row, contacts.get(row.id, ())) for row in all_units(self.session)])

    def notice(self, notice_id: str) -> Notice:
        """The definition in force; NotFound."""
        if notice_id not in self._notices:
            version = version_in_force(self.session, notice_id)
            if version is None:
                raise NotFound(f"没有发布过通知 {notice_id}", f"no notice {notice_id} has been published")
            self._notices[notice_id] = _kept(f"{notice_id} {version}", lambda: self._read_notice(notice_id))
        return self._notices[notice_id]

    def _read_notice(self, notice_id: str) -> Notice:
        revision = revision_in_force(self.session, notice_id)
        assert revision is not None
        return Notice.model_validate_json(revision.definition)

    def is_readable(self, notice_id: str) -> bool:
        """False for a notice whose definition this program cannot read: it must not stop the others."""
        try:
            self.notice(notice_id)
        except (DubanError, ValueError):
            logging.getLogger(__name__).exception("notice %s cannot be read", notice_id)
            return False
        return True

    def unit(self, unit_id: str) -> Unit:
        """A unit; NotFound."""
        unit = self.units.get(unit_id)
        if unit is None:
            raise NotFound(f"单位名册中没有 {unit_id}", f"no unit {unit_id}")
        return unit

    def deliverable(self, row: Owing) -> Deliverable:
        """The deliverable of an obligation."""
        return self.notice(row.notice_id).find(row.deliverable)[1]

    def form(self, row: ObligationRow | Owed) -> AnySingle:
        """The form of deadline of an obligation."""
        stage, _ = self.notice(row.notice_id).find(row.deliverable)
        return form_of(stage, row.unit_class)

    def rules(self, row: Owing) -> Rules:
        """The rules for an obligation."""
        key = (row.notice_id, row.deliverable)
        if key not in self._rules:
            self._rules[key] = Rules.of(self.notice(row.notice_id), self.deliverable(row))
        return self._rules[key]

    def ball(self, row: Owing) -> Ball | None:
        """Who holds the ball of an obligation."""
        turn = row.turn if isinstance(row, Facts) else _turn_of(row)
        if turn not in self._balls:
            self._balls[turn] = ball(_turn(row), self.rules(row), self.calendar)
        return self._balls[turn]

    def steps(self, row: Owing) -> tuple[Step, ...]:
        """The steps of review that apply to an obligation."""
        parent = self.unit(row.unit_id).parent
        return steps_for(self.notice(row.notice_id), self.deliverable(row), unit=row.unit_id, parent=parent)

    def holder(self, row: Owing, owner: str) -> str:
        """The id of the unit that ``owner`` stands for: the obligation's own, or the reviewing one."""
        if not owner.startswith(REVIEW_PREFIX):
            return row.unit_id
        step = next(s for s in self.rules(row).steps if REVIEW_PREFIX + s.id == owner)
        return reviewer(step, notice=self.notice(row.notice_id), parent=self.unit(row.unit_id).parent)


class UnitsOnRecord:
    """The directory as one transaction asks it."""

    def __init__(self, session: Session, directory: Directory) -> None:
        self._session = session
        self._directory = directory

    def get(self, unit_id: str, /) -> Unit | None:
        """A unit; None when there is none."""
        return self._directory.get(self._session, unit_id)

    def fetch(self, units: Iterable[str]) -> None:
        """Read several at once."""
        self._directory.fetch(self._session, units)


def _turn_of(row: ObligationRow | Owed) -> tuple[object, ...]:
    """``Facts.turn`` of a row."""
    return (
        row.notice_id,
        row.deliverable,
        row.status,
        row.round,
        row.step,
        row.relation,
        row.due_day,
        row.due_at,
        row.opened_at,
    )


def standing(row: ObligationRow | Owed, *, decided: str | None = None) -> Standing:
    """A row as the rules see it; ``decided``: the step whose decision may still be taken back."""
    return replace(_turn(row), submitted_at=row.submitted_at, decided=decided)


def _turn(row: Owing) -> Standing:
    """As far as the ball depends on it."""
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
    )
