"""What a provider publishes of the groupings that a contract lets us ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.compose.pages.contracts_at_hand import Descriptions
from policies.margins import askable

if TYPE_CHECKING:
    from connector.areas.dsp import AgreementRecord
    from connector.party.node import Node


def published_margins(node: Node, record: AgreementRecord | None) -> list[dict[str, Any]]:
    """Return the margins of a contract's product as its provider's catalogue has them now.

    A provider that does not answer soon is not waited for: then nothing is known. One that may not
    take part now is not asked.

    Args:
        node: The asker's node.
        record: The agreement that the question is asked under; None for a total's several, of
            which none are published, as its cells are its cohort's.
    """
    if record is None or record.role != "consumer":
        return []
    with node.db.reading() as session:
        parties = (node.settings.did, record.counterparty)
        if not all(one.certified for one in node.status.standings(session, parties).values()):
            return []
    page = node.services[Descriptions].at_hand(node, record)
    return [] if page is None else askable(page)
