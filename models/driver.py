"""Past SQLAlchemy, for what runs thousands of times: its connection's own driver, with its kinds of errors."""

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

#: Where a session keeps its transaction's driver and dialect.
_KEPT = "duban_driver"


def keep(session: Session) -> None:
    """Begin the transaction of a session and keep its driver at hand, until ``forget``."""
    connection = session.connection()
    session.info[_KEPT] = connection.connection.driver_connection, connection.dialect


def forget(session: Session) -> None:
    """The transaction is over: its connection is another's now."""
    session.info.pop(_KEPT, None)


def driver_of(session: Session) -> tuple[Any, Dialect]:
    """The driver's connection of the transaction that is on, and its dialect."""
    kept: tuple[Any, Dialect] | None = session.info.get(_KEPT)
    if kept is not None:
        return kept
    connection = session.connection()
    return connection.connection.driver_connection, connection.dialect


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
