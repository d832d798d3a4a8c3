"""A participant's connector: its areas, in the order in which they build on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas import audit, cohort, delivery, dsp, membership, people, products, questions
from connector.compose import own_routes, question_routes
from connector.compose.assembly import Apps, assemble

if TYPE_CHECKING:
    from connector.party.node import Node

AREAS: Final = (
    own_routes.AREA,
    people.AREA,
    people.APPROVALS,
    membership.AREA,
    products.AREA,
    dsp.AREA,
    delivery.AREA,
    questions.AREA,
    cohort.AREA,
    question_routes.AREA,
    audit.AREA,
)


def apps(node: Node) -> Apps:
    """Make the applications and workers of a participant."""
    return assemble(node, AREAS)
