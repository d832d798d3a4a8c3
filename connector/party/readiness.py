"""Whether a node can serve: only what is its own. What others owe us is shown, and changes nothing.

A peer that is away, or a hub whose document has run out, is no reason to take this process out of
service: it would be as unready everywhere else.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import desc, func, select
from sqlmodel import col

from connector.evidence.log import head
from connector.party import readiness_words as words
from connector.party.area import Areas
from connector.process.errors import StoreError, VoileError
from connector.process.ports import unix, unix_ms
from connector.process.room import NEXT, shortage
from connector.store.outbox_rows import WAITING, OutboxRow
from connector.store.rows import CheckpointRow
from connector.store.secrets import read_kek
from crypto.words import NOTHING

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.party.node import Node
    from crypto.words import Language, Spoken

PROOF_SECONDS: Final = 30.0  # a durable write is tried no more often than this, while it succeeds
UNSIGNED_SECONDS: Final = 10
LAG_SECONDS: Final = 300  # a message that waits longer is worth a word


class Looked(Protocol):
    """Notes what was looked at."""

    def __call__(self, name: str, why: Spoken | None, step: Spoken = NOTHING) -> None:
        """Note what is wrong with it, if anything, and what mends it."""
        ...


def readiness(node: Node, language: Language = "en") -> dict[str, Any]:
    """Check what must hold to serve.

    Args:
        node: this node.
        language: of its sentences.

    Returns:
        `ready`; `checks` by name, each with `ok`, and with `why` and `next` if it is not;
        `notes` by name: sentences about others, and about how they find us.
    """
    checks: dict[str, dict[str, Any]] = {}
    notes: dict[str, str] = {}

    def check(name: str, why: Spoken | None, step: Spoken = NOTHING) -> None:
        said = {"why": why.said(language), "next": step.said(language)} if why else {}
        checks[name] = {"ok": why is None, **said}

    check("disk", shortage(node.settings), NEXT)
    _database(node, check)
    try:
        with node.db.reading() as session:
            _log(node, session, check)
            notes |= _notes(node, session, language)
    except StoreError as error:
        check("database", error, error.next)
    _keys(node, check)
    ready = all(item["ok"] for item in checks.values())
    return {"ready": ready, "checks": checks, "notes": notes}


def _database(node: Node, check: Looked) -> None:
    try:
        node.db.prove(PROOF_SECONDS)
    except VoileError as error:
        check("database", error, error.next)
    else:
        check("database", None)


def _log(node: Node, session: Session, check: Looked) -> None:
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
    why: Spoken | None = node.checkpoints.trouble
    if why is None and behind and late:
        why = words.UNSIGNED.of(leaves=behind)
    check("log", why, words.SEE_LOG)


def _keys(node: Node, check: Looked) -> None:
    """See that the next start would find the key file that this process was started with."""
    try:
        same = hmac.compare_digest(node.secrets.kek, read_kek(node.settings.kek_file))
    except VoileError as error:
        check("keys", error, error.next)
        return
    why = words.OTHER_KEY_FILE.of(file=node.settings.kek_file)
    check("keys", None if same else why, words.PUT_BACK)


def _notes(node: Node, session: Session, language: Language) -> dict[str, str]:
    found: dict[str, str] = {}
    lag, peer = oldest_waiting(session, unix_ms(node.clock.now()))
    if lag > LAG_SECONDS:
        found["outbox"] = words.WAITS.of(peer=peer, seconds=lag).said(language)
    left = status_left(node, session)
    if left is not None and left <= 0:
        found["status"] = words.RAN_OUT.of(seconds=-left).said(language)
    if warning := node.presence.warned(language):  # a proxy may come later
        found["identity"] = warning
    if Areas in node.services:
        for area in node.services[Areas].areas:
            found |= {name: says.said(language) for name, says in area.notes(session).items()}
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
