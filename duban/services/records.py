"""What a transaction needs to know, read once: calendar, roster, definitions; and rows as the rules see them."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlmodel import Session

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle
from duban.domain.due import Due
from duban.domain.errors import DubanError, InputRefused, NotFound
from duban.domain.expand import form_of
from duban.domain.notice import Deliverable, Notice, Stage, Step
from duban.domain.obligation import Ball, Rules, Standing, ball, reviewer, steps_for
from duban.domain.roster import Contact, Roster, Unit
from duban.domain.terms import REVIEW_PREFIX, Relation, Status
from duban.services.directory import Directory, contact_of, unit_of
from models import ObligationRow
from models.notice import revision_in_force, revisions_of, version_in_force
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
        self._closed: dict[str, datetime] = {}
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
            number, sha256, closed_at = version
            key = f"{notice_id} {(number, sha256)}"
            self._notices[notice_id] = _kept(key, lambda: self._read_notice(notice_id))
            if closed_at is not None:
                self._closed[notice_id] = closed_at
        return self._notices[notice_id]

    def is_closed(self, notice_id: str) -> bool:
        """The notice is closed or cancelled: nobody is chased, nobody acts. NotFound."""
        self.notice(notice_id)
        return notice_id in self._closed

    def as_of(self, notice_id: str, now: datetime) -> datetime:
        """``now``; of a closed notice the moment at which it was closed: nothing becomes later than it was then."""
        return min(now, self._closed[notice_id]).astimezone(now.tzinfo) if self.is_closed(notice_id) else now

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

    def find(self, notice_id: str, deliverable: str) -> tuple[Stage, Deliverable]:
        """A deliverable (or an occurrence) with its stage: what a supplement has dropped stays as it was then.

        KeyError for what no revision has.
        """
        return self.definition(notice_id, deliverable).find(deliverable)

    def definition(self, notice_id: str, deliverable: str) -> Notice:
        """The definition in force; for what it has no longer, the last one that had it. KeyError."""
        notice = self.notice(notice_id)
        return notice if _has(notice, deliverable) else self._former(notice_id, lambda n: _has(n, deliverable))

    def _former(self, notice_id: str, fits: Callable[[Notice], bool]) -> Notice:
        """The last revision before the one in force that fits; KeyError."""
        for row in reversed(revisions_of(self.session, notice_id)[:-1]):
            text = row.definition
            key = f"{notice_id} {(row.number, row.sha256)}"
            former: Notice = _kept(key, lambda text=text: Notice.model_validate_json(text))  # type: ignore[misc]
            if fits(former):
                return former
        raise KeyError(notice_id)

    def deliverable(self, row: Owing) -> Deliverable:
        """The deliverable of an obligation."""
        return self.find(row.notice_id, row.deliverable)[1]

    def form(self, row: ObligationRow | Owed) -> AnySingle:
        """The form of deadline of an obligation; of one that is no longer asked for, the last that it had."""
        notice = self.definition(row.notice_id, row.deliverable)
        try:
            return form_of(notice.find(row.deliverable)[0], row.unit_class)
        except InputRefused:
            former = self._former(row.notice_id, lambda n: _has_form(n, row))
            return form_of(former.find(row.deliverable)[0], row.unit_class)

    def class_name(self, row: ObligationRow | Owed) -> str:
        """The name of the class through which the unit is bound."""
        notice = self.notice(row.notice_id)
        if row.unit_class not in notice.classes:
            notice = self._former(row.notice_id, lambda n: row.unit_class in n.classes)
        return notice.classes[row.unit_class].name

    def rules(self, row: Owing) -> Rules:
        """The rules for an obligation."""
        key = (row.notice_id, row.deliverable)
        if key not in self._rules:
            notice = self.definition(row.notice_id, row.deliverable)
            self._rules[key] = Rules.of(notice, notice.find(row.deliverable)[1])
        return self._rules[key]

    def ball(self, row: Owing) -> Ball | None:
        """Who holds the ball of an obligation; nobody where the notice is closed."""
        if self.is_closed(row.notice_id):
            return None
        turn = row.turn if isinstance(row, Facts) else _turn_of(row)
        if turn not in self._balls:
            self._balls[turn] = ball(_turn(row), self.rules(row), self.calendar)
        return self._balls[turn]

    def steps(self, row: Owing) -> tuple[Step, ...]:
        """The steps of review that apply to an obligation."""
        parent = self.unit(row.unit_id).parent
        notice = self.definition(row.notice_id, row.deliverable)
        return steps_for(notice, notice.find(row.deliverable)[1], unit=row.unit_id, parent=parent)

    def holder(self, row: Owing, owner: str) -> str:
        """The id of the unit that ``owner`` stands for: the obligation's own, or the reviewing one."""
        if not owner.startswith(REVIEW_PREFIX):
            return row.unit_id
        step = next(s for s in self.rules(row).steps if REVIEW_PREFIX + s.id == owner)
        return reviewer(step, notice=self.notice(row.notice_id), parent=self.unit(row.unit_id).parent)


def _has(notice: Notice, deliverable: str) -> bool:
    wanted = deliverable.partition("@")[0]
    return any(one.id == wanted for _, one in notice.placed())


def _has_form(notice: Notice, row: ObligationRow | Owed) -> bool:
    """The definition says by when units of the class owe it."""
    if not _has(notice, row.deliverable):
        return False
    deadline = notice.find(row.deliverable)[0].deadline
    return deadline.kind != "by_class" or row.unit_class in deadline.classes


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
