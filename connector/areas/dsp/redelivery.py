"""A peer says its last message again under a new `@id`: it has not saved that it said it.

It is answered as before, and our own message in flight goes on. Only an agreement can differ: a
provider that lost its step draws a new one. Once that provider has said (409) that it cannot take
our verification yet, its own agreement was not saved, so the new one takes the place of the old;
until then, and once it has taken our verification, it is asked to come again (503): what it has
saved since may have overtaken it.

A termination may also come after we have learnt its effect by asking for the peer's state: it still
brings the reason.

Spec: voile design dsp.md §1, §7.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlmodel import select

from connector.areas.dsp import in_flight as flights
from connector.areas.dsp import reused, signing
from connector.areas.dsp.context import TABLES
from connector.areas.dsp.rows import SignatureRow
from connector.areas.dsp.store import process_of
from contracts import machine
from contracts import messages as m
from contracts import problems as process_problems
from contracts.errors import NotYetError
from contracts.machine import TERMINATED, TERMINATION, Change, Transition, other
from contracts.repeats import is_lapse, is_repeat

if TYPE_CHECKING:
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from contracts.messages import Message


def step(
    tx: Transaction, row: ProcessRecord, event: str, message: Message, *, renews: bool = False
) -> Transition | None:
    """Step the machine with the peer's message; None if it says nothing new.

    Args:
        tx: The transaction.
        row: The process.
        event: What the message is in the machine.
        message: The message.
        renews: The peer says that it only renews a data address.

    Raises:
        IllegalMessageError: The machine does not allow it.
        AgreementIdInUseError: It brings another agreement, whose id stands for one that we have.
        NotYetError: It must come again once our message in flight has landed.
    """
    table, process = TABLES[row.kind], process_of(row)
    if event == TERMINATION == _learnt_by_asking(row):
        change = Change(other(process.role), event, row.state, row.state)
        return Transition(process, evidence=(change,))
    if not is_repeat(table, process, event) and not is_lapse(table, process, event):
        return machine.receive(table, process, event, changes_nothing=renews)
    if isinstance(message, m.ContractAgreementMessage):
        old = signing.agreement_row(tx, row)
        if json.loads(old.body) != message.agreement:
            signed = set(signing.stages(tx, row.pid)) - {"VERIFIED"}
            if signed or message.agreement["@id"] == old.agreement:
                # refuses: the first one was signed, or two bodies would stand under one name
                return machine.receive(table, process, event)
            _forget_agreement(tx, row, message)
            change = Change("provider", event, row.state, row.state)
            return Transition(machine.withdraw(process).process, evidence=(change,))
    return None


def _learnt_by_asking(row: ProcessRecord) -> str:
    """Give the event by which the peer has ended the process, if its message has not come yet."""
    by_peer = row.state == TERMINATED and row.ended_by == row.counterparty
    return TERMINATION if by_peer and not row.ended_reason else ""


def _forget_agreement(
    tx: Transaction, row: ProcessRecord, message: m.ContractAgreementMessage
) -> None:
    if not flights.not_ready(tx, row):
        raise NotYetError(process_problems.AGREEMENT_NOT_YET)
    reused.check(tx, row, message.agreement)
    for signature in tx.session.exec(
        select(SignatureRow).where(SignatureRow.negotiation == row.pid)
    ).all():
        tx.session.delete(signature)
    tx.session.delete(signing.agreement_row(tx, row))
    tx.session.flush()
    signing.forget(tx)
