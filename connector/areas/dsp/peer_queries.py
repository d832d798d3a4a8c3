"""Questions to a peer that wait in the outbox too: its state, its log head, its signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from sqlalchemy import bindparam
from sqlmodel import col, select

from connector.process.ports import unix_ms
from connector.store.outbox_rows import WAITING, OutboxRow, Outgoing
from connector.store.prepared import FIRST, Prepared

if TYPE_CHECKING:
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from crypto.did import DidDocument

STATE_KIND: Final = "StateQuestion"
CHECKPOINT_KIND: Final = "CheckpointExchange"
SIGNATURES_KIND: Final = "SignaturesQuestion"
CHECKPOINT_LANE: Final = "#checkpoint"  # one for all processes with a peer
CHECKPOINT_HOLD_MS: Final = 500  # contracts concluded in this while share one exchange

_HELD: Final = Prepared(
    select(col(OutboxRow.id))
    .where(
        col(OutboxRow.state) == WAITING,
        col(OutboxRow.peer) == bindparam("peer"),
        col(OutboxRow.process) == CHECKPOINT_LANE,
        col(OutboxRow.attempts) == 0,
        col(OutboxRow.next_ms) > bindparam("now"),
    )
    .limit(FIRST)
)


def ask_state(dsp: Dsp, tx: Transaction, process: ProcessRecord, *, hold_ms: int = 0) -> None:
    """Ask for the peer's state, in a lane of its own; a question that waits there is enough."""
    if process.peer_pid is None:
        return
    lane = f"{process.pid}#state"
    waiting = tx.session.exec(
        select(OutboxRow).where(OutboxRow.process == lane, OutboxRow.state == WAITING)
    ).first()
    if waiting is not None:
        if not hold_ms and not waiting.attempts and waiting.next_ms:
            waiting.next_ms = 0  # it was to be asked later, and now it matters
            tx.session.add(waiting)
            tx.after_commit(lambda: dsp.node.outbox.sent([(process.counterparty, lane)]))
        return
    pid = quote(process.peer_pid, safe=":")
    tx.send(
        Outgoing(
            peer=process.counterparty,
            method="GET",
            url=f"{process.callback}/{process.kind}s/{pid}",
            body=b"",
            kind=STATE_KIND,
            process=lane,
            message_id=process.pid,
            hold_ms=hold_ms,
        )
    )


def exchange_checkpoints(dsp: Dsp, tx: Transaction, process: ProcessRecord) -> None:
    """Ask a Voile peer for its newest signed log head, unless that is about to happen anyway.

    One that waits for its time has not been asked yet, so its answer will cover this process too.
    """
    if _HELD.first(tx.session, peer=process.counterparty, now=unix_ms(tx.now)) is not None:
        return
    document = dsp.node.peers.cached(process.counterparty)
    service = document.service("VoileLog") if document else None
    endpoint = service.get("serviceEndpoint") if service else None
    if isinstance(endpoint, str):
        tx.send(
            Outgoing(
                peer=process.counterparty,
                method="GET",
                url=f"{endpoint.rstrip('/')}/checkpoint",
                body=b"",
                kind=CHECKPOINT_KIND,
                process=CHECKPOINT_LANE,
                message_id=process.pid,
                hold_ms=CHECKPOINT_HOLD_MS,
            )
        )


def ask_signatures(tx: Transaction, process: ProcessRecord, document: DidDocument) -> bool:
    """Ask a Voile peer for signatures that a proxy has stripped from its headers.

    Returns:
        Whether there is somebody to ask; a plain peer signs nothing.
    """
    service = document.service("VoileConnector")
    endpoint = service.get("serviceEndpoint") if service else None
    if not isinstance(endpoint, str):
        return False
    agreement = quote(process.agreement, safe=":")
    tx.send(
        Outgoing(
            peer=process.counterparty,
            method="GET",
            url=f"{endpoint.rstrip('/')}/agreements/{agreement}/signatures",
            body=b"",
            kind=SIGNATURES_KIND,
            process=f"{process.pid}#signatures",
            message_id=process.pid,
        )
    )
    return True
