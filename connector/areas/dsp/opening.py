"""A peer opens a negotiation or transfer: once per (peer, peer's pid), however often it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.areas.dsp import agreement_use as agreed
from connector.areas.dsp import agreements, evidence, problems_messages, processes, store
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.outbound import CORRELATION_HEADER
from connector.areas.dsp.processes import ProcessRecord
from connector.process.errors import MalformedError, VoileError
from connector.process.ports import unix_ms
from contracts import messages as m
from contracts import problems as process_problems
from contracts import problems_keys, problems_transfers
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
                problems_messages.TRANSFER_PID_REUSED
                if kind == "transfer"
                else problems_messages.NEGOTIATION_PID_REUSED
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
    raise MalformedMessageError(problems_messages.NO_CALLBACK, pointer="/callbackAddress")


def _callback(dsp: Dsp, caller: Caller, url: str) -> str:
    refused = MalformedMessageError(problems_messages.CALLBACK_REFUSED, pointer="/callbackAddress")
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
            problems_messages.CALLBACK_FOREIGN, pointer="/callbackAddress"
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
        replace(problems_messages.OFFER_UNKNOWN, code="offer.unknown"), clause="offer"
    )


def _check_transfer(
    dsp: Dsp, tx: Transaction, row: ProcessRecord, message: m.TransferRequestMessage
) -> None:
    agreement = agreements.find(tx.session, message.agreement_id, counterparty=row.counterparty)
    if agreement is None or agreement.role != "provider" or agreement.finalized_at is None:
        raise UnacceptableTermsError(problems_messages.AGREEMENT_UNKNOWN, clause="agreementId")
    if agreement.ended_at is not None:
        raise UnacceptableTermsError(
            replace(problems_messages.AGREEMENT_IS_OVER, code="agreement.ended"),
            clause="agreementId",
            who=problems_messages.CONSUMER
            if _who(agreement) == "consumer"
            else problems_messages.PROVIDER,
        )
    if (held := agreed.holding(tx.session, agreement)) is not None:
        if agreed.passes(held):
            raise NotYetError(process_problems.TRANSFER_COMPLETING, pid=held.pid)
        raise UnacceptableTermsError(
            replace(problems_messages.TRANSFER_HELD, code="transfer.held"),
            clause="agreementId",
            pid=held.pid,
        )
    plane = dsp.plane(message.format)
    if plane is None:
        raise UnacceptableTermsError(
            problems_transfers.FORMAT_OFF_CATALOGUE, clause="format", format=message.format[:80]
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
            problems_keys.PROCESS_KEY, header=CORRELATION_HEADER, bytes=store.PROCESS_KEY_BYTES
        )
    return key
