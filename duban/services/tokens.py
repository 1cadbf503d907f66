"""Tokens for programs: each comes in as a person, with that person's hats. Real time."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from duban.domain.errors import InputRefused, NotFound
from duban.domain.links import hashed
from duban.services.people import find
from models import ApiTokenRow
from models.event import record

#: No token is good for longer.
LONGEST_DAYS = 366


def new_token(session: Session, address: str, *, name: str, days: int, by: str, now: datetime) -> str:
    """Make a token for a person; it is answered once and never again. NotFound, InputRefused."""
    person = find(session, address)
    if person.disabled_at:
        raise InputRefused(f"账号 {address} 已停用", f"the account {address} is disabled")
    token = f"duban_{secrets.token_urlsafe(32)}"
    until = now + timedelta(days=days)
    row = ApiTokenRow(hash=hashed(token), person_id=person.id or 0, name=name, made_at=now, expires_at=until)
    session.add(row)
    session.flush()
    record(session, at=now, name="token_made", by=by, data={"person": person.address, "token": row.id, "name": name})
    return token


def revoke_token(session: Session, number: int, *, by: str, now: datetime) -> None:
    """Make a token void; NotFound."""
    row = session.get(ApiTokenRow, number)
    if row is None:
        raise NotFound(f"没有第 {number} 号令牌", f"no token {number}")
    row.revoked_at = row.revoked_at or now
    session.add(row)
    session.flush()
    record(session, at=now, name="token_revoked", by=by, data={"token": number})
