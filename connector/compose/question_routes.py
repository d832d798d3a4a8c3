"""Routes for questions that our owner asks of other parties, of one or of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from connector.areas.cohort import asked_totals
from connector.compose.asking import ask_any, explain_any, listed, read_ask
from connector.party.area import Area
from connector.party.web import json_object, reply

if TYPE_CHECKING:
    from connector.party.node import Node


def management_routes(node: Node) -> Blueprint:
    """Routes for the owner's commands."""
    routes = Blueprint("questions_management", __name__, url_prefix="/v1/questions")

    @routes.post("")
    def ask_others() -> Response:
        wanted = read_ask(json_object())
        return reply(explain_any(node, wanted) if wanted.explain else ask_any(node, wanted))

    @routes.get("")
    def asked() -> Response:
        return reply({"questions": listed(node), "totals": asked_totals(node)})

    return routes


AREA = Area(name="asking", management=management_routes)
