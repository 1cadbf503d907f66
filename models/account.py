"""Accounts that send: what a provider has let through, and what it has refused. Real time, never the domain's."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Field, Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.row import Row
from models.upsert import insert_new


class AccountRow(Row, table=True):
    """One sending account. Its secret is not here, and nowhere in the database."""

    __tablename__ = "sending_account"

    #: the address in From
    address: str = Field(primary_key=True)
    #: until when nothing leaves by it; None: it may send
    held_until: datetime | None = None
    #: stopped until a person has looked
    is_stopped: bool = False
    #: why it is held or stopped, for people
    reason: str = ""
    #: logins refused in a row; two, and it is stopped
    logins_refused: int = 0
    #: its first day in use: a new account begins slowly
    first_used_on: date | None = None
    #: the share of its profile's pace that it has at present
    pace: float = 1.0
    #: mails per connection at present; None: as its profile says
    per_connection: int | None = None
    #: the last day on which the provider complained of pace
    complained_on: date | None = None
    #: the local day that ``sent_today`` counts
    day: date | None = None
    sent_today: int = 0
    #: the first mail of the burst that ``sent_in_window`` counts (duban.domain.pace)
    window_from: datetime | None = None
    sent_in_window: int = 0
    last_sent_at: datetime | None = None


def accounts(session: Session, addresses: Sequence[str]) -> dict[str, AccountRow]:
    """What is known of some accounts; of one never used, nothing is on record yet."""
    found = {row.address: row for row in session.exec(_of(addresses))}
    return {address: found.get(address) or AccountRow(address=address) for address in addresses}


def locked_accounts(session: Session, addresses: Sequence[str]) -> dict[str, AccountRow]:
    """What is known of some accounts, each with its row, locked for this transaction, always in the same order."""
    query = _of(addresses).order_by(AccountRow.address).with_for_update()
    found = {row.address: row for row in session.exec(query)}
    if missing := sorted(set(addresses) - set(found)):
        for address in missing:
            insert_new(session, AccountRow, {"address": address})
        found = {row.address: row for row in session.exec(query)}
    return {address: found[address] for address in addresses}


def _of(addresses: Sequence[str]) -> SelectOfScalar[AccountRow]:
    return select(AccountRow).where(col(AccountRow.address).in_(addresses))
