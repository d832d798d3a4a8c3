"""Which lanes may have a message due: what the table says, kept at hand so that nobody scans it.

A lane is (peer, process). It is *offered* when a message was committed to it, *taken* by one worker
at a time, and *released*. All of it is a hint: whoever takes a lane reads its first waiting message
from the table, and a scan of the table now and then offers what was missed.
"""

from __future__ import annotations

import heapq
import threading
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Lane = tuple[str, str]

PER_PEER: Final = 4
NOBODY: Final[Lane] = ("", "")


class Lanes:
    """Lanes that wait, that are under way, and that come later. Threads share it.

    Args:
        limit: says how many lanes of a peer may be under way now; 0 while it is left alone.
    """

    def __init__(self, limit: Callable[[str], int]) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._ready: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()  # peer -> processes
        self._under_way: dict[Lane, bool] = {}  # whether it was offered again meanwhile
        self._busy: Counter[str] = Counter()
        self._later: list[tuple[int, str, str]] = []

    def offer(self, lanes: Iterable[Lane]) -> None:
        """Note that lanes may have something due now."""
        with self._lock:
            for lane in lanes:
                self._offer(lane)

    def _offer(self, lane: Lane) -> None:
        if lane in self._under_way:
            self._under_way[lane] = True
        else:
            peer, process = lane
            self._ready.setdefault(peer, OrderedDict())[process] = None

    def take(self) -> Lane | None:
        """Take the next lane whose peer may have one more under way; peers take turns."""
        with self._lock:
            for peer in self._ready:
                if self._busy[peer] < self._limit(peer):
                    break
            else:
                return None
            process, _ = self._ready[peer].popitem(last=False)
            if self._ready[peer]:
                self._ready.move_to_end(peer)
            else:
                del self._ready[peer]
            self._busy[peer] += 1
            self._under_way[peer, process] = False
            return peer, process

    def release(self, lane: Lane, *, again: bool) -> None:
        """Give a lane back; ``again``: it may have more that is due now."""
        with self._lock:
            offered = self._under_way.pop(lane)
            self._busy[lane[0]] -= 1
            if not self._busy[lane[0]]:
                del self._busy[lane[0]]
            if again or offered:
                self._offer(lane)

    def later(self, at_ms: int, lane: Lane) -> None:
        """Offer a lane when its time has come."""
        with self._lock:
            heapq.heappush(self._later, (at_ms, *lane))

    def wake_at(self, at_ms: int) -> None:
        """Look again then: a peer that was left alone may be tried."""
        self.later(at_ms, NOBODY)

    def ripen(self, now_ms: int) -> int | None:
        """Offer the lanes whose time has come; give the time of the next one."""
        with self._lock:
            while self._later and self._later[0][0] <= now_ms:
                _, peer, process = heapq.heappop(self._later)
                if (peer, process) != NOBODY:
                    self._offer((peer, process))
            return self._later[0][0] if self._later else None
