"""Pages that everybody has: one's own account, and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response, request

from connector.console import account_words as words
from connector.console.entrance import begin, go, out, twice
from connector.console.house import House, roles_said
from connector.console.notices import Notice
from connector.process.errors import http_status
from crypto.errors import VoileError

if TYPE_CHECKING:
    from connector.console.page import Visitor
    from crypto.words import Words


def add_routes(app: Flask, house: House) -> None:
    """Add the routes of the account and of help."""

    def who() -> Visitor:
        visitor = house.present.visitor
        assert visitor is not None
        return visitor

    def field(name: str) -> str:
        return request.form.get(name, "")

    def changed(token: str, said: Words) -> Response:
        """Go on in the session that took the place of the one before."""
        response = go("/account")
        begin(house, response, token)
        visitor = house.door.visitor(token)
        if visitor is not None:
            house.notices.put(visitor.session, Notice(said))
        return response

    def account() -> Response:
        return _account(house, who())

    def password() -> Response:
        if request.method == "GET":  # after the language was changed where an error was shown
            return go("/account")
        try:
            new = twice()
            token = house.door.change_password(
                who(),
                field("old"),
                new,
                field("code"),
                source=request.remote_addr or "",
                mark=house.mark,
            )
        except VoileError as error:
            return _account(house, who(), error)
        return changed(token, words.PASSWORD_CHANGED)

    def factor() -> Response:
        return _factor(house, who())

    def renew() -> Response:
        try:
            token = house.door.renew_factor(
                who(),
                field("old"),
                field("code"),
                old_code=field("old_code"),
                source=request.remote_addr or "",
                mark=house.mark,
            )
        except VoileError as error:
            return _factor(house, who(), error)
        return changed(token, words.FACTOR_CHANGED)

    def everywhere() -> Response:
        house.door.sign_out_everywhere(who().actor.name)
        return out(house)

    def end_session() -> Response:
        if request.method == "GET":  # after the language was changed where an error was shown
            return go("/account")
        visitor, which = who(), field("session")[:100]
        try:
            house.door.end_session(visitor.actor.name, which)
        except VoileError as error:
            return _account(house, visitor, error)
        if which == visitor.session:
            return out(house)
        house.notices.put(visitor.session, Notice(words.SESSION_ENDED))
        return go("/account")

    def shortcuts() -> Response:
        return house.draw("console/help.html", title=words.HELP, said=words)

    app.add_url_rule("/account", "account", account, methods=["GET"])
    app.add_url_rule("/account/password", "password", password, methods=["GET", "POST"])
    app.add_url_rule("/account/factor", "factor", factor, methods=["GET"])
    app.add_url_rule("/account/factor", "renew_factor", renew, methods=["POST"])
    app.add_url_rule("/account/sessions", "end_session", end_session, methods=["GET", "POST"])
    app.add_url_rule("/sign-out-everywhere", "everywhere", everywhere, methods=["POST"])
    app.add_url_rule("/help", "help", shortcuts, methods=["GET"])


def _account(house: House, visitor: Visitor, error: VoileError | None = None) -> Response:
    return house.draw(
        "console/account.html",
        title=words.ACCOUNT,
        said=words,
        values={
            "roles": roles_said(visitor.roles),
            "sessions": house.door.sessions(visitor.actor.name),
        },
        status=http_status(error) if error else 200,
        error=error,
    )


def _factor(house: House, visitor: Visitor, error: VoileError | None = None) -> Response:
    return house.draw(
        "console/factor.html",
        title=words.FACTOR,
        said=words,
        values={"factor": house.door.begin_factor(visitor)},
        status=http_status(error) if error else 200,
        error=error,
    )
