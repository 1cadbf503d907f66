"""Reminders by hand: who pressed when, and the mails that came of it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import or_, update
from sqlmodel import Field, Session, col, select

from models.bulk import among, insert_many, table_of
from models.outbox import MailItemRow, MailRow, MailState
from models.row import Row
from models.upsert import insert_new

#: States in which a mail has not begun to leave.
NOT_BEGUN = (MailState.PENDING, MailState.CLAIMED, MailState.DEFERRED)


class PressRow(Row, table=True):
    """One press: a selection of units was reminded by hand."""

    __tablename__ = "press"

    id: int | None = Field(default=None, primary_key=True)
    #: of the form that was sent: a second click is the same press
    key: str = Field(unique=True)
    notice_id: str = Field(foreign_key="notice.id", index=True)
    by: str
    at: datetime
    #: when its mails may leave
    leaves_at: datetime
    undone_at: datetime | None = None


class PressedMailRow(Row, table=True):
    """A mail of a press."""

    __tablename__ = "pressed_mail"

    mail_id: int = Field(foreign_key="outbox.id", primary_key=True)
    press_id: int = Field(foreign_key="press.id", index=True)


_MAIL, _ITEM, _PRESSED = table_of(MailRow), table_of(MailItemRow), table_of(PressedMailRow)


def enter_press(session: Session, values: dict[str, Any]) -> int | None:
    """Write down a press; None where this form was sent already."""
    found = insert_new(session, PressRow, values)
    return None if found is None else int(found)


def press_of_key(session: Session, key: str) -> PressRow | None:
    """The press of a form."""
    return session.exec(select(PressRow).where(PressRow.key == key)).one_or_none()


def press_of(session: Session, number: int) -> PressRow | None:
    """One press."""
    return session.get(PressRow, number)


def locked_press(session: Session, number: int) -> PressRow | None:
    """One press, locked for this transaction."""
    return session.exec(select(PressRow).where(PressRow.id == number).with_for_update()).one_or_none()


def put_pressed(session: Session, press: int, keys: Collection[str]) -> None:
    """These mails came of a press."""
    query = sqlalchemy.select(_MAIL.c.id).where(among(session, _MAIL.c.key, sorted(keys)))
    found = session.connection().execute(query).scalars().all()
    insert_many(session, PressedMailRow, ("mail_id", "press_id"), [(number, press) for number in found])


def pressed_mails(session: Session, press: int) -> list[MailRow]:
    """The mails of a press, in order."""
    joined = select(MailRow).join(PressedMailRow, col(PressedMailRow.mail_id) == col(MailRow.id))
    return list(session.exec(joined.where(PressedMailRow.press_id == press).order_by(col(MailRow.id))))


def pressed_by(session: Session, mails: Collection[int]) -> dict[int, str]:
    """Mail → who pressed, for those of some mails that were written by hand."""
    query = select(PressedMailRow.mail_id, PressRow.by).join(PressRow, col(PressRow.id) == PressedMailRow.press_id)
    return dict(session.exec(query.where(among(session, col(PressedMailRow.mail_id), sorted(mails)))).all())


def cancel_pressed(session: Session, press: int, *, reason: str) -> int:
    """No mail of a press that has not begun will; answers how many. What has begun goes its way."""
    mine = sqlalchemy.select(_PRESSED.c.mail_id).where(_PRESSED.c.press_id == press)
    states = [str(state) for state in NOT_BEGUN]
    waits = update(_MAIL).where(_MAIL.c.id.in_(mine), _MAIL.c.state.in_(states))
    values = {"state": str(MailState.CANCELLED), "reason": reason, "claimed_by": None, "lease_until": None}
    return int(session.connection().execute(waits.values(values)).rowcount)


class Pressed(NamedTuple):
    """An obligation in a mail that was written by hand."""

    obligation_id: int
    #: in small letters
    email: str
    state: MailState


def pressed_about(session: Session, obligations: Collection[int], since: datetime) -> list[Pressed]:
    """Of which of some obligations mails were written by hand since a moment, to whom, and how these stand."""
    query = (
        sqlalchemy.select(_ITEM.c.obligation_id, _MAIL.c.to_email, _MAIL.c.state)
        .join_from(_PRESSED, _MAIL, _MAIL.c.id == _PRESSED.c.mail_id)
        .join(_ITEM, _ITEM.c.mail_id == _MAIL.c.id)
        .where(_MAIL.c.at >= since, among(session, _ITEM.c.obligation_id, sorted(obligations)))
    )
    found = session.connection().execute(query).tuples()
    return [Pressed(number, email.lower(), MailState(state)) for number, email, state in found]


def said_otherwise(session: Session, mail: MailRow, *, kinds: Iterable[str], since: datetime) -> set[int]:
    """The obligations of a mail written by hand of which a mail of these kinds speaks to the same person.

    Since a moment; of two that were written by hand the first one speaks.
    """
    mine = sqlalchemy.select(_ITEM.c.obligation_id).where(_ITEM.c.mail_id == mail.id)
    dead = [str(MailState.CANCELLED), str(MailState.FAILED)]
    first = or_(_MAIL.c.id < mail.id, _MAIL.c.digest_day.is_not(None))
    query = (
        sqlalchemy.select(_ITEM.c.obligation_id)
        .join_from(_ITEM, _MAIL, _MAIL.c.id == _ITEM.c.mail_id)
        .where(_MAIL.c.to_email == mail.to_email, _MAIL.c.id != mail.id, first, _MAIL.c.state.not_in(dead))
        .where(_MAIL.c.kind.in_([str(kind) for kind in kinds]), _MAIL.c.at >= since, _ITEM.c.obligation_id.in_(mine))
    )
    return set(session.connection().execute(query).scalars())
