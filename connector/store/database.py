"""The store of one node: one writer at a time, and changes that share a durable commit."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from connector.process.database_url import is_postgres
from connector.process.errors import ReadOnly, StoreError
from connector.process.ports import unix_ms
from connector.store import postgres, problems, sqlite
from connector.store.core import finish, used
from connector.store.facts import set_fact
from connector.store.failures import translated
from connector.store.group import Group, Turns
from connector.store.reading import Reading, Sessions
from connector.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    from connector.evidence.log import Log
    from connector.outbox.lanes import Lane
    from connector.process.ports import Clock
    from crypto.words import Spoken

_PROOF_FACT: Final = "written-ms"
WAIT_SECONDS: Final = 30.0  # for the one writer's turn


def _nobody(_told: object) -> None:
    """Nobody is told."""


class Database:
    """The store of one node. Threads share it."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        sent: Callable[[list[Lane]], None] = _nobody,
        troubled: Callable[[str], None] = _nobody,
    ) -> None:
        """Open a store.

        Args:
            url: where it is.
            clock: the clock.
            sent: told after each commit with messages, and where they went.
            troubled: told what a driver said, for our own log.
        """
        self.url = url
        self.clock = clock
        self.log: Log | None = None  # set when the node has its data key
        self._sent = sent
        self.read_only: str | Spoken = ""  # the reason, when nothing may be written
        self.commits = 0
        self.flushes = 0  # durable commits, of one or more changes each
        self._turns = Turns()
        self._group: Group | None = None  # of the change under way, or left open for the next
        self._holder: int | None = None
        self._proved = -math.inf  # when a small change was last seen to be durable, monotonic
        self.troubled = troubled
        self._writer: Engine
        self._reader: Engine
        self._sessions: Sessions | None = None  # of SQLite's readers
        # SQLite's writing connection between two changes: a pool takes longer than many a change
        self._idle: deque[Connection] = deque()
        self._closed = False
        self._place = postgres.Writer() if is_postgres(url) else None
        if self._place is not None:
            self._writer, self._reader = postgres.engines(url, self._place)
        else:
            self._writer, self._reader = sqlite.engines(url)
            self._sessions = Sessions(self._reader, sqlite.Readers(url))

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations; its pool has one connection, so none is kept."""
        self._let_go()
        return self._writer

    def held_here(self) -> bool:
        """Whether this thread is inside a transaction of this database."""
        return self._holder == threading.get_ident()

    def claim(self) -> None:
        """Write down that this process is the writer, until another says so.

        On PostgreSQL the right to write ends with a lost connection; afterwards this process goes
        on only if no other has claimed the database meanwhile. In SQLite the folder's lock does it.
        """
        if self._place is not None and not self.read_only:
            with self.transaction() as tx:
                set_fact(tx.session, postgres.WRITER_FACT, self._place.token)
            self._place.claimed = True

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin a write; commit at the end, roll back on any exception.

        No network call may happen inside: it would hold up every other writer.

        Raises:
            ReadOnly: the node is read-only; the message says why.
            StoreError: the database could not take it; nothing was changed.
        """
        if self.read_only:
            raise ReadOnly(problems.READ_ONLY, why=self.read_only)
        if self.held_here():
            raise RuntimeError("a transaction inside a transaction: pass `tx` on instead")
        if not self._took_turn():
            raise StoreError(problems.BUSY)
        self._holder = threading.get_ident()
        try:
            try:
                with translated(self.troubled):
                    group = self._joined()
                    with group.change() as session:
                        transaction = Transaction(session, self.clock.now(), self.log, self._sent)
                        yield transaction
                        group.check()
                        finish(session)
                        if session.in_transaction():
                            session.flush()
                        transaction.finish()
            finally:
                self._leave()
            group.wait()
        except StoreError:
            self._proved = -math.inf
            raise
        self.commits += 1
        transaction.committed()

    def prove(self, seconds: float) -> None:
        """See that a change can be made: that our turn comes, and that a small one gets durable.

        Args:
            seconds: for how long a proof holds, so that being asked often does not wear the disk.
                Any change that fails ends it.

        Raises:
            StoreError: none can be made now.
        """
        with self.transaction() as tx:
            if time.monotonic() - self._proved > seconds:
                set_fact(tx.session, _PROOF_FACT, str(unix_ms(tx.now)))
                tx.after_commit(self._proven)

    def _proven(self) -> None:
        self._proved = time.monotonic()

    def _took_turn(self) -> bool:
        try:
            return self._turns.take(WAIT_SECONDS)
        except BaseException:  # broken off, by Ctrl-C say: a finished change may count on us
            if self._turns.take(0):
                self._leave()
            raise

    def _joined(self) -> Group:
        """Give the transaction that those before us left open, or begin one."""
        if self._group is None or not self._group.open:
            self._group = Group(self._writing(), self._commit, self._keep)
        return self._group

    def _writing(self) -> Connection:
        """Give the connection for writing: whoever has the turn has it."""
        try:
            return self._idle.pop()
        except IndexError:
            return self._writer.connect()

    def _keep(self, connection: Connection) -> None:
        """Keep it for the next change if nothing is left in it; a server's goes to its pool.

        That pool sees before the next use whether the server is still there.
        """
        sound = self._place is None and not connection.invalidated
        sound = sound and not self._closed
        if sound and not connection.in_transaction() and not sqlite.is_writing(connection):
            self._idle.append(connection)
        else:
            connection.close()

    def _let_go(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _leave(self) -> None:
        """Leave the commit to whoever waits for the turn; commit if nobody does."""
        self._holder = None
        group = self._group
        if group is not None and group.open and not group.full and self._turns.pass_on():
            return
        self._group = None
        try:
            if group is not None and group.open:
                group.commit()
                self.flushes += 1
        finally:
            self._turns.give()

    def _commit(self, connection: Connection) -> None:
        with translated(self.troubled):
            number = ""
            if self._place is not None:
                number = connection.execute(text("SELECT pg_current_xact_id()::text")).scalar_one()
            self._commit_surely(connection, number)

    def _commit_surely(self, connection: Connection, number: str) -> None:
        try:
            connection.commit()
        except DBAPIError as error:
            connection.rollback()
            if not (number and error.connection_invalidated):
                raise
            # the server may have committed before the connection broke: ask it
            done = postgres.committed(self._reader, number)
            if done is None:
                raise StoreError(problems.COMMIT_UNKNOWN) from error
            if not done:
                raise

    def forget_journal(self) -> None:
        """Leave nothing in SQLite's journal of what was removed, as far as nobody reads there now.

        What stays, a later checkpoint writes over. Of a server, its administrators see to it.
        """
        if self._place is None:
            sqlite.truncate_journal(self.url)

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session for reading. Each statement sees the newest commit.

        Writing through it fails. For several statements on one state, use `transaction`.

        Raises:
            StoreError: the database cannot be read.
        """
        if self._sessions is not None:
            return Reading(self._sessions, self.troubled)
        return self._read()

    @contextmanager
    def _read(self) -> Iterator[Session]:
        made = Session(self._reader, expire_on_commit=False)
        with translated(self.troubled), used(made) as session:
            yield session

    def close(self) -> None:
        """Close every connection; that of a change under way when it ends."""
        self._closed = True
        self._let_go()
        if self._sessions is not None:
            self._sessions.close()
        self._reader.dispose()
        self._writer.dispose()
