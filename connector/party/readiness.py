"""Whether a node can serve: only what is its own. What others owe us is shown, and changes nothing.

A peer that is away, or a hub whose document has run out, is no reason to take this process out of
service: it would be as unready everywhere else.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import desc, func, select
from sqlmodel import col

from connector.evidence.log import head
from connector.process.errors import StoreError, VoileError
from connector.process.ports import unix, unix_ms
from connector.process.room import NEXT, shortage
from connector.store.outbox_rows import WAITING, OutboxRow
from connector.store.rows import CheckpointRow
from connector.store.secrets import read_kek

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from connector.party.node import Node

PROOF_SECONDS: Final = 30.0  # a durable write is tried no more often than this, while it succeeds
UNSIGNED_SECONDS: Final = 10
LAG_SECONDS: Final = 300  # a message that waits longer is worth a word


def readiness(node: Node) -> dict[str, Any]:
    """Check what must hold to serve.

    Returns:
        `ready`; `checks` by name, each with `ok`, and with `why` and `next` if it is not;
        `notes` by name: sentences about others, and about how they find us.
    """
    checks: dict[str, dict[str, Any]] = {}
    notes: dict[str, str] = {}

    def check(name: str, why: str, step: str = "") -> None:
        checks[name] = {"ok": not why, **({"why": why, "next": step} if why else {})}

    check("disk", shortage(node.settings), NEXT)
    _database(node, check)
    try:
        with node.db.reading() as session:
            _log(node, session, check)
            notes |= _notes(node, session)
    except StoreError as error:
        check("database", error.message, error.next_step)
    _keys(node, check)
    ready = all(item["ok"] for item in checks.values())
    return {"ready": ready, "checks": checks, "notes": notes}


def _database(node: Node, check: Callable[[str, str, str], None]) -> None:
    try:
        node.db.prove(PROOF_SECONDS)
    except VoileError as error:
        check("database", error.message, error.next_step)
    else:
        check("database", "", "")


def _log(node: Node, session: Session, check: Callable[[str, str, str], None]) -> None:
    """See that heads are signed: what signing last met, and whether any is overdue."""
    size = head(session).size
    signed = session.execute(
        select(col(CheckpointRow.size), col(CheckpointRow.time_ms))
        .order_by(desc(col(CheckpointRow.size)))
        .limit(1)
    ).first()
    behind = size - (signed[0] if signed else 0)
    now_ms = unix_ms(node.clock.now())
    late = signed is not None and now_ms - signed[1] > UNSIGNED_SECONDS * 1000
    why = node.checkpoints.trouble
    if not why and behind and late:
        why = f"{behind} leaves are not signed yet"
    check("log", why, "see the log of this process for `checkpoint-failed`")


def _keys(node: Node, check: Callable[[str, str, str], None]) -> None:
    """See that the next start would find the key file that this process was started with."""
    try:
        same = hmac.compare_digest(node.secrets.kek, read_kek(node.settings.kek_file))
    except VoileError as error:
        check("keys", error.message, error.next_step)
        return
    why = f"the key file `{node.settings.kek_file}` is not the one that opened this node"
    check("keys", "" if same else why, "put the file back that `voile init` made")


def _notes(node: Node, session: Session) -> dict[str, str]:
    found: dict[str, str] = {}
    lag, peer = oldest_waiting(session, unix_ms(node.clock.now()))
    if lag > LAG_SECONDS:
        found["outbox"] = f"the oldest message, to `{peer}`, waits for {lag} s"
    left = status_left(node, session)
    if left is not None and left <= 0:
        found["status"] = f"the hub's status document ran out {-left} s ago: it certifies nobody"
    if warning := node.presence.warning:  # a proxy may come later
        found["identity"] = warning
    return found


def oldest_waiting(session: Session, now_ms: int) -> tuple[int, str]:
    """Give for how many seconds the oldest message has waited, and its peer; (0, "") if none."""
    first = select(func.min(col(OutboxRow.id))).where(col(OutboxRow.state) == WAITING)
    row = session.execute(
        select(col(OutboxRow.created_ms), col(OutboxRow.peer)).where(
            col(OutboxRow.id) == first.scalar_subquery()
        )
    ).first()
    return (max(0, (now_ms - row[0]) // 1000), row[1]) if row else (0, "")


def status_left(node: Node, session: Session) -> int | None:
    """Give for how many seconds the hub's status document is still in force; None without one."""
    if node.settings.role == "hub" or not node.settings.hub_did:
        return None
    newest = node.status.newest(session)
    if newest is None:
        return None
    end = min(newest.expires, newest.issued + node.settings.status_seconds)
    return end - unix(node.clock.now())
