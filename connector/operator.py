"""The operator's hub, assembled: one line per area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.assembly import Apps, assemble

if TYPE_CHECKING:
    from connector.node import Node

AREAS: Final = (
    "connector.identity.api",
    "connector.hub.api",
    "connector.cohort.aggregation_api",
    "connector.audit.api",
)


def apps(node: Node) -> Apps:
    """Make the applications and workers of a hub."""
    return assemble(node, AREAS)
