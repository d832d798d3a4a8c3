"""What crossed the wire, counted: bytes and messages per peer, kind and direction."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from pathlib import Path

Direction = Literal["in", "out"]
_MAX_KEYS: Final = 10_000  # peers times kinds; beyond it a line named "other" takes the rest


class Traffic:
    """Counters in memory; with ``record`` also every received body as a file (a test setting)."""

    def __init__(self, record: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._counted: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._record = record
        self._serial = count(1)
        if record is not None:
            record.mkdir(parents=True, exist_ok=True)

    def count(
        self, peer: str, kind: str, direction: Direction, size: int, *, body: bytes | None = None
    ) -> None:
        """Count one message of ``size`` bytes; ``body`` is recorded if that is set."""
        key = (peer, kind, direction)
        with self._lock:
            if key not in self._counted and len(self._counted) >= _MAX_KEYS:
                key = ("other", "other", direction)
            line = self._counted[key]
            line[0] += 1
            line[1] += size
            number = next(self._serial)
        if self._record is not None and direction == "in" and body:
            name = re.sub(r"[^A-Za-z0-9]+", "-", f"{kind}-{peer}")[:120]
            (self._record / f"{number:06d}-{name}.bin").write_bytes(body)

    def lines(self) -> list[dict[str, str | int]]:
        """Give the counters, sorted."""
        with self._lock:
            items = sorted(self._counted.items())
        return [
            {"peer": peer, "kind": kind, "direction": direction, "messages": n, "bytes": size}
            for (peer, kind, direction), (n, size) in items
        ]
