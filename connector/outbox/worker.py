"""The worker: delivers what is committed, at least once, in order per process.

One dispatcher thread reads due messages and hands each *lane* (peer, process) to a pool. A lane has
one message under way, so its order holds; a peer has at most four, so no peer takes the whole pool;
a peer that cannot be reached is tried with one message at a time until it answers.

An outcome is written together with what its handler does, in one transaction. If the process dies
between the answer and that commit the message goes out again: receivers know it by its id.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlmodel import col

from connector.errors import NotFound, RemoteError, StoreError, VoileError
from connector.outbox.outcome import QUIET, Handler, delay_ms, put_off, settle
from connector.outbox.pace import Pace
from connector.outbox.rows import PARKED, WAITING, OutboxRow
from connector.ports import Response, unix_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from structlog.typing import FilteringBoundLogger

    from connector.identity.peers import Peers
    from connector.ports import Clock
    from connector.store.database import Database, Transaction

PER_PEER: Final = 4
THREADS: Final = 32
SCAN: Final = 512  # due rows looked at in one pass
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
        self._lanes: set[tuple[str, str]] = set()
        self._busy: Counter[str] = Counter()
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
        """Look for due messages now. `Transaction.send` sees to it by itself."""
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
            due = [head for head in self._heads() if max(head[3], self._not_before(head[1])) <= now]
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

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._due.clear()
            try:
                wait = self._dispatch()
            except VoileError as error:  # a busy or full disk: the loop must outlive it
                self._log.error("outbox-failed", code=error.code, error=error.message)
                wait = 1.0
            self._due.wait(wait)

    def _dispatch(self) -> float:
        """Hand out what is due; give the seconds until the next look."""
        now = unix_ms(self._clock.now())
        wait_ms = IDLE_SECONDS * 1000
        for row_id, peer, process, next_ms in self._heads():
            with self._lock:
                failures, not_before = self._silent.get(peer, (0, 0))
                due = max(next_ms, not_before)
                limit = 1 if failures else PER_PEER
                if due > now:
                    wait_ms = min(wait_ms, due - now)
                    continue
                if (peer, process) in self._lanes or self._busy[peer] >= limit:
                    continue  # whoever frees the lane wakes us
                self._lanes.add((peer, process))
                self._busy[peer] += 1
            assert self._pool is not None
            self._pool.submit(self._deliver, row_id, peer, process)
        return wait_ms / 1000

    def _heads(self) -> list[tuple[int, str, str, int]]:
        """Give the first waiting message of each lane."""
        first = (
            select(func.min(col(OutboxRow.id)))
            .where(col(OutboxRow.state) == WAITING)
            .group_by(col(OutboxRow.peer), col(OutboxRow.process))
        )
        with self._db.reading() as session:
            rows = session.execute(
                select(
                    col(OutboxRow.id),
                    col(OutboxRow.peer),
                    col(OutboxRow.process),
                    col(OutboxRow.next_ms),
                )
                .where(col(OutboxRow.id).in_(first))
                .order_by(col(OutboxRow.next_ms), col(OutboxRow.id))
                .limit(SCAN)
            ).all()
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    # one delivery

    def _deliver(self, row_id: int, peer: str, process: str) -> None:
        try:
            if not self._stopping.is_set():
                self._attempt(row_id, peer)
        except VoileError as error:
            self._log.error("outbox-failed", code=error.code, error=error.message, peer=peer)
            self._hold(peer)
        except BaseException:
            self._hold(peer)
            self._log.exception("outbox-crashed", peer=peer, row=row_id)
            raise
        finally:
            with self._lock:
                self._lanes.discard((peer, process))
                self._busy[peer] -= 1
            self._due.set()

    def _attempt(self, row_id: int, peer: str) -> None:
        with self._db.reading() as session:
            row = session.get(OutboxRow, row_id)
        if row is None or row.state != WAITING:
            return
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
                fresh = tx.session.get(OutboxRow, row_id)
                if fresh is not None and fresh.state == WAITING:
                    handler = self._handlers.get(fresh.kind, QUIET)
                    settle(tx, fresh, response, reason, handler=handler, log=self._log)
                    tx.session.add(fresh)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 -- a worker outlives any handler; it is logged
            # the handler failed and undid the outcome: without this the message would go out again
            # at once, and for ever
            self._log.exception("outbox-handler", peer=peer, kind=row.kind, row=row_id)
            with self._db.transaction() as tx:
                fresh = tx.session.get(OutboxRow, row_id)
                if fresh is not None:
                    put_off(tx, fresh, f"its handler failed: {type(error).__name__}", log=self._log)
                    tx.session.add(fresh)

    def _hold(self, peer: str) -> None:
        """Leave a peer alone for a while that did not answer."""
        with self._lock:
            failures = self._silent.get(peer, (0, 0))[0] + 1
            self._silent[peer] = (failures, unix_ms(self._clock.now()) + delay_ms(failures))


def _no_secrets(name: str) -> bytes:
    raise NotFound(f"no secret named `{name}`", code="secret-missing")
