"""Signs of life: when each of the recurring works was last done. Real time, never the domain's."""

from datetime import datetime

from sqlmodel import Field

from models.row import Row


class HeartbeatRow(Row, table=True):
    """The last time that a work was done, by the wall clock and by the machine's own."""

    __tablename__ = "heartbeat"

    #: ``plan``, ``deliver``, ``daily``
    work: str = Field(primary_key=True)
    at: datetime
    #: which start of the machine; empty where the system does not say
    boot: str = ""
    #: seconds since that start, sleep included
    uptime: float = 0.0
