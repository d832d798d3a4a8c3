"""The management listener: the owner's own API, behind a random bearer token."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Flask, request
from sqlalchemy import select
from sqlmodel import col

from connector.evidence.log import head
from connector.party.readiness import readiness
from connector.party.web import base_app, error_response, reply
from connector.process.errors import BadRequest, SettingsError, Unauthenticated
from connector.store.facts import fact, set_fact
from connector.store.outbox_rows import OutboxRow
from contracts.evidence import Entry
from crypto.b64 import b64url

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from flask import Response

    from connector.party.node import Node
    from connector.process.ports import Entropy
    from connector.store.database import Transaction

TOKEN_BYTES: Final = 32
BODY_BYTES: Final = 64 << 20
HASH_FACT: Final = "management-token-sha256"


def make_token(tx: Transaction, path: Path, entropy: Entropy) -> str:
    """Draw the management token: its hash into the database, then the token into a 0600 file.

    The file takes the place of an older one when the hash is committed; if the machine stops in
    between, `voile token renew` draws another.

    Returns:
        The hash.
    """
    token = b64url(entropy(TOKEN_BYTES))
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token + "\n")
        file.flush()
        os.fsync(file.fileno())

    def put_in_place() -> None:
        fresh.replace(path)

    tx.after_commit(put_in_place)
    set_fact(tx.session, HASH_FACT, _hash(token))
    return _hash(token)


def renew_token(node: Node) -> str:
    """Draw a new management token and put that on record; the old one opens nothing any more.

    Returns:
        The hash of the new one.
    """
    with node.db.transaction() as tx:
        made = make_token(tx, node.settings.token_file, node.entropy)
        role = node.settings.role
        tx.append(Entry(kind="CONFIGURATION", role=role, to_state="TOKEN_RENEWED"))
    return made


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def management_app(node: Node, blueprints: Iterable[Blueprint]) -> Flask:
    """Make the application that the owner's commands call."""
    with node.db.reading() as session:
        stored = fact(session, HASH_FACT)
    if stored is None:
        raise SettingsError(
            "this home has no management token",
            code="token-missing",
            next_step=f"voile token renew --home {node.settings.home}",
        )
    expected, turn = stored, threading.Lock()
    app = base_app("management", node, body_bytes=BODY_BYTES)

    def identify() -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not hmac.compare_digest(_hash(given.strip()), expected):
            node.refusals.count(request.remote_addr or "", "management token")
            raise Unauthenticated("management token")

    def unauthenticated(error: Unauthenticated) -> Response:
        error.next_step = "use the token in the file management.token of the data folder"
        return error_response(error)

    def renew() -> Response:
        nonlocal expected
        with turn:  # two at once would leave the token of one and the hash of the other
            expected = renew_token(node)
        return reply({"managementToken": str(node.settings.token_file)})

    app.before_request(identify)
    app.add_url_rule("/v1/token/renew", "renew_token", renew, methods=["POST"])
    app.register_error_handler(Unauthenticated, unauthenticated)
    app.register_blueprint(core_routes(node))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def core_routes(node: Node) -> Blueprint:
    """Routes about the node itself."""
    routes = Blueprint("node", __name__, url_prefix="/v1")

    @routes.get("/node")
    def describe() -> Response:
        with node.db.reading() as session:
            size = head(session).size
        settings = node.settings
        return reply(
            {
                "did": settings.did,
                "role": settings.role,
                "publicUrl": settings.public_url,
                "hub": settings.hub_did,
                "space": settings.space,
                "language": settings.language,
                "software": node.software,
                "log": {"origin": node.checkpoints.origin, "size": size},
                **readiness(node),
            }
        )

    @routes.get("/traffic")
    def traffic() -> Response:
        return reply({"lines": node.traffic.lines()})

    @routes.get("/outbox")
    def outbox() -> Response:
        return reply({"messages": _messages(node), "counts": dict(node.outbox.counts())})

    @routes.post("/outbox/<int(max=9223372036854775807):row_id>/retry")
    def retry(row_id: int) -> Response:
        with node.db.transaction() as tx:
            node.outbox.resume(tx, row_id)
        return reply({"id": row_id, "state": "waiting"})

    return routes


def _messages(node: Node) -> list[dict[str, Any]]:
    limit = _limit(request.args.get("limit", "100"))
    query = select(OutboxRow).order_by(col(OutboxRow.id).desc()).limit(limit)
    state = request.args.get("state")
    if state is not None:
        query = query.where(col(OutboxRow.state) == state)
    with node.db.reading() as session:
        rows = session.execute(query).scalars().all()
    return [
        {
            "id": row.id,
            "peer": row.peer,
            "kind": row.kind,
            "process": row.process,
            "messageId": row.message_id,
            "state": row.state,
            "attempts": row.attempts,
            "lastStatus": row.last_status,
            "reason": row.reason,
            "created": row.created_ms,
            "next": row.next_ms,
        }
        for row in rows
    ]


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1000):
        raise BadRequest(
            f"`limit`: expected 1 to 1000, got `{text}`", code="limit-wrong", next_step="correct it"
        )
    return int(text)
