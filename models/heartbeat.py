"""Signs of life: when each of the recurring works was last done. Real time, never the domain's."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, Session, select

from models.row import Row
from models.upsert import insert_or_replace


class HeartbeatRow(Row, table=True):
    """The last time that a work was done, by the wall clock and by the machine's own."""

    __tablename__ = "heartbeat"

    #: ``plan``, ``deliver``, ``daily``, ``sweep``; ``clock`` is the reading that the next one is compared with
    work: str = Field(primary_key=True)
    at: datetime
    #: which start of the machine; empty where the system does not say
    boot: str = ""
    #: seconds since that start, sleep included
    uptime: float = 0.0


def heartbeats(session: Session) -> dict[str, HeartbeatRow]:
    """The last sign of life of each work."""
    return {row.work: row for row in session.exec(select(HeartbeatRow))}


def put_heartbeats(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write down signs of life, each over the former one of its work."""
    insert_or_replace(session, HeartbeatRow, rows)
