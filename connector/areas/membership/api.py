"""Routes of membership: the hub's pushes, and the owner's commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from catalog.fields import Fields
from catalog.status import MAX_STATUS_BYTES
from connector.areas.membership import announce, certification, finding, rotating, standing
from connector.identity.auth import authenticate
from connector.party.web import body_cap, json_object, reply
from connector.process.errors import Conflict, Unauthenticated, VerificationError

if TYPE_CHECKING:
    from flask import Response

    from connector.party.node import Node


def protocol_routes(node: Node) -> Blueprint:
    """The route that the hub calls."""
    routes = Blueprint("membership", __name__, url_prefix="/voile/v1")

    @routes.post("/status")
    @body_cap(MAX_STATUS_BYTES + 1024)
    def pushed() -> Response:
        caller = authenticate(node)
        if caller.did != node.settings.hub_did:  # compared whole: nobody else speaks of standing
            raise Unauthenticated("a status document from another than the hub", did=caller.did)
        document = Fields(json_object()).text("status", longest=MAX_STATUS_BYTES)
        try:
            serial = standing.take(node, document, caller=caller)
        except VerificationError as error:
            if error.code != "status-serial":
                raise
            raise Conflict(
                error.message, code=error.code, next_step=error.next_step, **error.params
            ) from error
        return reply({"serial": serial})

    return routes


def management_routes(node: Node) -> Blueprint:
    """Routes of the owner."""
    routes = Blueprint("membership_owner", __name__, url_prefix="/v1")

    @routes.get("/membership")
    def membership() -> Response:
        if request.args.get("refresh") == "1":
            certification.refresh(node)
            announce.certified_anew(node)
        found = certification.shown(node)
        with node.db.reading() as session:
            found["announcements"] = announce.announcements(session)
        return reply(found)

    @routes.post("/membership/apply")
    def apply() -> Response:
        return reply(certification.apply(node, json_object()), 201)

    @routes.get("/keys")
    def keys() -> Response:
        return reply(rotating.shown(node))

    @routes.post("/keys/rotate")
    def rotate() -> Response:
        return reply(rotating.rotate(node), 202)

    @routes.get("/search")
    def search() -> Response:
        return reply(finding.find(node, dict(request.args.lists())))

    return routes
