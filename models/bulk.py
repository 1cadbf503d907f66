"""Rows by the thousand: values go to the driver as it takes them, and equal ones are turned into its form once."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Dialect,
    Select,
    String,
    Table,
    any_,
    bindparam,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import NULLTYPE, TypeDecorator
from sqlmodel import Session, SQLModel

from models.driver import driver_of, execute_many

#: The insertion that may meet what is there already, by kind of database.
INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}

T = TypeVar("T")


def insert_many(
    session: Session,
    row: type[SQLModel],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    unless_there: bool = False,
) -> None:
    """Insert rows whose values stand in the order of ``names``: every column but a number that the database gives.

    ``unless_there``: leave out what a unique key refuses.
    """
    if not rows:
        return
    dialect = driver_of(session)[1]
    text, order = _insertion(row, tuple(names), dialect, unless_there)
    columns = _as_taken(dialect, table_of(row), names, rows)
    if order:
        values: list[Any] = list(zip(*(columns[name] for name in order), strict=True))
    else:
        values = [dict(zip(columns, value, strict=True)) for value in zip(*columns.values(), strict=True)]
    execute_many(session, text, values)


@lru_cache(maxsize=100)
def _insertion(
    row: type[SQLModel], names: tuple[str, ...], dialect: Dialect, unless_there: bool
) -> tuple[str, tuple[str, ...]]:
    """The statement, and the order of its values where they go by place."""
    insert = INSERT[dialect.name](table_of(row)).inline()
    statement = insert.on_conflict_do_nothing() if unless_there else insert
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    return str(compiled), tuple(compiled.positiontup) if compiled.positional else ()


def _as_taken(
    dialect: Any, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> dict[str, Sequence[Any]]:
    """Column by column, as the driver takes it."""
    columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*rows, strict=True), strict=True))
    for name in names:
        turn = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if turn is not None:
            columns[name] = _turned(turn, columns[name])
    return columns


def _turned(turn: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    """The values turned; neighbours are often the same object, and moments are slow to compare."""
    forms: dict[Any, Any] = {}
    last, form, found = object(), None, []
    for value in values:
        if value is not last:
            last = value
            form = forms[value] if value in forms else forms.setdefault(value, turn(value))
        found.append(form)
    return found


def table_of(row: type[SQLModel]) -> Table:
    """The table behind a row: asked directly it answers faster than through the row."""
    return row.metadata.tables[str(row.__tablename__)]


class Plain:
    """Columns that are read by the thousand: as the driver has them, and equal values turned once."""

    def __init__(self, *columns: Column[Any]) -> None:
        self.columns = columns

    @cached_property
    def query(self) -> Select[Any]:
        """All of them, to be narrowed."""
        return select(*(type_coerce(column, NULLTYPE).label(f"c{n}") for n, column in enumerate(self.columns)))

    def known(self, dialect: Any, values: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        """The values column by column, of their types."""
        turns = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in self.columns]
        return [_turned(turn, part) if turn else part for turn, part in zip(turns, values, strict=True)]


def plain(row: type[SQLModel], names: Sequence[str]) -> Plain:
    """Some columns of a table, in this order."""
    return Plain(*(table_of(row).c[name] for name in names))


def fetch(session: Session, columns: Plain, query: Select[Any], make: Callable[[Any], T]) -> list[T]:
    """What ``query``, narrowed from that of the columns, finds; each row as ``make`` makes it."""
    connection = session.connection()
    rows = connection.execute(query).all()
    if not rows:
        return []
    known = columns.known(connection.dialect, list(zip(*rows, strict=True)))
    return list(map(make, zip(*known, strict=True)))


def among(session: Session, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """The column is one of these, however many: they travel as one parameter."""
    kind = session.get_bind().dialect.name
    return _is_listed(kind, column, literal(values, _list_type(kind, column)))


class _JsonList(TypeDecorator[Any]):
    """A list as JSON text, for SQLite."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return json.dumps(list(value))


class _Array(TypeDecorator[Any]):
    """A list as an array, for PostgreSQL."""

    impl = ARRAY
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value)


def _list_type(kind: str, column: Any) -> Any:
    """How a list of such values travels in one parameter."""
    return _Array(column.type) if kind == "postgresql" else _JsonList()


def listed(kind: str, column: Column[Any], name: str) -> ColumnElement[bool]:
    """The column is one of the values of the parameter ``name``, however many."""
    return _is_listed(kind, column, bindparam(name, type_=_list_type(kind, column)))


def _is_listed(kind: str, column: Any, values: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool]
    if kind == "postgresql":
        found = column == any_(values)
    else:
        found = column.in_(select(func.json_each(values).table_valued("value").c.value))
    return found
