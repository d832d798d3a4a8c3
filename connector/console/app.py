"""The console's listener: who comes in, what goes out, what is shown when something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g, redirect, request
from werkzeug.exceptions import HTTPException

from connector.console import account, entrance, guard, problems, statics, words
from connector.console.guard import Origins, draw_token, form_token, form_token_holds
from connector.console.house import House, Present
from connector.console.render import Renderer
from connector.console.routes import add_pages, crashed, note
from connector.console.sending import most_sent
from connector.party import problems as party_problems
from connector.party.web import base_app
from connector.process.actor import act_as
from connector.process.errors import Forbidden, VoileError, http_status
from connector.process.room import lacks_room, no_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.console.doorkeeper import Doorkeeper
    from connector.console.page import Page
    from connector.party.node import Node

BODY_BYTES: Final = 1 << 20  # a page may take more: `Page.most_bytes`
FORM_BYTES: Final = 1 << 20  # of fields that are no files
OPEN: Final = frozenset({"sign_in", "invitation", "static", "preferences"})


def console_app(node: Node, pages: Sequence[Page], door: Doorkeeper) -> Flask:
    """Make the application that people open.

    Args:
        node: this node; its settings name the listener.
        pages: that the areas declare.
        door: who lets people in.
    """
    app = base_app("console", node, body_bytes=BODY_BYTES)
    house = House(node, door, tuple(pages), Origins.of(node.settings), Renderer(node.settings.zone))
    app.extensions["voile_house"] = house
    app.extensions["voile_most_sent"] = most_sent(house, BODY_BYTES)

    def identify() -> Response | None:
        request.max_form_memory_size = FORM_BYTES
        token = request.cookies.get(house.origins.cookie(), "")
        visitor = door.visitor(token) if token else None
        if visitor is not None:
            act_as(visitor.actor)
            g.voile_present = Present(visitor, token, door.csrf(token))
            return None
        if request.endpoint in OPEN:
            before = request.cookies.get(house.origins.cookie("before"), "") or draw_token(
                node.entropy
            )
            g.voile_present = Present(None, before, form_token(before))
            return None
        return _to_sign_in()

    def check_form() -> None:
        if request.method != "POST":
            return
        if not house.origins.own():
            node.refusals.count(request.remote_addr or "", "console: foreign form")
            raise Forbidden(problems.FORM_FOREIGN)
        given, present = request.form.get("_csrf", ""), house.present
        holds = (
            door.csrf_holds(present.token, given)
            if present.visitor
            else form_token_holds(present.token, given)
        )
        if not holds:
            raise Forbidden(problems.FORM_STALE)

    def on_voile(error: VoileError) -> Response:
        status = http_status(error)
        return _logged(house, error, status)

    def on_http(error: HTTPException) -> Response:
        status = error.code or 500
        known = {404: problems.PAGE_MISSING, 413: party_problems.BODY_TOO_LARGE}
        problem = known.get(status, party_problems.HTTP)
        said = VoileError(problem, words=(error.name or "error").lower())
        response = _logged(house, said, status)
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    def on_bug(error: Exception) -> Response:
        if lacks_room(error):
            return on_voile(no_room(error))
        return _logged(house, error, 500)

    app.before_request_funcs.setdefault(None, []).insert(0, house.origins.admit)
    app.before_request(identify)
    app.before_request(check_form)
    app.after_request(guard.secure)
    app.register_error_handler(VoileError, on_voile)
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(Exception, on_bug)
    app.add_url_rule(statics.RULE, "static", statics.serve, methods=["GET"])
    entrance.add_routes(app, house)
    account.add_routes(app, house)
    add_pages(app, house)
    return app


def _to_sign_in() -> Response:
    at = request.full_path if request.query_string else request.path
    wanted = at if request.method == "GET" and at != "/" else ""
    response = redirect(f"/sign-in?{entrance.query(next=wanted)}" if wanted else "/sign-in", 303)
    assert isinstance(response, Response)
    return response


def _wrong(house: House, error: VoileError, status: int, reference: str = "") -> Response:
    if house.present.visitor is None and request.endpoint not in OPEN:
        return Response(status=status, mimetype="text/plain")  # nothing is told before signing in
    return house.draw(
        "console/error.html",
        title=words.ERROR,
        said=words,
        values={"retry": status >= 500 and request.method == "GET"},
        status=status,
        error=error,
        reference=reference,
    )


def _logged(house: House, error: Exception, status: int) -> Response:
    """Tell of what went wrong with a reference; the log has it under the same."""
    if house.present.visitor is None and isinstance(error, VoileError) and status < 500:
        return _wrong(house, error, status)
    reference = house.reference()
    told = error if isinstance(error, VoileError) else crashed(reference)
    note(house, told, status, reference, error)
    return _wrong(house, told, status, reference)
