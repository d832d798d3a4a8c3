"""Answers on the protocol listener: typed errors, one for unknown and unauthorised, stable codes.

Spec: voile design dsp.md §1, §5. Negotiations and transfers answer a failed login like an unknown
process; the catalogue says 401. What the specification has no code for is 400, passing trouble 503.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from connector.areas.dsp.replies import NIL
from connector.party.web import error_response, outward, refused
from connector.process.errors import StoreError, TooMany, Unauthenticated, VoileError, http_status
from contracts import messages as m
from contracts.errors import NotYetError, RemoteProtocolError
from contracts.messages import Message, Pid
from contracts.versions import PATH
from crypto.strict_json import loads
from policies.errors import PolicyError

if TYPE_CHECKING:
    from connector.party.node import Node

_PREFIXES: Final = {"negotiation": m.ContractNegotiationError, "transfer": m.TransferError}
_PASSING: Final = 503


def reply(message: Message, status: int = 200) -> Response:
    """Answer with a message."""
    return Response(m.encode(message), status=status, mimetype="application/json")


def protocol_of_request() -> str:
    """Tell from the path which protocol is spoken: negotiation, transfer or catalog."""
    for kind in _PREFIXES:
        if f"/{kind}s/" in request.path:
            return kind
    return "catalog"


def error_answer(node: Node, error: VoileError) -> Response:
    """Answer an error as the protocol of the path has it."""
    if isinstance(error, Unauthenticated):
        refused(node, error)
    if PATH not in request.path:
        return error_response(outward(error))  # a route of ours beside the protocol
    protocol = protocol_of_request()
    status = status_of(error, protocol)
    code, reasons = error.code, _reasons(outward(error))
    if status == 404:
        code, reasons = f"{protocol}.not-found", ["not found"]
    elif isinstance(error, Unauthenticated):
        reasons = ["not authenticated"]
    answer = reply(_error_message(protocol, code, reasons), status)
    if status == _PASSING:
        if not isinstance(error, NotYetError):  # that passes in milliseconds
            answer.headers["Retry-After"] = str(error.params.get("seconds", 1))
        node.log.warning("answered", code=error.code, error=error.message, status=status)
    return answer


def status_of(error: VoileError, protocol: str) -> int:
    """Give the status that an error is answered with."""
    if isinstance(error, Unauthenticated):
        return 401 if protocol == "catalog" else 404
    if isinstance(error, RemoteProtocolError):
        return error.status
    if isinstance(error, StoreError | TooMany):
        return _PASSING
    if isinstance(error, PolicyError):
        return 400
    status = http_status(error)
    if status >= 500:
        return _PASSING
    return 404 if status == 404 else 400


def _reasons(error: VoileError) -> list[Any]:
    if isinstance(error, PolicyError):
        return [error.message, *(reason.to_json() for reason in error.reasons)]
    return [error.message] + ([f"next: {error.next_step}"] if error.next_step else [])


def _error_message(protocol: str, code: str, reasons: list[Any]) -> Message:
    if protocol == "catalog":
        return m.CatalogError(code=code, reason=tuple(reasons))
    consumer, provider = _readable_pids()
    cls = _PREFIXES[protocol]
    return cls(consumer_pid=consumer, provider_pid=provider, code=code, reason=tuple(reasons))


def _readable_pids() -> tuple[Pid, Pid]:
    """Echo the pids of the request where they can be read, else the nil UUID."""
    try:
        body = loads(request.get_data(cache=True), max_bytes=m.MAX_BYTES)
    except (VoileError, RequestEntityTooLarge):
        body = None
    found = body if isinstance(body, dict) else {}

    def echo(key: str) -> Pid:
        value = found.get(key)
        readable = isinstance(value, str) and 0 < len(value) <= 512 and value.isprintable()
        return Pid(value if readable and isinstance(value, str) else NIL)

    return echo("consumerPid"), echo("providerPid")
