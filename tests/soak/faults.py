"""Which request meets which fault: a pure function of the seed, the same in every run.

What the network does to a request depends on the seed, on whose door it knocks at and on the how
manieth it is there, and on nothing else: two runs with one seed have one plan, however the threads
of the connectors happen to interleave.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Final

KINDS: Final = {
    "drop": "the connection is closed before the request reaches anybody",
    "delay": "the request waits before it is forwarded",
    "duplicate": "the request is forwarded twice at once; the first answer goes back",
    "replay": "the request is forwarded a second time some seconds later",
    "reorder": "the request is held back until later ones have passed",
    "cut": "the request is forwarded, the connection closed before the answer",
    "half": "half of the answer goes back, then the connection is closed",
    "retry": "the request is forwarded, its answer lost, and forwarded again: the second answer",
    "refuse": "503 without forwarding",
    "mask": "the request is forwarded, 503 goes back in place of the answer",
    "hang": "the answer is kept until the sender has given up waiting",
    "kill": "SIGKILL to the process behind the door, then a restart",
}
WEIGHTS: Final = {
    "drop": 5, "delay": 5, "duplicate": 4, "replay": 3, "reorder": 5, "cut": 5,
    "half": 4, "retry": 3, "refuse": 3, "mask": 4,
}  # fmt: skip
HANG_SHARE: Final = 1 / 400  # of all requests; each costs the sender its whole timeout


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request.

    Attributes:
        kind: one of `KINDS`.
        seconds: of a delay, until a replay, or the longest that a request is held back.
        count: how many later requests a reordered one lets pass.
    """

    kind: str
    seconds: float = 0.0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to the n-th request at a door, and when the process behind it is killed.

    Attributes:
        seed: of everything.
        rate: share of requests that meet a fault.
        hangs: whether some answers never come.
        kills: how often each process is killed.
        every: requests at a door between two kills, about.
    """

    seed: int
    rate: float = 0.2
    hangs: bool = True
    kills: int = 2
    every: int = 400

    def fault(self, door: str, number: int) -> Fault | None:
        """Say what happens to the ``number``-th request at ``door``."""
        draw = random.Random(f"{self.seed}/{door}/{number}")
        if self.hangs and draw.random() < HANG_SHARE:
            return Fault("hang")
        if draw.random() >= self.rate:
            return None
        kind = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        seconds = {"delay": (0.02, 0.8), "replay": (0.3, 4.0), "reorder": (0.8, 1.5)}.get(kind)
        return Fault(
            kind,
            seconds=draw.uniform(*seconds) if seconds else 0.0,
            count=draw.randint(1, 3) if kind == "reorder" else 0,
        )

    def deaths(self, door: str) -> tuple[tuple[int, float], ...]:
        """Say after how many requests the process is killed, and for how many seconds it is gone."""
        draw = random.Random(f"{self.seed}/{door}/kills")
        at, found = 0, []
        for _ in range(self.kills):
            at += draw.randint(self.every // 2, self.every + self.every // 2)
            found.append((at, draw.uniform(0.0, 0.6)))
        return tuple(found)


class Tally:
    """Counts what was done. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1

    def counts(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counts)

    def faults(self) -> dict[str, int]:
        """Counts by kind of fault, every kind named."""
        found = self.counts()
        return {kind: found.get(kind, 0) for kind in KINDS}
