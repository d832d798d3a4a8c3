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
    from collections.abc import Callable, Iterable, Mapping

    from connector.outbox.breaker import Admission, Kind

Lane = tuple[str, str]

NOBODY: Final[Lane] = ("", "")
# workers by how their peers answer: whoever hangs uses up the share of the slow, or of the new
ROOM: Final[Mapping[Kind, int]] = {"quick": 64, "new": 96, "slow": 96}


class Lanes:
    """Lanes that wait, that are under way, and that come later. Threads share it.

    Args:
        admit: says how many lanes of a peer may be under way now, and out of which share.
        room: workers by share.
    """

    def __init__(self, admit: Callable[[str], Admission], room: Mapping[Kind, int] = ROOM) -> None:
        self._admit = admit
        self._room = room
        self._lock = threading.Lock()
        self._ready: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()  # peer -> processes
        self._under_way: dict[Lane, bool] = {}  # whether it was offered again meanwhile
        self._kind: dict[Lane, Kind] = {}  # of those under way: whose share they use
        self._busy: Counter[str] = Counter()
        self._used: Counter[Kind] = Counter()
        self._at: dict[Lane, int] = {}  # when a lane comes, the earliest
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
                admission = self._admit(peer)
                if self._busy[peer] < admission.most and self._has_room(admission.kind):
                    break
            else:
                return None
            process, _ = self._ready[peer].popitem(last=False)
            if self._ready[peer]:
                self._ready.move_to_end(peer)
            else:
                del self._ready[peer]
            lane = peer, process
            self._busy[peer] += 1
            self._under_way[lane] = False
            self._kind[lane] = admission.kind
            self._used[admission.kind] += 1
            return lane

    def _has_room(self, kind: Kind) -> bool:
        if self._used[kind] < self._room[kind]:
            return True
        for lane, was in self._kind.items():  # some of them hang by now: they use another share
            now = self._admit(lane[0]).kind
            if was == kind != now:
                self._kind[lane] = now
                self._used[was] -= 1
                self._used[now] += 1
        return self._used[kind] < self._room[kind]

    def release(self, lane: Lane, *, again: bool) -> None:
        """Give a lane back; ``again``: it may have more that is due now."""
        with self._lock:
            offered = self._under_way.pop(lane)
            self._used[self._kind.pop(lane)] -= 1
            self._busy[lane[0]] -= 1
            if not self._busy[lane[0]]:
                del self._busy[lane[0]]
            if again or offered:
                self._offer(lane)

    def under_way(self, lane: Lane) -> bool:
        """Whether a worker has a lane."""
        with self._lock:
            return lane in self._under_way

    def later(self, at_ms: int, lane: Lane) -> None:
        """Offer a lane when its time has come."""
        with self._lock:
            if at_ms < self._at.get(lane, at_ms + 1):
                self._at[lane] = at_ms
                heapq.heappush(self._later, (at_ms, *lane))

    def wake_at(self, at_ms: int) -> None:
        """Look again then: a peer that was left alone may be tried."""
        with self._lock:
            heapq.heappush(self._later, (at_ms, *NOBODY))

    def ripen(self, now_ms: int) -> int | None:
        """Offer the lanes whose time has come; give the time of the next one."""
        with self._lock:
            while self._later and self._later[0][0] <= now_ms:
                at_ms, peer, process = heapq.heappop(self._later)
                if self._at.get((peer, process)) == at_ms:  # else it came earlier, or is nobody
                    del self._at[peer, process]
                    self._offer((peer, process))
            return self._later[0][0] if self._later else None
