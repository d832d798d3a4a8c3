"""What a provider publishes of the groupings that a contract lets us ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.areas.dsp import find_agreement
from connector.compose.pages.contracts_at_hand import Descriptions
from policies.margins import askable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.party.node import Node


def published_margins(node: Node, agreements: Sequence[str]) -> list[dict[str, Any]]:
    """Return the margins of a contract's product as its provider's catalogue has them now.

    A provider that does not answer soon is not waited for: then nothing is known. Of a total none
    are published, as its cells are its cohort's.

    Args:
        node: The asker's node.
        agreements: Those that the question is asked under.
    """
    if len(agreements) != 1:
        return []
    with node.db.reading() as session:
        record = find_agreement(session, agreements[0])
    if record is None or record.role != "consumer":
        return []
    page = node.services[Descriptions].at_hand(node, record)
    return [] if page is None else askable(page)
