"""The transfer process machine.

Spec: DSP 2025-1 §9.2; voile design dsp.md §4. Beyond the specification: a consumer cannot lift
the provider's suspension, and the provider's Start in STARTED only renews the data address.
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
    Message,
    TransferCompletionMessage,
    TransferRequestMessage,
    TransferStartMessage,
    TransferSuspensionMessage,
    TransferTerminationMessage,
)

REQUEST: Final = "TransferRequest"
START: Final = "Start"
COMPLETION: Final = "Completion"
SUSPENSION: Final = "Suspension"

REQUESTED: Final = "REQUESTED"
STARTED: Final = "STARTED"
SUSPENDED: Final = "SUSPENDED"
COMPLETED: Final = "COMPLETED"
TERMINATED: Final = "TERMINATED"

TABLE: Final = Table(
    name="transfer",
    rows=rows(
        (NONE, "C", REQUEST, REQUESTED),
        (REQUESTED, "P", START, STARTED),
        (STARTED, "P", START, STARTED),
        (STARTED, "CP", COMPLETION, COMPLETED),
        (STARTED, "CP", SUSPENSION, SUSPENDED),
        (SUSPENDED, "CP", START, STARTED),
        ((REQUESTED, STARTED, SUSPENDED), "CP", TERMINATION, TERMINATED),
    ),
    final=frozenset({COMPLETED, TERMINATED}),
    pauses=SUSPENSION,
    resumes=START,
)

_EVENTS: Final = {
    TransferRequestMessage: REQUEST,
    TransferStartMessage: START,
    TransferCompletionMessage: COMPLETION,
    TransferSuspensionMessage: SUSPENSION,
    TransferTerminationMessage: TERMINATION,
}


def event_of(message: Message) -> str:
    """Name the event that a transfer message is in the table."""
    for cls, event in _EVENTS.items():
        if isinstance(message, cls):
            return event
    raise MalformedMessageError(problems.NO_TRANSFER, type=type(message).__name__)


def start(role: Role) -> Process:
    """A transfer before its first message."""
    return Process(role=role)


def propose(process: Process, event: str) -> Transition:
    """Put our own transfer message in flight."""
    return _propose(TABLE, process, event)


def acknowledge(process: Process) -> Transition:
    """Apply our message in flight."""
    return _acknowledge(TABLE, process)


def receive(process: Process, event: str) -> Transition:
    """Apply a message of the peer."""
    return _receive(TABLE, process, event)
