"""The connector's part in each case: reach a state, wait, look into the table, send.

A reaction is an ordinary message of ours: machine, signature, evidence and outbox are those of
production. It is dropped where the process has moved on meanwhile.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from connector.areas.dsp import outbound, processes, reactions
from connector.areas.dsp.outbound import Why
from contracts import negotiation, transfer
from contracts.agreements import message_offer
from tests.tck.profile import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from tests.tck.profile.scheduler import Scheduler

    Action = Callable[[Dsp, Transaction, ProcessRecord], None]

WHY: Final = Why(code="test.script")


class Reactions:
    """Hears which states are reached; implements the `react` of `connector.areas.dsp.context.Dsp`."""

    def __init__(self, scheduler: Scheduler, *, seconds: float) -> None:
        self._scheduler = scheduler
        self._seconds = seconds
        self._reached: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def __call__(self, dsp: Dsp, tx: Transaction, row: ProcessRecord, event: str) -> None:
        """Take note that a message of the kit has moved a process."""
        del event
        self.reached(dsp, tx, row)

    def reached(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
        """Take note that a process has reached a state, once that is durable."""
        pid, state = row.pid, row.state
        script = table.SCRIPTS.get(row.dataset if row.kind == "negotiation" else row.agreement, {})

        def note() -> None:
            with self._lock:
                self._reached[pid, state] += 1
                action = script.get((state, self._reached[pid, state]), "-")
            if action != "-":
                self._scheduler.after(self._seconds, lambda: act(dsp, pid, state, action))

        tx.after_commit(note)


def act(dsp: Dsp, pid: str, state: str, action: str) -> None:
    """Send what the table says, if the process still is in the state that it was said for."""
    with dsp.node.db.transaction() as tx:
        row = processes.get(tx.session, pid)
        if row is None or row.state != state or row.flying_event:
            dsp.node.log.info("reaction-dropped", process=pid, action=action)
            return
        ACTIONS[action](dsp, tx, row)


def _offer(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    _lay_out(dsp, tx, row)
    outbound.propose(dsp, tx, row, negotiation.OFFER)


def _agree(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    _lay_out(dsp, tx, row)
    reactions.agree(dsp, tx, row)


def _lay_out(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Put our own offer on the table, whatever the consumer asked for."""
    dataset = dsp.shelf.dataset(tx.session, row.dataset)
    assert dataset is not None, "a script is chosen by a dataset of the shelf"
    row.offer = json.dumps(message_offer(dataset["hasPolicy"][0], dataset_id=row.dataset))


def _terminate(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    row.paused_by = ""  # a pause of ours holds the agreement beyond the transfer: it is run again
    reactions.refuse(dsp, tx, row, WHY)


def _send(event: str, why: Why | None = None) -> Action:
    def action(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
        outbound.propose(dsp, tx, row, event, why)

    return action


ACTIONS: Final[Mapping[str, Action]] = {
    "offer": _offer,
    "agree": _agree,
    "request": _send(negotiation.REQUEST),
    "accept": _send(negotiation.ACCEPTED_EVENT),
    "verify": _send(negotiation.VERIFICATION),
    "finalize": _send(negotiation.FINALIZED_EVENT),
    "start": _send(transfer.START),
    "suspend": _send(transfer.SUSPENSION, WHY),
    "complete": _send(transfer.COMPLETION),
    "terminate": _terminate,
}
