"""How each peer answers: who is left alone for a while, who is slow, who has come back.

A peer that cannot be reached is left alone, longer each time, and then tried with one message. A
peer that answers 5xx is there: only a row of such answers counts as absence, since one process may
meet trouble that no other does. What a peer may have under way, and out of which share of the
workers, depends on how it has answered so far, so that those that hang hold up nobody else:

    quick   answers within `SLOW_SECONDS`
    new     has not answered yet: one message, until it has
    slow    takes longer, or has something under way that does, or cannot be reached

One that takes long but answers is busy, not absent: it keeps a few, out of the share of the slow;
more would only add to its load. One that has not answered yet, or could not be reached, gets one
message, and one more for each that takes long, so that one that hangs does not stop the others.
What fails together is one failure.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from connector.outbox.outcome import delay_ms

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["quick", "new", "slow"]
Ending = Literal["answered", "error", "silent", "ours"]  # 5xx; nothing whole; we did not even send

PER_PEER: Final = 16  # a fast pair needs as many: each waits for two commits and a journey
OF_SLOW: Final = 4
PROBES: Final = 2  # of those, to a peer that cannot be reached
SLOW_SECONDS: Final = 2.0
ERRORS: Final = 3  # answers of 5xx in a row that count as absence
ABSENT: Final = 2  # misses in a row after which an answer means that the peer has come back
PROBE_MS: Final = 1000  # between two early tries of a peer that calls us and cannot be called
MOST: Final = 10_000  # peers remembered


@dataclass(frozen=True, slots=True)
class Admission:
    """How many lanes of a peer may be under way now, out of which share of the workers."""

    kind: Kind
    most: int


@dataclass(slots=True)
class _Peer:
    slow: bool | None = None  # None: it has never answered
    failures: int = 0  # in a row without an answer
    errors: int = 0  # 5xx in a row
    until_ms: int = 0  # left alone until then
    probe_ms: int = 0  # not tried early before then
    missed: float = float("-inf")  # when the last miss was noted
    calls: list[float] = field(default_factory=list)  # when those under way began


class Breaker:
    """What is known of the peers. Threads share it; a restart forgets it.

    Args:
        now_ms: the time on the wall.
        pulse: a clock that only measures.
    """

    def __init__(
        self, now_ms: Callable[[], int], pulse: Callable[[], float] = time.monotonic
    ) -> None:
        self._now_ms = now_ms
        self._pulse = pulse
        self._lock = threading.Lock()
        self._peers: dict[str, _Peer] = {}

    def admit(self, peer: str) -> Admission:
        """Say what a peer may have under way now; nothing while it is left alone."""
        with self._lock:
            known = self._peers.get(peer)
            if known is None:
                return Admission("new", 1)
            if known.failures and known.until_ms > self._now_ms():
                return Admission("slow", 0)
            late = sum(self._pulse() - began > SLOW_SECONDS for began in known.calls)
            if known.failures:
                return Admission("slow", min(1 + late, PROBES))
            if known.slow is None:
                return Admission("slow" if late else "new", min(1 + late, OF_SLOW))
            if known.slow or late:
                return Admission("slow", OF_SLOW)
            return Admission("quick", PER_PEER)

    def not_before(self, peer: str) -> int:
        """Give the time in milliseconds until which a peer is left alone."""
        with self._lock:
            known = self._peers.get(peer)
            return known.until_ms if known is not None else 0

    def began(self, peer: str) -> float:
        """Note that a call begins; hand what this gives to `ended`."""
        with self._lock:
            known = self._peers.setdefault(peer, _Peer())
            known.calls.append(self._pulse())
            return known.calls[-1]

    def ended(self, peer: str, call: float, ending: Ending) -> bool:
        """Note how a call ended.

        Args:
            peer: whom it went to.
            call: what `began` gave.
            ending: what came of it.

        Returns:
            Whether the peer has come back: it answers after it did not for a while.
        """
        with self._lock:
            known = self._peers.setdefault(peer, _Peer())
            if call in known.calls:
                known.calls.remove(call)
            if ending == "ours":
                return False
            known.errors = known.errors + 1 if ending == "error" else 0
            if ending == "silent" or known.errors >= ERRORS:
                if call >= known.missed:  # else it failed together with one that is counted
                    self._miss(known)
                return False
            back = known.failures >= ABSENT
            known.failures = known.until_ms = 0
            known.slow = self._pulse() - call > SLOW_SECONDS
            self._forget()
            return back

    def failed(self, peer: str) -> int:
        """Leave a peer alone for a while; give the time in milliseconds until when."""
        with self._lock:
            return self._miss(self._peers.setdefault(peer, _Peer()))

    def heard(self, peer: str) -> bool:
        """A peer has called us; say whether it was left alone and may be tried at once."""
        known = self._peers.get(peer)
        if known is None or not known.failures:
            return False
        with self._lock:
            now = self._now_ms()
            if known.probe_ms > now or known.until_ms <= now:
                return False
            known.until_ms, known.probe_ms = 0, now + PROBE_MS
            return True

    def _miss(self, known: _Peer) -> int:
        known.failures += 1
        known.missed = self._pulse()
        known.until_ms = self._now_ms() + delay_ms(known.failures)
        return known.until_ms

    def _forget(self) -> None:
        """Bound the memory: peers without trouble are known again after one answer."""
        if len(self._peers) > MOST:
            for name in [n for n, p in self._peers.items() if not p.failures and not p.calls]:
                del self._peers[name]
