"""Mails into the outbox by the thousand, each once by its key."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from models.bulk import insert_many, listed, table_of
from models.outbox import MailItemRow, MailRow, MailState
from models.prepared import Prepared

#: What every mail begins with.
_NEW: dict[str, Any] = {
    "state": str(MailState.PENDING),
    "claimed_by": None,
    "lease_until": None,
    "attempts": 0,
    "doubts": 0,
    "reason": "",
    "sent_at": None,
    "account": None,
    "bare": False,
    "subject": "",
    "text": "",
    "html": "",
}
_NEW_VALUES = tuple(_NEW.values())

#: A mail by column, and its items by column.
Mail = tuple[dict[str, Any], Sequence[tuple[Any, ...]]]
#: The columns of an item, in order.
ITEM = ("obligation_id", "owner", "rung", "round", "due_at", "role")


def enqueue(session: Session, mails: Sequence[Mail]) -> set[str]:
    """Put mails, each with its items, into the outbox; answers the keys of those that were not there yet.

    Ours are found again by their Message-IDs: no two mails have the same.
    """
    if not mails:
        return set()
    names = (*mails[0][0], *_NEW)
    rows = [(*mail.values(), *_NEW_VALUES) for mail, _ in mails]
    insert_many(session, MailRow, names, rows, unless_there=True)
    ids = _numbers(session, [mail["message_id"] for mail, _ in mails])
    items = [
        (ids[mail["message_id"]], n, *item)
        for mail, its in mails
        if mail["message_id"] in ids
        for n, item in enumerate(its)
    ]
    insert_many(session, MailItemRow, ("mail_id", "position", *ITEM), items)
    return {mail["key"] for mail, _ in mails if mail["message_id"] in ids}


_MAIL = table_of(MailRow)
_NUMBERS = Prepared(lambda kind: select(_MAIL.c.message_id, _MAIL.c.id).where(listed(kind, _MAIL.c.message_id, "ids")))


def _numbers(session: Session, message_ids: Sequence[str]) -> dict[str, int]:
    return dict(_NUMBERS.run(session, ids=message_ids).fetchall())
