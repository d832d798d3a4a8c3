"""The leaf of a delivery: how much of which version went which way, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.areas.dsp import pids
from connector.identity.fitness import under
from contracts.evidence import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp import ProcessRecord
    from connector.party.node import Node
    from connector.store.transaction import Transaction


def delivery_entry(
    node: Node, tx: Transaction, row: ProcessRecord, query: Mapping[str, Any]
) -> Entry:
    """Make the leaf of a delivery of a transfer; no address and no token stands in it.

    Args:
        node: This node.
        tx: The transaction that writes it.
        row: The transfer.
        query: ``delivery`` (pull or push), ``outcome``, ``product``, ``bytes``, digests.
    """
    consumer, provider = pids(row)
    return Entry(
        kind="TRANSFER",
        role=row.role,
        counterparty=row.counterparty,
        consumer_pid=consumer,
        provider_pid=provider,
        agreement=row.agreement,
        process=row.pid,
        from_state=row.state,
        to_state=row.state,
        policy=under(node, tx.session),
        query=query,
    )
