"""Everything that is SQLite's own: which library, journal mode by version, pragmas, how to begin.

SQLite 3.7.0 to 3.51.2 can lose an acknowledged commit in WAL mode when two connections write and
checkpoint at once (fixed in 3.51.3, 3.50.7 and 3.44.6), so the journal mode depends on the version.
Python's own SQLite is as old as the system; `pysqlite3` is the same module with a current one
inside, and is used where it is installed.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

from connector.store import check_words as words

try:
    from pysqlite3 import dbapi2 as driver  # type: ignore[import-untyped, import-not-found, unused-ignore]
except ImportError:  # there is no wheel of it for every system
    from sqlite3 import dbapi2 as driver

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.words import Spoken

BUSY_MS: Final = 15_000
READERS_KEPT: Final = 24  # a burst may open more for a while
WAL_PAGES: Final = (
    8192  # 32 MiB, then a commit also moves them: at 1,000 every thirtieth stood still
)
WAL_KEPT_BYTES: Final = 64 << 20  # a larger one, left by a long reader, is cut after its checkpoint
TRUNCATE_SECONDS: Final = 2.0  # waited for readers, to cut the log to nothing
Error: Final[type[Exception]] = driver.Error  # what the driver raises
VERSION: Final[tuple[int, int, int]] = driver.sqlite_version_info
LIBRARY: Final[str] = driver.__name__.split(".")[0]  # the module that it comes with


@dataclass(frozen=True, slots=True)
class Journal:
    """How commits are made durable, and why so."""

    mode: str
    synchronous: str
    reason: Spoken


def journal(version: tuple[int, int, int] | None = None) -> Journal:
    """Choose the journal mode for a version of SQLite (default: the one linked here)."""
    v = version if version is not None else VERSION
    text = ".".join(map(str, v))
    fixed = v >= (3, 51, 3) or (3, 50, 7) <= v < (3, 51, 0) or (3, 44, 6) <= v < (3, 45, 0)
    if fixed or v < (3, 7, 0):
        return Journal("WAL", "FULL", words.WAL_KEEPS.of(version=text))
    return Journal("DELETE", "EXTRA", words.WAL_LOSES.of(version=text))


def _on_connect(*, read_only: bool) -> Callable[[Any, Any], None]:
    def configure(connection: Any, _record: Any) -> None:
        chosen = journal()
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if not read_only:
            cursor.execute(f"PRAGMA journal_mode={chosen.mode}")
            cursor.execute(f"PRAGMA journal_size_limit={WAL_KEPT_BYTES}")
            cursor.execute(f"PRAGMA wal_autocheckpoint={WAL_PAGES}")
        cursor.execute(f"PRAGMA synchronous={chosen.synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("PRAGMA cache_size=-4096")  # KiB per connection
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return configure


def _begin_immediate(connection: Connection) -> None:
    """Begin in the driver: the mapper's way to say it takes many times as long."""
    text = "BEGIN IMMEDIATE"
    try:
        connection.connection.dbapi_connection.execute(text)  # type: ignore[union-attr]
    except Error as error:
        raise as_sqlalchemy(text, error) from error


def is_writing(connection: Connection) -> bool:
    """Say whether the driver itself is in a transaction, whatever the mapper thinks."""
    return bool(connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]


class Readers:
    """Connections for the prepared statements of readers: one at a time has it, whoever is next.

    The engine's pool would do, and takes longer to hand a connection out than most queries run.
    """

    def __init__(self, url: str) -> None:
        self._path = make_url(url).database or ""
        self._free: deque[Any] = deque()
        self._configure = _on_connect(read_only=True)
        self._closed = False

    def take(self) -> Any:
        """Give a connection that nobody uses, or a new one."""
        try:
            return self._free.pop()
        except IndexError:
            pass
        try:
            made = driver.connect(self._path, check_same_thread=False)
            self._configure(made, None)
            made.execute("PRAGMA cache_size=-1024")  # short queries, and there may be many of us
        except Error as error:
            raise as_sqlalchemy("connect", error) from error
        return made

    def give(self, connection: Any) -> None:
        """Take one back; close it if there are enough."""
        if self._closed or len(self._free) >= READERS_KEPT:
            connection.close()
        else:
            self._free.append(connection)

    def close(self) -> None:
        """Close those that nobody uses, and each of the others when it comes back."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._free.pop().close()


def truncate_journal(url: str) -> bool:
    """Move the write-ahead log into the database, and cut it; says whether all of it went.

    It waits a moment for readers and the writer, and changes nothing if they take longer.
    """
    try:
        connection = driver.connect(make_url(url).database or "", timeout=TRUNCATE_SECONDS)
    except Error:
        return False
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except Error:
        return False
    finally:
        connection.close()
    return not busy


def as_sqlalchemy(text: str, error: Exception) -> BaseException:
    """Give an error of the driver as SQLAlchemy would raise it."""
    return DBAPIError.instance(text, None, error, Error, hide_parameters=True)


def engines(url: str) -> tuple[Engine, Engine]:
    """Open a database file twice: for one writer, and for readers.

    Readers run without a transaction: each statement sees the newest commit and holds no lock
    afterwards, so that no reader can hold up a commit in DELETE mode.
    """
    writer = create_engine(url, module=driver, hide_parameters=True, pool_size=1, max_overflow=0)
    event.listen(writer, "connect", _on_connect(read_only=False))
    event.listen(writer, "begin", _begin_immediate)
    reader = create_engine(url, module=driver, hide_parameters=True, pool_size=8, max_overflow=56)
    event.listen(reader, "connect", _on_connect(read_only=True))
    return writer, reader
