"""What the protocol drops with time: which messages it has taken, and what it said to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col

from connector.areas.dsp.rows import ReceivedRow
from connector.process.ports import unix_ms

if TYPE_CHECKING:
    from connector.party.node import Node

EVERY_SECONDS: Final = 300.0
# A peer repeats for an hour, or when it comes back, or when its owner sends a parked message again.
# Later than this the state machine judges a repeat: a creating one finds its process, any other is
# refused as not allowed any more, and nothing is done twice.
KEEP_RECEIVED_MS: Final = 30 * 24 * 3600 * 1000


def tidy(node: Node) -> None:
    """Forget messages that nobody repeats any more."""
    before = unix_ms(node.clock.now()) - KEEP_RECEIVED_MS
    with node.db.transaction() as tx:
        tx.session.execute(delete(ReceivedRow).where(col(ReceivedRow.received_ms) < before))
