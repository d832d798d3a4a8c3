"""How two parties move through a protocol together: a table, and a few steps over it.

The table says which message of which side leads from which state to which; negotiation and
transfer are two tables. One set of steps serves both roles:

```
propose      we want to send: legal now? then it is in flight, and the state does NOT change
acknowledge  the peer took our message in flight: the state changes
withdraw     the peer refused it: nothing is in flight, the state did not change
reconcile    we asked the peer for its state, as it had refused our message, or an earlier one
receive      the peer sent: legal now? or legal where our message in flight leads? then it proves
             that ours arrived (crossing) and both are applied
```

Rules that keep two honest sides equal when messages cross:

(1) one message in flight at a time;
(2) while our termination is in flight, no other message may bring the process to an end: the
    terminating side refuses it, the other side takes the termination;
(3) pausing and resuming go in circles, so two of them that cross could not be told apart
    afterwards: while the provider's is in flight the consumer's has to wait and come again; the
    consumer takes the provider's. A renewing Start (one that changes nothing) looks like a
    resuming one, so we send it only to peers that need it, and say what it is;
(4) an acknowledgement is the peer's word that it applied our message in *its* state, so it moves
    us even where the peer's own message came in between, except out of a final state.

An illegal event raises and changes nothing; values are frozen, so nothing can half-change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from contracts import problems
from contracts.errors import IllegalMessageError, LocalProtocolError, NotYetError, ProtocolError
from crypto.words import Either

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["consumer", "provider"]
NONE: Final = ""  # before the first message
TERMINATION: Final = "Termination"
TERMINATED: Final = "TERMINATED"
HELD: Final = "held"  # a peer's resumption is refused so that the provider's pause forbids
REFUSAL: Final = "Refusal"  # the peer's answer to our opening message, no message of its own
_PROBLEMS: Final = {
    problem.code: problem
    for problem in (
        *(problems.NEGOTIATION_IN_FLIGHT, problems.NEGOTIATION_NOT_YET),
        *(problems.NEGOTIATION_HAS_BEGUN, problems.NEGOTIATION_ILLEGAL),
        *(problems.TRANSFER_IN_FLIGHT, problems.TRANSFER_NOT_YET),
        *(problems.TRANSFER_HAS_BEGUN, problems.TRANSFER_ILLEGAL),
    )
}


def other(role: Role) -> Role:
    """Return the peer's role."""
    return "provider" if role == "consumer" else "consumer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A machine as data.

    `rows` maps (state, sender, event) to the next state. `pauses` and `resumes` name the events
    of which the resuming one is the provider's alone once the provider has paused.
    """

    name: str
    rows: Mapping[tuple[str, Role, str], str]
    final: frozenset[str]
    pauses: str = ""
    resumes: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """All states, in the order of the table, the empty one first."""
        seen = [NONE, *(state for state, _, _ in self.rows), *self.rows.values()]
        return tuple(dict.fromkeys(seen))

    def legal(self, state: str, sender: Role) -> tuple[str, ...]:
        """Events that this side may send in this state."""
        return tuple(event for (at, who, event) in self.rows if at == state and who == sender)

    def leads(self, start: str, end: str) -> bool:
        """Whether there is a way from one state to another, or they are the same."""
        reached = {start}
        while more := {to for (at, _, _), to in self.rows.items() if at in reached} - reached:
            reached |= more
        return end in reached


@dataclass(frozen=True, slots=True)
class InFlight:
    """Our message that the peer has not acknowledged yet."""

    event: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Where one negotiation or transfer stands, seen from our side."""

    role: Role
    state: str = NONE
    in_flight: InFlight | None = None
    paused_by: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One applied message, for the evidence: who sent what, and what it changed."""

    sender: Role
    event: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Transition:
    """The outcome of a step: where the process stands, what to send, what happened."""

    process: Process
    outbound: str | None = None
    evidence: tuple[Change, ...] = ()


def propose(table: Table, process: Process, event: str) -> Transition:
    """Put our message in flight.

    Raises:
        LocalProtocolError: The machine does not let us send it now, or one is in flight already.
    """
    if process.in_flight is not None:
        raise LocalProtocolError(
            _PROBLEMS[f"{table.name}.in-flight"],
            event=event,
            in_flight=process.in_flight.event,
        )
    target = _target(table, process, process.role, event, LocalProtocolError)
    flying = InFlight(event, process.state, target)
    return Transition(replace(process, in_flight=flying), outbound=event)


def acknowledge(table: Table, process: Process) -> Transition:
    """Apply our message in flight: the peer took it. Without one, nothing happens."""
    flying = process.in_flight
    landed = replace(process, in_flight=None)
    if flying is None or process.state in table.final:
        return Transition(landed)
    if flying.source == flying.target:
        unchanged = Change(process.role, flying.event, process.state, process.state)
        return Transition(landed, evidence=(unchanged,))
    return _applied(table, landed, process.role, flying.event, flying.target)


def withdraw(process: Process) -> Transition:
    """Take our message out of flight: the peer refused it and nothing has changed."""
    return Transition(replace(process, in_flight=None))


def receive(
    table: Table, process: Process, event: str, *, changes_nothing: bool = False
) -> Transition:
    """Apply a message of the peer, and before it our own one in flight if it proves receipt.

    Args:
        table: The machine.
        process: Where the process stands.
        event: What the peer sends.
        changes_nothing: The peer says that it sent this to change no state, see rule 3.

    Raises:
        IllegalMessageError: The peer may not send this now; nothing has changed.
        NotYetError: The peer must send it again once our message in flight has landed.
    """
    sender = other(process.role)
    flying = process.in_flight
    if flying and {event, flying.event} <= {table.pauses, table.resumes} and sender == "consumer":
        raise NotYetError(_PROBLEMS[f"{table.name}.not-yet"], event=event, in_flight=flying.event)
    renews = changes_nothing and table.rows.get((process.state, sender, event)) == process.state
    if (process.state, sender, event) in table.rows and (
        renews or not _answers(table, process, event)
    ):
        target = _target(table, process, sender, event, IllegalMessageError)
        if flying and flying.event == TERMINATION and _ends_otherwise(table, target):
            raise _illegal(table, process, sender, event, IllegalMessageError)
        moved = _applied(table, process, sender, event, target)
        if target in table.final:
            return replace(moved, process=replace(moved.process, in_flight=None))
        return moved
    if flying is not None and (flying.target, sender, event) in table.rows:
        first = acknowledge(table, process)
        second = receive(table, first.process, event)
        return replace(second, evidence=(*first.evidence, *second.evidence))
    raise _illegal(table, process, sender, event, IllegalMessageError)


def refused_opening(table: Table, process: Process) -> Transition:
    """End a process whose very first message the peer refused: on its side there is none.

    Raises:
        LocalProtocolError: The process has begun.
    """
    flying = process.in_flight
    if process.state != NONE or flying is None:
        raise LocalProtocolError(_PROBLEMS[f"{table.name}.has-begun"])
    change = Change(other(process.role), REFUSAL, NONE, TERMINATED)
    return Transition(replace(process, state=TERMINATED, in_flight=None), evidence=(change,))


def reconcile(table: Table, process: Process, peer_state: str, *, refused: bool) -> Transition:
    """Bring ourselves in line with the state that the peer says it is in.

    Only what explains the difference is applied: the peer has ended the process, or it has applied
    our message in flight. Where the two states are equal and our message, which the peer has
    `refused`, is not allowed in them any more (the peer's own came first), it is withdrawn: one
    not refused may have been taken. Where the way leads back from the state that our message leads
    to, the peer may be there by its own message: that proves nothing. Otherwise nothing changes,
    and the message is sent again later.
    """
    if process.state in table.final:
        return Transition(replace(process, in_flight=None))
    flying = process.in_flight
    if peer_state == TERMINATED:
        if flying is not None and flying.event == TERMINATION:
            return Transition(process)  # by ours, it seems: its answer says so
        change = Change(other(process.role), TERMINATION, process.state, TERMINATED)
        return Transition(replace(process, state=TERMINATED, in_flight=None), evidence=(change,))
    if flying is None:
        return Transition(process)
    legal = _next(table, process, process.role, flying.event)
    if refused and peer_state == process.state and legal is None:
        return withdraw(process)
    if peer_state == flying.target and not table.leads(flying.target, flying.source):
        return acknowledge(table, process)
    return Transition(process)


def _answers(table: Table, process: Process, event: str) -> bool:
    """Whether an event that is legal now can all the same only be the answer to ours in flight."""
    flying = process.in_flight
    if flying is None:
        return False
    resumed = (flying.event, event) == (table.pauses, table.resumes)
    return process.state == NONE or (resumed and process.state == flying.source)


def _ends_otherwise(table: Table, target: str) -> bool:
    return target in table.final and target != TERMINATED


def _target(
    table: Table, process: Process, sender: Role, event: str, error: type[ProtocolError]
) -> str:
    target = _next(table, process, sender, event)
    if target is None:
        raise _illegal(table, process, sender, event, error)
    return target


def _next(table: Table, process: Process, sender: Role, event: str) -> str | None:
    """Give the state that an event leads to; None: not allowed, or held by the provider's pause."""
    held = event == table.resumes and sender == "consumer" and "provider" in process.paused_by
    return None if held else table.rows.get((process.state, sender, event))


def _applied(table: Table, process: Process, sender: Role, event: str, target: str) -> Transition:
    paused_by = process.paused_by
    if event == table.pauses:
        paused_by |= {sender}
    elif event == table.resumes:
        paused_by = frozenset()
    change = Change(sender, event, process.state, target)
    return Transition(replace(process, state=target, paused_by=paused_by), evidence=(change,))


def _illegal(
    table: Table, process: Process, sender: Role, event: str, error: type[ProtocolError]
) -> ProtocolError:
    state = process.state or "none"
    legal = table.legal(process.state, sender)
    held = error is IllegalMessageError and event in legal and event == table.resumes
    problem = _PROBLEMS[f"{table.name}.illegal-message"]
    if held:  # a code that the phrases have, too: the end of a process may say it
        problem = replace(problem, code=f"{table.name}.{HELD}")
    return error(
        problem,
        expected=Either(tuple(f"`{item}`" for item in legal)) if legal else problems.NOTHING_MORE,
        state=state,
        sender=sender,
        event=event,
    )
