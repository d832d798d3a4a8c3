"""Statements of the hot path: written with SQLAlchemy, compiled once, run by the driver itself.

SQLAlchemy takes about seven times as long to hand a short statement to SQLite as SQLite takes to
run it. On SQLite a prepared statement therefore goes to the driver's own connection, inside the
transaction that the session is in; on PostgreSQL, where a statement is a journey anyway, it goes
through the session's connection. Both give plain tuples and raise SQLAlchemy's errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Boolean, Integer, LargeBinary, String, literal_column
from sqlalchemy.dialects.sqlite import dialect
from sqlmodel import AutoString

from connector.store import sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Executable
    from sqlmodel import Session

Row = tuple[Any, ...]

# a limit as text: SQLite plans a statement anew for each value that is bound to one, which takes
# many times as long as to run it
FIRST: Final = literal_column("1", Integer)
FIRST_TWO: Final = literal_column("2", Integer)
_DRIVER: Final = "sqlite"  # under which a session of SQLite keeps its driver's connection
_DIALECT: Final = dialect(paramstyle="qmark")
# what the driver takes as it is; of a truth SQLite gives 0 or 1 back
_PLAIN: Final = (Boolean, Integer, String, AutoString, LargeBinary)


def hold_driver(session: Session, connection: Any) -> None:
    """Let prepared statements of a session go to this connection of SQLite's driver."""
    session.info[_DRIVER] = connection


def _driver_of(session: Session) -> Any:
    """Give the driver's connection, None where there is none; what the mapper holds counts."""
    if session.in_transaction():
        session.flush()
    return session.info.get(_DRIVER)


def control(connection: Any, text: str) -> None:
    """Run a statement without values, such as `SAVEPOINT`, in the driver.

    Raises:
        DBAPIError: As SQLAlchemy would raise it.
    """
    try:
        connection.execute(text)
    except sqlite.Error as error:
        raise sqlite.as_sqlalchemy(text, error) from error


class Prepared:
    """A statement with named values, made once.

    Args:
        statement: What to run; its values are `bindparam`s, its columns whole numbers, truths,
            text and bytes.
        columns: Of an insert, the columns that are given each time.
    """

    __slots__ = ("_fixed", "_names", "_statement", "_text")

    def __init__(self, statement: Executable, columns: Sequence[str] = ()) -> None:
        made: Any = statement
        compiled = made.compile(dialect=_DIALECT, column_keys=list(columns) or None)
        for name, bind in compiled.binds.items():
            if bind.expanding or not isinstance(bind.type, _PLAIN):
                raise TypeError(f"`{name}` is not handed to the driver as it is")
        self._statement = statement
        self._text = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup)
        self._fixed = {
            name: compiled.binds[name].value
            for name in self._names
            if not compiled.binds[name].required
        }

    def _values(self, given: dict[str, Any]) -> list[Any]:
        fixed = self._fixed
        if not fixed:
            return [given[name] for name in self._names]
        return [given[name] if name in given else fixed[name] for name in self._names]

    def rows(self, session: Session, /, **values: Any) -> list[Row]:
        """Run a query; give all rows."""
        connection = _driver_of(session)
        if connection is None:
            return [tuple(row) for row in session.connection().execute(self._statement, values)]
        try:
            found: list[Row] = connection.execute(self._text, self._values(values)).fetchall()
        except sqlite.Error as error:
            raise sqlite.as_sqlalchemy(self._text, error) from error
        return found

    def first(self, session: Session, /, **values: Any) -> Row | None:
        """Run a query; give the first row, or None."""
        rows = self.rows(session, **values)
        return rows[0] if rows else None

    def scalar(self, session: Session, /, **values: Any) -> Any:
        """Run a query; give the first row's first column, or None where there is no row."""
        rows = self.rows(session, **values)
        return rows[0][0] if rows else None

    def run(self, session: Session, /, **values: Any) -> int:
        """Run a change; give the number of rows that it touched."""
        connection = _driver_of(session)
        if connection is None:
            done: Any = session.connection().execute(self._statement, values)
            return int(done.rowcount)
        try:
            return int(connection.execute(self._text, self._values(values)).rowcount)
        except sqlite.Error as error:
            raise sqlite.as_sqlalchemy(self._text, error) from error

    def insert(self, session: Session, /, **values: Any) -> int:
        """Insert a row whose primary key the database draws; give that."""
        connection = _driver_of(session)
        if connection is None:
            made: Any = session.connection().execute(self._statement, values)
            return int(made.inserted_primary_key[0])
        try:
            return int(connection.execute(self._text, self._values(values)).lastrowid)
        except sqlite.Error as error:
            raise sqlite.as_sqlalchemy(self._text, error) from error

    def many(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        """Run a change once for each of several sets of values."""
        connection = _driver_of(session)
        if connection is None:
            session.connection().execute(self._statement, rows)
            return
        try:
            connection.executemany(self._text, [self._values(row) for row in rows])
        except sqlite.Error as error:
            raise sqlite.as_sqlalchemy(self._text, error) from error
