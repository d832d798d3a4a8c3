"""Ending a process whose message in flight was given up: the peer never took it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import select

from connector.dsp import inbound, store
from connector.dsp.context import TABLES
from connector.outbox.rows import PARKED, OutboxRow
from contracts import machine
from contracts.machine import NONE

if TYPE_CHECKING:
    from connector.dsp.context import Dsp
    from connector.dsp.rows import ProcessRow
    from connector.store.database import Transaction


def give_up(dsp: Dsp, tx: Transaction, row: ProcessRow) -> bool:
    """Take a parked message out of flight, so that a termination can follow it.

    Returns:
        Whether the process has ended by that: a peer that never took our opening message has no
        process to terminate.
    """
    query = select(OutboxRow.state).where(OutboxRow.message_id == row.flying_message)
    if not row.flying_message or tx.session.exec(query).first() != PARKED:
        return False
    process = store.process_of(row)
    if row.state == NONE:
        inbound.apply(dsp, tx, row, machine.refused_opening(TABLES[row.kind], process), None)
        return True
    inbound.apply(dsp, tx, row, machine.withdraw(process), None)
    return False
