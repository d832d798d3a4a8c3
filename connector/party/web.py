"""What both web applications share: JSON in and out, errors, caps, and the order of checks.

The order on the protocol listener: rate per source address, body cap and encoding, then the view's
`authenticate`, then whatever the view does. Nothing is verified for a source that is over its rate.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from connector.evidence import promises
from connector.identity import auth
from connector.party import problems
from connector.process.actor import ITSELF, act_as
from connector.process.errors import (
    MalformedError,
    NotFound,
    SettingsError,
    StoreError,
    TooLarge,
    TooMany,
    Unauthenticated,
    UnsupportedEncoding,
    VoileError,
    error_json,
    http_status,
)
from connector.process.rate import Buckets
from connector.process.room import lacks_room, no_room
from crypto.strict_json import kind_of, loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Blueprint

    from connector.party.node import Node
    from crypto.problem import Problem
    from crypto.words import Language

View = TypeVar("View", bound="Callable[..., Any]")

_MOST_DIGITS: Final = 18  # of a number that every database's 64 bits hold
_SAFE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def body_cap(max_bytes: int) -> Callable[[View], View]:
    """Let one view take bodies up to ``max_bytes`` instead of the usual limit."""

    def mark(view: View) -> View:
        vars(view)["voile_body_cap"] = max_bytes
        return view

    return mark


def caps(app: Flask) -> int:
    """Give the largest cap of any view, for the server in front."""
    default: int = app.config["VOILE_BODY_BYTES"]
    found = (getattr(view, "voile_body_cap", 0) for view in app.view_functions.values())
    return max(default, *found)


def json_object(*, max_bytes: int | None = None) -> dict[str, Any]:
    """Parse the body of the present request strictly into an object.

    Raises:
        MalformedError: it is not one; the message says where.
    """
    data = request.get_data(cache=True)
    value = loads(data, max_bytes=max_bytes if max_bytes is not None else max(len(data), 1))
    if not isinstance(value, dict):
        raise MalformedError(problems.NO_OBJECT, kind=kind_of(value))
    return value


def reply(value: object, status: int = 200) -> Response:
    """Make a JSON answer."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, mimetype="application/json")


def language() -> Language:
    """Give the language in which the present caller wants to read; English if it says nothing."""
    wanted = request.accept_languages.best_match(("en", "zh"), default="en")
    return "zh" if wanted == "zh" else "en"


def error_response(error: VoileError) -> Response:
    """Make the answer that a caller sees for an error, in the language that it asked for."""
    tongue = language()
    response = reply(error_json(error, tongue), http_status(error))
    response.headers["Content-Language"] = tongue
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany | StoreError):
        response.headers["Retry-After"] = str(error.params.get("seconds", 1))
    return response


def base_app(
    name: str,
    node: Node,
    *,
    body_bytes: int,
    told: Callable[[VoileError], VoileError] = lambda error: error,
) -> Flask:
    """Make an application with our errors, caps and headers, and nothing else of Flask's.

    Args:
        name: of the listener.
        node: the node.
        body_bytes: cap of a body, where a view has none of its own.
        told: gives what callers are told of an error; the log hears all of it.
    """
    app = Flask(name, static_folder=None, template_folder=None)
    app.url_map.merge_slashes = False  # an id in a path may have two in a row
    app.config["VOILE_BODY_BYTES"] = body_bytes
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def on_voile(error: VoileError) -> Response:
        status = http_status(error)
        if status >= 500:
            node.log.warning("answered", code=error.code, error=error.message, status=status)
        return error_response(told(error))

    def on_http(error: HTTPException) -> Response:
        code = error.code or 500
        known = {
            404: problems.NOTHING_HERE,
            405: problems.METHOD,
            413: problems.BODY_TOO_LARGE,
        }
        words = (error.name or "error").lower()
        problem = known.get(code, problems.HTTP)
        response = reply(error_json(VoileError(problem, words=words), language()), code)
        allow = error.get_headers()
        for header, value in allow:
            if header == "Allow":
                response.headers[header] = value
        return response

    def on_bug(error: Exception) -> Response:
        if lacks_room(error):
            return on_voile(no_room(error))
        node.log.error("crashed", endpoint=request.endpoint, exc_info=error)
        return reply(error_json(VoileError(problems.INTERNAL), language()), 500)

    def admit() -> None:
        g.voile_started = time.perf_counter()
        act_as(ITSELF)  # a thread serves many: whoever is let in says who acts from then on
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise UnsupportedEncoding(problems.ENCODED)
        view = current_app.view_functions.get(request.endpoint or "")
        cap = getattr(view, "voile_body_cap", body_bytes)
        request.max_content_length = cap
        if (request.content_length or 0) > cap:
            raise TooLarge(problems.TOO_LARGE, bytes=request.content_length, most=cap)

    def protect(response: Response) -> Response:
        said = {header.lower() for header, _ in response.headers}
        for header, value in _SAFE_HEADERS.items():
            if header.lower() not in said:
                response.headers.add(header, value)
        node.metrics.answered(
            name,
            request.endpoint or "unknown",
            response.status_code,
            time.perf_counter() - g.get("voile_started", time.perf_counter()),
        )
        return response

    app.register_error_handler(VoileError, on_voile)
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(Exception, on_bug)
    app.before_request(admit)
    app.after_request(protect)
    app.teardown_request(lambda _error: act_as(ITSELF))
    return app


def outward(error: VoileError) -> VoileError:
    """Give what others may know of an error: of our own machine that it fails, and no more."""
    if not isinstance(error, StoreError | SettingsError):
        return error
    made = StoreError(replace(problems.CANNOT_NOW, code=error.code))
    made.params = {name: value for name, value in error.params.items() if name == "seconds"}
    return made


def protocol_app(node: Node, blueprints: Iterable[Blueprint]) -> Flask:
    """Make the application that other parties call."""
    limits = node.settings.limits
    app = base_app("protocol", node, body_bytes=limits.body_bytes, told=outward)
    buckets = Buckets(rate=limits.requests_per_second, burst=limits.request_burst)

    def limit() -> None:
        if not buckets.take(request.remote_addr or ""):
            node.refusals.count(request.remote_addr or "", "rate")
            raise TooMany(problems.RATE)

    def finish(response: Response) -> Response:
        promises.add_header(response)
        caller = g.get("voile_caller")
        peer = caller.did if caller else "anonymous"
        received = request.get_data(cache=True) if caller else b""
        sent = response.calculate_content_length() or 0
        auth.charge(node, received=len(received), sent=sent)
        try:
            auth.settle(node, response.status_code)
        except VoileError as error:
            response = current_app.make_response(current_app.handle_user_exception(error))
        endpoint = request.endpoint or "unknown"
        node.traffic.count(peer, endpoint, "in", len(received), body=received)
        node.traffic.count(peer, endpoint, "out", response.calculate_content_length() or 0)
        return response

    def unauthenticated(error: Unauthenticated) -> Response:
        refused(node, error)
        return error_response(error)

    app.before_request_funcs.setdefault(None, []).insert(0, limit)
    app.after_request(finish)
    app.register_error_handler(Unauthenticated, unauthenticated)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def refused(node: Node, error: Unauthenticated) -> None:
    """Log and count a failed login; blueprints with their own error bodies call this too."""
    source = request.remote_addr or ""
    node.refusals.count(source, error.reason)
    node.log.info("unauthenticated", reason=error.reason, peer=error.did, source=source)


def row_number(given: str, what: Problem) -> int:
    """Read the number of a row that stands in a path; one that no row can have is not found.

    Args:
        given: what stands there.
        what: the problem of a row that is not there; its words name a `name`.
    """
    if not (given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS):
        raise NotFound(what, name=given[:100])
    return int(given)


__all__ = [
    "base_app",
    "body_cap",
    "caps",
    "error_response",
    "json_object",
    "protocol_app",
    "refused",
    "reply",
    "row_number",
]
