"""A participant's connector, assembled: one line per area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.assembly import Apps, assemble

if TYPE_CHECKING:
    from connector.node import Node

AREAS: Final = (
    "connector.identity.api",
    "connector.membership.api",
    "connector.products.api",
    "connector.dsp.area",
    "connector.delivery.api",
    "connector.questions.api",
    "connector.cohort.api",
    "connector.audit.api",
)


def apps(node: Node) -> Apps:
    """Make the applications and workers of a participant."""
    return assemble(node, AREAS)
