"""Who an address of the record belongs to: the name of its account, else of a contact that has it. Reads only."""

from collections.abc import Collection, Mapping

from sqlmodel import Session

from models.contact import people_at
from models.person import names_of


def names_known(session: Session, addresses: Collection[str]) -> Mapping[str, str]:
    """Address (small letters) → name, as far as one is known; what is no address is left out."""
    wanted = {address.lower() for address in addresses if "@" in address}
    if not wanted:
        return {}
    accounts = {address: name for address, name in names_of(session, wanted).items() if name}
    return people_at(session, wanted - accounts.keys()) | accounts
