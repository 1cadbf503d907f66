"""What people look at: what is due, the last mail, the mailbox, a timeline. Reads only; nothing here decides."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_
from sqlmodel import Session, col, select

from duban.domain.access import EVERYTHING, Scope
from models.bulk import among, fetch, table_of
from models.event import EventRow
from models.notice import NoticeRow
from models.obligation import FACTS, Facts, ObligationRow
from models.outbox import LEFT, MailItemRow, MailRow, MailState
from models.said import SaidRow
from models.scoping import mails_seen, notices_seen, obligations_seen, tasks_seen
from models.tally import TallyRow, counted, is_counted, of_notices, serves
from models.task import TaskRow


@dataclass(frozen=True, kw_only=True)
class Alike:
    """So many obligations of which every judgement is the same."""

    notice: str
    status: str
    due_day: date | None
    due_at: datetime | None
    count: int


@dataclass(frozen=True, kw_only=True)
class MailFilter:
    """Which mails; what is None or empty does not narrow."""

    kind: str = ""
    states: tuple[str, ...] = ()
    #: an address
    person: str = ""
    #: from this moment on
    since: datetime | None = None
    #: before this moment
    before: datetime | None = None
    #: words in subject, text, name or address
    words: str = ""
    #: whose eyes these are
    scope: Scope = EVERYTHING


@dataclass(frozen=True, kw_only=True)
class LastMail:
    """The last mail about an obligation: the mail's own kind, and the rung that put the obligation into it."""

    mail: MailRow
    rung: str | None


_BY_STEP: tuple[Any, ...] = (
    ObligationRow.notice_id,
    ObligationRow.step,
    ObligationRow.unit_position,
    ObligationRow.unit_id,
    ObligationRow.position,
    ObligationRow.deliverable,
)


def _under_way() -> ColumnElement[bool]:
    """The notice of an obligation is not closed."""
    ended = select(NoticeRow.id).where(col(NoticeRow.closed_at).is_not(None))
    return col(ObligationRow.notice_id).not_in(ended)


def notices_within(session: Session, scope: Scope) -> list[NoticeRow]:
    """The notices of which something is within ``scope``, newest first."""
    query = select(NoticeRow).where(notices_seen(scope))
    return list(session.exec(query.order_by(col(NoticeRow.published_at).desc(), NoticeRow.id)))


def alike(session: Session, scope: Scope = EVERYTHING) -> list[Alike]:
    """The obligations within ``scope``, counted by what a judgement depends on: a few rows for thousands."""
    if serves(scope) and is_counted(session):
        kept = table_of(TallyRow)
        rows = counted(session, (kept.c.notice_id, kept.c.status, kept.c.due_day, kept.c.due_at), of_notices(scope))
        return [Alike(notice=notice, status=s, due_day=day, due_at=at, count=n) for notice, s, day, at, n in rows]
    facts = (ObligationRow.notice_id, ObligationRow.status, ObligationRow.due_day, ObligationRow.due_at)
    query: Select[Any] = select(*facts, func.count()).where(obligations_seen(scope)).group_by(*facts)  # type: ignore[call-overload]
    return [
        Alike(notice=notice, status=status, due_day=day, due_at=at, count=count)
        for notice, status, day, at, count in session.execute(query)
    ]


def held_by_units(
    session: Session, statuses: Iterable[str], due_by: datetime, *, limit: int, scope: Scope = EVERYTHING
) -> list[ObligationRow]:
    """Obligations with these statuses whose due moment is not after ``due_by``, the oldest first."""
    query = (
        select(ObligationRow)
        .where(
            col(ObligationRow.status).in_(list(statuses)), col(ObligationRow.due_at) <= due_by, obligations_seen(scope)
        )
        .where(_under_way())
    )
    order = (col(ObligationRow.due_at), ObligationRow.notice_id, ObligationRow.unit_position, ObligationRow.position)
    return list(session.exec(query.order_by(*order).limit(limit)))  # type: ignore[arg-type]


def with_status(session: Session, status: str, *, limit: int, scope: Scope = EVERYTHING) -> list[ObligationRow]:
    """Obligations with a status over all notices, by when their turn opened."""
    query = select(ObligationRow).where(ObligationRow.status == status, obligations_seen(scope), _under_way())
    order = (col(ObligationRow.opened_at), ObligationRow.notice_id, ObligationRow.unit_position, ObligationRow.position)
    return list(session.exec(query.order_by(*order).limit(limit)))  # type: ignore[arg-type]


def in_review(session: Session, status: str, scope: Scope, *, offset: int, limit: int) -> list[Facts]:
    """Obligations with a status within ``scope`` as far as the database knows, by notice, step, unit order."""
    query = FACTS.query.where(col(ObligationRow.status) == status, obligations_seen(scope), _under_way())
    return fetch(session, FACTS, query.order_by(*_BY_STEP).offset(offset).limit(limit), Facts._make)


def last_mails(session: Session, obligations: Sequence[int], *, owner: str) -> dict[int, LastMail]:
    """For each obligation the last mail to ``owner`` about it that has left."""
    mine = among(session, col(MailItemRow.obligation_id), obligations)
    query = (
        select(MailItemRow.obligation_id, func.max(MailItemRow.mail_id))
        .join(MailRow, col(MailRow.id) == col(MailItemRow.mail_id))
        .where(mine, MailItemRow.owner == owner, col(MailRow.state).in_(LEFT))
        .group_by(col(MailItemRow.obligation_id))
    )
    last: dict[int, int] = dict(session.exec(query).all())
    mails = _mails_by_id(session, sorted(set(last.values())))
    rungs = _rungs(session, sorted(mails), owner)
    return {o: LastMail(mail=mails[mail], rung=rungs.get((o, mail))) for o, mail in last.items()}


def _rungs(session: Session, mails: Sequence[int], owner: str) -> dict[tuple[int, int], str | None]:
    """Obligation and mail → the last rung of that obligation in that mail."""
    query = select(MailItemRow).where(among(session, col(MailItemRow.mail_id), mails), MailItemRow.owner == owner)
    items = session.exec(query.order_by(col(MailItemRow.mail_id), col(MailItemRow.position)))
    return {(item.obligation_id, item.mail_id): item.rung for item in items}


def mails_about(session: Session, obligations: Sequence[int]) -> list[MailRow]:
    """Every mail about some obligations that was not cancelled, in order."""
    found = set(
        session.exec(select(MailItemRow.mail_id).where(among(session, col(MailItemRow.obligation_id), obligations)))
    )
    mails = _mails_by_id(session, sorted(found)).values()
    return sorted((m for m in mails if m.state != MailState.CANCELLED), key=lambda m: (m.at, m.id))


def _mails_by_id(session: Session, mails: Sequence[int]) -> dict[int, MailRow]:
    rows = session.exec(select(MailRow).where(among(session, col(MailRow.id), mails)))
    return {row.id: row for row in rows if row.id is not None}


def events_about(session: Session, notice: str, obligations: Sequence[int]) -> list[EventRow]:
    """The events of some obligations, and those of their whole notice, in order."""
    whole = select(EventRow).where(EventRow.notice_id == notice, col(EventRow.obligation_id).is_(None))
    found = list(session.exec(whole))
    found += session.exec(select(EventRow).where(among(session, col(EventRow.obligation_id), obligations)))
    return sorted(found, key=lambda event: event.seq)


def entrances(session: Session, addresses: Collection[str]) -> list[EventRow]:
    """The events of these people (small letters) coming in by the links of their mails, in order."""
    if not addresses:
        return []
    query = select(EventRow).where(
        # such an event stands under no notice and no obligation
        col(EventRow.notice_id).is_(None),
        col(EventRow.obligation_id).is_(None),
        EventRow.name == "link_entered",
        among(session, col(EventRow.by), addresses),
    )
    return list(session.exec(query.order_by(col(EventRow.seq))))


def last_said_at(session: Session) -> datetime | None:
    """The moment of the last rung that was said: a tick has worked then."""
    return session.exec(select(func.max(SaidRow.at))).one()


def open_tasks(session: Session, scope: Scope = EVERYTHING) -> list[TaskRow]:
    """What is left to the coordinators within ``scope`` and not marked as done, the oldest first."""
    query = select(TaskRow).where(col(TaskRow.done_at).is_(None), tasks_seen(scope))
    return list(session.exec(query.order_by(col(TaskRow.id))))


def mail_page(session: Session, wanted: MailFilter, *, offset: int, limit: int) -> list[MailRow]:
    """Mails, the newest first."""
    query = select(MailRow).where(*_narrowed(wanted)).order_by(col(MailRow.at).desc(), col(MailRow.id))
    return list(session.exec(query.offset(offset).limit(limit)))


def mail_counts(session: Session, wanted: MailFilter) -> dict[str, int]:
    """How many mails there are, by state."""
    query = select(MailRow.state, func.count()).where(*_narrowed(wanted)).group_by(MailRow.state)
    return dict(session.exec(query).all())


def _narrowed(wanted: MailFilter) -> Iterator[Any]:
    if not wanted.scope.is_all:
        yield mails_seen(wanted.scope)
    if wanted.kind:
        yield col(MailRow.kind) == wanted.kind
    if wanted.states:
        yield col(MailRow.state).in_(wanted.states)
    if wanted.person:
        yield func.lower(MailRow.to_email) == wanted.person.lower()
    if wanted.since:
        yield col(MailRow.at) >= wanted.since
    if wanted.before:
        yield col(MailRow.at) < wanted.before
    for word in wanted.words.split():
        places = (MailRow.subject, MailRow.text, MailRow.to_person, MailRow.to_email, MailRow.code)
        yield or_(*(col(place).icontains(word, autoescape=True) for place in places))
