"""Insert unless it is there: "once" is the database's word, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, SQLModel

from models.bulk import INSERT, table_of


def insert_new(session: Session, row: type[SQLModel], values: dict[str, Any]) -> Any | None:
    """Insert a row and answer its primary key (its first column); None when a unique key says that it exists."""
    table = table_of(row)
    complete = row(**values).model_dump(exclude={"id"} if values.get("id") is None else None)
    insert = INSERT[session.get_bind().dialect.name](table).values(**complete)
    found = session.execute(insert.on_conflict_do_nothing().returning(*table.primary_key.columns)).first()
    return None if found is None else found[0]


def insert_or_replace(session: Session, row: type[SQLModel], values: Sequence[dict[str, Any]]) -> None:
    """Insert rows, all with the same columns; where the primary key is there already, its columns are replaced."""
    table = table_of(row)
    insert = INSERT[session.get_bind().dialect.name](table)
    keys = [column.name for column in table.primary_key]
    replaced = {name: insert.excluded[name] for name in values[0] if name not in keys}
    session.connection().execute(insert.on_conflict_do_update(index_elements=keys, set_=replaced), list(values))
