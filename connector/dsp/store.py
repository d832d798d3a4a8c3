"""Reading and writing rows as domain values; every lookup on a peer's behalf is scoped to it.

Spec: voile design security.md §1 (foreign object), §4.3. Nothing is found by pid alone unless the
owner's own API asks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sqlalchemy import bindparam
from sqlmodel import col, select

from connector.dsp.rows import AgreementRow, ProcessRow, ReceivedRow
from connector.errors import NotFound
from connector.ports import unix_ms
from contracts import transfer
from contracts.machine import TERMINATION, InFlight, Process, Role
from policies.odrl import Policy, parse_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from connector.store.database import Transaction
    from contracts.signatures import Signatures

Kind = Literal["negotiation", "transfer"]
PROCESS_KEY_BYTES: Final = 32
_RECEIVED: Final = select(
    col(ReceivedRow.type), col(ReceivedRow.status), col(ReceivedRow.answer)
).where(
    col(ReceivedRow.peer) == bindparam("peer"), col(ReceivedRow.message) == bindparam("message")
)
_SIGNATURES: Final = select(col(AgreementRow.signatures)).where(
    col(AgreementRow.agreement) == bindparam("agreement"),
    col(AgreementRow.counterparty) == bindparam("counterparty"),
)
_BY_PEER_PID: Final = select(col(ProcessRow.pid)).where(
    col(ProcessRow.kind) == bindparam("kind"),
    col(ProcessRow.role) == bindparam("role"),
    col(ProcessRow.counterparty) == bindparam("peer"),
    col(ProcessRow.peer_pid) == bindparam("peer_pid"),
)
STOPS: Final = (transfer.SUSPENSION, transfer.COMPLETION, TERMINATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRecord:
    """One agreement as other areas see it; in force while `finalized_at` is set, `ended_at` not."""

    id: str
    role: Role
    counterparty: str
    dataset_id: str
    body: Mapping[str, Any]
    policy: Policy
    signatures: Signatures
    finalized_at: datetime | None
    ended_at: datetime | None
    consumer_pid: str
    provider_pid: str
    negotiation: str  # our own pid of its negotiation: names the process key

    @property
    def in_force(self) -> bool:
        """Whether it was concluded and has not ended."""
        return self.finalized_at is not None and self.ended_at is None

    @property
    def process_key_name(self) -> str:
        """Name of the secret that `corr` of this agreement's messages is keyed with."""
        return process_key_name(self.negotiation)


def process_key_name(negotiation: str) -> str:
    """Name the secret that holds the process key of a negotiation."""
    return f"dsp/process-key/{negotiation}"


def agreement(
    session: Session, agreement_id: str, *, counterparty: str | None = None
) -> AgreementRecord | None:
    """Find a concluded or coming agreement by its `@id`.

    Args:
        session: Any session.
        agreement_id: The agreement's `@id`.
        counterparty: Scope; without it, an id that two counterparties use is not found.
    """
    query = select(AgreementRow).where(AgreementRow.agreement == agreement_id)
    if counterparty is not None:
        query = query.where(AgreementRow.counterparty == counterparty)
    rows = session.exec(query).all()
    return record(rows[0]) if len(rows) == 1 else None


def signatures_of(session: Session, row: ProcessRow) -> str | None:
    """Say which signatures the agreement of a process has; None while there is no agreement."""
    if not row.agreement:
        return None
    place = {"agreement": row.agreement, "counterparty": row.counterparty}
    found = session.connection().execute(_SIGNATURES, place).scalars().all()
    return found[0] if len(found) == 1 else None


def agreements(session: Session) -> tuple[AgreementRecord, ...]:
    """List all agreements, newest first."""
    rows = session.exec(select(AgreementRow).order_by(col(AgreementRow.agreed_ms).desc()))
    return tuple(record(row) for row in rows)


def record(row: AgreementRow) -> AgreementRecord:
    """Map a row to the frozen value."""
    body = json.loads(row.body)
    return AgreementRecord(
        id=row.agreement,
        role=cast("Role", row.role),
        counterparty=row.counterparty,
        dataset_id=row.dataset,
        body=body,
        policy=parse_policy(body, kind="Agreement"),
        signatures=cast("Signatures", row.signatures),
        finalized_at=moment(row.finalized_ms),
        ended_at=moment(row.ended_ms),
        consumer_pid=row.consumer_pid,
        provider_pid=row.provider_pid,
        negotiation=row.negotiation,
    )


def started_transfer(
    session: Session, agreement_id: str, *, counterparty: str, role: Role | None = None
) -> ProcessRow | None:
    """Find the newest transfer of an agreement through which data may flow now.

    Where we have decided to pause or end a transfer nothing flows any more, although its state
    changes only when the peer has acknowledged: a peer that does not answer must not gain by it.
    """
    query = (
        select(ProcessRow)
        .where(
            ProcessRow.kind == "transfer",
            ProcessRow.agreement == agreement_id,
            ProcessRow.counterparty == counterparty,
            ProcessRow.state == transfer.STARTED,
            col(ProcessRow.flying_event).not_in(STOPS),
            ProcessRow.wanted == "",
        )
        .order_by(col(ProcessRow.created_ms).desc())
        .limit(1)
    )
    if role is not None:
        query = query.where(ProcessRow.role == role)
    return session.exec(query).first()


def open_transfers(session: Session, found: AgreementRecord) -> Sequence[ProcessRow]:
    """List the transfers of an agreement that have not ended, newest first."""
    return session.exec(
        select(ProcessRow)
        .where(
            ProcessRow.kind == "transfer",
            ProcessRow.agreement == found.id,
            ProcessRow.counterparty == found.counterparty,
            ProcessRow.role == found.role,
            col(ProcessRow.state).not_in(transfer.TABLE.final),
        )
        .order_by(col(ProcessRow.created_ms).desc())
    ).all()


def own(session: Session, kind: Kind, pid: str) -> ProcessRow:
    """Find one of our processes for its owner.

    Raises:
        NotFound: There is none of that kind.
    """
    row = session.get(ProcessRow, pid)
    if row is None or row.kind != kind:
        raise NotFound(
            f"no {kind} `{pid[:200]}`", code=f"{kind}-missing", next_step=f"see `voile {kind}s`"
        )
    return row


def of_peer(session: Session, kind: Kind, pid: str, *, peer: str) -> ProcessRow | None:
    """Find a process by our pid, for the peer that it is with and nobody else."""
    row = session.get(ProcessRow, pid)
    return row if row is not None and (row.kind, row.counterparty) == (kind, peer) else None


def by_peer_pid(
    session: Session, kind: Kind, role: Role, *, peer: str, peer_pid: str
) -> ProcessRow | None:
    """Find a process by the pid that the peer gave it."""
    place = {"kind": kind, "role": role, "peer": peer, "peer_pid": peer_pid}
    pid = session.connection().execute(_BY_PEER_PID, place).scalar_one_or_none()
    return session.get(ProcessRow, pid) if pid is not None else None


def is_taken(session: Session, row: ProcessRow, peer_pid: str) -> bool:
    """Whether the peer has given this pid to another process of the same kind."""
    role = cast("Role", row.role)
    kind = cast("Kind", row.kind)
    found = by_peer_pid(session, kind, role, peer=row.counterparty, peer_pid=peer_pid)
    return found is not None and found.pid != row.pid


def processes(session: Session, kind: Kind, *, limit: int = 200) -> Sequence[ProcessRow]:
    """List processes, newest first."""
    return session.exec(
        select(ProcessRow)
        .where(ProcessRow.kind == kind)
        .order_by(col(ProcessRow.created_ms).desc())
        .limit(limit)
    ).all()


def received(session: Session, peer: str, message_id: str) -> tuple[str, int, str] | None:
    """Find type, status and answer of a message that this peer has sent before."""
    place = {"peer": peer, "message": message_id}
    found = session.connection().execute(_RECEIVED, place).one_or_none()
    return (found[0], found[1], found[2]) if found is not None else None


def process_of(row: ProcessRow) -> Process:
    """Read the machine's value out of a row."""
    flying = (
        InFlight(row.flying_event, row.flying_source, row.flying_target)
        if row.flying_event
        else None
    )
    return Process(
        role=cast("Role", row.role),
        state=row.state,
        in_flight=flying,
        paused_by=frozenset(cast("Role", role) for role in row.paused_by.split(",") if role),
    )


def keep(tx: Transaction, row: ProcessRow, process: Process) -> None:
    """Write the machine's value into its row."""
    flying = process.in_flight
    values = {
        "state": process.state,
        "paused_by": ",".join(sorted(process.paused_by)),
        "flying_event": flying.event if flying else "",
        "flying_source": flying.source if flying else "",
        "flying_target": flying.target if flying else "",
        "flying_message": row.flying_message if flying else "",
    }
    for name, value in values.items():
        if getattr(row, name) != value:  # setting what is there costs more than looking
            setattr(row, name, value)
    row.changed_ms = unix_ms(tx.now)
    tx.session.add(row)


def pids(row: ProcessRow) -> tuple[str, str]:
    """Return the consumer's and the provider's pid; the peer's is empty until it is known."""
    peer = row.peer_pid or ""
    return (row.pid, peer) if row.role == "consumer" else (peer, row.pid)


def moment(milliseconds: int | None) -> datetime | None:
    """Turn stored milliseconds into an aware moment."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
