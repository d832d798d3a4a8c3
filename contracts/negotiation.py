"""The contract negotiation machine.

Spec: DSP 2025-1 §7.2; voile design dsp.md §4. Termination from ACCEPTED by C, AGREED by P and
VERIFIED by C stands in the specification's text only, not in its diagram: accepted.
"""

from __future__ import annotations

from typing import Final

from contracts import problems
from contracts.errors import MalformedMessageError
from contracts.lines import rows
from contracts.machine import NONE, TERMINATION, Process, Role, Table, Transition
from contracts.machine import acknowledge as _acknowledge
from contracts.machine import propose as _propose
from contracts.machine import receive as _receive
from contracts.messages import (
    ContractAgreementMessage,
    ContractAgreementVerificationMessage,
    ContractNegotiationEventMessage,
    ContractNegotiationTerminationMessage,
    ContractOfferMessage,
    ContractRequestMessage,
    Message,
)

REQUEST: Final = "ContractRequest"
OFFER: Final = "ContractOffer"
AGREEMENT: Final = "ContractAgreement"
ACCEPTED_EVENT: Final = "Event ACCEPTED"
VERIFICATION: Final = "AgreementVerification"
FINALIZED_EVENT: Final = "Event FINALIZED"

REQUESTED: Final = "REQUESTED"
OFFERED: Final = "OFFERED"
ACCEPTED: Final = "ACCEPTED"
AGREED: Final = "AGREED"
VERIFIED: Final = "VERIFIED"
FINALIZED: Final = "FINALIZED"
TERMINATED: Final = "TERMINATED"

TABLE: Final = Table(
    name="negotiation",
    rows=rows(
        (NONE, "C", REQUEST, REQUESTED),
        (NONE, "P", OFFER, OFFERED),
        (REQUESTED, "P", OFFER, OFFERED),
        ((REQUESTED, ACCEPTED), "P", AGREEMENT, AGREED),
        (OFFERED, "C", REQUEST, REQUESTED),
        (OFFERED, "C", ACCEPTED_EVENT, ACCEPTED),
        (AGREED, "C", VERIFICATION, VERIFIED),
        (VERIFIED, "P", FINALIZED_EVENT, FINALIZED),
        ((REQUESTED, OFFERED, ACCEPTED, AGREED, VERIFIED), "CP", TERMINATION, TERMINATED),
    ),
    final=frozenset({FINALIZED, TERMINATED}),
)

_EVENTS: Final = {
    ContractRequestMessage: REQUEST,
    ContractOfferMessage: OFFER,
    ContractAgreementMessage: AGREEMENT,
    ContractAgreementVerificationMessage: VERIFICATION,
    ContractNegotiationTerminationMessage: TERMINATION,
}


def event_of(message: Message) -> str:
    """Name the event that a negotiation message is in the table."""
    if isinstance(message, ContractNegotiationEventMessage):
        return ACCEPTED_EVENT if message.event_type == "ACCEPTED" else FINALIZED_EVENT
    for cls, event in _EVENTS.items():
        if isinstance(message, cls):
            return event
    raise MalformedMessageError(problems.NO_NEGOTIATION, type=type(message).__name__)


def start(role: Role) -> Process:
    """A negotiation before its first message."""
    return Process(role=role)


def propose(process: Process, event: str) -> Transition:
    """Put our own negotiation message in flight."""
    return _propose(TABLE, process, event)


def acknowledge(process: Process) -> Transition:
    """Apply our message in flight."""
    return _acknowledge(TABLE, process)


def receive(process: Process, event: str) -> Transition:
    """Apply a message of the peer."""
    return _receive(TABLE, process, event)
