"""What an auditor reads is a leaf of the log that it reads: the audited firm sees it.

Each page and each answer is one leaf with the auditor as its actor, and the same by the same person
within a minute is one. A node that is read-only writes nothing, and still shows what it has.

Nobody fills the log by reading: of leaves of this kind each person has a store that comes back
slowly, and beyond it is shown nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import select

from connector.areas.audit import problems
from connector.areas.dsp import AgreementRow
from connector.process.errors import TooMany
from connector.process.ports import unix_ms
from connector.process.rate import Buckets
from contracts.evidence import Entry
from crypto.canonical import digest

if TYPE_CHECKING:
    from connector.party.node import Node
    from connector.party.witnessing import Seen

AGAIN_MS: Final = 60_000  # within which the same is said once
MOST: Final = 4_096  # that are remembered
CUT: Final = 100  # characters of what was asked for that a leaf says
BURST: Final = 240  # leaves of one person at once
SECONDS: Final = 2  # until there is room for one more
AGREEMENTS: Final = ("agreement", "agreement_id")  # as paths and queries name one


class Reads:
    """Remembers what was read within the last minute, and how much by whom."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: OrderedDict[str, int] = OrderedDict()
        self.room = Buckets(rate=1 / SECONDS, burst=BURST)

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


def note(node: Node, seen: Seen) -> None:
    """Leave the leaf of something that is about to be shown.

    Texts of what was asked for are cut, their digest is whole; an agreement that is none of ours is
    a text like any other.

    Raises:
        TooMany: the person has read so much that nothing more can be put on record now.
        StoreError: the leaf cannot be written; then nothing must be shown.
    """
    if node.db.read_only:
        return
    told = {name: value for name, value in seen.asked.items() if name not in AGREEMENTS}
    agreement = str(next((seen.asked[name] for name in AGREEMENTS if name in seen.asked), ""))
    mark = digest([seen.state, seen.what, agreement, told])
    name = f"{seen.who} {mark}"
    reads, now = node.services[Reads], unix_ms(node.clock.now())
    if not reads.is_fresh(name, now):
        return
    if not reads.room.take(seen.who.behind or str(seen.who)):
        raise TooMany(problems.READS_TOO_MANY, most=BURST, seconds=SECONDS)
    if agreement and not _is_ours(node, agreement):
        told, agreement = told | {"agreement": agreement}, ""
    with node.db.transaction() as tx:
        tx.append(
            Entry(
                kind="ACCESS",
                to_state=seen.state,
                agreement=agreement,
                actor=str(seen.who),
                query={"filter": mark, "asked": _short(told), "read": seen.what},
            )
        )
    reads.keep(name, now)


def _short(told: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, bool | int) else str(value)[:CUT]
        for key, value in told.items()
    }


def _is_ours(node: Node, agreement: str) -> bool:
    query = select(AgreementRow.agreement).where(AgreementRow.agreement == agreement)
    with node.db.reading() as session:
        return session.exec(query.limit(1)).first() is not None
