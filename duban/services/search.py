"""Looking for a notice, a unit, a person or a material by what one remembers of it. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.searching import is_number_of, is_too_short, plain, spellings
from duban.domain.terms import Role
from duban.services.records import Records
from models import NoticeRow
from models.search import contacts_named, notices_of_units, notices_that_say, units_named
from models.views import notices_within

#: So many of each sort are listed at most.
MOST = 20


@dataclass(frozen=True, kw_only=True)
class FoundUnit:
    """A unit, or a person of one; with the notices of which it owes something, the newest first."""

    id: str
    name: str
    notices: tuple[NoticeRow, ...]
    role: Role | None = None
    person: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundMaterial:
    """A material of a notice."""

    id: str
    name: str
    notice: NoticeRow


@dataclass(frozen=True, kw_only=True)
class Found:
    """What there is, at most ``MOST`` of each sort, and one more where there are more."""

    notices: tuple[NoticeRow, ...] = ()
    units: tuple[FoundUnit, ...] = ()
    people: tuple[FoundUnit, ...] = ()
    materials: tuple[FoundMaterial, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.notices or self.units or self.people or self.materials)


def search(session: Session, asked: str, scope: Scope) -> Found:
    """What ``asked`` may mean, within ``scope``; nothing for what is too short."""
    if is_too_short(asked):
        return Found()
    forms, known = spellings(asked), {row.id: row for row in notices_within(session, scope)}
    return Found(
        notices=tuple(row for row in known.values() if _means(asked, row))[: MOST + 1],
        units=tuple(_units(session, forms, scope, known)),
        people=tuple(_people(session, forms, scope, known)),
        materials=tuple(_materials(session, asked, forms, scope, known))[: MOST + 1],
    )


def _means(asked: str, row: NoticeRow) -> bool:
    return is_number_of(asked, row.document_number) or plain(asked) in plain(row.title)


Known = dict[str, NoticeRow]


def _units(session: Session, forms: Sequence[str], scope: Scope, known: Known) -> Iterator[FoundUnit]:
    found = units_named(session, forms, scope, limit=MOST + 1)
    owed = notices_of_units(session, [unit.id for unit in found], scope)
    for unit in found:
        yield FoundUnit(id=unit.id, name=unit.name, notices=_rows(owed[unit.id], known))


def _people(session: Session, forms: Sequence[str], scope: Scope, known: Known) -> Iterator[FoundUnit]:
    found = contacts_named(session, forms, scope, limit=MOST + 1)
    owed = notices_of_units(session, list({one.unit_id for one in found}), scope)
    for one in found:
        yield FoundUnit(
            id=one.unit_id,
            name=one.unit_name,
            notices=_rows(owed[one.unit_id], known),
            role=Role(one.role),
            person=one.person,
            email=one.email,
        )


def _rows(ids: Sequence[str], known: Known) -> tuple[NoticeRow, ...]:
    return tuple(known[one] for one in ids if one in known)


def _materials(
    session: Session, asked: str, forms: Sequence[str], scope: Scope, known: Known
) -> Iterator[FoundMaterial]:
    """Only those definitions are read that have the words in them."""
    records = Records(session)
    for notice in notices_that_say(session, forms, scope, limit=MOST * 2):
        for _, deliverable in records.notice(notice).placed():
            if plain(asked) in plain(deliverable.name):
                yield FoundMaterial(id=deliverable.id, name=deliverable.name, notice=known[notice])
