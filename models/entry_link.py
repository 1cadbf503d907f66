"""Links of mails: what each opens, and until when. The token is never here, only its hash."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func, update
from sqlmodel import Field, Session, col, select

from models.bulk import INSERT, among, table_of
from models.row import Row
from models.setting import new_version

#: Changes with every link that is taken away: a mail composed ahead is then composed anew.
LINKS = "links_version"

#: Purpose, address, unit, notice.
Key = tuple[str, str, str, str]


class EntryLinkRow(Row, table=True):
    """One link: what one person may do for one unit in one notice."""

    __tablename__ = "entry_link"

    #: SHA-256 of the token, hex
    hash: str = Field(primary_key=True)
    #: ``u`` hand in, ``r`` review
    purpose: str
    #: whom it was mailed to, in small letters
    address: str = Field(index=True)
    #: that person's name
    person: str
    unit_id: str = Field(foreign_key="unit.id", index=True)
    notice_id: str = Field(foreign_key="notice.id")
    generation: int = 1
    #: the domain's time: of the mail that brought it first
    made_at: datetime
    #: the domain's time
    expires_at: datetime
    #: real time
    revoked_at: datetime | None = None
    #: the address (small letters) of the colleague who handed it on; empty: by the office's mail
    handed_on_by: str = ""


def put_links(session: Session, links: Sequence[dict[str, Any]]) -> None:
    """Write links down; of one that is there its day is moved later, never earlier. Values by column, all of them."""
    if not links:
        return
    table = table_of(EntryLinkRow)
    insert = INSERT[session.get_bind().dialect.name](table)
    later = insert.on_conflict_do_update(
        index_elements=["hash"],
        set_={"expires_at": insert.excluded.expires_at},
        where=insert.excluded.expires_at > table.c.expires_at,
    )
    session.connection().execute(later, list(links))


def generations(session: Session, addresses: Collection[str]) -> dict[Key, int]:
    """The generation in force of the links of some addresses (small letters), where it is not the first."""
    t = table_of(EntryLinkRow)
    key = (t.c.purpose, t.c.address, t.c.unit_id, t.c.notice_id)
    query = sqlalchemy.select(*key, func.max(t.c.generation)).group_by(*key)
    gone = query.where(among(session, t.c.address, addresses), t.c.revoked_at.is_not(None))
    return {
        (purpose, a, unit, notice): last + 1 for purpose, a, unit, notice, last in session.connection().execute(gone)
    }


def link_by_hash(session: Session, found: str) -> EntryLinkRow | None:
    """A link, in force or not."""
    return session.get(EntryLinkRow, found)


def links_of(
    session: Session, *, address: str = "", unit: str = "", notice: str = "", in_force: bool = True
) -> list[EntryLinkRow]:
    """Links, the oldest first; what is empty does not narrow."""
    query = select(EntryLinkRow).where(*_meant(address, unit, notice))
    if in_force:
        query = query.where(col(EntryLinkRow.revoked_at).is_(None))
    return list(session.exec(query.order_by(col(EntryLinkRow.made_at), EntryLinkRow.hash)))


def revoke_links(session: Session, *, address: str = "", unit: str = "", notice: str = "", at: datetime) -> int:
    """Take links away, for good; answers how many. ``at`` is real time."""
    mine = update(EntryLinkRow).where(*_meant(address, unit, notice), col(EntryLinkRow.revoked_at).is_(None))
    count = session.connection().execute(mine.values(revoked_at=at)).rowcount
    if count:
        new_version(session, LINKS)
    return count


def _meant(address: str, unit: str, notice: str) -> list[Any]:
    asked = {EntryLinkRow.address: address.lower(), EntryLinkRow.unit_id: unit, EntryLinkRow.notice_id: notice}
    return [col(column) == value for column, value in asked.items() if value]
