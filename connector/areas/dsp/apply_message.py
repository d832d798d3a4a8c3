"""What a message brings to its process: the peer's pid, an offer, an agreement, why it ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connector.areas.dsp import agreements, problems_messages, reused, store
from contracts import messages as m
from contracts.errors import MalformedMessageError

if TYPE_CHECKING:
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from contracts.messages import Message


def check_pids(tx: Transaction, row: ProcessRecord, pid: str | None, message: Message) -> None:
    """Check that path, body and process name the same pids; learn the peer's if it is new to us.

    Raises:
        MalformedMessageError: They do not.
    """
    ours, theirs = ("consumer_pid", "provider_pid")
    if row.role == "provider":
        ours, theirs = theirs, ours
    given = getattr(message, theirs, None)
    expected = row.peer_pid
    mismatch = (pid is not None and getattr(message, ours, None) != row.pid) or (
        given != expected if expected is not None else store.is_taken(tx.session, row, str(given))
    )
    if mismatch:
        raise MalformedMessageError(problems_messages.PIDS_DIFFER)
    if row.peer_pid is None:
        row.peer_pid = given  # a callback that beats the answer to our opening message


def learn(dsp: Dsp, tx: Transaction, row: ProcessRecord, message: Message) -> None:
    """Take over what the message brings, before its effects are stored."""
    match message:
        case m.ContractRequestMessage() | m.ContractOfferMessage():
            if row.role == "consumer" and not row.asked and not row.opened_digest:
                row.asked = row.offer  # what we had asked for, beside what is offered now
            row.offer = json.dumps(message.offer, ensure_ascii=False)
            row.dataset = message.offer["target"]
        case m.ContractAgreementMessage():
            reused.check(tx, row, message.agreement)
            agreements.make(tx, row, message.agreement)
        case m.CodedProcessMessage() if not isinstance(message, m.TransferSuspensionMessage):
            row.ended_by = row.counterparty
            row.ended_code = message.code or ""
            row.ended_reason = json.dumps(list(message.reason), ensure_ascii=False)
        case m.TransferCompletionMessage():
            row.ended_by = row.counterparty
        case m.TransferStartMessage() if message.data_address and row.role == "consumer":
            dsp.plane_of(row).received(dsp, tx, row, message.data_address)
        case _:
            pass
