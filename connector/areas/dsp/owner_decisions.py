"""What the provider's owner decides about a transfer holds for the agreement, at once.

A consumer may open as many transfers as it likes, so a transfer that is stopped alone stops
nothing. Terminating one ends the agreement; suspending one holds the agreement until the owner
resumes it, whatever the consumer does to the transfer meanwhile. Either side may also end an
agreement as such, see `ended`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from connector.areas.dsp import agreements
from connector.areas.dsp.rows import AgreementRow
from connector.process.ports import unix_ms
from contracts import transfer
from contracts.evidence import Entry
from contracts.machine import TERMINATION

if TYPE_CHECKING:
    from connector.areas.dsp.agreements import AgreementRecord
    from connector.areas.dsp.outbound import Why
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from contracts.machine import Role


def by_owner(tx: Transaction, row: ProcessRecord, event: str, why: Why, *, us: str) -> bool:
    """Note what the owner decided about a transfer in which we are the provider.

    Args:
        tx: The transaction.
        row: The transfer.
        event: What the owner wants.
        why: And why.
        us: Our DID.

    Returns:
        Whether it changed anything, which it may even where the transfer itself has ended.
    """
    if event == TERMINATION:
        found = agreements.find(tx.session, row.agreement, counterparty=row.counterparty)
        assert found is not None, "a transfer was opened under its agreement"
        return end(tx, found, by=us, who="owner", why=why)
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


def end(
    tx: Transaction, found: AgreementRecord, *, by: str, who: Literal["owner", "peer"], why: Why
) -> bool:
    """Mark an agreement as ended, with its leaf.

    One that its consumer has ended still binds us in one thing: how often it was used counts on.
    Where our owner ends it, too, that is over, and the consumer may negotiate anew.

    Args:
        tx: The transaction.
        found: The agreement.
        by: DID of who ended it.
        who: Whether that is our owner or the other side.
        why: Code and reasons.

    Returns:
        Whether it had not ended yet.
    """
    row = tx.session.get(AgreementRow, found.negotiation)
    if row is None:
        return False
    released = row.ended_ms is not None
    if released and (who != "owner" or row.role != "provider" or row.ended_by != row.counterparty):
        return False
    row.ended_ms, row.ended_by = row.ended_ms or unix_ms(tx.now), by
    row.ended_why = json.dumps({"code": why.code, "reason": list(why.reason)}, ensure_ascii=False)
    tx.session.add(row)
    tx.append(
        Entry(
            kind="AGREEMENT",
            role=found.role,
            counterparty=found.counterparty,
            consumer_pid=found.consumer_pid,
            provider_pid=found.provider_pid,
            agreement=found.id,
            process=found.negotiation,
            from_state="ended" if released else "FINALIZED",
            to_state="released" if released else "ended",
            detail={"by": who, "code": why.code, "reason": list(why.reason)},
        )
    )
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
