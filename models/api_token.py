"""Tokens by which programs come in as a person. Real time."""

from datetime import datetime

from sqlmodel import Field, Session, col, select

from models.row import Row


class ApiTokenRow(Row, table=True):
    """A token, by its hash."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    #: SHA-256 of the token, hex
    hash: str = Field(unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    #: what it is for
    name: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


def token_by_hash(session: Session, found: str) -> ApiTokenRow | None:
    """A token, in force or not."""
    return session.exec(select(ApiTokenRow).where(ApiTokenRow.hash == found)).first()


def api_tokens(session: Session) -> list[ApiTokenRow]:
    """Every token, the oldest first."""
    return list(session.exec(select(ApiTokenRow).order_by(col(ApiTokenRow.id))))
