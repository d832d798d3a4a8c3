"""A participant's connector, assembled: one line per area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.compose.assembly import Apps, assemble

if TYPE_CHECKING:
    from connector.party.node import Node

AREAS: Final = (
    "connector.compose.own_routes",
    "connector.areas.membership.api",
    "connector.areas.products.api",
    "connector.compose.protocol",
    "connector.areas.delivery.api",
    "connector.compose.question_routes",
    "connector.areas.cohort.api",
    "connector.areas.audit.api",
)


def apps(node: Node) -> Apps:
    """Make the applications and workers of a participant."""
    return assemble(node, AREAS)
