"""What a provider may promise of a session: the marks of what it was sent and of its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.areas.cohort.evidence import mark_of
from connector.areas.dsp import find_agreement
from connector.evidence import statements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.node import Node


def marks(
    node: Node,
    did: str,
    session: str,
    session_jws: str,
    agreement: str,
    found: Mapping[str, Any],
) -> list[str]:
    """Give the marks of messages and statements between us and a provider, at any of its steps.

    Args:
        node: this node, the consumer.
        did: the provider.
        session: id of the session.
        session_jws: as we signed it.
        agreement: with that provider.
        found: what it answers; nothing if it refuses.
    """
    with node.db.reading() as db:
        record = find_agreement(db, agreement, counterparty=did)
    if record is None:
        return []
    messages = {
        "CohortQuestion": session_jws,
        "CohortRefusal": None if found else session_jws,
        "CohortAcceptance": found.get("acceptance"),
        "CohortContribution": found.get("contribution"),
    }
    known = [
        mark_of(node, record, message, session, [signed])
        for message, signed in messages.items()
        if isinstance(signed, str) and signed.isascii()
    ]
    return known + statements.marks(found.get("outcome"))
