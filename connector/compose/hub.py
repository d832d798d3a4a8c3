"""The operator's hub: its areas, in the order in which they build on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas import audit, cohort, hub, people
from connector.compose import own_routes
from connector.compose.assembly import Apps, assemble

if TYPE_CHECKING:
    from connector.party.node import Node

AREAS: Final = (
    own_routes.AREA,
    people.AREA,
    people.APPROVALS,
    hub.AREA,
    cohort.AGGREGATION,
    audit.OPERATOR,
)


def apps(node: Node) -> Apps:
    """Make the applications and workers of a hub."""
    return assemble(node, AREAS)
