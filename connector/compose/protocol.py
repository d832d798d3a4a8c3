"""The protocol as an area of a participant: its routes, with this node's shelf and gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.cohort.negotiating import CohortGate
from connector.areas.delivery.plane import PLANES
from connector.areas.dsp import api, management
from connector.areas.dsp import outcomes as delivery
from connector.areas.dsp.context import QUESTION_FORMAT, Dsp
from connector.areas.dsp.policy_gate import PolicyGate
from connector.areas.dsp.reactions import automatic
from connector.areas.products.shelf import ProductShelf
from connector.areas.questions.plane import QuestionPlane

if TYPE_CHECKING:
    from flask import Blueprint

    from connector.areas.dsp.planes import DataPlane
    from connector.party.node import Node


def dsp_of(node: Node) -> Dsp:
    """Give the protocol of a node; it holds no state of its own."""
    planes: dict[str, DataPlane] = {QUESTION_FORMAT: QuestionPlane(), **PLANES}
    return Dsp(
        node=node,
        shelf=ProductShelf(node),
        gate=CohortGate(node, PolicyGate(node)),
        react=automatic,
        plane=planes.get,
    )


def protocol_routes(node: Node) -> Blueprint:
    """Routes of the protocol; the outbox tells us what became of our messages from now on."""
    dsp = dsp_of(node)
    delivery.register(dsp, node.outbox)
    return api.routes_of(dsp)


def management_routes(node: Node) -> Blueprint:
    """Routes of the owner's own API."""
    return management.routes_of(dsp_of(node))
