"""Statements that are compiled once for each kind of database: what every act and every mail runs through."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Dialect, Executable, bindparam, insert
from sqlmodel import Session, SQLModel

from models.bulk import table_of
from models.driver import driver_of, execute

Turn = Callable[[Any], Any] | None


class Prepared:
    """A statement with named parameters (``bindparam``); its answers are of their types."""

    def __init__(self, make: Callable[[str], Any], *, columns: Sequence[Any] = ()) -> None:
        """``make`` builds the statement for a kind of database when it is first run; ``columns``: what it answers."""
        self._make = make
        self._columns = columns
        self._ready: dict[str, _Ready] = {}

    def run(self, session: Session, /, **values: Any) -> Any:
        """Run it with these values; answers the driver's cursor."""
        ready = self._for(driver_of(session)[1])
        return execute(session, ready.text, ready.one(values))

    def all(self, session: Session, /, **values: Any) -> list[tuple[Any, ...]]:
        """What it finds."""
        ready = self._for(driver_of(session)[1])
        return [ready.known(row) for row in execute(session, ready.text, ready.one(values)).fetchall()]

    def first(self, session: Session, /, **values: Any) -> tuple[Any, ...] | None:
        """The first that it finds."""
        found = self.all(session, **values)
        return found[0] if found else None

    def _for(self, dialect: Dialect) -> "_Ready":
        if dialect.name not in self._ready:
            self._ready[dialect.name] = _Ready(self._make(dialect.name), self._columns, dialect)
        return self._ready[dialect.name]


class _Ready:
    """The statement as one kind of database takes it."""

    def __init__(self, statement: Executable, columns: Sequence[Any], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.text = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._order: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        kinds = {name: bind.type for bind, name in compiled.bind_names.items()}
        self._turns: list[tuple[str, Turn]] = [(name, _binder(kind, dialect)) for name, kind in kinds.items()]
        self._results: list[Turn] = [_reader(column.type, dialect) for column in columns]

    def one(self, values: dict[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        values = self._fixed | values
        turned = {name: turn(values[name]) if turn else values[name] for name, turn in self._turns}
        return tuple(turned[name] for name in self._order) if self._order is not None else turned

    def known(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row of the answer, each value of its type."""
        return tuple(turn(value) if turn else value for turn, value in zip(self._results, row, strict=True))


def _binder(kind: Any, dialect: Dialect) -> Turn:
    found: Turn = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _reader(kind: Any, dialect: Dialect) -> Turn:
    found: Turn = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found


def insertion(row: type[SQLModel], names: Sequence[str]) -> Prepared:
    """The insertion of one row with these columns."""
    return Prepared(lambda _: insert(table_of(row)).inline().values({name: bindparam(name) for name in names}))
