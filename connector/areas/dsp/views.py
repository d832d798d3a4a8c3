"""Processes and agreements as the owner's own API shows them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from connector.areas.dsp import store
from policies.errors import PolicyError
from policies.term import term

if TYPE_CHECKING:
    from connector.areas.dsp.agreements import AgreementRecord
    from connector.areas.dsp.processes import ProcessRecord
    from crypto.words import Language


def shown(row: ProcessRecord) -> dict[str, Any]:
    """Give a process as the owner's API shows it."""
    consumer, provider = store.pids(row)
    found: dict[str, Any] = {
        "pid": row.pid,
        "role": row.role,
        "counterparty": row.counterparty,
        "state": row.state or "OPENING",
        "consumerPid": consumer,
        "providerPid": provider,
        "dataset": row.dataset,
        "agreement": row.agreement,
        "inFlight": row.flying_event,
        "wanted": json.loads(row.wanted)["event"] if row.wanted else "",
        "created": when(row.created_ms),
        "changed": when(row.changed_ms),
    }
    if row.kind == "transfer":
        found["format"] = row.format
        found["pausedBy"] = [role for role in row.paused_by.split(",") if role]
        found["dataAddress"] = json.loads(row.data_address) if row.data_address else None
    if row.ended_by:
        reason = json.loads(row.ended_reason) if row.ended_reason else []
        found["ended"] = {"by": row.ended_by, "code": row.ended_code, "reason": reason}
    if row.trouble:
        found["trouble"] = row.trouble
    return found


def named(row: ProcessRecord) -> dict[str, Any]:
    """Give what stands for a process whose row cannot be read."""
    return {
        "pid": row.pid,
        "role": row.role,
        "counterparty": row.counterparty,
        "state": row.state or "OPENING",
        "dataset": row.dataset,
        "agreement": row.agreement,
    }


def state_of(found: AgreementRecord, now: datetime) -> str:
    """Say how an agreement stands: as people and programs read it.

    Returns:
        ``not concluded``, ``ended``, ``in force``; by its own dates ``not begun`` or ``expired``;
        ``unreadable`` where its terms cannot be read, so that nothing can be done under it.
    """
    if found.finalized_at is None:
        return "not concluded"
    if found.ended_at is not None:
        return "ended"
    if found.unreadable:
        return "unreadable"
    return {"open": "in force", "early": "not begun", "over": "expired"}[term(found.policy, now)]


def agreement_shown(
    found: AgreementRecord, now: datetime, language: Language = "en"
) -> dict[str, Any]:
    """Give an agreement as the owner's API lists it."""
    state = state_of(found, now)
    return {
        "id": found.id,
        "role": found.role,
        "counterparty": found.counterparty,
        "dataset": found.dataset_id,
        "signatures": found.signatures,
        "inForce": state == "in force",
        "state": state,
        "finalized": _moment(found.finalized_at),
        "ended": _moment(found.ended_at),
        "endedBy": found.ended_by,
        "endedWhy": dict(found.ended_why),
        "consumerPid": found.consumer_pid,
        "providerPid": found.provider_pid,
        "unreadable": found.terms.said(language) if isinstance(found.terms, PolicyError) else "",
    }


def when(milliseconds: int) -> str:
    """Write a stored moment."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at is not None else None
