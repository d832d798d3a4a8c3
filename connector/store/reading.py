"""Reading on SQLite: a session and a connection of the driver for each use, kept in between.

A question reads a dozen times, most times one row. To make a session for that, and to go through a
generator for each thing that is to be undone at the end, takes longer than what is read.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from connector.store.core import let_go
from connector.store.failures import translated
from connector.store.prepared import hold_driver
from connector.store.sqlite import READERS_KEPT

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from sqlalchemy import Engine

    from connector.store.sqlite import Readers


class Sessions:
    """Sessions for readers with their connections: whoever takes one has it alone."""

    def __init__(self, engine: Engine, readers: Readers) -> None:
        self._engine = engine
        self._readers = readers
        self._free: deque[Session] = deque(maxlen=READERS_KEPT)

    def take(self) -> tuple[Session, Any]:
        """Give a session that nobody uses, or a new one, and the connection that it reads from."""
        connection = self._readers.take()
        try:
            session = self._free.pop()
        except IndexError:
            session = Session(self._engine, expire_on_commit=False)
        hold_driver(session, connection)
        return session, connection

    def give(self, session: Session, connection: Any, *, sound: bool) -> None:
        """Take them back; a session in whose use something was raised is not used again."""
        try:
            let_go(session)
            session.info.clear()  # areas keep there what they read in one use
            if sound:
                self._free.append(session)
        finally:
            self._readers.give(connection)

    def close(self) -> None:
        """Close the connections."""
        self._free.clear()
        self._readers.close()


class Reading:
    """One use of a session, from `with` to its end."""

    __slots__ = ("_connection", "_session", "_sessions", "_troubled")

    _session: Session
    _connection: Any

    def __init__(self, sessions: Sessions, troubled: Callable[[str], None]) -> None:
        self._sessions = sessions
        self._troubled = troubled

    def __enter__(self) -> Session:
        try:
            self._session, self._connection = self._sessions.take()
        except DBAPIError as error:
            self._fail(error)
        return self._session

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._sessions.give(self._session, self._connection, sound=error is None)
        except DBAPIError as late:
            self._fail(late)
        if isinstance(error, DBAPIError | PoolTimeout) and not isinstance(error, IntegrityError):
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        with translated(self._troubled):
            raise error
