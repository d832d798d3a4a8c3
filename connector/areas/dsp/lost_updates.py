"""A peer that forgets a step it has acknowledged: asked after a while, told again.

Some peers answer 2xx to our message while they are still busy with their own step, and then save
that one over ours: the peer stands where it stood before, and nobody would ever move. So after a
peer of that kind (it has answered 409 before, see `connector.outbox.pace`) has taken a message, its
state is asked for a little later; that of any other peer that is no Voile connector, later still.
If it is the one before our message, and no way leads there from the state that we are in, the same
message goes out again. That may be forgotten too, or come too early (409), so the peer is asked
once more, for a minute at most. A peer that says a step again which both sides had left behind has
shown the habit, too.

What it forgot may be older than our message in flight, which it then refuses for ever: it saved its
request over our agreement after it had verified that, so FINALIZED means nothing to it. The older
message goes out again before that one.

Spec: voile design dsp.md §7.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, cast

from sqlmodel import col, func, select

from connector.areas.dsp import in_flight as flights
from connector.areas.dsp import outbound, processes
from connector.areas.dsp.context import MODULES, TABLES
from connector.areas.dsp.peer_queries import ask_state
from connector.process.ports import unix_ms
from connector.store.outbox_rows import DELIVERED, WAITING, OutboxRow
from contracts import messages as m
from contracts import transfer
from contracts.machine import TERMINATED
from contracts.messages.table import BY_TYPE

if TYPE_CHECKING:
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.outbox_rows import Queued
    from connector.store.transaction import Transaction
    from contracts.machine import Role, Table

LOOK_MS: Final = 1000  # the slowest step of such a peer that was seen took less
LATE_MS: Final = 5000  # of a peer that has shown no such habit, and may have it all the same
AGAIN_MS: Final = 60_000  # from the first sending; whoever forgets for longer does not mean well
NEWEST: Final = 3  # of our messages: all that a negotiation without counter-offers has
STARTS: Final = 5  # of one transfer within `STARTS_MS`, after which none is said again
STARTS_MS: Final = 3_600_000
_MESSAGES: Final = tuple(name for name in BY_TYPE if name.endswith("Message"))


def look_later(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Ask for the state of a peer that may save late, a little after it took our message."""
    if dsp.node.outbox.pace.hold_ms(row.counterparty):
        ask_state(dsp, tx, row, hold_ms=LOOK_MS)
        return
    document = dsp.node.peers.cached(row.counterparty)
    if document is None or document.service("VoileConnector") is None:
        ask_state(dsp, tx, row, hold_ms=LATE_MS)


def look_repeated(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Ask a peer that has said again what it had said long ago: it may have lost more than that."""
    if not row.flying_event:
        dsp.node.outbox.pace.slow(row.counterparty)
        look_later(dsp, tx, row)


def look_again(dsp: Dsp, tx: Transaction, sent: Queued) -> None:
    """Ask once more after the answer to a message that was said again."""
    row = processes.get(tx.session, sent.process)
    if row is not None and unix_ms(tx.now) - sent.created_ms < AGAIN_MS:
        look_later(dsp, tx, row)


def say_again(dsp: Dsp, tx: Transaction, row: ProcessRecord, peer_state: str) -> bool:
    """Send a message of ours again, if the peer's state says that it has forgotten it.

    Returns:
        Whether it has.
    """
    table = TABLES[row.kind]
    if table.leads(row.state, peer_state):
        return False
    if row.flying_event and not (flights.refused(tx, row) and flights.age_ms(tx, row) < AGAIN_MS):
        return False
    found = _forgotten(tx, row, peer_state)
    if found is None:
        return False
    last, event = found
    opens = event == transfer.START
    if opens and (_starts(tx, row) >= STARTS or (row.flying_event and last.sealed)):
        return False  # a fresh one would open what ours in flight is to close
    dsp.node.log.warning("peer-forgot", peer=row.counterparty, kind=last.kind, state=peer_state)
    if opens and not row.flying_event:  # what it opened is not kept: a fresh one
        outbound.want(dsp, tx, row, event)
        return True
    last.state, last.attempts, last.next_ms, last.ended_ms = WAITING, 0, 0, None
    tx.session.add(last)
    flights.again(dsp, tx, row)
    return True


def _forgotten(
    tx: Transaction, row: ProcessRecord, peer_state: str
) -> tuple[OutboxRow, str] | None:
    """Find our newest message that leads on from the peer's state, to ours or on the way there."""
    table = TABLES[row.kind]
    query = (
        select(OutboxRow)
        .where(
            OutboxRow.process == row.pid,
            OutboxRow.state == DELIVERED,
            col(OutboxRow.kind).in_(_MESSAGES),
        )
        .order_by(col(OutboxRow.id).desc())
        .limit(NEWEST)
    )
    for sent in tx.session.exec(query):
        event = MODULES[row.kind].event_of(_message(sent))
        led = table.rows.get((peer_state, cast("Role", row.role), event))
        if led == row.state or (event != transfer.START and _led_past(table, led, row.state)):
            return sent, event
    return None


def _led_past(table: Table, led: str | None, state: str) -> bool:
    """Whether our message led to a state from which the peer's next one has led to ours."""
    return led is not None and state != TERMINATED and table.leads(led, state)


def _starts(tx: Transaction, row: ProcessRecord) -> int:
    """Count the Starts that the peer has taken of late."""
    query = select(func.count(col(OutboxRow.id))).where(
        OutboxRow.process == row.pid,
        OutboxRow.state == DELIVERED,
        OutboxRow.kind == m.TransferStartMessage.__name__,
        col(OutboxRow.ended_ms) > unix_ms(tx.now) - STARTS_MS,
    )
    return tx.session.exec(query).one()


def _message(row: OutboxRow) -> m.Message:
    return m.of_object(json.loads(row.body), BY_TYPE[row.kind])
