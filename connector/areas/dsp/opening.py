"""A peer opens a negotiation or transfer: once per (peer, peer's pid), however often it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.dsp import agreement_use as agreed
from connector.areas.dsp import agreements, evidence, processes, store
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.outbound import CORRELATION_HEADER
from connector.areas.dsp.processes import ProcessRecord
from connector.process.errors import MalformedError, VoileError
from connector.process.ports import unix_ms
from contracts import messages as m
from contracts.errors import (
    IllegalMessageError,
    MalformedMessageError,
    NotYetError,
    UnacceptableTermsError,
)
from contracts.messages import Message, to_object
from crypto.b64 import unb64url
from crypto.canonical import digest
from crypto.url import read_url
from policies.odrl import parse_policy
from policies.profile import DATE_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.agreements import AgreementRecord
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.store import Kind
    from connector.identity.auth import Caller
    from connector.store.transaction import Transaction
    from contracts.machine import Role


def open_process(
    dsp: Dsp,
    tx: Transaction,
    caller: Caller,
    kind: Kind,
    message: Message,
    headers: Mapping[str, str],
) -> tuple[ProcessRecord, bool]:
    """Make the row of a process that a peer opens, or find the one it opened before.

    Returns:
        The row, and whether it is new.

    Raises:
        RemoteProtocolError: An unknown offer or agreement, a foreign callback, or the peer's pid is
            in use for something else.
    """
    role, peer_pid, callback = _opened_by(message)
    existing = store.by_peer_pid(tx.session, kind, role, peer=caller.did, peer_pid=peer_pid)
    opened = digest({key: v for key, v in to_object(message).items() if key != "@id"})
    if existing is not None:
        if existing.opened_digest != opened:
            raise IllegalMessageError(
                "this pid is in use for another content: expected the same message again",
                code=f"{kind}.pid-reused",
                next_step="draw a fresh pid for every process",
            )
        return existing, False
    row = ProcessRecord(
        pid=fresh_urn(dsp.node.entropy),
        kind=kind,
        role=role,
        counterparty=caller.did,
        peer_pid=peer_pid,
        callback=_callback(dsp, caller, callback),
        opened_digest=opened,
        created_ms=unix_ms(tx.now),
        changed_ms=unix_ms(tx.now),
    )
    if isinstance(message, m.TransferRequestMessage):
        _check_transfer(dsp, tx, row, message)
    elif isinstance(message, m.ContractRequestMessage):
        _check_offer(dsp, tx, row, message)
    processes.add(tx.session, row)
    if kind == "negotiation":
        evidence.draw_process_key(dsp, tx, row.pid, _given_key(headers, role))
    elif isinstance(message, m.TransferRequestMessage):
        dsp.plane_of(row).opened(dsp, tx, row, message.data_address)
    return row, True


def _opened_by(message: Message) -> tuple[Role, str, str]:
    match message:
        case m.ContractRequestMessage(callback_address=str(callback)):
            return "provider", message.consumer_pid, callback
        case m.ContractOfferMessage(callback_address=str(callback)):
            return "consumer", message.provider_pid, callback
        case m.TransferRequestMessage():
            return "provider", message.consumer_pid, message.callback_address
    raise MalformedMessageError(
        "`/callbackAddress`: expected this key, got nothing",
        code="message.no-callback",
        next_step="name where answers go; later messages go to the path with the pid",
        pointer="/callbackAddress",
    )


def _callback(dsp: Dsp, caller: Caller, url: str) -> str:
    refused = MalformedMessageError(
        "`/callbackAddress`: expected an https URL without query, fragment or user",
        code="message.callback-refused",
        next_step="use the public address of the connector",
        pointer="/callbackAddress",
    )
    try:
        found = read_url(url)
    except MalformedError as error:
        raise refused from error
    schemes = {"https", "http"} if dsp.node.settings.testing.loopback_http else {"https"}
    if found.scheme not in schemes or found.query is not None or found.fragment is not None:
        raise refused
    try:
        dsp.node.peers.check_origin(caller.did, url)
    except VoileError as error:
        raise MalformedMessageError(
            "`/callbackAddress`: expected an address that your DID document names",
            code="message.callback-foreign",
            next_step="list the service in your DID document",
            pointer="/callbackAddress",
        ) from error
    return url.rstrip("/")


def _check_offer(
    dsp: Dsp, tx: Transaction, row: ProcessRecord, message: m.ContractRequestMessage
) -> None:
    """An offer that is not for this peer is as unknown to it as one that does not exist.

    One whose time has not come or is over is no secret: it is opened, and ended with reasons.
    """
    offer = message.offer
    dataset = dsp.shelf.dataset(tx.session, offer["target"])
    published = next(
        (item for item in (dataset or {}).get("hasPolicy", ()) if item["@id"] == offer["@id"]), None
    )
    if published is not None:
        policy = parse_policy(published, kind="Offer")
        hidden = dsp.gate.reasons(
            tx.session, "catalogue", policy=policy, peer=row.counterparty, dataset=offer["target"]
        )
        if all(reason.operand == DATE_TIME for reason in hidden):
            return
    raise UnacceptableTermsError(
        "`/offer/@id`: expected an offer of our catalogue, got another",
        code="offer.unknown",
        next_step="fetch the catalogue and ask for an offer that stands in it",
        clause="offer",
    )


def _check_transfer(
    dsp: Dsp, tx: Transaction, row: ProcessRecord, message: m.TransferRequestMessage
) -> None:
    agreement = agreements.find(tx.session, message.agreement_id, counterparty=row.counterparty)
    if agreement is None or agreement.role != "provider" or agreement.finalized_at is None:
        raise UnacceptableTermsError(
            "`/agreementId`: expected an agreement between us that is in force, got another",
            code="transfer.agreement-unknown",
            next_step="negotiate an agreement first; `FINALIZED` is when it is in force",
            clause="agreementId",
        )
    if agreement.ended_at is not None:
        raise UnacceptableTermsError(
            f"`/agreementId`: this agreement has been ended by the {_who(agreement)}",
            code="agreement.ended",
            next_step="ask who ended it why, or negotiate another agreement",
            clause="agreementId",
        )
    if (held := agreed.holding(tx.session, agreement)) is not None:
        if agreed.passes(held):
            raise NotYetError(
                f"`/agreementId`: the completion of the transfer `{held.pid}` is under way",
                code="transfer.not-yet",
                next_step="send the same message again in a moment",
            )
        raise UnacceptableTermsError(
            f"`/agreementId`: the provider has suspended, or is ending, the transfer `{held.pid}`"
            " of this agreement",
            code="transfer.held",
            next_step="wait until the provider resumes it, or ask the provider",
            clause="agreementId",
        )
    plane = dsp.plane(message.format)
    if plane is None:
        raise UnacceptableTermsError(
            f"`/format`: expected one that the catalogue names, got `{message.format[:80]}`",
            code="transfer.format-unsupported",
            next_step="ask for a format that stands in the dataset's distributions",
            clause="format",
        )
    plane.check(dsp, tx.session, agreement, message.data_address)
    row.agreement = agreement.id
    row.dataset = agreement.dataset_id
    row.format = message.format


def _who(agreement: AgreementRecord) -> Role:
    return "consumer" if agreement.ended_by == agreement.counterparty else "provider"


def _given_key(headers: Mapping[str, str], role: Role) -> bytes | None:
    """Read the process key of a consumer's first request; a plain peer sends none."""
    text = headers.get(CORRELATION_HEADER, "") if role == "provider" else ""
    if not text:
        return None
    key = unb64url(text)
    if len(key) != store.PROCESS_KEY_BYTES:
        raise MalformedMessageError(
            f"`{CORRELATION_HEADER}`: expected {store.PROCESS_KEY_BYTES} bytes in base64url",
            code="message.process-key",
            next_step="draw a fresh key for every negotiation",
        )
    return key
