"""What an auditor reads is a leaf of the log that it reads: the audited firm sees it.

A search, a record, a dossier, a history: each is one leaf with the auditor as its actor, and the
same by the same person within a minute is one. What the firm's own people read is their own affair.
A node that is read-only writes nothing, and still shows what it has.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import select

from connector.areas.dsp import AgreementRow
from connector.process.ports import unix_ms
from contracts.evidence import Entry
from crypto.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.node import Node
    from connector.process.actor import Actor, Role

AGAIN_MS: Final = 60_000  # within which the same is said once
MOST: Final = 4_096  # that are remembered
CUT: Final = 100  # characters of what was asked for that a leaf says
OWN: Final[frozenset[Role]] = frozenset({"cdo", "security", "certifier", "steward"})


class Reads:
    """Remembers what was read within the last minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: OrderedDict[str, int] = OrderedDict()

    def is_fresh(self, name: str, now_ms: int) -> bool:
        """Say whether something was not read within the minute before."""
        with self._lock:
            last = self._last.get(name)
            return last is None or not 0 <= now_ms - last < AGAIN_MS

    def keep(self, name: str, now_ms: int) -> None:
        """Remember that it was read, once that is on record: of two at once each has its leaf."""
        with self._lock:
            self._last[name] = now_ms
            self._last.move_to_end(name)
            while len(self._last) > MOST:
                self._last.popitem(last=False)


def is_audit(who: Actor) -> bool:
    """Say whether somebody reads as an auditor and as nothing else."""
    return "auditor" in who.roles and not OWN & who.roles


def note(
    node: Node, who: Actor, state: str, asked: Mapping[str, Any], *, agreement: str = ""
) -> None:
    """Leave the leaf of something that is about to be shown.

    Args:
        node: this node.
        who: reads it.
        state: SEARCHED, OPENED, DOSSIER or HISTORY.
        asked: what was asked for; texts are cut, their digest is whole.
        agreement: which it is about, if it is about one; what is none of ours is a text like any
            other that was asked for.

    Raises:
        StoreError: the leaf cannot be written; then nothing must be shown.
    """
    if not is_audit(who) or node.db.read_only:
        return
    told = {name: value for name, value in asked.items() if value is not None}
    mark = digest([state, agreement, told])
    name = f"{who} {mark}"
    reads, now = node.services[Reads], unix_ms(node.clock.now())
    if not reads.is_fresh(name, now):
        return
    if agreement and not _is_ours(node, agreement):
        told, agreement = told | {"agreement": agreement}, ""
    short = {key: value[:CUT] if isinstance(value, str) else value for key, value in told.items()}
    with node.db.transaction() as tx:
        tx.append(
            Entry(
                kind="ACCESS",
                to_state=state,
                agreement=agreement,
                actor=str(who),
                query={"filter": mark, "asked": short},
            )
        )
    reads.keep(name, now)


def _is_ours(node: Node, agreement: str) -> bool:
    query = select(AgreementRow.agreement).where(AgreementRow.agreement == agreement)
    with node.db.reading() as session:
        return session.exec(query.limit(1)).first() is not None
