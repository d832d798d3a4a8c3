"""The way in and out: signing in, links of invitation, signing out, language and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Flask, Response, redirect, request

from connector.console import entrance_words as words
from connector.console import problems
from connector.console.guard import local
from connector.console.house import MARK, House, roles_said
from connector.console.page import NOBODY_ASKED
from connector.console.preferring import only_preferred, prefer
from connector.console.routes import sent
from connector.process.errors import BadRequest, NotFound, http_status
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.console.doorkeeper import Invited


def query(**values: str) -> str:
    """Write a query."""
    return urlencode(values)


def add_routes(app: Flask, house: House) -> None:
    """Add the routes of the way in and out."""

    def sign_in() -> Response:
        wanted = local(request.values.get("next", "/"))
        if request.method == "GET":
            return go(wanted) if house.present.visitor else _sign_in(house, wanted)
        if only_preferred(house):
            return _sign_in(house, wanted, given=sent())
        field = request.form.get
        try:
            token = house.door.sign_in(
                field("name", ""),
                field("password", ""),
                field("code", "").replace(" ", ""),
                source=request.remote_addr or "",
                mark=house.mark,
            )
        except VoileError as error:
            return _sign_in(house, wanted, error)
        return let_in(house, token, wanted)

    def invitation(token: str) -> Response:
        invited = house.door.invitation(token)
        if invited is None:
            raise NotFound(problems.LINK_DEAD)
        house.prefers(invited.language)
        if request.method == "GET":
            return _invitation(house, token, invited)
        try:
            password = twice()
            code = request.form.get("code", "").replace(" ", "")
            made = house.door.enrol(token, password, code, house.present.token)
        except VoileError as error:
            return _invitation(house, token, invited, error)
        return let_in(house, made, "/")

    def sign_out() -> Response:
        house.door.sign_out(house.present.token)
        return out(house)

    def first() -> Response:
        visitor = house.present.visitor
        assert visitor is not None
        return go(house.first(visitor))

    def preferences() -> Response:
        prefer(house, request.form.get("language", ""), request.form.get("theme", ""))
        return go(local(request.form.get("next", "/")))

    app.add_url_rule("/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    app.add_url_rule("/invitation/<token>", "invitation", invitation, methods=["GET", "POST"])
    app.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    app.add_url_rule("/preferences", "preferences", preferences, methods=["POST"])
    if all(page.path != "/" for page in house.pages):
        app.add_url_rule("/", "first", first, methods=["GET"])


def go(path: str) -> Response:
    """Send somebody to another page of ours."""
    response = redirect(path, 303)
    assert isinstance(response, Response)
    return response


def let_in(house: House, token: str, path: str) -> Response:
    """Begin a session in this browser; the visit before it is over, or the session."""
    if house.present.visitor is not None:
        house.door.sign_out(house.present.token)
    response = go(path)
    begin(house, response, token)
    house.drop_cookie(response, "before")
    return response


def begin(house: House, response: Response, token: str) -> None:
    """Have this browser hold a session, and a mark by which it is known the next time."""
    house.set_cookie(response, "", token)
    house.set_cookie(response, MARK, house.door.mark(token), lasting=True)


def out(house: House) -> Response:
    """End it, with what the browser holds of it."""
    response = go("/sign-in")
    house.drop_cookie(response, "")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def twice() -> str:
    """Read a password that was typed twice.

    Raises:
        BadRequest: once it was another.
    """
    first, second = request.form.get("password", ""), request.form.get("again", "")
    if first != second:
        raise BadRequest(problems.PASSWORDS_DIFFER)
    return first


def _sign_in(
    house: House,
    wanted: str,
    error: VoileError | None = None,
    given: Mapping[str, Sequence[str]] = NOBODY_ASKED,
) -> Response:
    return house.draw(
        "console/sign-in.html",
        title=words.SIGN_IN,
        said=words,
        values={"wanted": wanted},
        status=http_status(error) if error else 200,
        error=error,
        given=sent() if error else given,
    )


def _invitation(
    house: House, token: str, invited: Invited, error: VoileError | None = None
) -> Response:
    factor = house.door.begin_enrolment(token, house.present.token)
    return house.draw(
        "console/invitation.html",
        title=words.WELCOME,
        said=words,
        values={"invited": invited, "roles": roles_said(invited.roles), "factor": factor},
        status=http_status(error) if error else 200,
        error=error,
        given=sent() if error else {},
    )
