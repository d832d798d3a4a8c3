"""The protocol's own endpoints, provider and consumer: one path, whichever role the process has.

Spec: voile design dsp.md §2. A view authenticates, parses and hands on; it branches on no state.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from flask import Blueprint, Response, request
from sqlmodel import select

from connector.areas.dsp import (
    agreements,
    ended,
    inbound,
    objections,
    own_catalog,
    problems,
    recovery,
    wire,
)
from connector.areas.dsp import replies as answers
from connector.areas.dsp.catalog_cache import Listing
from connector.areas.dsp.outbound import Why
from connector.areas.dsp.rows import SignatureRow
from connector.areas.dsp.store import of_peer
from connector.identity.auth import authenticate
from connector.party.web import body_cap, json_object, reply
from connector.process.errors import NotFound, VoileError
from contracts import messages as m
from contracts import versions
from crypto.record_texts import Name200
from crypto.records import Size, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.store import Kind
    from contracts.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    """Why a peer ended an agreement; of its reasons, `ended` says more."""

    code: Name200
    reason: Annotated[tuple[Any, ...], Size(0, 100)]


# path below the base, protocol, the one message that may come
POSTS: Final[tuple[tuple[str, Kind, type[Message]], ...]] = (
    ("/negotiations/request", "negotiation", m.ContractRequestMessage),
    ("/negotiations/offers", "negotiation", m.ContractOfferMessage),
    ("/negotiations/<pid>/request", "negotiation", m.ContractRequestMessage),
    ("/negotiations/<pid>/offers", "negotiation", m.ContractOfferMessage),
    ("/negotiations/<pid>/agreement", "negotiation", m.ContractAgreementMessage),
    (
        "/negotiations/<pid>/agreement/verification",
        "negotiation",
        m.ContractAgreementVerificationMessage,
    ),
    ("/negotiations/<pid>/events", "negotiation", m.ContractNegotiationEventMessage),
    ("/negotiations/<pid>/termination", "negotiation", m.ContractNegotiationTerminationMessage),
    ("/transfers/request", "transfer", m.TransferRequestMessage),
    ("/transfers/<pid>/start", "transfer", m.TransferStartMessage),
    ("/transfers/<pid>/completion", "transfer", m.TransferCompletionMessage),
    ("/transfers/<pid>/suspension", "transfer", m.TransferSuspensionMessage),
    ("/transfers/<pid>/termination", "transfer", m.TransferTerminationMessage),
)
GETS: Final[tuple[tuple[str, Kind], ...]] = (
    ("/negotiations/<pid>", "negotiation"),
    ("/transfers/<pid>", "transfer"),
)


def routes_of(dsp: Dsp) -> Blueprint:
    """Routes of the protocol for whatever shelf, gate and reactions it was given."""
    routes = Blueprint("dsp", __name__)
    routes.register_error_handler(VoileError, lambda error: wire.error_answer(dsp.node, error))
    for path, kind, expected in POSTS:
        name = expected.__name__ + ("" if "<pid>" in path else "_opening")
        view = _posting(dsp, kind, expected)
        routes.add_url_rule(versions.PATH + path, name, view, methods=["POST"])
    for path, kind in GETS:
        routes.add_url_rule(versions.PATH + path, f"{kind}_state", _state(dsp, kind))
    _add_catalogue(routes, dsp)
    _add_signatures(routes, dsp)
    return routes


def _posting(dsp: Dsp, kind: Kind, expected: type[Message]) -> Callable[..., Response]:
    def view(pid: str | None = None) -> Response:
        caller = authenticate(dsp.node)
        message = None
        try:
            message = m.parse(request.get_data(cache=True), expected)
            answer = inbound.take(dsp, caller, kind, pid, message, dict(request.headers))
        except VoileError as error:
            status = wire.status_of(error, kind)
            name = expected.__name__
            objections.note(dsp, caller, kind, pid, message, name, error, status)
            raise
        return Response(answer.body, status=answer.status, mimetype="application/json")

    return view


def _state(dsp: Dsp, kind: Kind) -> Callable[[str], Response]:
    def view(pid: str) -> Response:
        caller = authenticate(dsp.node)
        with dsp.node.db.reading() as session:
            row = of_peer(session, kind, pid, peer=caller.did)
        if row is None:
            raise answers.unknown(kind)
        return wire.reply(answers.state_object(row))

    return view


def _add_catalogue(routes: Blueprint, dsp: Dsp) -> None:
    listing = Listing(dsp)

    @routes.get("/.well-known/dspace-version")
    def versions_document() -> Response:
        return reply(versions.DOCUMENT)

    @routes.post(versions.PATH + "/catalog/request")
    def catalog_request() -> Response:
        caller = authenticate(dsp.node)
        message = m.parse(request.get_data(cache=True), m.CatalogRequestMessage)
        return own_catalog.answer(dsp, listing, caller.did, message)

    @routes.get(versions.PATH + "/catalog/datasets/<path:dataset_id>")
    def dataset(dataset_id: str) -> Response:
        return own_catalog.one(dsp, authenticate(dsp.node).did, dataset_id)


def _add_signatures(routes: Blueprint, dsp: Dsp) -> None:
    @routes.get("/voile/v1/agreements")
    def own_agreements() -> Response:
        caller = authenticate(dsp.node)
        return reply(recovery.shown_to(dsp, caller.did, request.args.get("after", "")))

    @routes.post("/voile/v1/agreements/<path:agreement_id>/end")
    @body_cap(ended.MAX_BODY)
    def ended_there(agreement_id: str) -> Response:
        caller = authenticate(dsp.node)
        told = read(_Ending, json_object())
        why = Why(code=told.code, reason=told.reason)
        found = ended.heard(dsp, caller, agreement_id, why)
        return reply({"agreement": found.id, "ended": True})

    @routes.get("/voile/v1/agreements/<path:agreement_id>/signatures")
    def signatures(agreement_id: str) -> Response:
        caller = authenticate(dsp.node)
        with dsp.node.db.reading() as session:
            found = agreements.find(session, agreement_id, counterparty=caller.did)
            if found is None:
                raise NotFound(problems.NO_AGREEMENT)
            query = select(SignatureRow).where(SignatureRow.negotiation == found.negotiation)
            rows = session.exec(query).all()
        stages = {row.stage: {"jws": row.jws, "jwk": json.loads(row.jwk)} for row in rows}
        return reply({"agreement": found.id, "signatures": found.signatures, "stages": stages})
