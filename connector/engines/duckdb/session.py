"""A DuckDB session that can reach the files it is given and nothing else."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from connector.engines import problems, problems_expressions
from connector.engines.duckdb.casts import MARK
from connector.engines.duckdb.names import escaped
from connector.engines.errors import DataError, disk_full

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

    from connector.engines.progress import Progress, Stage

MEMORY_LIMIT: Final = "3GB"  # what exceeds it spills into the scratch folder
_ROWS_AT_A_TIME: Final = 10_000
_POLL_SECONDS: Final = 0.2
UTC: Final = "UTC"
_KNOWN_ZONE: Final = "SELECT 1 FROM pg_timezone_names() WHERE name = ?"


class DuckSession:
    """One in-memory database, for one publication."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
        self._connection = connection
        self._progress = progress

    def run(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Runs a statement for its effect."""
        with _readable_errors():
            self._connection.execute(statement, list(parameters) or None)

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Runs a query and returns all its rows."""
        with _readable_errors():
            return self._connection.execute(statement, list(parameters) or None).fetchall()

    def stream(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Runs a query and gives its rows a few at a time; run nothing else meanwhile."""
        with _readable_errors():
            self._connection.execute(statement)
            while rows := self._connection.fetchmany(_ROWS_AT_A_TIME):
                yield from rows

    def one(self, statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
        """Runs a query that has exactly one row."""
        (row,) = self.rows(statement, parameters)
        return row

    def insert(self, table: str, rows: Sequence[Sequence[int]], columns: int) -> None:
        """Fills a table with integers, column by column in one statement."""
        if not rows:
            return
        unnested = ", ".join("unnest(?::BIGINT[])" for _ in range(columns))
        transposed = [list(column) for column in zip(*rows, strict=True)]
        self.run(f"INSERT INTO {table} SELECT {unnested}", transposed)

    def progress(self, stage: Stage, done: float) -> None:
        """Reports how far a stage is."""
        self._progress(stage, done)

    @contextmanager
    def reporting(self, stage: Stage) -> Iterator[None]:
        """Reports how far the statements inside are, as DuckDB sees it.

        What is raised by whoever is told ends the statement, and comes out here.
        """
        import duckdb

        over = threading.Event()
        raised: list[Exception] = []

        def poll() -> None:
            while not over.wait(_POLL_SECONDS):
                done = max(self._connection.query_progress(), 0.0) / 100
                try:
                    self._progress(stage, min(done, 0.99))
                except Exception as error:  # noqa: BLE001 -- raised again where it belongs
                    raised.append(error)
                    self._connection.interrupt()

        self._progress(stage, 0.0)
        watcher = threading.Thread(target=poll, name="duckdb-progress", daemon=True)
        watcher.start()
        try:
            yield
        except duckdb.InterruptException as error:
            if raised:
                raise raised[0] from error
            raise
        finally:
            over.set()
            watcher.join()
        if raised:
            raise raised[0]
        self._progress(stage, 1.0)


@contextmanager
def open_session(
    *, files: Sequence[Path], scratch: Path, progress: Progress, zone: str = UTC
) -> Iterator[DuckSession]:
    """Opens a session.

    Args:
        files: What it may read.
        scratch: Folder in which it may write; also takes what does not fit in memory.
        progress: Told how far it is.
        zone: In which instants have a day and an hour. It and the calendar are the session's own:
            DuckDB would take those of the process.

    Raises:
        DataError: If there is no such zone.
    """
    import duckdb

    settings: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(scratch),
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute("SET allowed_paths = ?", [_reachable(files)])
        connection.execute("SET allowed_directories = ?", [[f"{scratch}/", f"{escaped(scratch)}/"]])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        if not connection.execute(_KNOWN_ZONE, [zone]).fetchall():
            raise DataError(problems.ZONE, field="zone", zone=zone)
        connection.execute("SET TimeZone = ?", [zone])
        connection.execute("SET Calendar = 'gregorian'")
        connection.execute("SET lock_configuration = true")
        yield DuckSession(connection, progress)


def _reachable(files: Sequence[Path]) -> list[str]:
    """Returns the files as paths and as the patterns by which DuckDB is told to read them."""
    return [name for file in files for name in (str(file), escaped(file))]


@contextmanager
def _readable_errors() -> Iterator[None]:
    """Turns what DuckDB says of a bad file into our error; its text may quote rows, ours not."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise DataError(problems.MEMORY) from error
    except duckdb.BinderException as error:
        raise DataError(problems_expressions.UNFIT_SOMEWHERE) from error
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise DataError(problems_expressions.TOO_WIDE) from error
    except duckdb.IOException as error:  # what a bad line says is no IOException
        raise (_bad_disk(str(error)) or _bad_file(str(error))) from error
    except duckdb.InvalidInputException as error:
        raise _bad_file(str(error)) from error


def _bad_disk(text: str) -> DataError | None:
    """Makes the error for a write that the system refused; None if it was no write."""
    if "Could not write" not in text:
        return None
    return disk_full(text) or DataError(problems.DISK)


def _bad_file(text: str) -> DataError:
    if MARK in text:
        kind = text.split(MARK)[1].split(maxsplit=1)[0]
        return DataError(problems_expressions.NO_CAST, kind=kind)
    if "division by zero" in text.lower():
        return DataError(problems_expressions.DIVIDES_BY_ZERO)
    return DataError(problems.UNREADABLE)
