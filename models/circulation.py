"""Notice mails to be made: written with the publication, worked off person by person when mail is delivered."""

from datetime import datetime

from sqlmodel import Field

from models.row import Row


class CirculationRow(Row, table=True):
    """A notice whose mails are not all in the outbox yet. A person's mail is made whole, in one transaction."""

    __tablename__ = "circulation"

    notice_id: str = Field(foreign_key="notice.id", primary_key=True)
    #: the event of the publication
    event: int = Field(primary_key=True)
    at: datetime
    #: the last address that has its mail; empty: none yet
    after: str = ""
    done_at: datetime | None = None
