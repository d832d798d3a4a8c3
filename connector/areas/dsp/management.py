"""The owner's own API of the protocol: catalogues, negotiations, agreements, transfers, explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request
from sqlmodel import select

from connector.areas.dsp import actions, agreements, ended, recovery, store
from connector.areas.dsp import peer_catalog as remote
from connector.areas.dsp.context import QUESTION_FORMAT
from connector.areas.dsp.explain import explain
from connector.areas.dsp.offered import offered
from connector.areas.dsp.rows import SignatureRow
from connector.areas.dsp.views import agreement_shown, named, shown, when
from connector.party.web import json_object, reply
from connector.process.errors import BadRequest, NotFound
from connector.process.lists import each
from contracts.errors import MalformedMessageError
from contracts.messages.terms import DATA_ADDRESS
from contracts.negotiation import OFFERED
from contracts.signatures import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.explain_words import Tongue
    from connector.areas.dsp.processes import ProcessRecord


_ORDER: Final[Mapping[str, int]] = {stage: place for place, stage in enumerate(STAGES)}


def routes_of(dsp: Dsp) -> Blueprint:
    """Routes below ``/v1`` of the management listener."""
    routes = Blueprint("dsp_management", __name__, url_prefix="/v1")
    _add_catalogue(routes, dsp)
    _add_negotiations(routes, dsp)
    _add_agreements(routes, dsp)
    _add_transfers(routes, dsp)

    @routes.get("/explain/<pid>")
    def explained(pid: str) -> Response:
        tongue: Tongue = "zh" if request.args.get("lang") == "zh" else "en"
        with dsp.node.db.reading() as session:
            found = explain(session, pid, tongue)
        # a peer's turn that never comes may be because nobody finds us
        return reply({**found, "reach": dsp.node.presence.warning})

    return routes


def _add_catalogue(routes: Blueprint, dsp: Dsp) -> None:
    @routes.post("/catalog")
    def catalog() -> Response:
        provider = text_of(json_object(), "provider")
        return reply(remote.catalog(dsp.node, provider).to_json())


def _add_negotiations(routes: Blueprint, dsp: Dsp) -> None:
    @routes.post("/negotiations")
    def negotiate() -> Response:
        body = json_object()
        pid = actions.negotiate(
            dsp,
            text_of(body, "provider"),
            text_of(body, "dataset"),
            text_of(body, "offer", optional=True) or None,
            _policy(body.get("policy")),
        )
        return _process(dsp, "negotiation", pid, 201)

    @routes.get("/negotiations")
    def negotiations() -> Response:
        with dsp.node.db.reading() as session:
            rows = store.newest(session, "negotiation")
        return reply({"negotiations": each(rows, _listed, named)})

    @routes.get("/negotiations/<pid>")
    def negotiation(pid: str) -> Response:
        return _process(dsp, "negotiation", pid)

    @routes.post("/negotiations/<pid>/accept")
    def accept(pid: str) -> Response:
        body = json_object() if request.content_length else {}
        actions.accept(dsp, pid, text_of(body, "terms", optional=True))
        return _process(dsp, "negotiation", pid)

    @routes.post("/negotiations/<pid>/terminate")
    def terminate(pid: str) -> Response:
        code, reason = _why()
        actions.terminate(dsp, pid, code=code, reason=reason)
        return _process(dsp, "negotiation", pid)


def _add_agreements(routes: Blueprint, dsp: Dsp) -> None:
    @routes.get("/agreements")
    def listed() -> Response:
        with dsp.node.db.reading() as session:
            found = agreements.newest(session)
        return reply(
            {"agreements": [agreement_shown(item, dsp.node.clock.now()) for item in found]}
        )

    @routes.get("/agreements/<path:agreement_id>")
    def one_agreement(agreement_id: str) -> Response:
        with dsp.node.db.reading() as session:
            found = agreements.find(session, agreement_id)
            if found is None:
                raise NotFound(
                    f"no agreement `{agreement_id[:200]}`",
                    code="agreement-missing",
                    next_step="see `voile agreements`",
                )
            query = select(SignatureRow).where(SignatureRow.negotiation == found.negotiation)
            rows = sorted(session.exec(query).all(), key=lambda row: _ORDER[row.stage])
            transfers = each(store.open_transfers(session, found), shown, named)
        stages = [
            {
                "stage": row.stage,
                "signer": row.signer,
                "signed": when(row.signed_ms),
                "jws": row.jws,
            }
            for row in rows
        ]
        full = {**agreement_shown(found, dsp.node.clock.now()), "body": found.body}
        return reply({**full, "stages": stages, "transfers": transfers})

    @routes.post("/agreements/<path:agreement_id>/end")
    def end_agreement(agreement_id: str) -> Response:
        code, reason = _why()
        ended.check_why(code, reason)
        told = ended.end(dsp, agreement_id, code=code, reason=reason)
        with dsp.node.db.reading() as session:
            found = agreements.find(session, agreement_id)
        assert found is not None, "it was found a moment ago"
        return reply({**agreement_shown(found, dsp.node.clock.now()), "told": told})

    @routes.post("/agreements/recover")
    def recover() -> Response:
        return reply(recovery.recover(dsp, text_of(json_object(), "provider")))


def _add_transfers(routes: Blueprint, dsp: Dsp) -> None:
    @routes.post("/transfers")
    def open_transfer() -> Response:
        body = json_object()
        wanted = text_of(body, "format", optional=True) or QUESTION_FORMAT
        address = _data_address(body.get("dataAddress"))
        pid = actions.open_transfer(dsp, text_of(body, "agreement"), wanted, address)
        return _process(dsp, "transfer", pid, 201)

    @routes.get("/transfers")
    def transfers() -> Response:
        with dsp.node.db.reading() as session:
            rows = store.newest(session, "transfer")
        return reply({"transfers": each(rows, shown, named)})

    @routes.get("/transfers/<pid>")
    def transfer(pid: str) -> Response:
        return _process(dsp, "transfer", pid)

    @routes.post("/transfers/<pid>/<verb>")
    def steer(pid: str, verb: str) -> Response:
        code, reason = _why()
        actions.steer(dsp, pid, verb, code=code, reason=reason)
        return _process(dsp, "transfer", pid)


def _listed(row: ProcessRecord) -> dict[str, Any]:
    """Show a negotiation in a list; of an offer that waits for us, whether it is as we asked."""
    found = shown(row)
    waits = row.role == "consumer" and row.state == OFFERED
    if waits and (offer := offered(row)) is not None:
        found["offerDiffers"] = offer["differs"]
    return found


def _process(dsp: Dsp, kind: store.Kind, pid: str, status: int = 200) -> Response:
    with dsp.node.db.reading() as session:
        row = store.own(session, kind, pid)
        signatures = agreements.signatures_of(session, row)
        offer = offered(row)
    more: dict[str, Any] = {"signatures": signatures} if signatures is not None else {}
    if offer is not None:
        more["offer"] = offer
    return reply({**shown(row), **more}, status)


def _policy(value: Any) -> Mapping[str, Any] | None:
    """Read an offer as a catalogue shows it; what it says is looked at before it is sent."""
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("@id"), str):
        raise BadRequest(
            "`/policy`: expected an offer with its `@id`, as the catalogue shows it",
            code="field-wrong",
            next_step="leave it out: the provider is asked for its offers then",
            field="policy",
        )
    found: Mapping[str, Any] = value
    return found


def _data_address(value: Any) -> Mapping[str, Any] | None:
    """Read where a push goes, as DSP writes it."""
    if value is None:
        return None
    try:
        DATA_ADDRESS(value, "/dataAddress")
    except MalformedMessageError as error:
        raise BadRequest(
            error.message, code="field-wrong", next_step="see docs/api.md", field="dataAddress"
        ) from error
    found: Mapping[str, Any] = value
    return found


def text_of(body: dict[str, Any], key: str, *, optional: bool = False) -> str:
    """Read one text of a body.

    Raises:
        BadRequest: It is missing or no text.
    """
    value = body.get(key, "" if optional else None)
    if not isinstance(value, str) or (not value and not optional):
        raise BadRequest(
            f"`{key}`: expected a text, got {'nothing' if value is None else 'something else'}",
            code="field-wrong",
            next_step="see docs/api.md",
            field=key,
        )
    return value


def _why() -> tuple[str, list[Any]]:
    body = json_object() if request.content_length else {}
    reason = body.get("reason", [])
    if isinstance(reason, str):
        reason = [reason] if reason else []
    if not isinstance(reason, list):
        raise BadRequest("`reason`: expected a text or a list", code="field-wrong", field="reason")
    return text_of(body, "code", optional=True), reason
