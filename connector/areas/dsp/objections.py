"""Messages that we refused their sender: what came, in which state, and why; a few per process.

A refusal undoes its whole transaction, so it is written down in one of its own, and only for who
has proven to be the counterparty of a process of ours. A process keeps the newest few, and a peer
that does not stop is written down no oftener than its share: the rest is counted and logged.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, delete, select

from connector.areas.dsp import processes, store
from connector.areas.dsp.rows import ObjectionRow
from connector.process.errors import VoileError
from connector.process.ports import unix_ms
from connector.process.rate import Buckets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.areas.dsp.store import Kind
    from connector.identity.auth import Caller
    from contracts.messages import Message

KEPT: Final = 5  # of each process
PER_SECOND: Final = 1.0  # written down of one peer
BURST: Final = 20
LONGEST: Final = 500  # characters of a reason
_PASSING: Final = 500  # from this status on the same message comes again: no refusal


class Shares(Buckets):
    """How much of each peer's refused messages is written down."""

    def __init__(self) -> None:
        super().__init__(rate=PER_SECOND, burst=BURST)


def note(
    dsp: Dsp,
    caller: Caller,
    kind: Kind,
    pid: str | None,
    message: Message | None,
    expected: str,
    error: VoileError,
    status: int,
) -> None:
    """Write down that a message was refused, after all that it did was undone.

    Args:
        dsp: The protocol.
        caller: Who sent it, authenticated.
        kind: The protocol of the endpoint.
        pid: Our pid out of the path; None where it opens a process.
        message: The message, if it could be read.
        expected: Its type, by the endpoint.
        error: Why it was refused.
        status: What it was answered with.
    """
    if status >= _PASSING:
        return
    node = dsp.node
    message_id = (message.id or "" if message is not None else "")[:LONGEST]
    node.log.info(
        "message-refused",
        peer=caller.did,
        type=expected,
        message=message_id,
        process=(pid or "")[:LONGEST],
        code=error.code,
        reason=error.message[:LONGEST],
        status=status,
    )
    node.refusals.count(caller.did, f"message: {error.code}")
    if pid is None or node.db.read_only or not node.services[Shares].take(caller.did):
        return
    with suppress(VoileError), node.db.transaction() as tx:  # the peer hears why, written or not
        row = store.of_peer(tx.session, kind, pid, peer=caller.did)
        if row is None:
            return
        tx.session.add(
            ObjectionRow(
                process=row.pid,
                type=expected,
                message=message_id,
                state=row.state,
                status=status,
                code=error.code[:LONGEST],
                reason="".join(c for c in error.message[:LONGEST] if c.isprintable()),
                at_ms=unix_ms(tx.now),
            )
        )
        tx.session.flush()
        newest = (
            select(col(ObjectionRow.id))
            .where(col(ObjectionRow.process) == row.pid)
            .order_by(col(ObjectionRow.id).desc())
            .limit(KEPT)
        )
        tx.session.execute(
            delete(ObjectionRow).where(
                col(ObjectionRow.process) == row.pid, col(ObjectionRow.id).not_in(newest)
            )
        )


def of_process(session: Session, row: ProcessRecord) -> list[dict[str, Any]]:
    """Give the newest refusals of a process's messages, the newest first."""
    processes.flush(session)
    query = (
        select(ObjectionRow)
        .where(ObjectionRow.process == row.pid)
        .order_by(col(ObjectionRow.id).desc())
    )
    found: Sequence[ObjectionRow] = session.exec(query).all()
    return [
        {
            "type": item.type,
            "id": item.message,
            "state": item.state or "OPENING",
            "status": item.status,
            "code": item.code,
            "reason": item.reason,
            "atMs": item.at_ms,
        }
        for item in found
    ]
