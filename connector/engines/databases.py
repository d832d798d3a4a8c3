"""Rows of the owner's database as a CSV text: read in one snapshot, without a right to write.

PostgreSQL writes the text itself (`COPY … TO STDOUT`); SQLite's values are written here, each as
the text that is exactly it. What a database says of an error may quote rows or the connection: only
its code is told.
"""

from __future__ import annotations

import csv
import math
import time
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from connector.engines import problems_databases as problems
from connector.engines.errors import DataError
from connector.engines.postgres_text import check_finite, copied, described, endless_columns

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from catalog.database_source import DatabaseSource
    from catalog.product import SourceColumn

MOST_BYTES: Final = 32 << 30  # of the text
_CONNECT_SECONDS: Final = 10
_LONGEST: Final = 2_000_000  # bytes of one value of SQLite; no longer row is read of a CSV either
_STEPS: Final = 2_000  # of SQLite's machine between two looks at the clock
_SETTINGS: Final = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL intervalstyle = 'iso_8601'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a database is.

    Attributes:
        name: As product files call it.
        url: A libpq URL; empty for SQLite. Never shown.
        path: The file of an SQLite database; None for PostgreSQL.
        seconds: How long a query may take.
    """

    name: str
    seconds: int
    url: str = ""
    path: Path | None = None

    def __repr__(self) -> str:
        return f"Connection({self.name!r})"


def copy_rows(
    connection: Connection,
    source: DatabaseSource,
    columns: Sequence[SourceColumn],
    copy: Path,
    *,
    used: Collection[str] = (),
) -> None:
    """Writes columns of a table or query as CSV.

    Args:
        connection: Where the database is.
        source: The table or query.
        columns: Those that are read.
        copy: Where they are written.
        used: Names of those that are read into the table: numbers and times without end, which
            PostgreSQL has, are no texts there either.

    Raises:
        DataError: If the database cannot be reached, or the query fails or takes too long, or a
            value cannot be taken.
    """
    if connection.path is not None:
        with _sqlite(connection, connection.path) as session:
            _of_sqlite(connection, session, source, columns, copy)
        return
    with _postgres(connection) as session:
        with copy.open("wb") as file:
            bounded = _Bounded(file)
            for piece in copied(session, source, columns):
                bounded.write(piece)
        texts = [column for column in columns if column.type == "text" and column.name in used]
        if texts and (endless := endless_columns(session, source, texts)):
            check_finite(copy, endless)


def column_names(connection: Connection, source: DatabaseSource) -> list[str]:
    """Returns the names of all columns of a table or query, as `copy_rows` would read them.

    Raises:
        DataError: As that says.
    """
    if connection.path is not None:
        with _sqlite(connection, connection.path) as session:
            found = session.execute(f"{source.whole()} LIMIT 0").description
            return [str(one[0]) for one in found]
    with _postgres(connection) as session:
        return [name for name, _ in described(session, source.whole())]


@contextmanager
def _postgres(connection: Connection) -> Iterator[Any]:
    """Opens a transaction that reads, and nothing else; it is taken back at its end."""
    try:
        import psycopg
    except ImportError as error:
        raise DataError(problems.NOT_INSTALLED, field="source") from error
    try:
        with psycopg.connect(
            connection.url,
            connect_timeout=_CONNECT_SECONDS,
            client_encoding="UTF8",
            application_name="voile publish",
            keepalives_idle=20,
            keepalives_interval=5,
            keepalives_count=4,
        ) as session:
            # a statement with parameters is one statement, whatever the query holds
            cursor = session.cursor()
            for setting in (
                *_SETTINGS,
                f"SET LOCAL statement_timeout = {connection.seconds * 1000}",
            ):
                cursor.execute(setting)
            yield session
            session.rollback()
    except psycopg.errors.QueryCanceled:
        raise _too_slow(connection) from None
    except psycopg.Error as error:
        raise _failed(connection, error.sqlstate or type(error).__name__) from None


@contextmanager
def _sqlite(connection: Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """Opens a database for reading alone, for as long as a query may take."""
    import sqlite3  # Python's own: that of our database has no setlimit

    until = time.monotonic() + connection.seconds
    try:
        session = sqlite3.connect(path.as_uri() + "?mode=ro", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise _failed(connection, _code(error)) from None
    try:
        session.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        session.set_authorizer(_only_reading)
        session.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        session.text_factory = _decoded
        yield session
    # what SQLite and Python say may quote a value: it is neither told nor kept as the cause
    except (sqlite3.Error, sqlite3.Warning, UnicodeError) as error:
        if _code(error) == "SQLITE_INTERRUPT":
            raise _too_slow(connection) from None
        raise _failed(connection, _code(error)) from None
    finally:
        session.close()


def _of_sqlite(
    connection: Connection,
    session: sqlite3.Connection,
    source: DatabaseSource,
    columns: Sequence[SourceColumn],
    copy: Path,
) -> None:
    until = time.monotonic() + connection.seconds
    found = session.execute(source.select(columns))
    with copy.open("wb") as file:
        writer = csv.writer(_Bounded(file), lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow([column.source for column in columns])
        for number, row in enumerate(found, 1):
            if time.monotonic() > until:  # rows may take long that are few steps
                raise _too_slow(connection)
            writer.writerow(
                _text(value, column, number) for value, column in zip(row, columns, strict=True)
            )


def _only_reading(action: int, *_about: object) -> int:
    import sqlite3

    allowed = (
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    )
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


def _decoded(text: bytes) -> str | bytes:
    """Returns a text of SQLite, or its bytes if it is none: SQLite keeps whatever it is given."""
    try:
        return text if b"\0" in text else text.decode()
    except UnicodeDecodeError:
        return text


def _text(value: object, column: SourceColumn, row: int) -> str:
    """Returns a value of SQLite as the text that is exactly it."""
    match value:
        case None:
            return ""
        case float() if math.isfinite(value):
            number = Decimal(repr(value))
            whole = number == number.to_integral_value() and abs(number) < 2**53
            return f"{number.quantize(Decimal(1)) if whole else number:f}"
        case bytes():
            raise DataError(problems.BINARY, field=column.name, row=row, column=column.source)
        case _:
            return str(value)


class _Bounded:
    """The copy while it is written, as long as it is within bounds."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = 0

    def write(self, text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        self._size += len(data)
        if self._size > MOST_BYTES:
            raise DataError(problems.TOO_LARGE, field="source", most=MOST_BYTES >> 30)
        self._file.write(data)


def _code(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", type(error).__name__))


def _too_slow(connection: Connection) -> DataError:
    return DataError(
        problems.TOO_SLOW, field="source", name=connection.name, seconds=connection.seconds
    )


def _failed(connection: Connection, code: str) -> DataError:
    return DataError(problems.FAILED, field="source", name=connection.name, reason=code)
