"""Why a process stands where it stands: whose turn it is, what was tried, what helps.

Spec: voile design security.md §4.6. Everything is read from rows; nothing is guessed.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import select

from connector.areas.dsp import agreements, objections, problems, processes
from connector.areas.dsp.context import TABLES
from connector.areas.dsp.explain_words import Tongue, meaning, step
from connector.areas.dsp.offered import offered
from connector.areas.dsp.store import process_of
from connector.process.errors import NotFound
from connector.store.outbox_rows import PARKED, WAITING, OutboxRow
from contracts import negotiation, transfer
from contracts.machine import TERMINATION, other
from policies.phrases import known, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from connector.areas.dsp.processes import ProcessRecord
    from contracts.machine import Process

EXISTS: Final = "agreement.exists"  # what a provider says to whoever asks for an offer again


def explain(session: Session, pid: str, tongue: Tongue = "en") -> dict[str, Any]:
    """Explain one negotiation or transfer.

    Args:
        session: Any session.
        pid: Our pid.
        tongue: Language of `meaning` and `next`.

    Raises:
        NotFound: There is none with this pid of ours.
    """
    row = processes.get(session, pid)
    if row is None:
        raise NotFound(problems.PROCESS_MISSING, pid=pid[:200])
    message = _message(session, row)
    status = _status(row, message)
    return {
        "pid": row.pid,
        "kind": row.kind,
        "role": row.role,
        "counterparty": row.counterparty,
        "state": row.state or "OPENING",
        "status": status,
        "meaning": meaning("agreed" if _agreed(row) else status, tongue),
        "turn": _turn(row, status),
        "mayArrive": list(_legal(row, other(process_of(row).role))),
        "maySend": list(_legal(row, process_of(row).role)),
        "message": _described(message),
        "trouble": row.trouble,
        "refused": objections.of_process(session, row),
        "peerState": _peer_said(row),
        "offer": offered(row, tongue) if row.state == negotiation.OFFERED else None,
        "ended": _ended(row),
        "next": _next(session, row, status, message, tongue),
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
    return standing_of(row)


def standing_of(row: ProcessRecord) -> str:
    """Say how a process stands that is not over, apart from what became of our last message."""
    process = process_of(row)
    if row.state == transfer.STARTED:
        return "running"
    if row.state == transfer.SUSPENDED and process.paused_by:
        return _paused(process)
    theirs = [e for e in _legal(row, other(process.role)) if e != TERMINATION]
    return "peer" if theirs else "ours"


def _paused(process: Process) -> str:
    """Say whose pause it is: the provider's is its own to lift, whoever else has paused, too."""
    first = "provider" if "provider" in process.paused_by else "consumer"
    return "paused" if first == process.role else "held"


def _agreed(row: ProcessRecord) -> bool:
    return row.state == negotiation.FINALIZED and bool(row.agreement)


def _turn(row: ProcessRecord, status: str) -> str:
    match status:
        case "ended" | "running":
            return ""
        case "parked" | "ours" | "paused":
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


def _peer_said(row: ProcessRecord) -> dict[str, Any] | None:
    """Give what the peer said of its state when it was asked last; None if it was not."""
    if not row.peer_said_ms:
        return None
    return {"said": row.peer_said, "askedMs": row.peer_said_ms}


def _next(
    session: Session,
    row: ProcessRecord,
    status: str,
    message: OutboxRow | None,
    tongue: Tongue,
) -> str:
    of_transfer = row.kind == "transfer"
    end = f"voile transfer terminate {row.pid}" if of_transfer else f"voile terminate {row.pid}"
    say = partial(
        step,
        tongue=tongue,
        pid=row.pid,
        peer=row.counterparty,
        end=end,
        pause=f"voile transfer suspend {row.pid}",
        outbox=str(message.id) if message is not None else "",
        contract=row.pid,  # a command to copy has nothing in it that a peer chose
        agreement=missing_agreement(session, row),
    )
    match status:
        case "ended" if _agreed(row):
            return say("agreed")
        case "ended":
            return say("recover") if missing_agreement(session, row) else _told(row, say, tongue)
        case "parked" | "running":
            return say(status)
        case "retrying" if message is not None and message.last_status is None:
            return say("silent")
        case "retrying" | "sending" | "peer" | "held":
            return say("wait")
        case "paused":
            return say("resume")
        case _ if row.state == negotiation.OFFERED:
            return say("offer")
        case _:
            return say("answer")


def _told(row: ProcessRecord, say: Callable[[str], str], tongue: Tongue) -> str:
    """Give the next step that the end's own reason names; to start anew where it names none."""
    for reason in json.loads(row.ended_reason) if row.ended_reason else []:
        code = reason.get("next") if isinstance(reason, dict) else None
        if isinstance(code, str) and known(code):
            return render(code, tongue)
    return say("ended")


def missing_agreement(session: Session, row: ProcessRecord) -> str:
    """Name the agreement that our provider says exists, where we do not have it; else nothing.

    It turns down a second negotiation about an offer that is good for a number of answers. Who
    knows nothing of the first was restored from a backup that is older.
    """
    if row.role != "consumer" or row.ended_by != row.counterparty or not row.ended_reason:
        return ""
    for reason in json.loads(row.ended_reason):
        if isinstance(reason, dict) and reason.get("code") == EXISTS:
            given = reason.get("given")
            if isinstance(given, str) and not agreements.exists(
                session, given, counterparty=row.counterparty
            ):
                return given if given.isprintable() else ""
    return ""
