"""Receiving: from a caller and a parsed message to a changed state, in one transaction.

The order (voile design dsp.md §1), after size, authentication, JSON and shape:

(1) the token is used up; (2) a repeated `@id` gets the stored answer; (3) the process is looked up
for this caller only; (4) both pids are those of the process; (5) the machine; (6) the signature of
the stage, if one came; (7) state, evidence and answer are stored; (8) what we do by ourselves.
Where a proxy has stripped a Voile peer's signature, (8) waits until we have asked for it.

Whatever raises rolls all of it back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import update

from connector.dsp import asking, evidence, outbound, signing, store
from connector.dsp.context import MODULES, TABLES
from connector.dsp.opening import open_process
from connector.dsp.rows import AgreementRow, ReceivedRow
from connector.outbox.rows import DELIVERED, WAITING, OutboxRow
from connector.ports import unix_ms
from contracts import machine, negotiation
from contracts import messages as m
from contracts.errors import IllegalMessageError, MalformedMessageError, UnknownProcessError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.dsp.context import Dsp
    from connector.dsp.rows import ProcessRow
    from connector.dsp.store import Kind
    from connector.identity.auth import Caller
    from connector.store.database import Transaction
    from contracts.machine import Transition
    from contracts.messages import Message

CREATED: Final = 201
TAKEN: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer gets for a message that was taken."""

    status: int
    body: str


def take(
    dsp: Dsp,
    caller: Caller,
    kind: Kind,
    pid: str | None,
    message: Message,
    headers: Mapping[str, str],
) -> Answer:
    """Take one message.

    Args:
        dsp: The protocol.
        caller: Who sent it, authenticated.
        kind: The protocol of the endpoint.
        pid: Our pid out of the path; None at the endpoints that create.
        message: The parsed message.
        headers: The request's headers: signature and process key.

    Raises:
        RemoteProtocolError: It cannot be taken; nothing has changed.
        VerificationError: Its signature does not hold; nothing has changed.
    """
    with dsp.node.db.transaction() as tx:
        caller.consume(tx)  # (1)
        if (stored := _repeated(tx, caller, message)) is not None:  # (2)
            return stored
        if pid is None:
            row, is_new = open_process(dsp, tx, caller, kind, message, headers)
            if not is_new:
                return _remember(tx, caller, row, message, CREATED)
        else:
            found = store.of_peer(tx.session, kind, pid, peer=caller.did)  # (3)
            if found is None:
                raise unknown(kind)
            row = found
        _check_pids(row, pid, message)  # (4)
        event = MODULES[kind].event_of(message)
        transition = machine.receive(TABLES[kind], store.process_of(row), event)  # (5)
        _learn(tx, row, message)
        stage, jws = signing.STAGE_OF.get(event), headers.get(signing.HEADER, "")
        if stage is not None and jws:  # (6)
            signing.check(tx, row, stage, jws, caller.document)
        apply(dsp, tx, row, transition, message)  # (7)
        answer = _remember(tx, caller, row, message, CREATED if pid is None else TAKEN)
        stripped = stage is not None and not jws
        if stripped and asking.ask_signatures(tx, row, caller.document):
            return answer  # what we do by ourselves waits for them
        if row.state not in TABLES[kind].final:  # (8)
            dsp.react(dsp, tx, row, event)
        go_on(dsp, tx, row)
        return answer


def apply(
    dsp: Dsp, tx: Transaction, row: ProcessRow, transition: Transition, message: Message | None
) -> None:
    """Store a transition with its evidence; settle our message in flight if it landed by this."""
    for change in transition.evidence:
        evidence.applied(dsp, tx, row, change, message)
    if row.flying_message and transition.process.in_flight is None:
        tx.session.execute(
            update(OutboxRow)
            .where(OutboxRow.message_id == row.flying_message, OutboxRow.state == WAITING)  # type: ignore[arg-type]
            .values(state=DELIVERED, reason="overtaken", ended_ms=unix_ms(tx.now))
        )
    row.trouble = ""
    store.keep(tx, row, transition.process)
    _conclude(tx, row)


def go_on(dsp: Dsp, tx: Transaction, row: ProcessRow) -> None:
    """After any change: send what was waiting for its turn; at FINALIZED exchange log heads."""
    outbound.pursue(dsp, tx, row)
    if row.kind == "negotiation" and row.state == negotiation.FINALIZED:
        asking.exchange_checkpoints(dsp, tx, row)


def unknown(kind: str) -> UnknownProcessError:
    """Make the one answer for what is unknown and for what is somebody else's."""
    return UnknownProcessError(
        "not found", code=f"{kind}.not-found", next_step="check the pid and who you are"
    )


def _repeated(tx: Transaction, caller: Caller, message: Message) -> Answer | None:
    stored = store.received(tx.session, caller.did, message.id) if message.id else None
    if stored is None:
        return None
    if stored.type != type(message).__name__:
        raise MalformedMessageError(
            "`/@id`: expected a fresh message id, got one of another message",
            code="message.id-reused",
            next_step="draw a fresh `@id` for every message",
        )
    return Answer(stored.status, stored.answer)


def _remember(
    tx: Transaction, caller: Caller, row: ProcessRow, message: Message, status: int
) -> Answer:
    answer = Answer(status, m.encode(state_object(row)).decode())
    if message.id:
        tx.session.add(
            ReceivedRow(
                peer=caller.did,
                message=message.id,
                type=type(message).__name__,
                process=row.pid,
                status=status,
                answer=answer.body,
                received_ms=unix_ms(tx.now),
            )
        )
        tx.session.flush()
    return answer


def state_object(row: ProcessRow) -> m.ContractNegotiation | m.TransferProcess:
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


NIL: Final = "urn:uuid:00000000-0000-0000-0000-000000000000"


def _check_pids(row: ProcessRow, pid: str | None, message: Message) -> None:
    ours, theirs = ("consumer_pid", "provider_pid")
    if row.role == "provider":
        ours, theirs = theirs, ours
    given = getattr(message, theirs, None)
    expected = row.peer_pid
    mismatch = (pid is not None and getattr(message, ours, None) != row.pid) or (
        expected is not None and given != expected
    )
    if mismatch:
        raise MalformedMessageError(
            "`/consumerPid`, `/providerPid`: expected the pids of this process, got others",
            code="message.pid-mismatch",
            next_step="send the pids that both sides have given to the process",
        )
    if row.peer_pid is None:
        row.peer_pid = given  # a callback that beats the answer to our opening message


def _learn(tx: Transaction, row: ProcessRow, message: Message) -> None:
    """Take over what the message brings, before its effects are stored."""
    match message:
        case m.ContractRequestMessage() | m.ContractOfferMessage():
            row.offer = json.dumps(message.offer, ensure_ascii=False)
            row.dataset = message.offer["target"]
        case m.ContractAgreementMessage():
            _learn_agreement(tx, row, message.agreement)
        case m.CodedProcessMessage() if not isinstance(message, m.TransferSuspensionMessage):
            row.ended_by = row.counterparty
            row.ended_code = message.code or ""
            row.ended_reason = json.dumps(list(message.reason), ensure_ascii=False)
        case m.TransferStartMessage() if message.data_address and row.role == "consumer":
            row.data_address = json.dumps(message.data_address, ensure_ascii=False)
        case _:
            pass
    tx.session.add(row)


def _learn_agreement(tx: Transaction, row: ProcessRow, body: Mapping[str, Any]) -> None:
    consumer, provider = store.pids(row)
    known = store.agreement(tx.session, cast("str", body["@id"]), counterparty=row.counterparty)
    if known is not None:
        raise IllegalMessageError(
            "`/agreement/@id`: expected a fresh agreement, got one that exists",
            code="agreement.id-reused",
            next_step="give every agreement its own `@id`",
        )
    row.agreement = body["@id"]
    tx.session.add(
        AgreementRow(
            negotiation=row.pid,
            agreement=body["@id"],
            role=row.role,
            counterparty=row.counterparty,
            dataset=body["target"],
            body=json.dumps(body, ensure_ascii=False),
            consumer_pid=consumer,
            provider_pid=provider,
            agreed_ms=unix_ms(tx.now),
        )
    )
    tx.session.flush()


def _conclude(tx: Transaction, row: ProcessRow) -> None:
    """Mark the agreement as concluded once its negotiation is."""
    if row.kind != "negotiation" or row.state != negotiation.FINALIZED:
        return
    agreement = tx.session.get(AgreementRow, row.pid)
    if agreement is not None and agreement.finalized_ms is None:
        agreement.finalized_ms = unix_ms(tx.now)
        agreement.signatures = signing.amount(tx, row.pid)
        tx.session.add(agreement)
        tx.session.flush()
