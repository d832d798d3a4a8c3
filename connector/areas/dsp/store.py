"""Reading and writing rows as domain values; every lookup on a peer's behalf is scoped to it.

Spec: voile design security.md §1 (foreign object), §4.3. Nothing is found by pid alone unless the
owner's own API asks.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, cast

from sqlalchemy import Integer, and_, bindparam, func, or_
from sqlmodel import col, select

from connector.areas.dsp import problems, processes
from connector.areas.dsp.rows import ProcessRow, ReceivedRow
from connector.process.errors import NotFound
from connector.process.ports import unix_ms
from connector.store.prepared import FIRST, Prepared
from contracts import negotiation, transfer
from contracts.machine import TERMINATION, InFlight, Process, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlmodel import Session

    from connector.areas.dsp.agreements import AgreementRecord
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction

Kind = Literal["negotiation", "transfer"]
PROCESS_KEY_BYTES: Final = 32
_RECEIVED: Final = Prepared(
    select(
        col(ReceivedRow.type),
        col(ReceivedRow.status),
        col(ReceivedRow.answer),
        col(ReceivedRow.process),
    ).where(
        col(ReceivedRow.peer) == bindparam("peer"), col(ReceivedRow.message) == bindparam("message")
    )
)
_BY_PEER_PID: Final = Prepared(
    processes.chosen(
        col(ProcessRow.kind) == bindparam("kind"),
        col(ProcessRow.role) == bindparam("role"),
        col(ProcessRow.counterparty) == bindparam("peer"),
        col(ProcessRow.peer_pid) == bindparam("peer_pid"),
    )
)
# By the agreement's index: few are of one agreement, many of one party or in one state.
OF_AGREEMENT: Final = (
    col(ProcessRow.kind) + "" == "transfer",
    col(ProcessRow.agreement) == bindparam("agreement"),
    col(ProcessRow.counterparty) + "" == bindparam("counterparty"),
)
_NEWEST_FIRST: Final = col(ProcessRow.created_ms).desc()
STOPS: Final = (transfer.SUSPENSION, transfer.COMPLETION, TERMINATION)
_STARTED: Final = Prepared(
    processes.chosen(
        *OF_AGREEMENT,
        col(ProcessRow.state) == transfer.STARTED,
        *(col(ProcessRow.flying_event) != stop for stop in STOPS),
        col(ProcessRow.wanted) == "",
        or_(bindparam("any_role", type_=Integer) == 1, col(ProcessRow.role) == bindparam("role")),
    )
    .order_by(_NEWEST_FIRST)
    .limit(FIRST)
)
_OPEN: Final = Prepared(
    processes.chosen(
        *OF_AGREEMENT,
        col(ProcessRow.role) == bindparam("role"),
        *(col(ProcessRow.state) != state for state in sorted(transfer.TABLE.final)),
    ).order_by(_NEWEST_FIRST)
)


def process_key_name(negotiation: str) -> str:
    """Name the secret that holds the process key of a negotiation."""
    return f"dsp/process-key/{negotiation}"


def started_transfer(
    session: Session, agreement_id: str, *, counterparty: str, role: Role | None = None
) -> ProcessRecord | None:
    """Find the newest transfer of an agreement through which data may flow now.

    Where we have decided to pause or end a transfer nothing flows any more, although its state
    changes only when the peer has acknowledged: a peer that does not answer must not gain by it.
    """
    place = {"agreement": agreement_id, "counterparty": counterparty}
    which = {"any_role": int(role is None), "role": role or ""}
    return next(iter(processes.find(session, _STARTED, **place, **which)), None)


def open_transfers(session: Session, found: AgreementRecord) -> Sequence[ProcessRecord]:
    """List the transfers of an agreement that have not ended, newest first."""
    place = {"agreement": found.id, "counterparty": found.counterparty, "role": found.role}
    return processes.find(session, _OPEN, **place)


def own(session: Session, kind: Kind, pid: str) -> ProcessRecord:
    """Find one of our processes for its owner.

    Raises:
        NotFound: There is none of that kind.
    """
    row = processes.get(session, pid)
    if row is None or row.kind != kind:
        transfers = kind == "transfer"
        missing = problems.TRANSFER_MISSING if transfers else problems.NEGOTIATION_MISSING
        raise NotFound(missing, pid=pid[:200])
    return row


def of_peer(session: Session, kind: Kind, pid: str, *, peer: str) -> ProcessRecord | None:
    """Find a process by our pid, for the peer that it is with and nobody else."""
    row = processes.get(session, pid)
    return row if row is not None and (row.kind, row.counterparty) == (kind, peer) else None


def by_peer_pid(
    session: Session, kind: Kind, role: Role, *, peer: str, peer_pid: str
) -> ProcessRecord | None:
    """Find a process by the pid that the peer gave it."""
    place = {"kind": kind, "role": role, "peer": peer, "peer_pid": peer_pid}
    found = processes.find(session, _BY_PEER_PID, **place)
    return found[0] if found else None


def is_taken(session: Session, row: ProcessRecord, peer_pid: str) -> bool:
    """Whether the peer has given this pid to another process of the same kind."""
    role = cast("Role", row.role)
    kind = cast("Kind", row.kind)
    found = by_peer_pid(session, kind, role, peer=row.counterparty, peer_pid=peer_pid)
    return found is not None and found.pid != row.pid


def newest(session: Session, kind: Kind, *, limit: int = 200) -> Sequence[ProcessRecord]:
    """List processes, newest first."""
    query = processes.chosen(col(ProcessRow.kind) == kind).order_by(_NEWEST_FIRST).limit(limit)
    return processes.find(session, query)


def page(
    session: Session,
    kind: Kind,
    *,
    role: str = "",
    states: Collection[str] | None = None,
    format_: str = "",
    parties: Collection[str] | None = None,
    before: tuple[int, str] | None = None,
    limit: int,
) -> Sequence[ProcessRecord]:
    """List processes, those that changed last first.

    Args:
        session: Any session.
        kind: Which.
        role: Ours in them; empty for both.
        states: In which they are; None for all.
        format_: Of transfers; empty for all.
        parties: DIDs of the other side; None for all.
        before: When the last one of the page before changed, and its pid.
        limit: How many.
    """
    changed, pid = col(ProcessRow.changed_ms), col(ProcessRow.pid)
    # joined with nothing, so that the index of what orders them is read, not that of the kind
    query = processes.chosen(col(ProcessRow.kind).concat("") == kind)
    if role:
        query = query.where(col(ProcessRow.role) == role)
    if states is not None:
        query = query.where(col(ProcessRow.state).in_(sorted(states)))
    if format_:
        query = query.where(col(ProcessRow.format) == format_)
    if parties is not None:
        query = query.where(col(ProcessRow.counterparty).in_(sorted(parties)))
    if before is not None:
        at, last = before
        query = query.where(or_(changed < at, and_(changed == at, pid < last)))
    return processes.find(session, query.order_by(changed.desc(), pid.desc()).limit(limit))


def waiting(session: Session, most: int) -> int:
    """Count the negotiations in which an offer waits for us; up to a bound."""
    query = (
        processes.chosen(
            col(ProcessRow.kind) == "negotiation",
            col(ProcessRow.role) == "consumer",
            col(ProcessRow.state) == negotiation.OFFERED,
            col(ProcessRow.flying_event) == "",
        )
        .with_only_columns(col(ProcessRow.pid))
        .limit(most)
    )
    counted = session.connection().execute(select(func.count()).select_from(query.subquery()))
    return int(counted.scalar_one())


def received(session: Session, peer: str, message_id: str) -> tuple[str, int, str, str] | None:
    """Find type, status and answer of a message that this peer has sent before."""
    found = _RECEIVED.first(session, peer=peer, message=message_id)
    return (found[0], found[1], found[2], found[3]) if found is not None else None


def process_of(row: ProcessRecord) -> Process:
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


def keep(tx: Transaction, row: ProcessRecord, process: Process) -> None:
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
        setattr(row, name, value)
    row.changed_ms = unix_ms(tx.now)


def pids(row: ProcessRecord) -> tuple[str, str]:
    """Return the consumer's and the provider's pid; the peer's is empty until it is known."""
    peer = row.peer_pid or ""
    return (row.pid, peer) if row.role == "consumer" else (peer, row.pid)


def moment(milliseconds: int | None) -> datetime | None:
    """Turn stored milliseconds into an aware moment."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
