"""The worker: delivers what is committed, at least once, in order per process.

A commit says which *lanes* (peer, process) it put messages into, and a pool works on them. A lane
has one message under way, so its order holds; a peer has at most four, so no peer takes the whole
pool; a peer that cannot be reached is tried with one message at a time until it answers. One thread
offers lanes whose time has come, and scans the table at the start and now and then: the table is
what counts, the lanes in memory only say where to look.

An outcome is written together with what its handler does, in one transaction. If the process dies
between the answer and that commit the message goes out again: receivers know it by its id.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlmodel import col

from connector.errors import NotFound, RemoteError, StoreError, VoileError
from connector.outbox import table
from connector.outbox.lanes import PER_PEER, Lane, Lanes
from connector.outbox.outcome import QUIET, Handler, delay_ms, put_off, settle
from connector.outbox.pace import Pace
from connector.outbox.rows import PARKED, WAITING, OutboxRow
from connector.ports import Response, unix_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from structlog.typing import FilteringBoundLogger

    from connector.identity.peers import Peers
    from connector.ports import Clock
    from connector.store.database import Database, Transaction

THREADS: Final = 32
IDLE_SECONDS: Final = 5.0
CALL_SECONDS: Final = 15.0


class Outbox:
    """Delivers messages of one node. `start` it once; `wake` it after a commit."""

    def __init__(self, db: Database, peers: Peers, clock: Clock, log: FilteringBoundLogger) -> None:
        self._db = db
        self._peers = peers
        self._clock = clock
        self._log = log
        self._handlers: dict[str, Handler] = {}
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._lanes = Lanes(self._limit)
        self._scan = threading.Event()
        self.pace = Pace()
        self.unseal: Callable[[str], bytes] = _no_secrets
        self._silent: dict[str, tuple[int, int]] = {}  # peer -> failures in a row, not before (ms)
        self._pool: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None

    def on(self, kind: str, handler: Handler) -> None:
        """Let ``handler`` hear of the outcome of messages of ``kind``."""
        if kind in self._handlers:
            raise ValueError(f"outbox kind `{kind}` already has a handler")
        self._handlers[kind] = handler

    def wake(self) -> None:
        """Look for due messages now. `Transaction.send` sees to its own by itself."""
        self._scan.set()
        self._due.set()

    def start(self) -> None:
        """Start delivering."""
        self._pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="outbox")
        self._thread = threading.Thread(target=self._loop, name="outbox", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 20.0) -> None:
        """Finish what is under way and stop; the rest stays for the next start."""
        self._stopping.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join(timeout)
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def resume(self, tx: Transaction, row_id: int) -> None:
        """Try a parked message again."""
        row = tx.session.get(OutboxRow, row_id)
        if row is None or row.state != PARKED:
            raise NotFound(
                f"no parked message `{row_id}`",
                code="outbox-missing",
                next_step="see `voile outbox list --state parked`",
            )
        row.state, row.attempts, row.next_ms, row.reason, row.ended_ms = WAITING, 0, 0, "", None
        tx.session.add(row)
        tx.after_commit(self.wake)

    def counts(self) -> Mapping[str, int]:
        """Count messages by state."""
        with self._db.reading() as session:
            found = session.execute(
                select(col(OutboxRow.state), func.count()).group_by(col(OutboxRow.state))
            ).all()
        return {row[0]: row[1] for row in found}

    def deliver_due(self, rounds: int) -> int:
        """Deliver what is due in this thread, for nodes whose worker was not started.

        Args:
            rounds: how often to look again, as an outcome may enqueue more.

        Returns:
            The number of attempts.
        """
        attempts = 0
        for _ in range(rounds):
            now = unix_ms(self._clock.now())
            with self._db.reading() as session:
                found = table.heads(session)
            due = [head for head in found if max(head[3], self._not_before(head[1])) <= now]
            for row_id, peer, _, _ in due:
                self._attempt(row_id, peer)
            attempts += len(due)
            if not due:
                break
        return attempts

    def _not_before(self, peer: str) -> int:
        with self._lock:
            return self._silent.get(peer, (0, 0))[1]

    # the dispatcher

    def sent(self, lanes: Collection[Lane]) -> None:
        """Hear of lanes that a commit has put messages into: they go out at once."""
        self._lanes.offer(lanes)
        self._pump()

    def _loop(self) -> None:
        scan_at = 0.0
        while not self._stopping.is_set():
            self._due.clear()
            wait = 1.0
            try:
                if self._scan.is_set() or time.monotonic() >= scan_at:
                    self._scan.clear()
                    self._look()
                    scan_at = time.monotonic() + IDLE_SECONDS
                now = unix_ms(self._clock.now())
                ripe = self._lanes.ripen(now)
                self._pump()
                wait = max(0.0, scan_at - time.monotonic())
                wait = wait if ripe is None else min(wait, (ripe - now) / 1000)
            except VoileError as error:  # a busy or full disk: the loop must outlive it
                self._log.error("outbox-failed", code=error.code, error=error.message)
            self._due.wait(wait)

    def _look(self) -> None:
        """Offer what the table says is waiting: after a start, and what no commit told us of."""
        now = unix_ms(self._clock.now())
        with self._db.reading() as session:
            heads = table.heads(session)
        self._lanes.offer([(peer, process) for _, peer, process, at in heads if at <= now])
        for _, peer, process, at in heads:
            if at > now:
                self._lanes.later(at, (peer, process))
        if len(heads) == table.SCAN:
            self._scan.set()  # there may be more: look again at the next turn

    def _pump(self) -> None:
        """Put a worker on every lane that may be worked on now."""
        while self._pool is not None and not self._stopping.is_set():
            lane = self._lanes.take()
            if lane is None:
                return
            self._pool.submit(self._work, lane)

    def _limit(self, peer: str) -> int:
        with self._lock:
            failures, not_before = self._silent.get(peer, (0, 0))
        if not failures:
            return PER_PEER
        return 1 if not_before <= unix_ms(self._clock.now()) else 0

    def _work(self, lane: Lane) -> None:
        """Deliver the first message of a lane, then of whichever lane comes next."""
        taken: Lane | None = lane
        while taken is not None:
            again = True
            try:
                if not self._stopping.is_set():
                    again = self._deliver(taken)
            finally:
                self._lanes.release(taken, again=again)
            taken = None if self._stopping.is_set() else self._lanes.take()

    # one delivery

    def _deliver(self, lane: Lane) -> bool:
        """Deliver the first message of a lane if it is due; say whether another may be due now."""
        peer, _ = lane
        try:
            with self._db.reading() as session:
                rows = table.first_two(session, lane)
            if not rows:
                return False
            row_id, later = rows[0]
            if later <= unix_ms(self._clock.now()):
                again = self._attempt(row_id, peer)
                if again is None:
                    return len(rows) > 1
                later = again
        except VoileError as error:
            self._log.error("outbox-failed", code=error.code, error=error.message, peer=peer)
            self._hold(peer)
            return True
        except BaseException:
            self._hold(peer)
            self._log.exception("outbox-crashed", peer=peer)
            raise
        self._lanes.later(later, lane)
        self._due.set()
        return False

    def _attempt(self, row_id: int, peer: str) -> int | None:
        """Send a message and write down the outcome; give when it goes out again, if it does."""
        with self._db.reading() as session:
            row = table.waiting(session, row_id)
        if row is None:
            return None
        try:
            body = self.unseal(row.sealed) if row.sealed else row.body
            response: Response | None = self._peers.call(
                peer,
                row.method,
                row.url,
                body=body if body or row.method == "POST" else None,
                headers=row.header_map(),
                timeout=CALL_SECONDS,
                kind=row.kind,
            )
            reason = ""
        except RemoteError as error:
            response, reason = None, error.code
        except VoileError as error:  # its DID document is wrong: a later one may be right
            response, reason = None, error.code
        answered = response is not None and response.status < 500
        if answered:
            with self._lock:
                self._silent.pop(peer, None)
        else:
            self._hold(peer)
        try:
            with self._db.transaction() as tx:
                fresh = table.waiting(tx.session, row_id)
                if fresh is not None:
                    handler = self._handlers.get(fresh.kind, QUIET)
                    settle(tx, fresh, response, reason, handler=handler, log=self._log)
                    table.keep(tx.session, fresh)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 -- a worker outlives any handler; it is logged
            # the handler failed and undid the outcome: without this the message would go out again
            # at once, and for ever
            self._log.exception("outbox-handler", peer=peer, kind=row.kind, row=row_id)
            with self._db.transaction() as tx:
                fresh = table.waiting(tx.session, row_id)
                if fresh is not None:
                    put_off(tx, fresh, f"its handler failed: {type(error).__name__}", log=self._log)
                    table.keep(tx.session, fresh)
        return fresh.next_ms if fresh is not None and fresh.state == WAITING else None

    def _hold(self, peer: str) -> None:
        """Leave a peer alone for a while that did not answer."""
        with self._lock:
            failures = self._silent.get(peer, (0, 0))[0] + 1
            until = unix_ms(self._clock.now()) + delay_ms(failures)
            self._silent[peer] = (failures, until)
        self._lanes.wake_at(until)
        self._due.set()


def _no_secrets(name: str) -> bytes:
    raise NotFound(f"no secret named `{name}`", code="secret-missing")
