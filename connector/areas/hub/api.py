"""Routes of the hub: for firms and their connectors, and for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, request

from catalog.description import Signed
from catalog.rotation import OVERLAP_SECONDS
from connector.areas.hub import (
    applications,
    certifying,
    contacts,
    keys,
    listings,
    problems,
    pushes,
    searching,
    status,
    visible,
)
from connector.areas.hub.operations import (
    APPROVE,
    CATALOG,
    LIST_APPLICATIONS,
    PARTICIPANTS,
    PUSHES,
    REINSTATE,
    REJECT,
    REVOKE,
    STATUS,
    SUSPEND,
)
from connector.identity.auth import ANYBODY, MEMBERS, PROVING, authenticate
from connector.identity.rows import StatusDocumentRow
from connector.identity.work import PER_SEARCH
from connector.party.web import json_object, language, reply, row_number
from connector.process.ports import unix, unix_ms
from crypto.record_texts import as_did
from crypto.records import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from connector.identity.auth import Caller
    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run


def protocol_routes(node: Node) -> Blueprint:
    """Routes that firms and their connectors call."""
    routes = Blueprint("hub", __name__, url_prefix="/voile/v1")

    @routes.post("/applications")
    def apply() -> Response:
        caller = authenticate(node, admits=ANYBODY)
        row, fresh = applications.receive(node, caller, json_object())
        return reply({"id": row.id, "state": row.state}, 201 if fresh else 200)

    @routes.get("/applications/mine")
    def mine() -> Response:
        caller = authenticate(node, admits=ANYBODY)
        with node.db.reading() as session:
            return reply(applications.mine(session, caller.did))

    @routes.post("/keys")
    def rotate() -> Response:
        caller = authenticate(node, admits=PROVING)
        serial, fresh = keys.rotate(node, caller, json_object())
        return reply({"serial": serial, "overlapSeconds": OVERLAP_SECONDS}, 201 if fresh else 200)

    @routes.get("/status")
    def newest() -> Response:
        # a suspended firm may learn that it is, and who owes work what holds: it stops without
        caller = authenticate(node, admits=MEMBERS, step=lambda did: f"status of {did}")
        return reply(_newest(node, caller, request.args.get("have", "")))

    @routes.post("/catalog")
    def publish() -> Response:
        caller = authenticate(node)
        jws = value_of(Signed, json_object().get("description"), "/description")
        listed, fresh = listings.publish(node, caller, jws)
        return reply(listed, 201 if fresh else 200)

    @routes.delete("/catalog/<path:dataset_id>")
    def withdraw(dataset_id: str) -> Response:
        listings.withdraw(node, authenticate(node), dataset_id)
        return reply({"dataset": dataset_id, "listed": False})

    @routes.get("/catalog/search")
    def search() -> Response:
        caller = authenticate(node)
        node.work.owe(caller.did, PER_SEARCH)
        asked = searching.Search.of(caller.did, dict(request.args.lists()))
        return reply(_search(node, asked))

    return routes


def _listed(node: Node, call: Call) -> dict[str, Any]:
    with node.db.reading() as session:
        return {"applications": applications.listed(session, call.query.state, language())}


def _approve(node: Node, call: Call) -> dict[str, Any]:
    asked = call.body
    return certifying.approve(
        node,
        as_did(asked.did, "/did"),
        seen=asked.seen,
        days=asked.days,
        legal_group=asked.legal_group or "",
    )


def _reject(node: Node, call: Call) -> dict[str, Any]:
    asked = call.body
    return certifying.reject(node, as_did(asked.did, "/did"), asked.reason, seen=asked.seen)


def _participants(node: Node, _call: Call) -> dict[str, Any]:
    with node.db.reading() as session:
        return {"participants": certifying.participants(session, unix(node.clock.now()))}


def _act(name: str) -> Run:
    def run(node: Node, call: Call) -> dict[str, Any]:
        asked = call.body
        return certifying.act(node, name, as_did(asked.did, "/did"), asked.reason, seen=asked.seen)

    return run


def _pushes(node: Node, call: Call) -> dict[str, Any]:
    serial = row_number(call.path["serial"], problems.NO_PUSH)
    with node.db.reading() as session:
        return pushes.acknowledgements(session, serial)


def _status(node: Node, _call: Call) -> dict[str, Any]:
    with node.db.reading() as session:
        return status.summary(session, node)


def _catalog(node: Node, call: Call) -> dict[str, Any]:
    asked = searching.Search.read(node.settings.did, call.query)
    with node.db.reading() as session:
        lost = visible.unreadable(session)
    return {**_search(node, asked), "unreadable": lost}


def _newest(node: Node, caller: Caller, have: str) -> dict[str, Any]:
    with node.db.reading() as session:
        row = session.get(StatusDocumentRow, node.settings.did)
        awaited = pushes.awaits(session, caller.did)
        met = contacts.due(session, caller.did, unix_ms(node.clock.now()))
    serial = row.serial if row else 0
    held = int(have) if have.isascii() and have.isdigit() and len(have) < 17 else 0
    if met or (awaited and held):
        with node.db.transaction() as tx:
            caller.consume(tx)
            contacts.note(
                tx, caller.did, min(held, serial), request.headers.get(contacts.HEADER, "")
            )
            if held:
                pushes.holds(tx, caller.did, min(held, serial))
    if row is None or held == serial:
        return {"serial": serial}
    return {"serial": serial, "status": row.jws}


def _search(node: Node, asked: searching.Search) -> dict[str, Any]:
    with node.db.reading() as session:
        return searching.search(
            session, asked, space=node.settings.space, now=unix(node.clock.now())
        )


# what the operator can do
OPERATIONS: Final[Mapping[Operation, Run]] = {
    LIST_APPLICATIONS: _listed,
    APPROVE: _approve,
    REJECT: _reject,
    PARTICIPANTS: _participants,
    SUSPEND: _act("suspend"),
    REINSTATE: _act("reinstate"),
    REVOKE: _act("revoke"),
    PUSHES: _pushes,
    STATUS: _status,
    CATALOG: _catalog,
}
