"""What every table shares: the metadata with names that migrations can rely on."""

from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """The base of all tables. Enum words are stored as plain strings; datetimes as UTC (sqlmodel's UTCDateTime)."""


SQLModel.metadata.naming_convention = NAMING
metadata = SQLModel.metadata
