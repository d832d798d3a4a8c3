"""The audit: the owner's bundle and trust, and the route of the hub's register of keys."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response

from connector.areas.audit import dossier_api, opening
from connector.areas.audit.archive import pack
from connector.areas.audit.dossier_operations import DOSSIER, DOSSIER_FILE
from connector.areas.audit.evidence_api import opened, searched
from connector.areas.audit.evidence_operations import RECORD, SEARCH
from connector.areas.audit.export import export
from connector.areas.audit.operations import BUNDLE, MEDIA_TYPE, TRUST
from connector.areas.audit.trusting import known_parties, register, trust_of
from connector.identity.auth import authenticate
from connector.party.performing import check_may
from connector.party.web import language
from contracts.audit.trust import write_trust
from contracts.evidence import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run


def _bundle(node: Node, call: Call) -> Response:
    opened, sessions = call.query.opened, call.query.session
    if opened == "all":  # the figures of answers are among what leaves commit to
        check_may(
            f"{BUNDLE.name}?opened=all", frozenset({"security", "cdo"}), at=node.settings.role
        )
    if sessions:  # our own part of a total is opened by who answers for the firm's data
        check_may(f"{BUNDLE.name}?session=", frozenset({"cdo"}), at=node.settings.role)
    with node.db.reading() as db:
        opening.known(db, sessions)
    log_export(node, opened, sessions)
    holder = tempfile.TemporaryDirectory(prefix="bundle-", dir=node.settings.data)
    try:
        folder = Path(holder.name) / "bundle"
        export(node, folder, opened=opened, sessions=sessions)
    except BaseException:
        holder.cleanup()
        raise
    response = Response(pack(folder), mimetype=MEDIA_TYPE)
    response.call_on_close(holder.cleanup)
    return response


def _trust(node: Node, call: Call) -> dict[str, Any]:
    known = known_parties(node)
    named = call.query.party or known
    if not call.actor.roles & {"security", "cdo"}:  # who only reads makes us call no stranger
        named = [did for did in named if did in set(known)]
    found, failed = trust_of(node, named, language())
    return {"trust": write_trust(found).decode("utf-8"), "failed": failed}


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


# what an owner can do for an audit
OPERATIONS: Final[Mapping[Operation, Run]] = {
    BUNDLE: _bundle,
    TRUST: _trust,
    SEARCH: searched,
    RECORD: opened,
    DOSSIER: dossier_api.as_json,
    DOSSIER_FILE: dossier_api.as_file,
}
