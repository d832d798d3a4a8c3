"""Routes of the audit: the owner's bundle and trust, and the hub's register of keys."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from connector.areas.audit import opening
from connector.areas.audit.archive import pack
from connector.areas.audit.export import export
from connector.areas.audit.trusting import known_parties, register, trust_of
from connector.identity.auth import authenticate
from connector.party.web import reply
from connector.process.errors import BadRequest
from contracts.audit.trust import write_trust
from contracts.evidence import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.party.node import Node

MEDIA_TYPE = "application/x-tar"
MAX_SESSIONS = 64


def management_routes(node: Node) -> Blueprint:
    """Routes for the owner."""
    routes = Blueprint("audit", __name__, url_prefix="/v1/audit")

    @routes.post("/bundle")
    def bundle() -> Response:
        opened = request.args.get("opened", "none")
        if opened not in {"none", "all"}:
            raise BadRequest(
                f"`opened`: expected none or all, got `{opened[:40]}`",
                code="opened-wrong",
                next_step="correct it",
            )
        sessions = request.args.getlist("session")
        if len(sessions) > MAX_SESSIONS:
            raise BadRequest(
                f"`session`: at most {MAX_SESSIONS} at once",
                code="sessions-too-many",
                next_step="make several bundles",
            )
        with node.db.reading() as db:
            opening.known(db, sessions)
        log_export(node, opened, sessions)
        holder = tempfile.TemporaryDirectory(prefix="bundle-", dir=node.settings.data)
        try:
            folder = Path(holder.name) / "bundle"
            export(node, folder, opened="all" if opened == "all" else "none", sessions=sessions)
        except BaseException:
            holder.cleanup()
            raise

        response = Response(pack(folder), mimetype=MEDIA_TYPE)
        response.call_on_close(holder.cleanup)
        return response

    @routes.get("/trust")
    def trust() -> Response:
        parties = request.args.getlist("party") or known_parties(node)
        found, failed = trust_of(node, parties)
        return reply({"trust": write_trust(found).decode("utf-8"), "failed": failed})

    return routes


def protocol_routes(node: Node) -> Blueprint:
    """Routes for other parties; only a hub has one."""
    routes = Blueprint("audit_protocol", __name__)
    if node.settings.role == "hub":

        @routes.get("/voile/v1/register")
        def keys() -> Response:
            authenticate(node)
            return Response(register(node), mimetype="application/jose")

    return routes


def log_export(node: Node, opened: str, sessions: Sequence[str] = ()) -> None:
    """Say in the log itself that a bundle was made, and whether details were opened.

    A node that is read-only writes nothing, and still shows what it has.
    """
    if node.db.read_only:
        return
    with node.db.transaction() as tx:
        policy = {"opened": opened == "all"} | ({"sessions": list(sessions)} if sessions else {})
        tx.append(Entry(kind="ACCESS", to_state="EXPORTED", policy=policy))
