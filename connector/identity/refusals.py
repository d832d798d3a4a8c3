"""Failed logins, counted per source; one leaf of evidence for many of them.

A stranger must not be able to cost us a durable write per request: refusals are counted in memory
and become one `ACCESS` leaf at most every ten seconds.

Nor may he take our time by sending the next request as soon as one is refused: beyond a rate the
answer is held back for some seconds, without a thread (`connector.http.channel`).
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from connector.process.job import Every
from connector.process.rate import Buckets
from contracts.evidence import Entry

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from connector.process.ports import Entropy
    from connector.store.database import Database

EVERY_SECONDS: Final = 10.0
PROMPT_PER_SECOND: Final = 10.0  # refusals of one source that are answered at once
PROMPT_BURST: Final = 100.0
HELD_SECONDS: Final = 2.0  # and up to twice as many more, so that not all come back together
MAX_SOURCES: Final = 50  # named in one leaf; the rest are one number


class Refusals(Every):
    """Counts refusals; a thread writes them down."""

    def __init__(self, db: Database, log: FilteringBoundLogger, entropy: Entropy) -> None:
        super().__init__("refusals", EVERY_SECONDS, self.flush, log, at_last=True, patience=10)
        self._db = db
        self._entropy = entropy
        self._prompt = Buckets(rate=PROMPT_PER_SECOND, burst=PROMPT_BURST)
        self._lock = threading.Lock()
        self._counted: Counter[tuple[str, str]] = Counter()
        self.total = 0

    def count(self, source: str, reason: str) -> None:
        """Count one refusal of a source address."""
        with self._lock:
            self.total += 1
            key = (source, reason.split(":", 1)[0])
            if key in self._counted or len(self._counted) < 10 * MAX_SOURCES:
                self._counted[key] += 1
            else:
                self._counted["other", "other"] += 1

    def patience(self, source: str) -> float:
        """Give the seconds by which the answer to a refused request of a source is held back."""
        if self._prompt.take(source):
            return 0.0
        return HELD_SECONDS * (1 + self._entropy(1)[0] / 128)

    def flush(self) -> None:
        """Write what was counted as one leaf."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        named = counted.most_common(MAX_SOURCES)
        detail = {
            "refused": counted.total(),
            "sources": [
                {"source": source, "reason": reason, "count": number}
                for (source, reason), number in named
            ],
        }
        with self._db.transaction() as tx:
            tx.append(Entry(kind="ACCESS", to_state="REFUSED", detail=detail))
