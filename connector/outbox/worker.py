"""The worker: delivers what is committed, at least once, in order per process.

A commit says which *lanes* (peer, process) it put messages into, and a pool works on them. A lane
has one message under way, so its order holds; how many a peer has depends on how it answers, see
`breaker`. One thread offers lanes whose time has come, and scans the table at the start and now and
then: the table is what counts, the lanes in memory only say where to look. A peer that comes back,
because it answers or because it calls us, gets at once what waited for it. An outcome and what its
handler does are one transaction; a process that dies before it sends again, under the same id.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from connector.outbox import table
from connector.outbox.breaker import Breaker, Ending
from connector.outbox.lanes import ROOM, Lane, Lanes
from connector.outbox.outcome import QUIET, Handler, put_off, settle
from connector.outbox.pace import Pace
from connector.process.actor import Actor
from connector.process.errors import StoreError, Unreachable, VoileError
from connector.process.job import Every, Pool
from connector.process.ports import Response, unix_ms
from connector.store.outbox_rows import WAITING, Queued

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from structlog.typing import FilteringBoundLogger

    from connector.identity.peers import Peers
    from connector.process.ports import Clock
    from connector.store.database import Database
    from connector.store.transaction import Transaction

THREADS: Final = sum(ROOM.values())  # made when they are needed
IDLE_SECONDS: Final = 5.0
Unseal = Callable[[str], bytes]  # gives a body that lies sealed, by its name
ACTOR: Final = Actor("job", "outbox")
CALL_SECONDS: Final = 15.0
PATIENCE_SECONDS: Final = 20.0  # for what is under way when it is stopped


class Outbox:
    """Delivers messages of one node. `start` it once; `wake` it after a commit."""

    def __init__(
        self, db: Database, peers: Peers, clock: Clock, log: FilteringBoundLogger, unseal: Unseal
    ) -> None:
        self._db = db
        self._unseal = unseal
        self._peers = peers
        self._clock = clock
        self._log = log
        self._handlers: dict[str, Handler] = {}
        self._due = threading.Event()
        self._breaker = Breaker(lambda: unix_ms(clock.now()))
        self._lanes = Lanes(self._breaker.admit)
        self._scan = threading.Event()
        self.pace = Pace()
        self._returned: dict[str, bool] = {}  # peers that are there again; or may be, to be tried
        self._given_up: set[str] = set()  # away for so long that rows are parked
        self._scan_at = 0.0  # of time.monotonic
        self._pause = 0.0
        self._pool = Pool("outbox", THREADS, log, by=ACTOR)
        self._job = Every(
            "outbox", lambda: self._pause, self._turn, log,
            due=self._due, at_once=True, patience=PATIENCE_SECONDS,
        )  # fmt: skip

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
        self._pool.start()
        self._job.start()

    def stop(self) -> None:
        """Finish what is under way and stop; the rest stays for the next start."""
        self._job.stop()
        self._pool.stop()

    def resume(self, tx: Transaction, row_id: int) -> None:
        """Try a parked message again."""
        table.resume(tx.session, row_id)
        tx.after_commit(self.wake)

    def counts(self) -> Mapping[str, int]:
        """Count messages by state."""
        with self._db.reading() as session:
            return table.counts(session)

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
            not_before = self._breaker.not_before
            due = [head for head in found if max(head[3], not_before(head[1])) <= now]
            for row_id, _, _, _ in due:
                with self._db.reading() as session:
                    row = table.waiting(session, row_id)
                if row is not None:
                    self._attempt(row)
                self._revive()
            attempts += len(due)
            if not due:
                break
        return attempts

    def sent(self, lanes: Collection[Lane]) -> None:
        """Hear of lanes that a commit has put messages into: they go out at once."""
        self._lanes.offer(lanes)
        self._pump()

    def under_way(self, lane: Lane) -> bool:
        """Whether a message of a lane may be at its peer just now, its answer still to come."""
        return self._lanes.under_way(lane)

    def heard(self, peer: str) -> None:
        """Hear that a peer has called us: if it was left alone, try it now."""
        if self._breaker.heard(peer) or peer in self._given_up:
            self._returned.setdefault(peer, True)
            self._due.set()

    def _revive(self) -> None:
        """Let what waited because peers were away go out."""
        while self._returned:
            peer, one = self._returned.popitem()
            try:
                with self._db.transaction() as tx:
                    lanes = table.revive(tx.session, peer, one=one)
            except BaseException:
                self._returned[peer] = one and self._returned.get(peer, True)  # next time, then
                raise
            if not one:
                self._given_up.discard(peer)
                if lanes:
                    self._log.info("outbox-peer-back", peer=peer, messages=len(lanes))
            self._lanes.offer(lanes)

    def _turn(self) -> None:
        """Offer what is due; what fails, for a busy or full disk, is tried again in a second."""
        self._pause = 1.0
        if self._scan.is_set() or time.monotonic() >= self._scan_at:
            self._scan.clear()
            self._look()
            self._scan_at = time.monotonic() + IDLE_SECONDS
        self._revive()
        now = unix_ms(self._clock.now())
        ripe = self._lanes.ripen(now)
        self._pump()
        idle = max(0.0, self._scan_at - time.monotonic())
        self._pause = idle if ripe is None else min(idle, (ripe - now) / 1000)

    def _look(self) -> None:
        """Offer what the table says is waiting: after a start, and what no commit told us of."""
        now = unix_ms(self._clock.now())
        with self._db.reading() as session:
            heads = table.heads(session)
            self._given_up.update(table.given_up(session))
        self._lanes.offer([(peer, process) for _, peer, process, at in heads if at <= now])
        for _, peer, process, at in heads:
            if at > now:
                self._lanes.later(at, (peer, process))

    @property
    def _goes_on(self) -> bool:
        return self._pool.is_ready and not self._job.stopping

    def _pump(self) -> None:
        """Put a worker on every lane that may be worked on now."""
        while self._goes_on and (lane := self._lanes.take()):
            self._pool.submit(partial(self._work, lane))

    def _work(self, lane: Lane) -> None:
        """Deliver the first message of a lane, then of whichever lane comes next."""
        taken: Lane | None = lane
        while taken is not None:
            again = True
            try:
                again = self._job.stopping or self._deliver(taken)
            finally:
                self._lanes.release(taken, again=again)
            taken = None if self._job.stopping else self._lanes.take()
            self._pump()  # a peer that has answered may have more under way than before

    def _deliver(self, lane: Lane) -> bool:
        """Deliver the first message of a lane if it is due; say whether another may be due now."""
        peer, _ = lane
        try:
            with self._db.reading() as session:
                rows = table.first_two(session, lane)
            if not rows:
                return False
            later = rows[0].next_ms
            if later <= unix_ms(self._clock.now()):
                again = self._attempt(rows[0])
                if again is None:
                    return len(rows) > 1
                later = again
        except VoileError as error:
            self._log.error("outbox-failed", code=error.code, error=error.message, peer=peer)
            self._wake_at(self._breaker.failed(peer))
            return True
        except BaseException:
            self._wake_at(self._breaker.failed(peer))
            self._log.exception("outbox-crashed", peer=peer)
            raise
        self._lanes.later(later, lane)
        self._due.set()
        return False

    def _attempt(self, row: Queued) -> int | None:
        """Send a message and write down the outcome; give when it goes out again, if it does."""
        response, reason = self._call(row)
        try:
            with self._db.transaction() as tx:
                fresh = table.waiting(tx.session, row.id)
                if fresh is None and response is not None and 200 <= response.status < 300:
                    fresh = table.overtaken(tx.session, row.id)  # taken after all: so it is said
                if fresh is not None:
                    handler = self._handlers.get(fresh.kind, QUIET)
                    settle(tx, fresh, response, reason, handler=handler, log=self._log)
                    table.keep(tx.session, fresh)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 -- a worker outlives any handler; it is logged
            # the handler failed and undid the outcome: without this the message would go out again
            # at once, and for ever
            self._log.exception("outbox-handler", peer=row.peer, kind=row.kind, row=row.id)
            with self._db.transaction() as tx:
                fresh = table.waiting(tx.session, row.id)
                if fresh is not None:
                    put_off(tx, fresh, f"its handler failed: {type(error).__name__}", log=self._log)
                    table.keep(tx.session, fresh)
        return fresh.next_ms if fresh is not None and fresh.state == WAITING else None

    def _call(self, row: Queued) -> tuple[Response | None, str]:
        """Send a message; give the answer, or why there is none."""
        response: Response | None = None
        reason = ""
        ending: Ending = "ours"
        call = self._breaker.began(row.peer)
        try:
            body = self._unseal(row.sealed) if row.sealed else row.body
            response = self._peers.call(
                row.peer,
                row.method,
                row.url,
                body=body if body or row.method == "POST" else None,
                headers=row.header_map(),
                timeout=CALL_SECONDS,
                kind=row.kind,
            )
            ending = "answered" if response.status < 500 else "error"
        except Unreachable as error:
            reason, ending = error.code, "silent"
        except VoileError as error:  # its DID document is wrong: a later one may be right
            reason = error.code
        except Exception as error:  # noqa: BLE001 -- it is counted, shown, and parked in the end
            # ours, not the peer's: without this the message would go out for ever, uncounted
            self._log.exception("outbox-call", peer=row.peer, kind=row.kind, row=row.id)
            reason = f"our attempt failed: {type(error).__name__}"
        finally:
            back = self._breaker.ended(row.peer, call, ending)
        if back or (response is not None and row.peer in self._given_up):
            self._returned[row.peer] = False
            self._due.set()
        elif until := self._breaker.not_before(row.peer):
            self._wake_at(until)
        return response, reason

    def _wake_at(self, until_ms: int) -> None:
        self._lanes.wake_at(until_ms)
        self._due.set()
