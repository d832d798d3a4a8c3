"""How the kit makes us its consumer: two calls that say whom to ask for what.

Spec: voile design dsp.md §6. Plain JSON, answered once our request is in the outbox. Each call
opens a process of its own, even where an earlier one was left open: cases may be run again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connector.areas.dsp import agreements, evidence, outbound, processes
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.processes import ProcessRecord
from connector.identity.auth import authenticate
from connector.party.web import json_object, reply
from connector.process.errors import BadRequest, MalformedError, NotFound
from connector.process.ports import unix_ms
from contracts import negotiation, transfer, versions
from contracts.agreements import message_offer
from crypto.url import read_url
from tests.tck.profile.identity import KIT
from tests.tck.profile.shelf import USE

if TYPE_CHECKING:
    from flask import Blueprint, Response

    from connector.areas.dsp.context import Dsp
    from connector.store.transaction import Transaction


def add_routes(routes: Blueprint, dsp: Dsp) -> None:
    """Add the two calls, and the version document where the kit looks for it."""

    @routes.post("/tck/negotiations")
    def negotiate() -> Response:
        caller = authenticate(dsp.node)
        told = _told("providerId", "connectorAddress", "offerId", "datasetId")
        with dsp.node.db.transaction() as tx:
            caller.consume(tx)
            offer = message_offer(
                {"@id": told["offerId"], "permission": list(USE)}, dataset_id=told["datasetId"]
            )
            row = _row(dsp, tx, "negotiation", told, dataset=told["datasetId"])
            row.offer = json.dumps(offer)
            tx.session.flush()
            evidence.draw_process_key(dsp, tx, row.pid)
            outbound.propose(dsp, tx, row, negotiation.REQUEST)
        return reply({"pid": row.pid})

    @routes.post("/tck/transfers")
    def pull() -> Response:
        caller = authenticate(dsp.node)
        told = _told("providerId", "connectorAddress", "agreementId", "format")
        with dsp.node.db.transaction() as tx:
            caller.consume(tx)
            found = agreements.find(tx.session, told["agreementId"], counterparty=KIT.id)
            if found is None or found.role != "consumer":
                raise NotFound("no such agreement", code="agreement-missing")
            row = _row(dsp, tx, "transfer", told, dataset=found.dataset_id)
            row.agreement, row.format = found.id, told["format"]
            tx.session.flush()
            outbound.propose(dsp, tx, row, transfer.REQUEST)
        return reply({"pid": row.pid})

    @routes.get(versions.PATH.rsplit("/", 1)[0] + "/.well-known/dspace-version")
    def version_document() -> Response:
        """Answer below the base URL that the kit is told, so with a path that starts there."""
        path = "/" + versions.PATH.rsplit("/", 1)[1]
        listed = [{**item, "path": path} for item in versions.DOCUMENT["protocolVersions"]]
        return reply({"protocolVersions": listed})


def _told(*keys: str) -> dict[str, str]:
    """Read what the kit says.

    Raises:
        BadRequest: A key is missing, another party is named, or the address is no URL.
    """
    body: dict[str, Any] = json_object()
    for key in keys:
        if not isinstance(body.get(key), str) or not body[key]:
            raise BadRequest(f"`{key}`: expected a string", code="webhook-key", next_step="add it")
    if body["providerId"] != KIT.id:
        raise BadRequest(
            f"`providerId`: expected `{KIT.id}`, got `{body['providerId'][:100]}`",
            code="webhook-provider",
            next_step="this profile knows no other provider",
        )
    refused = BadRequest(
        f"`connectorAddress`: expected an http URL, got `{body['connectorAddress'][:100]}`",
        code="webhook-address",
        next_step="name the base URL of the kit's own endpoints",
    )
    try:
        address = read_url(body["connectorAddress"])
    except MalformedError as error:
        raise refused from error
    if address.scheme != "http" or address.query is not None or address.fragment is not None:
        raise refused
    return {key: body[key] for key in keys}


def _row(
    dsp: Dsp, tx: Transaction, kind: str, told: dict[str, str], *, dataset: str
) -> ProcessRecord:
    now = unix_ms(tx.now)
    row = ProcessRecord(
        pid=fresh_urn(dsp.node.entropy),
        kind=kind,
        role="consumer",
        counterparty=KIT.id,
        callback=told["connectorAddress"].rstrip("/"),
        dataset=dataset,
        created_ms=now,
        changed_ms=now,
    )
    processes.add(tx.session, row)
    return row
