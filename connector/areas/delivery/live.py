"""Deliveries under way: each can be cut at once, and leaves evidence when it ends.

A delivery is looked at when its transfer moves, and four times a second by the clock: a validity
that ends, a revocation, a withdrawn product stop it too. Whoever sends asks `Live.check` before
each piece; what was cut raises, so that the connection breaks and no short file looks whole.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from connector.areas.delivery import problems
from connector.areas.delivery.evidence import delivery_entry
from connector.areas.delivery.may_flow import look
from connector.areas.dsp import find_process
from connector.process.errors import Conflict, TooMany
from connector.process.job import Every

if TYPE_CHECKING:
    from connector.areas.products import PublishedFile
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from contracts.evidence import Entry

LOOK_SECONDS: Final = 0.25
MOST: Final = 128  # deliveries at once
MOST_OF_ONE: Final = 32  # to one party: whoever reads slowly must not keep out the others
RUNNING: Final = ""
COMPLETE: Final = "complete"


class Cut(Conflict):
    """A delivery under way was stopped; its code says why."""


@dataclass(slots=True, eq=False, kw_only=True)
class Live:
    """One delivery under way.

    Attributes:
        transfer: Our pid.
        peer: Whom the file goes to.
        way: ``pull`` or ``push``.
        file: What flows: one version, whatever is published meanwhile.
        start: First byte.
        length: How many bytes are asked for.
        sent: How many were handed to the network.
        cut: Code of why it was stopped.
        failed: Code of why the other side did not take it.
    """

    transfer: str
    peer: str
    way: str
    file: PublishedFile
    start: int
    length: int
    sent: int = 0
    cut: str = RUNNING
    failed: str = RUNNING

    def check(self) -> None:
        """Go on, or say why not.

        Raises:
            Cut: It was stopped.
        """
        if self.cut:
            raise Cut(replace(problems.CUT, code=self.cut))

    @property
    def outcome(self) -> str:
        """``complete`` where all that was asked for was sent."""
        if self.failed:
            return "failed"
        if self.sent >= self.length:
            return COMPLETE
        return "cut" if self.cut else "aborted"


class Deliveries:
    """The deliveries of one node; a worker among the others."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._live: set[Live] = set()
        self._ended: list[Live] = []
        self._closed = False
        self._due = threading.Event()
        self._job = Every(
            "deliveries", self._pause, self._watch, node.log,
            due=self._due, at_once=True, patience=10,
        )  # fmt: skip
        self.moved = threading.Event()  # set when a transfer has moved; its waiter clears it

    def start(self) -> None:
        """Start looking."""
        self._job.start()

    def stop(self) -> None:
        """Cut what is under way and write down how far it came."""
        with self._lock:
            self._closed = True
            for live in self._live:
                live.cut = live.cut or "provider.stopping"
            self._ended.extend(self._live)
            self._live.clear()
        self._job.stop()
        self.settle()

    def begin(self, live: Live) -> None:
        """Take a delivery up: its first leaf is written before its first byte.

        Raises:
            TooMany: There are too many at once.
            StoreError: The leaf cannot be written; nothing must be sent.
        """
        with self._lock:
            of_one = sum(one.peer == live.peer for one in self._live)
            if len(self._live) >= MOST or of_one >= MOST_OF_ONE or self._closed:
                raise TooMany(problems.DELIVERIES_BUSY, most=MOST, most_of_one=MOST_OF_ONE)
            self._live.add(live)
        self._due.set()
        try:
            with self._node.db.transaction() as tx:
                tx.append(entry(self._node, tx, live, "begun"))
        except BaseException:
            with self._lock:
                self._live.discard(live)
            raise

    def end(self, live: Live, *, written: bool = False) -> None:
        """Note that a delivery has ended.

        Args:
            live: The delivery.
            written: Its last leaf stands already.
        """
        with self._lock:
            if live not in self._live:
                return
            self._live.discard(live)
            if not written:
                self._ended.append(live)
                self._due.set()

    def cut(self, transfer: str, code: str) -> None:
        """Stop the deliveries of a transfer at once."""
        with self._lock:
            for live in self._live:
                if live.transfer == transfer:
                    live.cut = live.cut or code

    def wake(self) -> None:
        """Look at all deliveries now."""
        self._due.set()
        self.moved.set()

    @property
    def count(self) -> int:
        """How many are under way."""
        with self._lock:
            return len(self._live)

    def look(self) -> None:
        """Stop the deliveries that may not go on."""
        with self._lock:
            running = {live.transfer for live in self._live if not live.cut}
        for pid in running:
            with self._node.db.reading() as session:
                code = look(self._node, session, pid).code
            if code:
                self.cut(pid, code)

    def settle(self) -> None:
        """Write the last leaf of what has ended."""
        while True:
            with self._lock:
                if not self._ended:
                    return
                live = self._ended[0]
            with self._node.db.transaction() as tx:
                tx.append(entry(self._node, tx, live, live.outcome))
            with self._lock:
                self._ended.remove(live)

    def _pause(self) -> float | None:
        with self._lock:
            return LOOK_SECONDS if self._live or self._ended else None

    def _watch(self) -> None:
        try:
            self.look()
            self.settle()
        except Exception:  # unwatched nothing may flow
            with self._lock:
                for live in self._live:
                    live.cut = live.cut or "store.failed"
            raise


def entry(node: Node, tx: Transaction, live: Live, outcome: str) -> Entry:
    """Make the leaf of a delivery: how much of which version, and how it ended."""
    row = find_process(tx.session, live.transfer)
    assert row is not None, "a transfer is never deleted"
    query: dict[str, Any] = {
        "delivery": live.way,
        "outcome": outcome,
        "product": live.file.product.id,
        "number": live.file.version.number,
        "version": live.file.version.digest,
        "size": live.file.version.size,
        "from": live.start,
        "bytes": live.sent if outcome != "begun" else live.length,
    }
    if outcome not in ("begun", COMPLETE) and (live.cut or live.failed):
        query["why"] = live.failed or live.cut
    return delivery_entry(node, tx, row, query)
