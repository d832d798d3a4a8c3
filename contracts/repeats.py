"""A message that says again what its process has gone through already.

A peer may save its step only after the exchange, and lose it: because our next message came in
between, or because it was stopped. Then it says the same again, under a new `@id`. While our own
next message is still in flight nothing is lost by answering as before. It may also save an older
step over a newer one, after we have both gone on: an error would be final to it, and leave the two
sides apart for ever, so it is answered as before then, too, and told again what it has lost.

Spec: DSP 2025-1 leaves repeats open; voile design dsp.md §1, §7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.machine import NONE, other

if TYPE_CHECKING:
    from contracts.machine import Process, Role, Table


def is_repeat(table: Table, process: Process, event: str) -> bool:
    """Whether the peer's event can only be the one that led to the present state, said again.

    It is, if our message in flight follows from the present state, the event is none that could
    follow now or after ours, and it leads to the present state from another. Requests and offers
    never are: a counter-offer may differ from the one before in its `@id` alone.

    Args:
        table: The machine.
        process: Where the process stands, with our message in flight.
        event: What the peer sends.
    """
    flying, sender = process.in_flight, other(process.role)
    if flying is None or process.state == NONE or flying.source != process.state:
        return False
    if event == table.pauses and sender not in process.paused_by:
        return False  # we paused it ourselves: the peer's own crossed ours, and was never taken
    if event == table.resumes != flying.event:
        return False  # as likely that both resumed it; only beside our renewing one it is a repeat
    follows = (NONE, process.state, flying.target)
    if any((state, sender, event) in table.rows for state in follows):
        return False
    return any(
        target == process.state
        for (_, who, what), target in table.rows.items()
        if (who, what) == (sender, event)
    )


def is_lapse(table: Table, process: Process, event: str) -> bool:
    """Whether the peer says again a step that both sides have left behind.

    It does, if nothing of ours is in flight, the event is none that could follow now, and there is
    no way to the present state without it: so the peer has said it before. What either side may
    say (a completion) is none, as ours may have crossed it. Requests and offers never are, see
    `is_repeat`; nor are the two that go in circles.

    Args:
        table: The machine.
        process: Where the process stands.
        event: What the peer sends.
    """
    sender = other(process.role)
    if process.in_flight is not None or event in {table.pauses, table.resumes}:
        return False
    if any((state, sender, event) in table.rows for state in (NONE, process.state)):
        return False
    return process.state not in _reached_without(table, sender, event)


def _reached_without(table: Table, sender: Role, event: str) -> set[str]:
    """Give the states that a process may come to without a certain message."""
    steps = [(at, to) for (at, *said), to in table.rows.items() if said != [sender, event]]
    reached = {NONE}
    while more := {to for at, to in steps if at in reached} - reached:
        reached |= more
    return reached
