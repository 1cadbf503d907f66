"""Units and their contacts by id, read when they are asked for: a million obligations need no roster in memory."""

from collections.abc import Iterable

from sqlmodel import Session

from duban.domain.roster import Contact, Unit
from duban.domain.terms import Relation, Role
from models.unit import ContactFacts, UnitFacts, contacts_of, units_of

#: Units kept from one transaction to the next.
MOST_KEPT = 20_000


class Directory:
    """Units by id as one version of the roster has them. Stays right as long as the version stands."""

    def __init__(self) -> None:
        self._known: dict[str, Unit | None] = {}

    def trim(self) -> None:
        """Forget everything when it has become too much; between transactions only."""
        if len(self._known) > MOST_KEPT:
            self._known.clear()

    def get(self, session: Session, unit_id: str) -> Unit | None:
        """A unit; None when there is none."""
        if unit_id not in self._known:
            self.fetch(session, [unit_id])
        return self._known[unit_id]

    def fetch(self, session: Session, units: Iterable[str]) -> None:
        """Read several at once, as far as they are not known."""
        missing = [unit for unit in dict.fromkeys(units) if unit not in self._known]
        if not missing:
            return
        contacts: dict[str, list[Contact]] = {}
        for row in contacts_of(session, missing):
            contacts.setdefault(row.unit_id, []).append(contact_of(row))
        found = {row.id: unit_of(row, contacts.get(row.id, ())) for row in units_of(session, missing)}
        self._known.update(dict.fromkeys(missing) | found)


def contact_of(row: ContactFacts) -> Contact:
    """A contact as the rules see it."""
    refused = row.refused_at is not None
    return Contact(role=Role(row.role), person=row.person, email=row.email, phone=row.phone, is_refused=refused)


def unit_of(row: UnitFacts, contacts: Iterable[Contact]) -> Unit:
    """A unit as the rules see it."""
    return Unit(
        id=row.id,
        name=row.name,
        parent=row.parent_id,
        kind=row.kind,
        relation=Relation(row.relation),
        order=row.position,
        contacts=tuple(contacts),
    )
