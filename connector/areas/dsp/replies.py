"""What a peer gets for a message that was taken, kept so that a repeat gets the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert

from connector.areas.dsp import problems_messages, store
from connector.areas.dsp.rows import ReceivedRow
from connector.evidence import promises
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared
from contracts import messages as m
from contracts.errors import MalformedMessageError, UnknownProcessError

if TYPE_CHECKING:
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.identity.auth import Caller
    from connector.store.transaction import Transaction
    from contracts.messages import Message

NIL: Final = "urn:uuid:00000000-0000-0000-0000-000000000000"
CREATED: Final = 201
TAKEN: Final = 200
_KEEP: Final = Prepared(
    insert(table_of(ReceivedRow)),
    ("peer", "message", "type", "process", "status", "answer", "received_ms"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer gets for a message that was taken."""

    status: int
    body: str


def unknown(kind: str) -> UnknownProcessError:
    """Make the one answer for what is unknown and for what is somebody else's."""
    return UnknownProcessError(
        problems_messages.TRANSFER_UNKNOWN
        if kind == "transfer"
        else problems_messages.NEGOTIATION_UNKNOWN
    )


def repeated(dsp: Dsp, tx: Transaction, caller: Caller, message: Message) -> Answer | None:
    """Find the answer to a message that this peer has sent before, and promise its leaf again.

    Raises:
        MalformedMessageError: Its id was that of a message of another type.
    """
    stored = store.received(tx.session, caller.did, message.id) if message.id else None
    if stored is None:
        return None
    kind, status, answer, process = stored
    if kind != type(message).__name__:
        raise MalformedMessageError(problems_messages.MESSAGE_REUSED)
    promises.again(dsp.node, tx, str(caller.did), process, str(message.id))
    return Answer(status, answer)


def remember(
    tx: Transaction, caller: Caller, row: ProcessRecord, message: Message, status: int
) -> Answer:
    """Make the answer to a message that was taken, and keep it for a repeat."""
    answer = Answer(status, m.encode(state_object(row)).decode())
    if message.id:
        _KEEP.run(
            tx.session,
            peer=caller.did,
            message=message.id,
            type=type(message).__name__,
            process=row.pid,
            status=status,
            answer=answer.body,
            received_ms=unix_ms(tx.now),
        )
    return answer


def state_object(row: ProcessRecord) -> m.ContractNegotiation | m.TransferProcess:
    """Describe where a process stands, as GET answers it."""
    consumer, provider = (m.Pid(pid) for pid in store.pids(row))
    cls = m.ContractNegotiation if row.kind == "negotiation" else m.TransferProcess
    state = row.state or ("REQUESTED" if row.role == "consumer" else "OFFERED")
    return cls(
        id=row.pid,
        consumer_pid=consumer or m.Pid(NIL),
        provider_pid=provider or m.Pid(NIL),
        state=state,
    )
