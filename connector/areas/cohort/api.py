"""A participant in cohorts: routes for consumers, and what its owner can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request

from connector.areas.cohort import explaining
from connector.areas.cohort.contributing import Contributing
from connector.areas.cohort.indicating import Indicating
from connector.areas.cohort.operations import RENEW
from connector.areas.cohort.provider import Providing
from connector.areas.cohort.renewing import Renewing
from connector.areas.cohort.sessions import Sessions
from connector.areas.cohort.settling import Settling
from connector.areas.cohort.tabling import Tabling
from connector.areas.cohort.wire import MAX_QUESTION_BYTES, members_of
from connector.identity.auth import authenticate
from connector.party.web import body_cap, error_response, json_object, reply
from crypto.paillier.errors import PaillierError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.party.node import Node
    from connector.party.operation import Operation
    from connector.party.routes import Run


def protocol_routes(node: Node) -> Blueprint:
    """Routes for consumers who ask for a total."""
    routes = Blueprint("cohorts", __name__, url_prefix="/voile/v1/cohorts")
    sessions = Sessions(node)
    providing, contributing = Providing(sessions), Contributing(sessions)
    indicating, tabling = Indicating(sessions), Tabling(node)
    settling = Settling(sessions)

    def steps(session_id: str, name: str) -> Callable[[str], str]:
        return lambda did: sessions.step(did, session_id, name)

    @routes.post("/tables/ready")
    def ready() -> Response:
        caller = authenticate(node)
        (agreement,) = members_of(json_object(), "agreement")
        return reply(tabling.ready(caller, agreement))

    @routes.post("/explain")
    @body_cap(MAX_QUESTION_BYTES)
    def explain() -> Response:
        caller = authenticate(node)
        names = ("agreement", "question", "columns", "roster", "aggregator")
        parts = members_of(json_object(), *names)
        return reply(explaining.explain(sessions, caller, *parts))

    @routes.post("/<session_id>")
    @body_cap(MAX_QUESTION_BYTES)
    def open_session(session_id: str) -> Response:
        caller = authenticate(node)
        body = {"seed": None} | json_object()  # older connectors send none, and are told so
        parts = members_of(body, "session", "question", "agreement", "proof", "seed")
        return reply(providing.open(caller, session_id, *parts))

    @routes.post("/<session_id>/roster")
    def roster(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "roster"))
        (acceptances,) = members_of(json_object(), "acceptances")
        return reply(indicating.indicate(caller, session_id, acceptances))

    @routes.post("/<session_id>/contribute")
    def contribute(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "contribute"))
        (cleared,) = members_of(json_object(), "cleared")
        return reply(contributing.contribute(caller, session_id, cleared))

    @routes.post("/<session_id>/end")
    def end(session_id: str) -> Response:
        caller = authenticate(node, step=steps(session_id, "end"))
        (outcome,) = members_of(json_object(), "outcome")
        return reply(settling.finish(caller, session_id, outcome))

    @routes.errorhandler(PaillierError)
    def refused(error: PaillierError) -> Response:
        node.log.info("paillier-refused", reason=error.private_reason, endpoint=request.endpoint)
        return error_response(error)

    return routes


# what an owner can do with the table of a product
OPERATIONS: Final[Mapping[Operation, Run]] = {
    RENEW: lambda node, call: Renewing(node).ask(call.path["product_id"]),
}
