"""Past SQLAlchemy, for what runs thousands of times: its connection's own driver, with its kinds of errors."""

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

#: Where a session that keeps its driver at hand has it.
_KEPT = "duban_driver"


def keep(session: Session) -> None:
    """Keep the driver of this session's one transaction at hand once it has begun, until ``forget``."""
    session.info[_KEPT] = None


def forget(session: Session) -> None:
    """The transaction is over: its connection is another's now."""
    session.info.pop(_KEPT, None)


def driver_of(session: Session) -> tuple[Any, Dialect]:
    """The driver's connection of the transaction that is on, begun if need be, and its dialect."""
    kept: tuple[Any, Dialect] | None = session.info.get(_KEPT)
    if kept is not None:
        return kept
    connection = session.connection()
    found = connection.connection.driver_connection, connection.dialect
    if _KEPT in session.info:
        session.info[_KEPT] = found
    return found


def execute(session: Session, text: str, values: Any) -> Any:
    """Run a statement in the driver's own words; answers its cursor. SQLAlchemy's errors, without the values."""
    driver, dialect = driver_of(session)
    try:
        return driver.execute(text, values)
    except _errors(dialect) as error:
        raise _told(text, error, dialect) from error


def execute_many(session: Session, text: str, rows: Any) -> None:
    """Run a statement for each of these rows."""
    driver, dialect = driver_of(session)
    try:
        driver.cursor().executemany(text, rows)
    except _errors(dialect) as error:
        raise _told(text, error, dialect) from error


def _errors(dialect: Any) -> Any:
    return dialect.loaded_dbapi.Error


def _told(text: str, error: Exception, dialect: Any) -> BaseException:
    return DBAPIError.instance(text, None, error, _errors(dialect), hide_parameters=True, dialect=dialect)
