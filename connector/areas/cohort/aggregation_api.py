"""Routes of the aggregator, and what works in its background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from connector.areas.cohort.aggregator import Aggregating
from connector.areas.cohort.gathering import Gathering
from connector.areas.cohort.renewal_gathering import RenewalGathering
from connector.areas.cohort.wire import CONTRIBUTION_HEADER, MAX_BATCH_BYTES, members_of
from connector.identity.auth import authenticate
from connector.party.web import body_cap, error_response, json_object, reply
from connector.process.errors import BadRequest
from crypto.paillier.errors import PaillierError
from crypto.paillier.frame import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.party.node import Node

MAX_WORD = 500


def protocol_routes(node: Node) -> Blueprint:
    """Routes for the parties of a session."""
    routes = Blueprint("aggregations", __name__, url_prefix="/voile/v1/aggregations")
    service, gathering = Aggregating(node), Gathering(node)
    renewals = RenewalGathering(node)

    def steps(session_id: str, name: str) -> Callable[[str], str]:
        return lambda did: service.step(did, session_id, name)

    @routes.post("/tables/join")
    @body_cap(MAX_BATCH_BYTES)
    def join() -> Response:
        caller = authenticate(node)
        signed, version = members_of({"v": None} | json_object(), "joining", "v")
        return reply(gathering.join(caller, signed, version))

    @routes.post("/tables/marks")
    @body_cap(MAX_BATCH_BYTES)
    def marks() -> Response:
        caller = authenticate(node)
        (signed,) = members_of(json_object(), "marks")
        return reply(gathering.mark(caller, signed))

    @routes.post("/tables/renew")
    def renew() -> Response:
        caller = authenticate(node)
        (signed,) = members_of(json_object(), "asked")
        return reply(renewals.ask(caller, signed))

    @routes.post("/tables/changes")
    @body_cap(MAX_BATCH_BYTES)
    def changes() -> Response:
        caller = authenticate(node)
        (signed,) = members_of(json_object(), "changes")
        return reply(renewals.mark(caller, signed))

    @routes.post("/<session_id>")
    def open_session(session_id: str) -> Response:
        caller = authenticate(node)
        parts = members_of(json_object(), "session", "acceptances", "proof")
        return reply(service.open(caller, session_id, *parts).to_json())

    @routes.get("/<session_id>")
    def progress(session_id: str) -> Response:
        return reply(
            service.progress(
                authenticate(node, step=steps(session_id, "progress")), session_id
            ).to_json()
        )

    @routes.post("/<session_id>/indicators")
    def indicators(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "indicators"))
        (signed,) = members_of(json_object(), "indicators")
        return reply(service.indicate(caller, session_id, signed).to_json())

    @routes.post("/<session_id>/batch")
    @body_cap(MAX_BATCH_BYTES)
    def batch(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "batch"))
        signed = request.headers.get(CONTRIBUTION_HEADER, "")
        found = service.contribute(caller, session_id, request.get_data(cache=True), signed)
        return reply(found.to_json())

    @routes.post("/<session_id>/end")
    def end(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "end"))
        reason, about = members_of(json_object(), "reason", "about")
        if not all(isinstance(word, str) and len(word) <= MAX_WORD for word in (reason, about)):
            raise BadRequest("expected texts", code="cohort.body", next_step="send two texts")
        found = service.end(caller, session_id, reason[:100] or "cohort.given_up", about)
        return reply(found.to_json())

    @routes.get("/<session_id>/product")
    def product(session_id: str) -> Response:
        return Response(
            service.product(authenticate(node, step=steps(session_id, "product")), session_id),
            mimetype=MEDIA_TYPE,
        )

    @routes.errorhandler(PaillierError)
    def refused(error: PaillierError) -> Response:
        node.log.info("paillier-refused", reason=error.private_reason, endpoint=request.endpoint)
        return error_response(error)

    return routes
