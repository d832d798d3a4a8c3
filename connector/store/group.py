"""Several changes in one durable commit: whoever is done while others wait leaves it to them.

A change that ran alone commits at once. Where others wait for the writer's turn, the finished
change stays in the open transaction and its thread waits; each of the next runs in a savepoint of
its own, so that an exception undoes only what is its own; the one that nobody waits behind commits
for all. Nobody goes on, answers or sends before that commit is durable; if it fails, nothing of any
of them has happened, and each is told.

A thread that waits for the commit holds no turn, but whatever locks it took before: a lock that a
transaction's body takes must not be held around another transaction.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from connector.process.errors import StoreError, VoileError
from connector.store import problems
from connector.store.core import used
from connector.store.prepared import control, hold_driver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

_OURS: Final = "of_a_change"  # name of the savepoint
MOST: Final = 32  # changes in one commit: none waits for more than the others' work
WAIT_SECONDS: Final = 60.0


class Turns:
    """The writer's turn, and who waits for it.

    A plain lock: a condition would wake its next one twice, and hold the interpreter meanwhile.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._waiting: list[None] = []  # adding to it and taking from it is one step each

    def take(self, seconds: float) -> bool:
        """Wait for the turn; False if it did not come in time."""
        if self._turn.acquire(blocking=False):
            return True
        self._waiting.append(None)
        try:
            if self._turn.acquire(timeout=seconds):
                return True
        finally:
            self._waiting.pop()
        # `pass_on` may have counted on us until now: nobody else would commit
        return self._turn.acquire(blocking=False)

    def give(self) -> None:
        """Give the turn to whoever waits, or keep it for whoever comes."""
        self._turn.release()

    def pass_on(self) -> bool:
        """Give the turn only if somebody waits; say whether it was given."""
        if not self._waiting:
            return False
        self._turn.release()
        # if he has given up meanwhile, and nobody else has come, the turn is still ours
        return bool(self._waiting) or not self._turn.acquire(blocking=False)


@contextmanager
def _ended(session: Session) -> Iterator[None]:
    """Leave a session nothing to write with: its connection is somebody else's by then."""
    try:
        yield
    finally:
        session.bind = None
        session.info.clear()


class Group:
    """One transaction of the database with the changes of several callers.

    Args:
        connection: the one connection for writing.
        commit: commits the connection; raises if it could not.
        keep: takes the connection at the end.
    """

    def __init__(
        self,
        connection: Connection,
        commit: Callable[[Connection], None],
        keep: Callable[[Connection], None],
    ) -> None:
        self._commit = commit
        self._keep = keep
        self._connection = connection
        self._ended = threading.Event()
        self._failure: Exception | None = None
        self._fresh = True
        self.changes = 0
        self._driver: Any = None  # SQLite's: its savepoints cost less without the mapper's
        try:
            self._connection.begin()
            if self._connection.dialect.name == "sqlite":
                self._driver = self._connection.connection.dbapi_connection
        except BaseException:
            self._connection.close()
            raise

    @property
    def open(self) -> bool:
        """Whether another change may join."""
        return not self._ended.is_set()

    @property
    def full(self) -> bool:
        """Whether it should commit although others wait."""
        return self.changes >= MOST

    @contextmanager
    def change(self) -> Iterator[Session]:
        """Run one change; an exception undoes it, and it alone."""
        first, self._fresh = self._fresh, False
        made = Session(
            self._connection,
            expire_on_commit=False,
            # what comes first needs no savepoint: undoing it undoes everything there is
            join_transaction_mode="rollback_only" if first else "create_savepoint",
        )
        with _ended(made), used(made) as session:
            if self._driver is None:
                session.connection()
            else:
                hold_driver(session, self._driver)
                if not first:
                    control(self._driver, f"SAVEPOINT {_OURS}")
            try:
                yield session
                if session.in_transaction():
                    session.commit()
                if self._driver is not None and not first:
                    control(self._driver, f"RELEASE {_OURS}")
            except BaseException:
                self._undo(session, first=first)
                raise
        self.changes += 1

    def _undo(self, session: Session, *, first: bool) -> None:
        try:
            session.rollback()
            if self._connection.invalidated:  # with it went what the others had changed
                self._end(_lost())
            elif first:
                if self._connection.in_transaction():
                    self._connection.rollback()
                self._end(None)
            elif self._driver is not None:
                control(self._driver, f"ROLLBACK TO {_OURS}")
                control(self._driver, f"RELEASE {_OURS}")
        except DBAPIError as error:  # the database has given up the whole transaction by itself
            self._end(_undone(error))

    def commit(self) -> None:
        """Make it durable, and let everybody go on who waits for that. Raises nothing."""
        failure: Exception | None = None
        try:
            self.check()
            self._commit(self._connection)
        except VoileError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 -- whatever it was, all that wait are told
            failure = _undone(error)
        self._end(failure)

    def check(self) -> None:
        """See that there is something to commit: SQLite may have undone all of it by itself.

        Raises:
            StoreError: it has; what is written now would stay, statement by statement.
        """
        if self._driver is not None and not self._driver.in_transaction:
            raise _lost()

    def _end(self, failure: Exception | None) -> None:
        self._failure = failure
        try:
            self._keep(self._connection)
        finally:
            self._ended.set()

    def wait(self) -> None:
        """Wait until it is durable.

        Raises:
            StoreError: it could not be written; nothing of it has happened.
        """
        if not self._ended.wait(WAIT_SECONDS):
            raise StoreError(problems.NOT_COMMITTED)
        if self._failure is not None:
            raise self._failure


def _lost() -> StoreError:
    return StoreError(problems.LOST)


def _undone(error: Exception) -> StoreError:
    failure = StoreError(problems.UNDONE, kind=type(getattr(error, "orig", error)).__name__)
    failure.reason = str(getattr(error, "orig", error))
    failure.__cause__ = error
    return failure
