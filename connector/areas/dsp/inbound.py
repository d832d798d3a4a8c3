"""Receiving: from a caller and a parsed message to a changed state, in one transaction.

The order (voile design dsp.md §1), after size, authentication, JSON and shape:

(1) the token is used up; (2) a repeated `@id` gets the stored answer; (3) the process is looked up
for this caller only; (4) both pids are those of the process; (5) the machine; (6) the signature of
the stage, if one came; (7) state, evidence and answer are stored; (8) what we do by ourselves.
Where a proxy has stripped a Voile peer's signature, (8) waits until we have asked for it.

Whatever raises rolls all of it back, but for an agreement under an id that is in use: that is not
taken either, and its negotiation is ended in the same transaction (`connector.areas.dsp.reused`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.areas.dsp import agreements, evidence, outbound, processes, signing, store
from connector.areas.dsp import in_flight as flights
from connector.areas.dsp import lost_updates as lapses
from connector.areas.dsp import owner_decisions as ending
from connector.areas.dsp import peer_queries as asking
from connector.areas.dsp import redelivery as repeated
from connector.areas.dsp import replies as answers
from connector.areas.dsp.apply_message import check_pids, learn
from connector.areas.dsp.context import MODULES, TABLES
from connector.areas.dsp.opening import open_process
from connector.areas.dsp.replies import CREATED, TAKEN, Answer, remember, unknown
from connector.areas.dsp.reused import AgreementIdInUseError, end_reused, is_ending
from contracts import machine, negotiation
from contracts import messages as m

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.areas.dsp.store import Kind
    from connector.identity.auth import Caller
    from connector.store.outbox_rows import Queued
    from connector.store.transaction import Transaction
    from contracts.machine import Transition
    from contracts.messages import Message


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
        AgreementIdInUseError: It brings an agreement whose id is in use; its negotiation ends.
        RemoteProtocolError: It cannot be taken; nothing has changed.
        VerificationError: Its signature does not hold; nothing has changed.
    """
    with dsp.node.db.transaction() as tx:
        caller.consume(tx)  # (1)
        try:
            return _take(dsp, tx, caller, kind, pid, message, headers)
        except AgreementIdInUseError as error:
            assert isinstance(message, m.ContractAgreementMessage), "only that brings one"
            row = store.of_peer(tx.session, "negotiation", str(pid), peer=caller.did)
            assert row is not None, "it was found to be told of its agreement"
            if not is_ending(row):
                if row.state and flights.refused(tx, row):  # nothing is to wait behind that
                    apply(dsp, tx, row, machine.withdraw(store.process_of(row)), None)
                end_reused(dsp, tx, row, message.agreement["@id"])
            refused = error
    raise refused


def _take(
    dsp: Dsp,
    tx: Transaction,
    caller: Caller,
    kind: Kind,
    pid: str | None,
    message: Message,
    headers: Mapping[str, str],
) -> Answer:
    if (stored := answers.repeated(dsp, tx, caller, message)) is not None:  # (2)
        return stored
    if pid is None:
        _prove_finalized(dsp, tx, caller, message)
        row, is_new = open_process(dsp, tx, caller, kind, message, headers)
        if not is_new:
            evidence.repeated(dsp, tx, row, message)
            return remember(tx, caller, row, message, CREATED)
    else:
        found = store.of_peer(tx.session, kind, pid, peer=caller.did)  # (3)
        if found is None:
            raise unknown(kind)
        row = found
    check_pids(tx, row, pid, message)  # (4)
    event = MODULES[kind].event_of(message)
    renews = outbound.RENEWAL_HEADER in headers
    transition = repeated.step(tx, row, event, message, renews=renews)  # (5)
    if transition is None:
        evidence.repeated(dsp, tx, row, message)
        lapses.look_repeated(dsp, tx, row)
        return remember(tx, caller, row, message, TAKEN)
    learn(dsp, tx, row, message)
    stage, jws = signing.STAGE_OF.get(event), headers.get(signing.HEADER, "")
    if stage is not None and jws:  # (6)
        signing.check(tx, row, stage, jws, caller.document)
    apply(dsp, tx, row, transition, message)  # (7)
    answer = remember(tx, caller, row, message, CREATED if pid is None else TAKEN)
    stripped = stage is not None and not jws
    if stripped and asking.ask_signatures(tx, row, caller.document):
        return answer  # what we do by ourselves waits for them
    if row.state not in TABLES[kind].final:  # (8)
        dsp.react(dsp, tx, row, event)
    go_on(dsp, tx, row)
    return answer


def _prove_finalized(dsp: Dsp, tx: Transaction, caller: Caller, message: Message) -> None:
    """A request for a transfer shows that the agreement's FINALIZED arrived, as crossings do.

    The consumer may ask as soon as it has taken it; our answer to that may be late, or lost.
    """
    if not isinstance(message, m.TransferRequestMessage):
        return
    found = agreements.find(tx.session, message.agreement_id, counterparty=caller.did)
    row = processes.get(tx.session, found.negotiation) if found is not None else None
    if row is not None and row.flying_event == negotiation.FINALIZED_EVENT:
        transition = machine.acknowledge(TABLES["negotiation"], store.process_of(row))
        apply(dsp, tx, row, transition, message)
        go_on(dsp, tx, row)


def apply(
    dsp: Dsp,
    tx: Transaction,
    row: ProcessRecord,
    transition: Transition,
    message: Message | None,
    *,
    settled: Queued | None = None,
    taken: bool = True,
) -> None:
    """Store a transition with its evidence; settle our message in flight if it landed by this.

    Args:
        dsp: The protocol.
        tx: The transaction.
        row: The process.
        transition: What the machine says.
        message: The peer's message, if it was one.
        settled: Our message in flight, where the outbox tells of it, and settles it itself.
        taken: Whether the peer took that one: a termination of ours counts without it.
    """
    for change in transition.evidence:
        evidence.applied(dsp, tx, row, change, message, settled, taken=taken)
    again = False
    if row.flying_message and transition.process.in_flight is None and settled is None:
        again = flights.settle(dsp, tx, row, transition, said=message is not None)
    row.trouble = ""
    landed = "" if again or transition.process.in_flight is not None else row.flying_message
    paused = transition.process.paused_by | ending.still_to_say(row)
    store.keep(tx, row, replace(transition.process, paused_by=paused))
    _conclude(tx, row)
    if row.kind == "transfer":
        if landed and dsp.plane_of(row).sealed:
            dsp.node.secrets.delete(tx, evidence.sealed_name(landed))
        dsp.plane_of(row).moved(dsp, tx, row)


def go_on(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """After any change: send what was waiting for its turn; at FINALIZED exchange log heads."""
    outbound.pursue(dsp, tx, row)
    if row.kind == "negotiation" and row.state == negotiation.FINALIZED:
        asking.exchange_checkpoints(dsp, tx, row)


def _conclude(tx: Transaction, row: ProcessRecord) -> None:
    """Mark the agreement as concluded once its negotiation is."""
    if row.kind != "negotiation" or row.state != negotiation.FINALIZED:
        return
    agreements.conclude(tx, row.pid, signing.amount(tx, row.pid))
