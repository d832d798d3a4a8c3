"""Everything that is PostgreSQL's own: the writer's session and its lock, readers, a lost commit.

The right to write is a session-level advisory lock, and the session that holds it is the one that
writes: a process whose session was lost cannot commit before a new session holds the lock again.
So there is one writer at a time over all processes, and READ COMMITTED is enough for "what is read
is what is changed".
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from connector.process import problems as process_problems
from connector.process.errors import SettingsError, StoreError
from connector.store import problems

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crypto.words import Spoken

OLDEST: Final = 130_000  # the first server with pg_current_xact_id() and pg_xact_status()
CONNECT_SECONDS: Final = 5
LOCK_SECONDS: Final = 3.0  # a process that just ended frees its lock within this
OUTCOME_SECONDS: Final = 5.0
READERS: Final = 4  # kept open; more are opened for a burst and closed again
MOST_READERS: Final = 64
WRITER_FACT: Final = "writer"

_SESSION: Final = """
SET client_encoding = 'UTF8';
SET statement_timeout = '30s';
SET idle_in_transaction_session_timeout = '60s';
SET tcp_keepalives_idle = 20;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 4;
"""
_READER: Final = _SESSION + "SET default_transaction_read_only = on;"
# `off` would lose acknowledged commits; `remote_apply` and others are the owner's choice
_WRITER: Final = (
    _SESSION
    + """
SET default_transaction_isolation = 'read committed';
SET default_transaction_read_only = off;
SELECT set_config('synchronous_commit', 'on', false)
 WHERE current_setting('synchronous_commit') = 'off';
"""
)
_KEY: Final = "hashtextextended('voile ' || current_schema(), 0)"
_HOLDER: Final = f"""
SELECT a.pid, a.application_name, date_trunc('second', a.backend_start)::text
  FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid, (SELECT {_KEY} AS key) k
 WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND (l.classid::bigint << 32) | l.objid::bigint = k.key
"""  # noqa: S608 -- made of constants


class Writer:
    """The right of this process to write: configures each of its writing sessions."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(8)  # ours among all processes, ever
        self.claimed = False  # set when the token stands in the database
        where = f"pid {os.getpid()} on {socket.gethostname()}"
        self.name = f"voile {self.token} {where}"[:63]  # PostgreSQL keeps no more

    def configure(self, connection: Any, _record: Any) -> None:
        """Prepare a new session; it is closed again if it may not write.

        Raises:
            SettingsError: at start: the server does not fit, or another process writes here.
            StoreError: later: another process took our place.
        """
        try:
            connection.autocommit = True
            cursor = connection.cursor()
            _check_server(cursor, connection.info.server_version)
            cursor.execute(_WRITER)
            self._lock(cursor)
            self._check_place(cursor)
            cursor.close()
            connection.autocommit = False
        except BaseException:
            connection.close()
            raise

    def _lock(self, cursor: Any) -> None:
        until = time.monotonic() + LOCK_SECONDS
        while not cursor.execute(f"SELECT pg_try_advisory_lock({_KEY})").fetchone()[0]:
            holder = cursor.execute(_HOLDER).fetchone()
            if holder is not None and holder[1] == self.name:
                # a session of ours whose connection broke and that the server still keeps
                cursor.execute("SELECT pg_terminate_backend(%s)", (holder[0],))
            elif time.monotonic() > until:
                raise self._held(holder)
            time.sleep(0.05)

    def _held(self, holder: tuple[int, str, str] | None) -> Exception:
        who: Spoken = process_problems.ANOTHER_PROCESS
        if holder is not None:
            name = holder[1].split(" ", 2)[-1] if holder[1].startswith("voile ") else holder[1]
            ours = "pid " in name
            who = (problems.HOLDER if ours else problems.STRANGER).of(name=name, since=holder[2])
        if self.claimed:
            return StoreError(problems.TAKEN, who=who)
        return SettingsError(process_problems.DATABASE_LOCKED, who=who)

    def _check_place(self, cursor: Any) -> None:
        """After a lost session: nobody else may have written meanwhile, or what we know is old."""
        if not self.claimed:
            return
        found = cursor.execute("SELECT value FROM fact WHERE name = %s", (WRITER_FACT,)).fetchone()
        if found is None or found[0] != self.token:
            raise StoreError(problems.USED_MEANWHILE)


def _check_server(cursor: Any, version: int) -> None:
    if version < OLDEST:
        raise SettingsError(problems.SERVER_OLD, version=version // 10_000)
    encoding, schema = cursor.execute(
        "SELECT current_setting('server_encoding'), current_schema()"
    ).fetchone()
    if encoding != "UTF8":
        raise SettingsError(problems.ENCODING, encoding=encoding)
    if schema is None:
        raise SettingsError(problems.NO_SCHEMA)


def _configure_reader(connection: Any, _record: Any) -> None:
    before = connection.autocommit
    connection.autocommit = True  # else the settings would end with the transaction
    connection.execute(_READER)
    connection.autocommit = before


def engines(url: str, writer: Writer) -> tuple[Engine, Engine]:
    """Open the database for one writing session, and for readers.

    Readers run without a transaction: each statement sees the newest commit.

    Raises:
        SettingsError: the driver is not installed.
    """
    arguments: dict[str, Any] = {"application_name": writer.name}
    if "connect_timeout" not in make_url(url).query:
        arguments["connect_timeout"] = CONNECT_SECONDS
    common: dict[str, Any] = {"pool_pre_ping": True, "hide_parameters": True}
    try:
        writing = create_engine(url, pool_size=1, max_overflow=0, connect_args=arguments, **common)
    except ModuleNotFoundError as error:
        raise SettingsError(problems.NO_DRIVER) from error
    event.listen(writing, "connect", writer.configure)
    reading = create_engine(
        url,
        pool_size=READERS,
        max_overflow=MOST_READERS - READERS,
        isolation_level="AUTOCOMMIT",
        connect_args=arguments | {"application_name": "voile reads"},
        **common,
    )
    event.listen(reading, "connect", _configure_reader)
    return writing, reading


def committed(reading: Engine, number: str) -> bool | None:
    """Find out how a transaction ended whose commit was not answered.

    Args:
        reading: the engine to ask with.
        number: what `pg_current_xact_id` said in that transaction.

    Returns:
        Whether it was committed; None if the server does not say in time.
    """
    until = time.monotonic() + OUTCOME_SECONDS
    while time.monotonic() < until:
        try:
            with reading.connect() as connection:
                asked = text("SELECT pg_xact_status(CAST(:number AS xid8))")
                status = connection.execute(asked, {"number": number}).scalar()
        except DBAPIError:
            status = None
        if status in {"committed", "aborted"}:
            return bool(status == "committed")
        time.sleep(0.1)
    return None
