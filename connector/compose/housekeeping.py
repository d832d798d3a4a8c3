"""What is dropped with time: expired tokens, deliveries long done, answers given long ago."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col

from connector.areas.dsp.rows import ReceivedRow
from connector.identity.rows import ReplayRow
from connector.process.errors import VoileError
from connector.process.ports import unix, unix_ms
from connector.store.outbox_rows import DELIVERED, OutboxRow

if TYPE_CHECKING:
    from connector.party.node import Node

EVERY_SECONDS: Final = 300.0
DAY_MS: Final = 24 * 3600 * 1000
KEEP_DELIVERED_MS: Final = 7 * DAY_MS
# A peer repeats for an hour, or when it comes back, or when its owner sends a parked message again.
# Later than this the state machine judges a repeat: a creating one finds its process, any other is
# refused as not allowed any more, and nothing is done twice.
KEEP_RECEIVED_MS: Final = 30 * DAY_MS


class Housekeeping:
    """A thread that tidies every five minutes."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Start tidying."""
        self._thread.start()

    def stop(self) -> None:
        """Stop."""
        self._stopping.set()
        self._thread.join(10)

    def tidy(self) -> None:
        """Drop what nobody needs: an expired token is refused for being expired."""
        now = self._node.clock.now()
        with self._node.db.transaction() as tx:
            tx.session.execute(delete(ReplayRow).where(col(ReplayRow.expires) < unix(now)))
            tx.session.execute(
                delete(OutboxRow).where(
                    col(OutboxRow.state) == DELIVERED,
                    col(OutboxRow.created_ms) < unix_ms(now) - KEEP_DELIVERED_MS,
                )
            )
            tx.session.execute(
                delete(ReceivedRow).where(
                    col(ReceivedRow.received_ms) < unix_ms(now) - KEEP_RECEIVED_MS
                )
            )

    def _loop(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                self.tidy()
            except VoileError as error:
                self._node.log.warning("housekeeping-failed", code=error.code, error=error.message)
