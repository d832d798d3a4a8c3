"""What the provider's owner decides about a transfer holds for the agreement, at once.

A consumer may open as many transfers as it likes, so a transfer that is stopped alone stops
nothing. Terminating one ends the agreement; suspending one holds the agreement until the owner
resumes it, whatever the consumer does to the transfer meanwhile.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlmodel import select

from connector.dsp.rows import AgreementRow
from connector.ports import unix_ms
from contracts import transfer
from contracts.evidence import Entry
from contracts.machine import TERMINATION

if TYPE_CHECKING:
    from connector.dsp.outbound import Why
    from connector.dsp.processes import ProcessRecord
    from connector.store.database import Transaction
    from contracts.machine import Role


def by_owner(tx: Transaction, row: ProcessRecord, event: str, why: Why) -> bool:
    """Note what the owner decided about a transfer in which we are the provider.

    Returns:
        Whether it changed anything, which it may even where the transfer itself has ended.
    """
    if event == TERMINATION:
        return _end(tx, row, why)
    paused = {role for role in row.paused_by.split(",") if role}
    final = row.state in transfer.TABLE.final
    if event == transfer.SUSPENSION and not final:
        # before the consumer has acknowledged it: its own end of the transfer may come first
        row.paused_by = ",".join(sorted(paused | {"provider"}))
    elif event == transfer.START and final and "provider" in paused:
        row.paused_by = ",".join(sorted(paused - {"provider"}))
        row.changed_ms = unix_ms(tx.now)
        tx.append(_entry(row, "held", "released", why))
    else:
        return False
    return True


def still_to_say(row: ProcessRecord) -> frozenset[Role]:
    """Who pauses a transfer by a suspension that waits for our message in flight.

    That message may be a Start: when it lands it lifts the pauses before it, and not this one.
    """
    waits = row.wanted and json.loads(row.wanted)["event"] == transfer.SUSPENSION
    return frozenset({"provider"}) if waits and row.role == "provider" else frozenset()


def _end(tx: Transaction, row: ProcessRecord, why: Why) -> bool:
    agreement = tx.session.exec(
        select(AgreementRow).where(
            AgreementRow.agreement == row.agreement,
            AgreementRow.counterparty == row.counterparty,
            AgreementRow.role == "provider",
        )
    ).one()
    if agreement.ended_ms is not None:
        return False
    agreement.ended_ms = unix_ms(tx.now)
    tx.session.add(agreement)
    tx.append(_entry(row, "FINALIZED", "ended", why))
    return True


def _entry(row: ProcessRecord, source: str, target: str, why: Why) -> Entry:
    return Entry(
        kind="AGREEMENT",
        role="provider",
        counterparty=row.counterparty,
        consumer_pid=row.peer_pid or "",
        provider_pid=row.pid,
        agreement=row.agreement,
        process=row.pid,
        from_state=source,
        to_state=target,
        detail={"by": "owner", "code": why.code, "reason": list(why.reason)},
    )
