"""What became of our messages to the kit, where that differs from production.

The kit answers 404 to a message that comes before its handler does; such a message is sent again.
It hears one case after the other at the same paths, so a message that nobody took while its case
lasted is given up: it would be taken for one of a later case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import update
from sqlmodel import col

from connector.areas.dsp import outcomes as delivery
from connector.areas.dsp import processes
from connector.areas.dsp.peer_queries import CHECKPOINT_KIND, STATE_KIND
from connector.process.ports import unix_ms
from connector.store.outbox_rows import PARKED, WAITING, OutboxRow, Queued
from contracts.messages.table import BY_TYPE
from tests.tck.profile.identity import KIT, NOT_THERE

if TYPE_CHECKING:
    from connector.areas.dsp.context import Dsp
    from connector.outbox import Handler, Verdict
    from connector.process.ports import Response
    from connector.store.transaction import Transaction
    from tests.tck.profile.reactions import Reactions

CASE_MS: Final = 20_000  # the kit waits 15 seconds for a message


def handlers(dsp: Dsp, reactions: Reactions) -> dict[str, Handler]:
    """Make what hears of every message that we send, by its outbox kind."""
    messages = EarlyMessages(dsp, reactions)
    return {
        **{name: messages for name in BY_TYPE if name.endswith("Message")},
        STATE_KIND: delivery.States(dsp),
        CHECKPOINT_KIND: delivery.Checkpoints(dsp),
    }


class EarlyMessages:
    """Outcomes of protocol messages: those of production, but patient."""

    def __init__(self, dsp: Dsp, reactions: Reactions) -> None:
        self._dsp = dsp
        self._reactions = reactions
        self._usual = delivery.Messages(dsp)

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """The kit took it: our state changes now, and that may call for the next reaction."""
        process = processes.get(tx.session, row.process)
        before = process.state if process else ""
        self._usual.acknowledged(tx, row, response)
        if process is not None and process.state != before:
            self._reactions.reached(self._dsp, tx, process)

    def refused(self, tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """The kit did not take it: perhaps not yet."""
        if row.peer == KIT.id and response.status == NOT_THERE.status:
            return "retry" if unix_ms(tx.now) - row.created_ms < CASE_MS else "park"
        return self._usual.refused(tx, row, response)


def give_up(dsp: Dsp, *, older_than_ms: int = CASE_MS) -> None:
    """Park what waits for the kit longer than a case lasts."""
    with dsp.node.db.transaction() as tx:
        now = unix_ms(tx.now)
        tx.session.execute(
            update(OutboxRow)
            .where(
                col(OutboxRow.peer) == KIT.id,
                col(OutboxRow.state) == WAITING,
                col(OutboxRow.created_ms) <= now - older_than_ms,
            )
            .values(state=PARKED, reason="its case is over", ended_ms=now)
        )
