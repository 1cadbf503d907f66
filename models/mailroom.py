"""The outbox as an operator sees it: what waits, by state, and the accounts that send."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from models.account import AccountRow
from models.bulk import among
from models.outbox import MailRow, MailState
from models.task import TaskRow

#: States that a mail goes through before it is settled.
WAITING = (MailState.PENDING, MailState.CLAIMED, MailState.DATA, MailState.DEFERRED)


def state_counts(session: Session) -> dict[MailState, int]:
    """How many mails are in each state, from the index alone; states without any are 0."""
    found = dict(session.exec(select(MailRow.state, func.count()).group_by(MailRow.state)).all())
    return {state: found.get(state, 0) for state in MailState}


def in_states(session: Session, states: Iterable[MailState], *, limit: int | None = None) -> list[MailRow]:
    """Mails in some states, the oldest first."""
    query = select(MailRow).where(col(MailRow.state).in_(list(states))).order_by(col(MailRow.at), col(MailRow.id))
    return list(session.exec(query if limit is None else query.limit(limit)))


def oldest_waiting(session: Session) -> datetime | None:
    """The moment (the domain's) of the oldest mail that has not left."""
    return session.exec(select(func.min(MailRow.at)).where(col(MailRow.state).in_(WAITING))).one()


def overdue_since(session: Session, now: datetime) -> datetime | None:
    """Since when the oldest mail waits that might have left by ``now``; None: none does."""
    might = col(MailRow.state).in_([state for state in WAITING if state is not MailState.DATA])
    return session.exec(select(func.min(MailRow.not_before)).where(might, col(MailRow.not_before) <= now)).one()


def locked(session: Session, numbers: Sequence[int]) -> dict[int, MailRow]:
    """These mails, locked for this transaction; by number, where they exist."""
    query = select(MailRow).where(among(session, col(MailRow.id), numbers)).order_by(col(MailRow.id))
    return {mail.id: mail for mail in session.exec(query.with_for_update()) if mail.id is not None}


def accounts(session: Session) -> list[AccountRow]:
    """The accounts that have sent, or tried to."""
    return list(session.exec(select(AccountRow).order_by(AccountRow.address)))


def free_accounts(session: Session) -> int:
    """Let every account that is stopped or held send again; answers how many were."""
    kept = or_(
        col(AccountRow.is_stopped).is_(True),
        col(AccountRow.held_until).is_not(None),
        col(AccountRow.logins_refused) > 0,
    )
    freed = update(AccountRow).where(kept).values(is_stopped=False, held_until=None, logins_refused=0, reason="")
    return int(session.connection().execute(freed).rowcount)


def tasks_open(session: Session) -> int:
    """How many tasks are left to coordinators."""
    return session.exec(select(func.count()).select_from(TaskRow).where(col(TaskRow.done_at).is_(None))).one()
