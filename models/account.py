"""Accounts that send: what a provider has let through, and what it has refused. Real time, never the domain's."""

from datetime import date, datetime

from sqlmodel import Field

from models.row import Row


class AccountRow(Row, table=True):
    """One sending account. Its secret is not here, and nowhere in the database."""

    __tablename__ = "sending_account"

    #: the address in From
    address: str = Field(primary_key=True)
    #: until when nothing leaves by it; None: it may send
    held_until: datetime | None = None
    #: stopped until a person has looked
    is_stopped: bool = False
    #: why it is held or stopped, for people
    reason: str = ""
    #: logins refused in a row; two, and it is stopped
    logins_refused: int = 0
    #: its first day in use: a new account begins slowly
    first_used_on: date | None = None
    #: the share of its profile's pace that it has at present
    pace: float = 1.0
    #: mails per connection at present; None: as its profile says
    per_connection: int | None = None
    #: the last day on which the provider complained of pace
    complained_on: date | None = None
    #: the local day that ``sent_today`` counts
    day: date | None = None
    sent_today: int = 0
    #: the beginning of the quarter of an hour that ``sent_in_window`` counts
    window_from: datetime | None = None
    sent_in_window: int = 0
    last_sent_at: datetime | None = None
