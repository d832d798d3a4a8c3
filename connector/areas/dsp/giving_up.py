"""Ending a process whose message in flight was given up or refused: the peer never took it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.dsp import in_flight as flights
from connector.areas.dsp import inbound, store
from connector.areas.dsp.context import TABLES
from contracts import machine
from contracts.machine import NONE

if TYPE_CHECKING:
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction


def give_up(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> bool:
    """Take a message out of flight that is parked or was refused, so that a termination can follow.

    Returns:
        Whether the process has ended by that: a peer that never took our opening message has no
        process to terminate.
    """
    if not flights.refused(tx, row):
        return False
    process = store.process_of(row)
    if row.state == NONE:
        inbound.apply(dsp, tx, row, machine.refused_opening(TABLES[row.kind], process), None)
        return True
    inbound.apply(dsp, tx, row, machine.withdraw(process), None)
    return False
