"""Sending: a message of ours goes into flight, into the outbox and into the log at once.

Spec: voile design dsp.md §1, §2; security.md §4. The `@id` is drawn before the first attempt and
stays; our state changes when the peer has acknowledged.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from connector.areas.dsp import evidence, signing
from connector.areas.dsp.context import TABLES
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.store import keep, pids, process_of
from connector.process.actor import read_actor
from connector.store.outbox_rows import Outgoing
from contracts import machine, negotiation, transfer
from contracts import messages as m
from contracts.errors import LocalProtocolError
from contracts.machine import TERMINATION
from contracts.messages import Message, Pid
from crypto.b64 import b64url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction

CORRELATION_HEADER: Final = "Voile-Corr-Key"
RENEWAL_HEADER: Final = "Voile-Renewal"  # beside a Start that only brings a fresh data address

# kind, event -> path of the first message, path of a later one
_PATHS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("negotiation", negotiation.REQUEST): ("/request", "/{pid}/request"),
    ("negotiation", negotiation.OFFER): ("/offers", "/{pid}/offers"),
    ("negotiation", negotiation.ACCEPTED_EVENT): ("", "/{pid}/events"),
    ("negotiation", negotiation.AGREEMENT): ("", "/{pid}/agreement"),
    ("negotiation", negotiation.VERIFICATION): ("", "/{pid}/agreement/verification"),
    ("negotiation", negotiation.FINALIZED_EVENT): ("", "/{pid}/events"),
    ("negotiation", TERMINATION): ("", "/{pid}/termination"),
    ("transfer", transfer.REQUEST): ("/request", ""),
    ("transfer", transfer.START): ("", "/{pid}/start"),
    ("transfer", transfer.COMPLETION): ("", "/{pid}/completion"),
    ("transfer", transfer.SUSPENSION): ("", "/{pid}/suspension"),
    ("transfer", TERMINATION): ("", "/{pid}/termination"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The code and the reasons of a termination or suspension."""

    code: str = ""
    reason: tuple[Any, ...] = ()


def want(dsp: Dsp, tx: Transaction, row: ProcessRecord, event: str, why: Why | None = None) -> None:
    """Send our message now, or as soon as the one in flight has landed.

    Raises:
        LocalProtocolError: The machine does not allow it now and nothing is in flight.
    """
    if not row.flying_event:
        propose(dsp, tx, row, event, why)
        return
    if row.wanted and json.loads(row.wanted)["event"] == TERMINATION:
        return  # nothing comes after that
    given = why or Why()
    kept = {"event": event, "code": given.code, "reason": list(given.reason), "by": str(tx.actor)}
    row.wanted = json.dumps(kept)


def pursue(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Send what was wanted while something else was in flight, if it is still allowed."""
    if row.flying_event or not row.wanted:
        return
    wanted = json.loads(row.wanted)
    row.wanted = ""
    if (row.state, wanted["event"]) == (transfer.STARTED, transfer.START):
        row.paused_by = ""  # our owner took back a suspension before it had left
    process = process_of(row)
    if resumes_nothing(dsp, row, wanted["event"]):
        return
    if wanted["event"] in TABLES[row.kind].legal(process.state, process.role):
        why = Why(code=wanted["code"], reason=tuple(wanted["reason"]))
        before, tx.actor = tx.actor, read_actor(wanted.get("by", ""))  # whoever wanted it then
        try:
            with suppress(LocalProtocolError):  # what only the provider may lift, see `paused_by`
                propose(dsp, tx, row, wanted["event"], why)
        finally:
            tx.actor = before


def resumes_nothing(dsp: Dsp, row: ProcessRecord, event: str) -> bool:
    """Whether a Start would tell nobody anything: see rule 3 of the machine on renewing ones."""
    started = (row.kind, row.state, event) == ("transfer", transfer.STARTED, transfer.START)
    if not started or (row.role == "provider" and dsp.plane_of(row).renews(dsp, row)):
        return False
    wanted = json.loads(row.wanted)["event"] if row.wanted else ""
    return transfer.SUSPENSION not in {row.flying_event, wanted}


def propose(
    dsp: Dsp, tx: Transaction, row: ProcessRecord, event: str, why: Why | None = None
) -> None:
    """Put our message in flight.

    Raises:
        LocalProtocolError: The machine does not allow it now.
    """
    transition = machine.propose(TABLES[row.kind], process_of(row), event)
    message_id = fresh_urn(dsp.node.entropy)
    stage = signing.STAGE_OF.get(event)
    jws = signing.sign(dsp, tx, row, stage) if stage else ""
    message = _message(dsp, tx, row, event, message_id, why or Why())
    body, sealed = _sealed(dsp, tx, row, message)
    row.flying_message = message_id
    keep(tx, row, transition.process)
    if row.kind == "transfer":
        dsp.plane_of(row).moved(dsp, tx, row)
    tx.send(
        Outgoing(
            peer=row.counterparty,
            url=_url(row, event),
            body=body,
            kind=type(message).__name__,
            process=row.pid,
            message_id=message_id,
            headers=_headers(dsp, tx, row, event, jws),
            hold_ms=dsp.node.outbox.pace.hold_ms(row.counterparty),
            sealed=sealed,
        )
    )
    evidence.sent(tx, row, message, jws)


def _sealed(dsp: Dsp, tx: Transaction, row: ProcessRecord, message: Message) -> tuple[bytes, str]:
    """Encode a message; one whose address opens something lies sealed until it has landed."""
    body = m.encode(message)
    if not isinstance(message, m.TransferRequestMessage | m.TransferStartMessage):
        return body, ""
    if message.data_address is None or not dsp.plane_of(row).sealed:
        return body, ""
    name = evidence.sealed_name(message.id or "")
    dsp.node.secrets.put(tx, name, body)
    return m.encode(replace(message, data_address=None)), name


def _url(row: ProcessRecord, event: str) -> str:
    first, later = _PATHS[row.kind, event]
    path = first if row.peer_pid is None else later.format(pid=quote(row.peer_pid, safe=":"))
    return f"{row.callback.rstrip('/')}/{row.kind}s{path}"


def _headers(dsp: Dsp, tx: Transaction, row: ProcessRecord, event: str, jws: str) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if jws:
        headers[signing.HEADER] = jws
    if event == negotiation.REQUEST and row.peer_pid is None:
        headers[CORRELATION_HEADER] = b64url(evidence.process_key(dsp, tx, row))
    if (event, row.state) == (transfer.START, transfer.STARTED):
        headers[RENEWAL_HEADER] = "1"
    return headers


def _message(
    dsp: Dsp, tx: Transaction, row: ProcessRecord, event: str, message_id: str, why: Why
) -> Message:
    consumer, provider = (Pid(pid) for pid in pids(row))
    both: dict[str, Any] = {"id": message_id, "consumer_pid": consumer, "provider_pid": provider}
    coded: dict[str, Any] = {**both, "code": why.code or None, "reason": why.reason}
    opening = row.peer_pid is None
    match row.kind, event:
        case "negotiation", negotiation.REQUEST:
            return m.ContractRequestMessage(
                id=message_id,
                consumer_pid=consumer,
                provider_pid=None if opening else provider,
                callback_address=dsp.base if opening else None,
                offer=json.loads(row.offer),
            )
        case "negotiation", negotiation.OFFER:
            return m.ContractOfferMessage(
                id=message_id,
                provider_pid=provider,
                consumer_pid=None if opening else consumer,
                callback_address=dsp.base if opening else None,
                offer=json.loads(row.offer),
            )
        case "negotiation", negotiation.AGREEMENT:
            return m.ContractAgreementMessage(**both, agreement=signing.agreement_body(tx, row))
        case "negotiation", negotiation.VERIFICATION:
            return m.ContractAgreementVerificationMessage(**both)
        case "negotiation", negotiation.ACCEPTED_EVENT:
            return m.ContractNegotiationEventMessage(**both, event_type="ACCEPTED")
        case "negotiation", negotiation.FINALIZED_EVENT:
            return m.ContractNegotiationEventMessage(**both, event_type="FINALIZED")
        case "negotiation", _:
            return m.ContractNegotiationTerminationMessage(**coded)
        case "transfer", transfer.REQUEST:
            return m.TransferRequestMessage(
                id=message_id,
                consumer_pid=consumer,
                agreement_id=row.agreement,
                format=row.format,
                callback_address=dsp.base,
                data_address=dsp.plane_of(row).destination(dsp, tx, row),
            )
        case "transfer", transfer.START:
            given = dsp.plane_of(row).address(dsp, tx, row) if row.role == "provider" else None
            return m.TransferStartMessage(**both, data_address=given)
        case "transfer", transfer.COMPLETION:
            return m.TransferCompletionMessage(**both)
        case "transfer", transfer.SUSPENSION:
            return m.TransferSuspensionMessage(**coded)
        case _:
            return m.TransferTerminationMessage(**coded)
