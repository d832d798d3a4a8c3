"""A leaf for each message, in and out, with the mark by which two logs are laid side by side.

Spec: voile design evidence.md §3. A message of ours is a leaf when it is sent (nothing has changed
yet) and, with its `corr`, when the peer has taken it; one of the peer's when we have taken it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from connector.areas.dsp.rows import AgreementRow
from connector.areas.dsp.store import PROCESS_KEY_BYTES, pids, process_key_name
from connector.areas.dsp.tidying import KEEP_RECEIVED_MS
from connector.evidence import promises
from connector.process.errors import NotFound
from connector.process.ports import unix_ms
from connector.store.outbox_rows import OutboxRow, Queued
from connector.store.prepared import Prepared
from connector.store.rows import LogEntryRow
from contracts import transfer
from contracts.evidence import Entry, correlation, parse_leaf
from contracts.messages import Message, to_object
from contracts.signatures import jws_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from contracts.machine import Change

_BODY = Prepared(
    select(col(OutboxRow.body)).where(col(OutboxRow.message_id) == bindparam("message_id"))
)
_NEGOTIATION = Prepared(
    select(col(AgreementRow.negotiation)).where(
        col(AgreementRow.agreement) == bindparam("agreement"),
        col(AgreementRow.counterparty) == bindparam("counterparty"),
        col(AgreementRow.role) == bindparam("role"),
    )
)
_LEAVES = Prepared(
    select(col(LogEntryRow.entry)).where(col(LogEntryRow.process) == bindparam("process"))
)
_ADDRESSED = frozenset({transfer.REQUEST, transfer.START})  # what may carry a data address
_LEAF_KIND = {"negotiation": "NEGOTIATION", "transfer": "TRANSFER"}


def draw_process_key(dsp: Dsp, tx: Transaction, pid: str, given: bytes | None = None) -> None:
    """Keep the process key of a negotiation: the one given, or a fresh one."""
    key = given if given is not None else dsp.node.entropy(PROCESS_KEY_BYTES)
    dsp.node.secrets.put(tx, process_key_name(pid), key)
    tx.memo["process-key", pid] = key


def sent(tx: Transaction, row: ProcessRecord, message: Message, jws: str) -> None:
    """Say that a message of ours is on its way; no state has changed."""
    tx.append(
        _entry(
            row,
            source=row.state,
            target=row.state,
            msg=_msg("out", type(message).__name__, message.id or ""),
            sig=(jws_digest(jws),) if jws else (),
            detail={"sending": row.flying_event},
        )
    )


def applied(
    dsp: Dsp,
    tx: Transaction,
    row: ProcessRecord,
    change: Change,
    message: Message | None,
    sent: Queued | None,
    *,
    taken: bool = True,
) -> None:
    """Say that a message was applied.

    Args:
        dsp: The protocol.
        tx: The transaction of the change.
        row: The process, with the id of our message in flight still in it.
        change: What it changed.
        message: The peer's message; None where there was none, or where it was ours.
        sent: Our message in flight, if it is at hand.
        taken: Whether the peer took it, if it is ours: a termination counts without that.
    """
    body: Mapping[str, Any] | None = None
    direction = "in"
    ours = change.sender == row.role
    if ours:
        direction = "out"
        body = _our_body(dsp, tx, row, sent)
    elif message is not None:
        body = to_object(message)
    said = message is None and taken if ours else True
    _append(
        dsp,
        tx,
        _entry(
            row,
            source=change.source,
            target=change.target,
            msg=_msg(direction, str(body["@type"]), str(body.get("@id", ""))) if body else None,
            # what the peer's message only lets us conclude is marked when the peer has said it
            corr=_correlation(dsp, tx, row, body) if body and said else "",
            detail=_detail(change, body),
        ),
    )


def sealed_name(message_id: str) -> str:
    """Name the secret that holds a message of ours which opens something, until it has landed."""
    return f"dsp/message/{message_id}"


def _our_body(
    dsp: Dsp, tx: Transaction, row: ProcessRecord, sent: Queued | None
) -> dict[str, Any] | None:
    if row.kind == "transfer" and row.flying_event in _ADDRESSED and dsp.plane_of(row).sealed:
        with suppress(NotFound):  # it may have had no address
            sealed = dsp.node.secrets.get(sealed_name(row.flying_message), tx=tx)
            opened: dict[str, Any] = json.loads(sealed)
            return opened
    stored = sent.body if sent else _BODY.scalar(tx.session, message_id=row.flying_message)
    found: dict[str, Any] | None = json.loads(stored) if stored else None
    return found


def _correlation(dsp: Dsp, tx: Transaction, row: ProcessRecord, body: Mapping[str, Any]) -> str:
    return correlation(
        process_key(dsp, tx, row),
        consumer_pid=body.get("consumerPid", ""),
        provider_pid=body.get("providerPid", ""),
        message_type=body["@type"],
        message_id=body.get("@id", ""),
        body=body,
    )


def process_key(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> bytes:
    """Give the key of a process: its own, or for a transfer that of the agreement's negotiation."""
    pid = row.pid
    if row.kind == "transfer":
        pid = _NEGOTIATION.scalar(
            tx.session, agreement=row.agreement, counterparty=row.counterparty, role=row.role
        )
    known: bytes | None = tx.memo.get(("process-key", pid))
    if known is None:
        known = tx.memo["process-key", pid] = dsp.node.secrets.get(process_key_name(pid), tx=tx)
    return known


def confirmed(dsp: Dsp, tx: Transaction, row: ProcessRecord, sent: Queued) -> None:
    """Say that the peer has taken a message of ours that its own had overtaken.

    It has its leaf already where we had asked for its state meanwhile, which told us so, and where
    we have said it again to a peer that seemed to have forgotten it.
    """
    stored = dsp.node.secrets.get(sent.sealed, tx=tx) if sent.sealed else sent.body
    body: dict[str, Any] = json.loads(stored)
    corr = _correlation(dsp, tx, row, body)
    if _is_marked(tx, row, corr):
        promises.expect(tx, corr)
        return
    _append(
        dsp,
        tx,
        _entry(
            row,
            source=row.state,
            target=row.state,
            msg=_msg("out", str(body["@type"]), sent.message_id),
            corr=corr,
            detail={"confirmed": str(body["@type"]), "by": row.role},
        ),
    )


def repeated(dsp: Dsp, tx: Transaction, row: ProcessRecord, message: Message) -> None:
    """Say that we have answered a message of the peer that says nothing new and changes nothing.

    The peer marks it as taken, as it does any message that was answered so. One that comes when its
    answer is not kept any more, see `connector.areas.dsp.tidying`, may have its leaf already.
    """
    body = to_object(message)
    corr = _correlation(dsp, tx, row, body)
    if row.created_ms < unix_ms(tx.now) - KEEP_RECEIVED_MS and _is_marked(tx, row, corr):
        return
    _append(
        dsp,
        tx,
        _entry(
            row,
            source=row.state,
            target=row.state,
            msg=_msg("in", str(body["@type"]), message.id or ""),
            corr=corr,
            detail={"repeated": str(body["@type"])},
        ),
    )


def _append(dsp: Dsp, tx: Transaction, entry: Entry) -> None:
    """Append the leaf of a message: the peer's is promised to it, ours is promised to us."""
    if (entry.msg or {}).get("direction") == "in":
        promises.append(dsp.node, tx, entry)
        return
    tx.append(entry)
    if entry.corr:
        promises.expect(tx, entry.corr)


def _is_marked(tx: Transaction, row: ProcessRecord, corr: str) -> bool:
    leaves = _LEAVES.rows(tx.session, process=row.pid)
    return any(parse_leaf(bytes(leaf[0])).get("corr") == corr for leaf in leaves)


def _msg(direction: str, message_type: str, message_id: str) -> dict[str, str]:
    return {"direction": direction, "type": message_type, "id": message_id}


def _detail(change: Change, body: Mapping[str, Any] | None) -> dict[str, Any]:
    if body is None:
        return {"event": change.event, "by": change.sender}
    # an address may carry what opens the data: it is no business of an auditor
    shown = {key: value for key, value in body.items() if key != "dataAddress"}
    return {"event": change.event, "by": change.sender, "message": shown}


def _entry(row: ProcessRecord, *, source: str, target: str, **more: Any) -> Entry:
    consumer, provider = pids(row)
    return Entry(
        kind=_LEAF_KIND[row.kind],
        role=row.role,
        counterparty=row.counterparty,
        consumer_pid=consumer,
        provider_pid=provider,
        agreement=row.agreement,
        process=row.pid,
        from_state=source,
        to_state=target,
        **more,
    )
