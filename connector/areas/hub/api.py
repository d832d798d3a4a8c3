"""Routes of the hub: for firms and their connectors, and for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, request

from catalog.certification import VALID_DAYS
from catalog.description import MAX_DESCRIPTION_BYTES
from catalog.fields import Fields
from catalog.rotation import OVERLAP_SECONDS
from connector.areas.hub import applications, certifying, keys, listings, pushes, searching, status
from connector.identity.auth import ANYBODY, MEMBERS, PROVING, authenticate
from connector.identity.rows import StatusDocumentRow
from connector.identity.work import PER_SEARCH
from connector.party.web import json_object, reply
from connector.process.ports import unix

if TYPE_CHECKING:
    from flask import Response

    from connector.identity.auth import Caller
    from connector.party.node import Node


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
        jws = Fields(json_object()).text("description", longest=MAX_DESCRIPTION_BYTES)
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


def management_routes(node: Node) -> Blueprint:
    """Routes of the operator."""
    routes = Blueprint("hub_operator", __name__, url_prefix="/v1/hub")

    @routes.get("/applications")
    def listed() -> Response:
        state = request.args.get("state", "")
        with node.db.reading() as session:
            return reply({"applications": applications.listed(session, state)})

    @routes.post("/applications/approve")
    def approve() -> Response:
        fields = Fields(json_object(), known=("did", "seen", "days", "legalGroup"))
        days = fields.integer("days", 1, 3650) if fields.has("days") else VALID_DAYS
        group = fields.text("legalGroup", longest=64) if fields.has("legalGroup") else ""
        did, seen = fields.did("did"), fields.text("seen", longest=80)
        return reply(certifying.approve(node, did, seen=seen, days=days, legal_group=group))

    @routes.post("/applications/reject")
    def reject() -> Response:
        did, reason, seen = _decision()
        return reply(certifying.reject(node, did, reason, seen=seen))

    @routes.get("/participants")
    def participants() -> Response:
        with node.db.reading() as session:
            found = certifying.participants(session, unix(node.clock.now()))
        return reply({"participants": found})

    @routes.post("/participants/<any(suspend, reinstate, revoke):name>")
    def act(name: str) -> Response:
        did, reason, seen = _decision()
        return reply(certifying.act(node, name, did, reason, seen=seen))

    @routes.get("/status")
    def summary() -> Response:
        with node.db.reading() as session:
            return reply(status.summary(session, node))

    @routes.get("/pushes/<int(max=9223372036854775807):serial>")
    def acknowledged(serial: int) -> Response:
        with node.db.reading() as session:
            return reply(pushes.acknowledgements(session, serial))

    @routes.get("/catalog")
    def catalog() -> Response:
        asked = searching.Search.of(node.settings.did, dict(request.args.lists()))
        with node.db.reading() as session:
            lost = searching.unreadable(session)
        return reply({**_search(node, asked), "unreadable": lost})

    return routes


def _decision() -> tuple[str, str, str]:
    """Read whom a decision is about, why it is made, and the digest of what was seen."""
    fields = Fields(json_object(), known=("did", "seen", "reason"))
    return fields.did("did"), fields.text("reason"), fields.text("seen", longest=80)


def _newest(node: Node, caller: Caller, have: str) -> dict[str, Any]:
    with node.db.reading() as session:
        row = session.get(StatusDocumentRow, node.settings.did)
        awaited = pushes.awaits(session, caller.did)
    serial = row.serial if row else 0
    held = int(have) if have.isascii() and have.isdigit() and len(have) < 17 else 0
    if awaited and held:
        with node.db.transaction() as tx:
            caller.consume(tx)
            pushes.holds(tx, caller.did, min(held, serial))
    if row is None or held == serial:
        return {"serial": serial}
    return {"serial": serial, "status": row.jws}


def _search(node: Node, asked: searching.Search) -> dict[str, Any]:
    with node.db.reading() as session:
        return searching.search(
            session, asked, space=node.settings.space, now=unix(node.clock.now())
        )
