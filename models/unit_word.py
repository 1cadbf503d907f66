"""The 口令 of a unit: what the bare link needs besides, where a material holds personal data."""

from datetime import datetime

from sqlmodel import Field

from models.row import Row


class UnitWordRow(Row, table=True):
    """A unit that has one."""

    __tablename__ = "unit_word"

    unit_id: str = Field(foreign_key="unit.id", primary_key=True)
    #: argon2id
    word: str
    #: real time
    set_at: datetime
