"""A party's own routes: its DID document, its log's newest checkpoint, how it sees the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from connector.compose.housekeeping import Housekeeping
from connector.compose.pages.search import SEARCH
from connector.identity.auth import authenticate
from connector.identity.keyring import own_document
from connector.identity.rows import ReplayRow, StandingRow, StatusDocumentRow
from connector.party.area import Area, Areas
from connector.party.credentials import ManagementKeyRow
from connector.party.management import OPERATIONS, TokenTurn
from connector.party.openapi import document
from connector.party.operations import OPENAPI
from connector.party.web import reply

if TYPE_CHECKING:
    from connector.party.node import Node
    from connector.party.operation import Call


def protocol_routes(node: Node) -> Blueprint:
    """Routes that anyone may read."""
    routes = Blueprint("identity", __name__)

    @routes.get("/did.json")
    def did_document() -> Response:
        return reply(own_document(node.settings, node.keys.now()))

    @routes.get("/voile/v1/log/checkpoint")
    def checkpoint() -> Response:
        return Response(node.checkpoints.sign(), mimetype="text/plain")

    @routes.get("/voile/v1/standing")
    def standing() -> Response:
        caller = authenticate(node)
        found = caller.standing
        return reply({"did": found.did, "status": found.status, "expires": found.expires})

    @routes.post("/voile/v1/log/checkpoints")
    def keep_checkpoint() -> Response:
        caller = authenticate(node)
        with node.db.transaction() as tx:
            caller.consume(tx)
            note = request.get_data(cache=True)
            held = node.checkpoints.accept_peer(tx, caller.did, note, pushed=True)
        return reply({"kept": True, "splitView": not held}, 201)

    return routes


def _openapi(node: Node, _call: Call) -> dict[str, Any]:
    role = "hub" if node.settings.role == "hub" else "connector"
    return document(node.services[Areas].operations, title=f"Voile {role}: management")


AREA = Area(
    name="own",
    tables=(ReplayRow, StatusDocumentRow, StandingRow, ManagementKeyRow),
    services=lambda _node: (TokenTurn(),),
    protocol=protocol_routes,
    operations={**OPERATIONS, OPENAPI: _openapi},
    pages=(SEARCH,),
    jobs=lambda node: [Housekeeping(node)],
)
