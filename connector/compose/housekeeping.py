"""What is dropped with time: expired tokens, messages delivered long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col

from connector.identity.rows import ReplayRow
from connector.process.job import Every
from connector.process.ports import unix, unix_ms
from connector.store.outbox_rows import DELIVERED, OutboxRow

if TYPE_CHECKING:
    from connector.party.node import Node

EVERY_SECONDS: Final = 300.0
DAY_MS: Final = 24 * 3600 * 1000
KEEP_DELIVERED_MS: Final = 7 * DAY_MS


class Housekeeping(Every):
    """A thread that tidies every five minutes."""

    def __init__(self, node: Node) -> None:
        super().__init__("housekeeping", EVERY_SECONDS, self.tidy, node.log, patience=10)
        self._node = node

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
