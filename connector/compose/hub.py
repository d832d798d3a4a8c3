"""The operator's hub, assembled: one line per area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.compose.assembly import Apps, assemble

if TYPE_CHECKING:
    from connector.party.node import Node

AREAS: Final = (
    "connector.compose.own_routes",
    "connector.areas.hub.api",
    "connector.areas.cohort.aggregation_api",
    "connector.areas.audit.api",
)


def apps(node: Node) -> Apps:
    """Make the applications and workers of a hub."""
    return assemble(node, AREAS)
