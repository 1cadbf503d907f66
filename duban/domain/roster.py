"""Units, the people in them, and who of them is written to. Pure values."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from duban.domain.terms import Relation, Role

#: A role that nobody can be written to under falls to the next one upward, within the unit.
UPWARD = (Role.CLERK, Role.CHIEF, Role.LEADER)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A person in a unit, under one hat."""

    #: clerk, chief or leader; a supervisor is a contact of the parent
    role: Role
    person: str = ""
    email: str = ""
    phone: str = ""
    #: a mail server said that there is no such mailbox
    is_refused: bool = field(default=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit of a notice: addressee, receiver or issuer."""

    id: str
    name: str
    parent: str | None = None
    #: the word by which classes of a definition find it (city, college)
    kind: str = ""
    #: how it stands to the issuer
    relation: Relation = Relation.SUBORDINATE
    #: place in every list; equal places keep the order of the file
    order: int = 0
    contacts: tuple[Contact, ...] = ()


class Roster(Mapping[str, Unit]):
    """Units by id, in their official order. Asked for a stranger, every method raises KeyError, ``get`` excepted."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self.units = units
        self._by_id = {unit.id: unit for unit in units}
        self._children: dict[str, list[str]] = {unit.id: [] for unit in units}
        for unit in units:
            if unit.parent in self._children:
                self._children[unit.parent].append(unit.id)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "Roster":
        """A roster of ``units``, sorted by order, then as they come; ValueError when an id comes twice."""
        ordered = tuple(sorted(units, key=lambda unit: unit.order))
        twice = [unit_id for unit_id, n in Counter(unit.id for unit in ordered).items() if n > 1]
        if twice:
            raise ValueError(f"unit ids come twice: {twice}")
        return cls(ordered)

    def __getitem__(self, unit_id: str) -> Unit:
        return self._by_id[unit_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def children(self, unit_id: str) -> tuple[Unit, ...]:
        """The units directly under ``unit_id``, in order."""
        return tuple(self._by_id[child] for child in self._children[unit_id])

    def path(self, unit_id: str) -> list[str]:
        """Ids from the unit itself up to its root; stops where a parent is unknown or comes again."""
        path: dict[str, None] = {}
        above: str | None = self[unit_id].id
        while above in self._by_id and above not in path:
            path[above] = None
            above = self[above].parent
        return list(path)


class Units(Protocol):
    """Units by id: a roster, or what reads them when they are asked for."""

    def get(self, unit_id: str, /) -> Unit | None: ...


def recipients(roster: Units, unit_id: str, role: Role, issuer_id: str) -> tuple[Contact, ...]:
    """Whom a mail to ``role`` of a unit goes to: all who hold the first role upward that has an e-mail address.

    The supervisor is the parent's chief, else its leader; nobody supervises the issuer here. The issuer's
    leaders are never written to (domain rule 9). Nobody: a gap that the coordinator must see.
    """
    unit = roster.get(unit_id)
    if role is Role.SUPERVISOR:
        parent = unit.parent if unit and unit_id != issuer_id else None
        return recipients(roster, parent, Role.CHIEF, issuer_id) if parent else ()
    if unit is None:
        return ()
    upward = UPWARD[UPWARD.index(role) :]
    if unit_id == issuer_id:
        upward = tuple(hat for hat in upward if hat is not Role.LEADER)
    return next((found for hat in upward if (found := _reachable(unit, hat))), ())


def _reachable(unit: Unit, role: Role) -> tuple[Contact, ...]:
    """The contacts of a role that have an e-mail address; a person with two entries once."""
    holders = [c for c in unit.contacts if c.role is role and c.email and not c.is_refused]
    return tuple({contact.email.casefold(): contact for contact in reversed(holders)}.values())[::-1]


Change = Literal["added", "changed", "unchanged", "removed"]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a new roster makes of one unit."""

    change: Change
    #: as it will be; as it was, when removed
    unit: Unit
    #: of name, parent, kind, relation, order: those that change
    fields: tuple[str, ...] = ()
    contacts_added: tuple[Contact, ...] = ()
    contacts_removed: tuple[Contact, ...] = ()


def differences(old: Roster, new: Roster) -> list[Difference]:
    """One for every unit: those of ``new`` in order (unchanged ones too), then the removed ones in their old order."""
    return [_difference(old.get(unit.id), unit) for unit in new.units] + [
        Difference(change="removed", unit=unit, contacts_removed=unit.contacts)
        for unit in old.units
        if unit.id not in new
    ]


def tally(found: Iterable[Difference]) -> dict[Change, int]:
    """How many units are added, changed, unchanged, removed."""
    counted = Counter(difference.change for difference in found)
    kinds: tuple[Change, ...] = ("added", "changed", "unchanged", "removed")
    return {change: counted[change] for change in kinds}


def _difference(was: Unit | None, unit: Unit) -> Difference:
    if was is None:
        return Difference(change="added", unit=unit, contacts_added=unit.contacts)
    names = ("name", "parent", "kind", "relation", "order")
    fields = tuple(name for name in names if getattr(was, name) != getattr(unit, name))
    added = tuple((Counter(unit.contacts) - Counter(was.contacts)).elements())
    removed = tuple((Counter(was.contacts) - Counter(unit.contacts)).elements())
    change: Change = "changed" if fields or added or removed else "unchanged"
    return Difference(change=change, unit=unit, fields=fields, contacts_added=added, contacts_removed=removed)
