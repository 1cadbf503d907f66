"""Opinions that a reviewer asks of colleagues: the ball does not move."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Field, Session, col, select

from models.bulk import among, table_of
from models.row import Row


class OpinionRow(Row, table=True):
    """One question to one colleague, and the answer."""

    __tablename__ = "opinion"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    round: int
    #: the step of review that asks
    step: str
    #: the person who asks; empty where unknown
    asked_by: str = ""
    #: who is asked
    name: str
    email: str
    question: str
    asked_at: datetime
    answered_at: datetime | None = None
    #: ``agree`` or ``disagree``
    view: str | None = None
    text: str = ""
    #: SHA-256 of the token of its link, hex; None: it was asked without one
    link: str | None = Field(default=None, unique=True)
    #: the domain's time; until when the link is good
    expires_at: datetime | None = None
    #: the domain's time; the question was taken back
    revoked_at: datetime | None = None


def enter_opinion(session: Session, row: OpinionRow) -> int:
    """Write down a question; answers its number."""
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def opinion(session: Session, number: int) -> OpinionRow | None:
    """One question."""
    return session.get(OpinionRow, number)


def opinion_by_link(session: Session, found: str) -> OpinionRow | None:
    """The question of a link, open or not."""
    return session.exec(select(OpinionRow).where(OpinionRow.link == found)).first()


def last_opinion(session: Session, obligation: int) -> OpinionRow | None:
    """The last question about an obligation."""
    query = select(OpinionRow).where(OpinionRow.obligation_id == obligation)
    return session.exec(query.order_by(col(OpinionRow.id).desc())).first()


def put_opinion_link(session: Session, number: int, *, link: str, expires_at: datetime) -> None:
    """Give a question its link."""
    table = table_of(OpinionRow)
    mine = update(table).where(table.c.id == number)
    session.connection().execute(mine.values(link=link, expires_at=expires_at))


def revoke_opinion(session: Session, number: int, *, obligation: int, at: datetime) -> bool:
    """Take a question back; False where it is answered or taken back already, or about something else."""
    table = table_of(OpinionRow)
    asked = update(table).where(table.c.id == number, table.c.obligation_id == obligation)
    waiting = asked.where(table.c.answered_at.is_(None), table.c.revoked_at.is_(None))
    return session.connection().execute(waiting.values(revoked_at=at)).rowcount == 1


def answer(session: Session, number: int, *, view: str, text: str, at: datetime) -> bool:
    """Write down the answer, once; False where there is one already."""
    table = table_of(OpinionRow)
    unanswered = update(table).where(table.c.id == number, table.c.answered_at.is_(None), table.c.revoked_at.is_(None))
    return session.connection().execute(unanswered.values(view=view, text=text, answered_at=at)).rowcount == 1


def opinions_of(session: Session, obligations: Collection[int]) -> list[OpinionRow]:
    """Every question about some obligations, in order."""
    mine = among(session, col(OpinionRow.obligation_id), obligations)
    return list(session.exec(select(OpinionRow).where(mine).order_by(col(OpinionRow.id))))


def unanswered(session: Session) -> list[OpinionRow]:
    """Every question without an answer that was not taken back, in order."""
    query = select(OpinionRow).where(col(OpinionRow.answered_at).is_(None), col(OpinionRow.revoked_at).is_(None))
    return list(session.exec(query.order_by(col(OpinionRow.id))))
