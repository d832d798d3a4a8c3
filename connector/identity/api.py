"""Public routes of a party: its DID document and its log's newest checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from connector.identity.housekeeping import Housekeeping
from connector.identity.keyring import own_document
from connector.web import reply

if TYPE_CHECKING:
    from connector.node import Node, Worker


def protocol_routes(node: Node) -> Blueprint:
    """Routes that anyone may read."""
    routes = Blueprint("identity", __name__)
    document = own_document(node.settings, node.keys)

    @routes.get("/did.json")
    def did_document() -> Response:
        return reply(document)

    @routes.get("/voile/v1/log/checkpoint")
    def checkpoint() -> Response:
        return Response(node.checkpoints.sign(), mimetype="text/plain")

    return routes


def background(node: Node) -> list[Worker]:
    """Forget expired tokens and old deliveries."""
    return [Housekeeping(node)]
