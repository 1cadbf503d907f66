"""What is asked right before a mail leaves, in two questions; and addresses that lead nowhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, or_, select, update
from sqlmodel import Session, col

from models.account import AccountRow
from models.bulk import listed, table_of
from models.entry_link import LINKS
from models.notice import NoticeRow
from models.obligation import ObligationRow
from models.prepared import Prepared
from models.setting import HOLDS, ROSTER, WORKDAYS, SettingRow, new_version
from models.unit import ContactRow


class Gate(NamedTuple):
    """What stands in the way of a mail, and by what else its words may have changed."""

    #: the value of the setting that lets nothing leave; None: there is none
    paused: str | None
    #: what a server said of the address when it refused it; None: it has not
    refusal: str | None
    #: one of the accounts is stopped, held, or was refused a login
    is_noted: bool
    roster: str | None
    workdays: str | None
    #: grows with each revision of a notice, and whenever one is closed or opened again
    revisions: int | None
    #: changes when a link is taken away
    links: str | None
    #: changes when somebody is held, or no longer
    holds: str | None


def _value(key: Any) -> Any:
    return select(col(SettingRow.value)).where(col(SettingRow.key) == key).scalar_subquery()


def _gate(kind: str) -> Any:
    stands = or_(
        col(AccountRow.is_stopped).is_(True),
        col(AccountRow.held_until) > bindparam("moment", type_=table_of(AccountRow).c.held_until.type),
        col(AccountRow.logins_refused) > 0,
    )
    refused = select(col(ContactRow.refusal)).where(
        col(ContactRow.address) == bindparam("address"), col(ContactRow.refused_at).is_not(None)
    )
    return select(
        func.coalesce(func.nullif(_value(bindparam("pause")), ""), _value(bindparam("doubt"))),
        refused.limit(1).scalar_subquery(),
        exists().where(listed(kind, table_of(AccountRow).c.address, "accounts"), stands),
        _value(ROSTER),
        _value(WORKDAYS),
        select(func.sum(col(NoticeRow.revision) + col(NoticeRow.turns))).scalar_subquery(),
        _value(LINKS),
        _value(HOLDS),
    )


_GATE = Prepared(_gate)


def gate(session: Session, email: str, *, pause: str, doubt: str, accounts: Sequence[str], moment: datetime) -> Gate:
    """What stands in the way of a mail to ``email``; ``pause`` and ``doubt`` are settings that let nothing leave.

    ``moment`` is real time: what is held until then is free.
    """
    found = _GATE.run(session, pause=pause, doubt=doubt, address=email.lower(), accounts=accounts, moment=moment)
    return Gate(*found.fetchone())


#: What a letter says of an obligation changes only with one of these.
_TOLD = [
    table_of(ObligationRow).c[name]
    for name in (
        "id",
        "status",
        "round",
        "step",
        "due_day",
        "due_at",
        "due_set_by_coordinator",
        "opened_at",
        "acknowledged_at",
        "submitted_at",
        "is_nil",
        "reason",
        "tracks",
    )
]


def _asked(name: str, *, keep: bool) -> Prepared:
    """What is told of the obligations with one of these in a column, as the driver has it: it is only compared."""
    table = table_of(ObligationRow)

    def make(kind: str) -> Any:
        query = select(*_TOLD).where(listed(kind, table.c[name], "keys")).order_by(table.c.id)
        return query.with_for_update(read=True, key_share=True) if keep else query

    return Prepared(make)


_TOLD_OF = {(name, keep): _asked(name, keep=keep) for name in ("unit_id", "id") for keep in (False, True)}


def told_of(
    session: Session, *, units: Sequence[str] = (), ids: Sequence[int] = (), keep: bool = False
) -> list[tuple[Any, ...]]:
    """How the obligations of ``units``, or those with ``ids``, stand.

    ``keep``: until this transaction ends, whoever hands one of them in waits; whoever plans does not.
    """
    asked = _TOLD_OF["unit_id" if units else "id", keep]
    return [tuple(row) for row in asked.run(session, keys=units or ids).fetchall()]


def refuse_address(session: Session, email: str, *, at: datetime, words: str) -> None:
    """There is no such mailbox: nobody is written to there any more. ``at`` is real time."""
    held = update(ContactRow).where(col(ContactRow.address) == email.lower(), col(ContactRow.refused_at).is_(None))
    if session.connection().execute(held.values(refused_at=at, refusal=words)).rowcount:
        new_version(session, ROSTER)
