"""The owner's own API of the protocol: catalogues, negotiations, agreements, transfers, explain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import select

from connector.areas.dsp import (
    actions,
    agreements,
    ended,
    naming,
    operations,
    problems,
    recovery,
    store,
)
from connector.areas.dsp import peer_catalog as remote
from connector.areas.dsp.context import QUESTION_FORMAT, Dsp
from connector.areas.dsp.explain import explain
from connector.areas.dsp.offered import offered
from connector.areas.dsp.rows import SignatureRow
from connector.areas.dsp.views import agreement_shown, named, shown, when
from connector.party.web import language
from connector.process.errors import BadRequest, NotFound
from connector.process.lists import each
from contracts.errors import MalformedMessageError
from contracts.messages.terms import DATA_ADDRESS
from contracts.negotiation import OFFERED
from contracts.signatures import STAGES
from crypto.record_errors import wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.areas.dsp.processes import ProcessRecord
    from connector.areas.dsp.records import Cause, Opening, Wish
    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run

_ORDER: Final[Mapping[str, int]] = {stage: place for place, stage in enumerate(STAGES)}


def _catalog(node: Node, call: Call) -> dict[str, Any]:
    return remote.catalog(node, call.body.provider).to_json(language())


def _explain(node: Node, call: Call) -> dict[str, Any]:
    with node.db.reading() as session:
        found = explain(session, call.path["pid"], call.query.lang)
    # a peer's turn that never comes may be because nobody finds us
    return {**found, "reach": node.presence.warned(call.query.lang)}


# --- negotiations ---------------------------------------------------------------------------


def _negotiate(node: Node, call: Call) -> dict[str, Any]:
    wish: Wish = call.body
    if wish.policy is not None and not isinstance(name := wish.policy.get("@id"), str):
        raise wrong("/policy/@id", name, problems.OFFER_ID)
    pid = actions.negotiate(
        node.services[Dsp], wish.provider, wish.dataset, wish.offer or None, wish.policy
    )
    return _process(node, call, "negotiation", pid)


def _negotiations(node: Node, _call: Call) -> dict[str, Any]:
    with node.db.reading() as session:
        rows = store.newest(session, "negotiation")
    return {"negotiations": each(rows, _listed, named, language())}


def _accept(node: Node, call: Call) -> dict[str, Any]:
    pid = call.path["pid"]
    actions.accept(node.services[Dsp], pid, call.body.terms)
    return _process(node, call, "negotiation", pid)


def _terminate(node: Node, call: Call) -> dict[str, Any]:
    pid, (code, reason) = call.path["pid"], _why(call)
    actions.terminate(node.services[Dsp], pid, code=code, reason=reason)
    return _process(node, call, "negotiation", pid)


# --- agreements -----------------------------------------------------------------------------


def _agreements(node: Node, _call: Call) -> dict[str, Any]:
    with node.db.reading() as session:
        found = agreements.newest(session)
    return {"agreements": [agreement_shown(item, node.clock.now(), language()) for item in found]}


def _agreement(node: Node, call: Call) -> dict[str, Any]:
    agreement_id = call.path["agreement_id"]
    with node.db.reading() as session:
        found = naming.named(session, agreement_id)
        if found is None:
            raise NotFound(problems.AGREEMENT_MISSING, agreement=agreement_id[:200])
        query = select(SignatureRow).where(SignatureRow.negotiation == found.negotiation)
        rows = sorted(session.exec(query).all(), key=lambda row: _ORDER[row.stage])
        transfers = each(
            store.open_transfers(session, found),
            lambda row: _shown_to(call, row),
            named,
            language(),
        )
    stages = [
        {"stage": row.stage, "signer": row.signer, "signed": when(row.signed_ms), "jws": row.jws}
        for row in rows
    ]
    full = {**agreement_shown(found, node.clock.now(), language()), "body": found.body}
    return {**full, "stages": stages, "transfers": transfers}


def _end(node: Node, call: Call) -> dict[str, Any]:
    agreement_id, (code, reason) = call.path["agreement_id"], _why(call)
    told = ended.end(node.services[Dsp], agreement_id, code=code, reason=reason)
    with node.db.reading() as session:
        found = naming.named(session, agreement_id)
    assert found is not None, "it was found a moment ago"
    return {**agreement_shown(found, node.clock.now(), language()), "told": told}


def _recover(node: Node, call: Call) -> dict[str, Any]:
    return recovery.recover(node.services[Dsp], call.body.provider, language())


# --- transfers ------------------------------------------------------------------------------


def _open(node: Node, call: Call) -> dict[str, Any]:
    asked: Opening = call.body
    if asked.data_address is not None:
        _check_address(asked.data_address)
    pid = actions.open_transfer(
        node.services[Dsp], asked.agreement, asked.format or QUESTION_FORMAT, asked.data_address
    )
    return _process(node, call, "transfer", pid)


def _transfers(node: Node, call: Call) -> dict[str, Any]:
    with node.db.reading() as session:
        rows = store.newest(session, "transfer")
    return {"transfers": each(rows, lambda row: _shown_to(call, row), named, language())}


def _steering(verb: actions.Verb) -> Run:
    def steer(node: Node, call: Call) -> dict[str, Any]:
        pid, (code, reason) = call.path["pid"], _why(call)
        actions.steer(node.services[Dsp], pid, verb, code=code, reason=reason)
        return _process(node, call, "transfer", pid)

    return steer


def _one(kind: store.Kind) -> Callable[[Node, Call], dict[str, Any]]:
    return lambda node, call: _process(node, call, kind, call.path["pid"])


def _listed(row: ProcessRecord) -> dict[str, Any]:
    """Show a negotiation in a list; of an offer that waits for us, whether it is as we asked."""
    found = shown(row)
    waits = row.role == "consumer" and row.state == OFFERED
    if waits and (offer := offered(row)) is not None:
        found["offerDiffers"] = offer["differs"]
    return found


def _shown_to(call: Call, row: ProcessRecord) -> dict[str, Any]:
    """Show a process; where its data is may open it, which is for those alone who may use it."""
    found = shown(row)
    if "dataAddress" in found and not call.actor.roles & operations.STEWARD:
        found["dataAddress"] = None
    return found


def _process(node: Node, call: Call, kind: store.Kind, pid: str) -> dict[str, Any]:
    with node.db.reading() as session:
        row = store.own(session, kind, pid)
        signatures = agreements.signatures_of(session, row)
        offer = offered(row, language())
    more: dict[str, Any] = {"signatures": signatures} if signatures is not None else {}
    if offer is not None:
        more["offer"] = offer
    return {**_shown_to(call, row), **more}


def _check_address(value: Mapping[str, Any]) -> None:
    """Look at where a push goes, as DSP writes it."""
    try:
        DATA_ADDRESS(value, "/dataAddress")
    except MalformedMessageError as error:
        wrong = BadRequest.of(error)
        wrong.problem = replace(error.problem, code="field-wrong")
        raise wrong.advise(problems.SEE_API) from error


def _why(call: Call) -> tuple[str, tuple[Any, ...]]:
    """Read why something stops: one text is a list of one."""
    cause: Cause = call.body
    reason = cause.reason
    if isinstance(reason, str):
        reason = (reason,) if reason else ()
    ended.check_why(cause.code, reason)
    return cause.code, reason


# what an owner can do with the protocol
OPERATIONS: Final[Mapping[Operation, Run]] = {
    operations.CATALOG: _catalog,
    operations.NEGOTIATE: _negotiate,
    operations.NEGOTIATIONS: _negotiations,
    operations.NEGOTIATION: _one("negotiation"),
    operations.ACCEPT: _accept,
    operations.TERMINATE: _terminate,
    operations.AGREEMENTS: _agreements,
    operations.AGREEMENT: _agreement,
    operations.END: _end,
    operations.RECOVER: _recover,
    operations.TRANSFER: _open,
    operations.TRANSFERS: _transfers,
    operations.ONE_TRANSFER: _one("transfer"),
    operations.SUSPEND: _steering("suspend"),
    operations.RESUME: _steering("resume"),
    operations.COMPLETE: _steering("complete"),
    operations.STOP: _steering("terminate"),
    operations.EXPLAIN: _explain,
}
