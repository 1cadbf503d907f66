"""Whom a definition would bind, and who of them can be written to. Reads only, before anything is published."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.expand import clauses, named_units, selection, unassigned
from duban.domain.notice import Notice
from duban.domain.roster import UPWARD, Unit, recipients
from duban.domain.terms import Role
from duban.services.records import Records
from models.binding import members_of, units_bound, unknown_units


@dataclass(frozen=True, kw_only=True)
class ClassBound:
    """A class of units, and what it owes."""

    name: str
    #: in the official order
    units: tuple[Unit, ...]
    #: names of its materials; none: it owes nothing
    owes: tuple[str, ...]
    #: 经办认定
    is_set_by_coordinator: bool
    note: str
    #: units that are left out, by name
    left_out: tuple[str, ...]
    #: kinds that no unit of the roster has
    unknown_kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A unit of which somebody cannot be written to."""

    unit: Unit
    #: roles without a mailbox
    missing: tuple[Role, ...]

    @property
    def is_mute(self) -> bool:
        """Nobody at all gets the mails."""
        return len(self.missing) == len(UPWARD)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The units of a definition."""

    issuer: Unit | None
    classes: tuple[ClassBound, ...] = ()
    #: every unit that owes something, in the official order
    units: tuple[Unit, ...] = ()
    #: how many obligations publishing makes
    obligations: int = 0
    #: below the issuer, addressed by name, or in a class, and yet owing nothing; in the official order
    owing_nothing: tuple[Unit, ...] = ()
    #: ids that the definition names and the roster does not have
    unknown: tuple[str, ...] = ()
    #: materials without a responsible unit
    unassigned: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    #: nobody of the issuer gets what units answer
    has_no_coordinator: bool = False
    #: kinds of units in the roster, with how many there are
    kinds: tuple[tuple[str, int], ...] = ()

    @property
    def mute(self) -> tuple[Gap, ...]:
        """Units that nobody can write to at all."""
        return tuple(gap for gap in self.gaps if gap.is_mute)


def bound(session: Session, notice: Notice, *, now: datetime) -> Bound:
    """Whom ``notice`` would bind if it were published at ``now``; without a known issuer, only what is unknown."""
    records = Records(session)
    unknown = tuple(unknown_units(session, named_units(notice)))
    issuer = records.units.get(notice.issuer)
    kinds = kinds_of(records)
    if issuer is None:
        return Bound(issuer=None, unknown=unknown, kinds=kinds)
    asked = clauses(notice, records.calendar, published_at=now)
    owing = [units_bound(session, [clause], issuer=notice.issuer) for clause in asked]
    units = _in_order(records, {unit for some in owing for unit in some})
    classes = tuple(_classes(records, notice, {kind for kind, _ in kinds}))
    return Bound(
        issuer=issuer,
        classes=classes,
        units=units,
        obligations=sum(map(len, owing)),
        owing_nothing=tuple(_owing_nothing(records, notice, classes, {unit.id for unit in units})),
        unknown=unknown,
        unassigned=tuple(material.name for material in unassigned(notice)),
        gaps=tuple(_gaps(units, notice.issuer)),
        has_no_coordinator=not recipients(records.units, notice.issuer, Role.CLERK, notice.issuer),
        kinds=kinds,
    )


def kinds_of(records: Records) -> tuple[tuple[str, int], ...]:
    """The kinds of units in the roster, in its order, with how many there are."""
    found: dict[str, int] = {}
    for unit in records.roster.units:
        found[unit.kind] = found.get(unit.kind, 0) + 1
    return tuple(found.items())


def _in_order(records: Records, units: set[str]) -> tuple[Unit, ...]:
    return tuple(unit for unit in records.roster.units if unit.id in units)


def _classes(records: Records, notice: Notice, kinds: set[str]) -> Iterator[ClassBound]:
    for key, unit_class in notice.classes.items():
        members = members_of(records.session, selection(notice, key), issuer=notice.issuer)
        yield ClassBound(
            name=unit_class.name,
            units=tuple(records.roster[unit] for unit in members),
            owes=tuple(material.name for _, material in notice.placed() if key in material.who),
            is_set_by_coordinator=unit_class.set_by == "coordinator",
            note=unit_class.note,
            left_out=tuple(unit.name for unit in map(records.roster.get, unit_class.except_units) if unit),
            unknown_kinds=tuple(kind for kind in unit_class.kinds if kind not in kinds),
        )


def _owing_nothing(records: Records, notice: Notice, classes: Sequence[ClassBound], owing: set[str]) -> Iterator[Unit]:
    idle = {unit.id for it in classes if not it.owes for unit in it.units}
    below = _below(records, notice.issuer)
    for unit in records.roster.units:
        is_meant = unit.id in idle or unit.id in below or unit.name in notice.addressees
        if is_meant and unit.id not in owing and unit.id != notice.issuer:
            yield unit


def _below(records: Records, issuer: str) -> set[str]:
    """The units below the issuer, whatever the depth."""
    found, waiting = {issuer}, [issuer]
    while waiting:
        fresh = [unit.id for unit in records.roster.children(waiting.pop()) if unit.id not in found]
        found.update(fresh)
        waiting += fresh
    return found


def _gaps(units: Sequence[Unit], issuer: str) -> Iterator[Gap]:
    for unit in units:
        missing = tuple(role for role in UPWARD if not _has(unit, role) and unit.id != issuer)
        if missing:
            yield Gap(unit=unit, missing=missing)


def _has(unit: Unit, role: Role) -> bool:
    return any(c.role is role and c.email and not c.is_refused for c in unit.contacts)


#: The columns of a unit file.
COLUMNS = ("id", "name", "parent", "kind", "relation", "order", "role", "person", "email", "phone")


def gap_file(session: Session, found: Bound) -> bytes:
    """A unit file (CSV with a mark, as Excel wants it) of the units with gaps: their contacts, and a row per gap.

    The units above them stand in it as they are: a unit file is whole. Imported once it is filled in, it changes the
    contacts of the units with gaps and nothing else.
    """
    roster = Records(session).roster
    missing = {gap.unit.id: gap.missing for gap in found.gaps}
    wanted = {above for unit in missing for above in roster.path(unit)}
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for unit in roster.units:
        if unit.id in wanted:
            rows.writerows(_rows(unit, missing.get(unit.id, ())))
    return out.getvalue().encode("utf-8-sig")


def _rows(unit: Unit, missing: tuple[Role, ...]) -> Iterator[tuple[object, ...]]:
    about = (unit.id, unit.name, unit.parent or "", unit.kind, str(unit.relation), unit.order)
    # a mailbox that a server refused is one to be written anew
    kept = [(str(c.role), c.person, c.email, c.phone) for c in unit.contacts if c.role not in missing]
    asked = [(str(role), "", "", "") for role in missing]
    yield from ((*about, *person) for person in kept + asked or [("", "", "", "")])
