"""Why a process stands where it stands: whose turn it is, what was tried, what helps.

Spec: voile design security.md §4.6. Everything is read from rows; nothing is guessed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import select

from connector.dsp import processes
from connector.dsp.context import TABLES
from connector.dsp.store import process_of
from connector.errors import NotFound
from connector.outbox.rows import PARKED, WAITING, OutboxRow
from contracts.machine import other

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.dsp.processes import ProcessRecord

_CODES: Final = {
    "ended": "nothing more happens here",
    "retrying": "the peer does not answer as it should; the message is sent again by itself",
    "parked": "the message was given up; repair the cause, then send it again",
    "sending": "our message is on its way",
    "peer": "it is the peer's turn",
    "ours": "it is our turn",
}


def explain(session: Session, pid: str) -> dict[str, Any]:
    """Explain one negotiation or transfer.

    Raises:
        NotFound: There is none with this pid of ours.
    """
    row = processes.get(session, pid)
    if row is None:
        raise NotFound(
            f"no negotiation or transfer `{pid[:200]}`",
            code="process-missing",
            next_step="see `voile negotiations` and `voile transfer list`",
        )
    message = _message(session, row)
    status = _status(row, message)
    return {
        "pid": row.pid,
        "kind": row.kind,
        "role": row.role,
        "counterparty": row.counterparty,
        "state": row.state or "OPENING",
        "status": status,
        "meaning": _CODES[status],
        "turn": _turn(row, status),
        "mayArrive": list(_legal(row, other(process_of(row).role))),
        "maySend": list(_legal(row, process_of(row).role)),
        "message": _described(message),
        "trouble": row.trouble,
        "ended": _ended(row),
        "next": _next(row, status, message),
    }


def _message(session: Session, row: ProcessRecord) -> OutboxRow | None:
    if not row.flying_message:
        return None
    query = select(OutboxRow).where(OutboxRow.message_id == row.flying_message)
    return session.exec(query).first()


def _status(row: ProcessRecord, message: OutboxRow | None) -> str:
    if row.state in TABLES[row.kind].final:
        return "ended"
    if message is not None:
        if message.state == PARKED:
            return "parked"
        return "retrying" if message.state == WAITING and message.attempts else "sending"
    process = process_of(row)
    theirs = [e for e in _legal(row, other(process.role)) if e != "Termination"]
    return "peer" if theirs else "ours"


def _turn(row: ProcessRecord, status: str) -> str:
    match status:
        case "ended":
            return ""
        case "parked" | "ours":
            return "us"
        case _:
            return row.counterparty


def _legal(row: ProcessRecord, role: Any) -> tuple[str, ...]:
    return TABLES[row.kind].legal(row.state, role)


def _described(message: OutboxRow | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "type": message.kind,
        "outbox": message.id,
        "state": message.state,
        "attempts": message.attempts,
        "lastStatus": message.last_status,
        "reason": message.reason,
        "nextTryMs": message.next_ms if message.state == WAITING else None,
    }


def _ended(row: ProcessRecord) -> dict[str, Any] | None:
    if not row.ended_by:
        return None
    reason = json.loads(row.ended_reason) if row.ended_reason else []
    return {"by": row.ended_by, "code": row.ended_code, "reason": reason}


def _next(row: ProcessRecord, status: str, message: OutboxRow | None) -> str:
    match status:
        case "parked" if message is not None:
            return f"`voile outbox retry {message.id}` once the cause is gone, or terminate"
        case "retrying" if message is not None and message.last_status is None:
            return "see whether the peer is up; nothing has to be done here"
        case "retrying" | "sending" | "peer":
            return f"wait, or ask {row.counterparty}; `voile terminate {row.pid}` ends it"
        case "ours" if row.kind == "transfer":
            return f"`voile transfer resume {row.pid}`, or terminate it"
        case "ours":
            return f"answer the peer, or `voile terminate {row.pid}`"
        case _:
            return "start a new one if you still want it"
