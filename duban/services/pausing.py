"""The one switch for all mail: while it is off nothing leaves, and nothing is lost."""

from datetime import datetime

from sqlmodel import Session

from models.event import record
from models.setting import put_setting, setting

#: The setting that holds the reason; empty or absent: mail leaves.
PAUSED = "mail_paused"


def paused(session: Session) -> str:
    """Why no mail leaves; empty: it does."""
    return setting(session, PAUSED) or ""


def pause(session: Session, reason: str, *, by: str, now: datetime) -> bool:
    """Let no mail leave until somebody resumes; False when it rests already (the first reason stands)."""
    if paused(session):
        return False
    put_setting(session, PAUSED, reason)
    record(session, at=now, name="mail_paused", by=by, data={"reason": reason})
    return True


def resume(session: Session, *, by: str, now: datetime) -> bool:
    """Let mail leave again; False when it was not paused."""
    reason = paused(session)
    if not reason:
        return False
    put_setting(session, PAUSED, "")
    record(session, at=now, name="mail_resumed", by=by, data={"reason": reason})
    return True
