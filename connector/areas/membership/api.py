"""Membership: the route that the hub pushes to, and what the owner can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint

from catalog.status import MAX_STATUS_BYTES, Signed
from connector.areas.membership import announce, certification, finding, rotating, standing
from connector.areas.membership.operations import (
    APPLY,
    ASKING_THE_HUB,
    ROTATE,
    SEARCH,
    SHOW,
    SHOW_KEYS,
)
from connector.identity.auth import authenticate
from connector.party.performing import check_may
from connector.party.web import body_cap, json_object, reply
from connector.process.errors import Conflict, Unauthenticated, VerificationError
from crypto.records import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run


def protocol_routes(node: Node) -> Blueprint:
    """The route that the hub calls."""
    routes = Blueprint("membership", __name__, url_prefix="/voile/v1")

    @routes.post("/status")
    @body_cap(MAX_STATUS_BYTES + 1024)
    def pushed() -> Response:
        caller = authenticate(node)
        if caller.did != node.settings.hub_did:  # compared whole: nobody else speaks of standing
            raise Unauthenticated("a status document from another than the hub", did=caller.did)
        document = value_of(Signed, json_object().get("status"), "/status")
        try:
            serial = standing.take(node, document, caller=caller)
        except VerificationError as error:
            if error.code != "status-serial":
                raise
            raise Conflict.of(error) from error
        return reply({"serial": serial})

    return routes


def _show(node: Node, call: Call) -> dict[str, Any]:
    if call.query.refresh == "1":
        check_may("membership.show?refresh=1", ASKING_THE_HUB, at=node.settings.role)
        certification.refresh(node)
        announce.certified_anew(node)
    found = certification.shown(node)
    with node.db.reading() as session:
        found["announcements"] = announce.announcements(session)
    return found


# what an owner can do as a member
OPERATIONS: Final[Mapping[Operation, Run]] = {
    SHOW: _show,
    APPLY: lambda node, call: certification.apply(node, call.body),
    SHOW_KEYS: lambda node, _call: rotating.shown(node),
    ROTATE: lambda node, _call: rotating.rotate(node),
    SEARCH: lambda node, call: finding.find(node, call.query),
}
