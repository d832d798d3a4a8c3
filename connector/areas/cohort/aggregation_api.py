"""Routes of the aggregator, and what works in its background."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from connector.areas.cohort import problems
from connector.areas.cohort.aggregator import Aggregating
from connector.areas.cohort.gathering import Gathering
from connector.areas.cohort.renewal_gathering import RenewalGathering
from connector.areas.cohort.wire import CONTRIBUTION_HEADER, MAX_BATCH_BYTES, members_of
from connector.evidence import statements
from connector.identity.auth import authenticate
from connector.party.web import body_cap, error_response, json_object, reply
from connector.process.errors import BadRequest
from crypto.paillier.errors import PaillierError
from crypto.paillier.frame import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.areas.cohort.wire import Progress
    from connector.party.node import Node

MAX_WORD = 500


def protocol_routes(node: Node) -> Blueprint:
    """Routes for the parties of a session."""
    routes = Blueprint("aggregations", __name__, url_prefix="/voile/v1/aggregations")
    service, gathering = Aggregating(node), Gathering(node)
    renewals = RenewalGathering(node)

    def steps(session_id: str, name: str) -> Callable[[str], str]:
        return lambda did: service.step(did, session_id, name)

    def told(found: dict[str, Any], signed: Any) -> Response:
        statements.promise(node, signed)
        return reply(found)

    def going(progress: Progress, signed: Any = None) -> Response:
        """Answer with the leaves of what was taken, and of how it ended, promised."""
        statements.promise(node, signed, progress.outcome)
        return reply(progress.to_json())

    @routes.post("/tables/join")
    @body_cap(MAX_BATCH_BYTES)
    def join() -> Response:
        caller = authenticate(node)
        signed, version = members_of({"v": None} | json_object(), "joining", "v")
        return told(gathering.join(caller, signed, version), signed)

    @routes.post("/tables/marks")
    @body_cap(MAX_BATCH_BYTES)
    def marks() -> Response:
        caller = authenticate(node)
        (signed,) = members_of(json_object(), "marks")
        return told(gathering.mark(caller, signed), signed)

    @routes.post("/tables/renew")
    def renew() -> Response:
        caller = authenticate(node)
        (signed,) = members_of(json_object(), "asked")
        return told(renewals.ask(caller, signed), signed)

    @routes.post("/tables/changes")
    @body_cap(MAX_BATCH_BYTES)
    def changes() -> Response:
        caller = authenticate(node)
        (signed,) = members_of(json_object(), "changes")
        return told(renewals.mark(caller, signed), signed)

    @routes.post("/<session_id>")
    def open_session(session_id: str) -> Response:
        caller = authenticate(node)
        parts = members_of(json_object(), "session", "acceptances", "proof")
        return going(service.open(caller, session_id, *parts), parts[0])

    @routes.get("/<session_id>")
    def progress(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "progress"))
        return going(service.progress(caller, session_id))

    @routes.post("/<session_id>/indicators")
    def indicators(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "indicators"))
        (signed,) = members_of(json_object(), "indicators")
        return going(service.indicate(caller, session_id, signed), signed)

    @routes.post("/<session_id>/batch")
    @body_cap(MAX_BATCH_BYTES)
    def batch(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "batch"))
        signed = request.headers.get(CONTRIBUTION_HEADER, "")
        found = service.contribute(caller, session_id, request.get_data(cache=True), signed)
        return going(found, signed)

    @routes.post("/<session_id>/end")
    def end(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "end"))
        reason, about = members_of(json_object(), "reason", "about")
        if not all(isinstance(word, str) and len(word) <= MAX_WORD for word in (reason, about)):
            raise BadRequest(replace(problems.TWO_TEXTS, code="cohort.body"))
        return going(service.end(caller, session_id, reason[:100] or "cohort.given-up", about))

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
