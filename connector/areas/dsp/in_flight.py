"""What the outbox knows of our message in flight, and what becomes of it when others settle it.

A message that has left may have been taken, whatever else we hear meanwhile: only a refusal, or
giving it up, says that it was not. Until then it stays in the outbox, and its answer decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, or_, select, update
from sqlmodel import col

from connector.areas.dsp.context import TABLES
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.outbox_rows import DELIVERED, OVERTAKEN, PARKED, WAITING, OutboxRow
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from contracts.machine import Transition

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
    select(col(OutboxRow.state), col(OutboxRow.last_status), col(OutboxRow.created_ms)).where(
        col(OutboxRow.message_id) == bindparam("ours")
    )
)


def refused(tx: Transaction, row: ProcessRecord) -> bool:
    """Say whether our message in flight was refused in the state the peer is in, or given up."""
    state, status, _ = _standing(tx, row)
    return state == PARKED or status in _REFUSED


def not_ready(tx: Transaction, row: ProcessRecord) -> bool:
    """Say whether the last word on our message in flight is 409."""
    _, status, _ = _standing(tx, row)
    return status == NOT_READY


def age_ms(tx: Transaction, row: ProcessRecord) -> int:
    """Give how long ago our message went into flight."""
    _, _, created_ms = _standing(tx, row)
    return unix_ms(tx.now) - created_ms


def again(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Send what waits now, our message in flight too, wherever it stands; in their order."""
    if row.flying_message:
        _SAY_AGAIN.run(tx.session, ours=row.flying_message)
    lane = (row.counterparty, row.pid)
    tx.after_commit(lambda: dsp.node.outbox.sent([lane]))


def _standing(tx: Transaction, row: ProcessRecord) -> tuple[str, int | None, int]:
    """Give state, last status and first time of our message in flight."""
    found = _STANDING.first(tx.session, ours=row.flying_message) if row.flying_message else None
    return (found[0], found[1], found[2]) if found is not None else ("", None, 0)


def settle(
    dsp: Dsp, tx: Transaction, row: ProcessRecord, transition: Transition, *, said: bool
) -> bool:
    """Settle our message in flight, which something else than its answer takes out of flight.

    Where a message of the peer says that ours landed, or ends the process, the peer has not
    answered ours yet: it is sent again at once, and the answer, the same as before if the peer had
    it, becomes a leaf. Later messages of the process wait for that: none is taken out of its turn.
    So it is where the peer's state says that it has ended the process, and it never refused ours.
    Else it is sent no more; if an attempt is under way, its answer still counts.

    Args:
        dsp: The protocol.
        tx: The transaction.
        row: The process, with the id of our message still in it.
        transition: What takes it out of flight.
        said: A message of the peer did; else its state, or our owner.

    Returns:
        Whether it goes out again.
    """
    over = transition.process.state in TABLES[row.kind].final
    proven = any(change.sender == row.role for change in transition.evidence)
    goes = over or proven
    if not said:  # its state proves what ours changed; that it ended proves nothing
        goes = over and not proven and not refused(tx, row)
    if goes:
        again(dsp, tx, row)
    else:
        _OVERTAKEN.run(tx.session, ours=row.flying_message, now=unix_ms(tx.now))
    return goes
