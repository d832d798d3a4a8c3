"""What the outbox knows of our message in flight, and what becomes of it when others settle it.

A message that has left may have been taken, whatever else we hear meanwhile: only a refusal, or
giving it up, says that it was not. Until then it stays in the outbox, and its answer decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, or_, select, update
from sqlmodel import col

from connector.outbox.rows import DELIVERED, OVERTAKEN, PARKED, WAITING, OutboxRow
from connector.ports import unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from connector.dsp.context import Dsp
    from connector.dsp.processes import ProcessRecord
    from connector.store.database import Transaction

NOT_READY: Final = 409
_REFUSED: Final = frozenset({400, NOT_READY})  # and not taken since: that ends its flight
_UNSETTLED: Final = update(table_of(OutboxRow)).where(
    col(OutboxRow.message_id) == bindparam("ours"),
    or_(col(OutboxRow.state) == WAITING, col(OutboxRow.state) == PARKED),
)
_SAY_AGAIN: Final = Prepared(_UNSETTLED.values(state=WAITING, next_ms=0, attempts=0, ended_ms=None))
_OVERTAKEN: Final = Prepared(
    _UNSETTLED.values(state=DELIVERED, reason=OVERTAKEN, ended_ms=bindparam("now"))
)
_STANDING: Final = Prepared(
    select(col(OutboxRow.state), col(OutboxRow.last_status)).where(
        col(OutboxRow.message_id) == bindparam("ours")
    )
)


def refused(tx: Transaction, row: ProcessRecord) -> bool:
    """Say whether our message in flight was refused in the state the peer is in, or given up."""
    found = _STANDING.first(tx.session, ours=row.flying_message) if row.flying_message else None
    return found is not None and (found[0] == PARKED or found[1] in _REFUSED)


def not_ready(tx: Transaction, row: ProcessRecord) -> bool:
    """Say whether the last word on our message in flight is 409."""
    found = _STANDING.first(tx.session, ours=row.flying_message) if row.flying_message else None
    return found is not None and found[1] == NOT_READY


def say_again(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Send our message in flight again at once: the answer says whether the peer had it."""
    _SAY_AGAIN.run(tx.session, ours=row.flying_message)
    lane = (row.counterparty, row.pid)
    tx.after_commit(lambda: dsp.node.outbox.sent([lane]))


def overtaken(tx: Transaction, row: ProcessRecord) -> None:
    """Send our message in flight no more; if an attempt is under way, its answer still counts."""
    _OVERTAKEN.run(tx.session, ours=row.flying_message, now=unix_ms(tx.now))
