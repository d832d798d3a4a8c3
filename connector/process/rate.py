"""Token buckets per source, before anything that costs, and budgets of work for what does."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_SOURCES: Final = 20_000  # the longest unseen are forgotten: their buckets are full again


class Buckets:
    """One bucket per source: ``rate`` tokens a second, at most ``burst``."""

    def __init__(
        self, *, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._sources: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, at

    def take(self, source: str) -> bool:
        """Take one token of ``source``; False if it has none."""
        now = self._clock()
        with self._lock:
            tokens, at = self._sources.pop(source, (self._burst, now))
            tokens = min(self._burst, tokens + (now - at) * self._rate)
            allowed = tokens >= 1
            self._sources[source] = (tokens - 1 if allowed else tokens, now)
            if len(self._sources) > MAX_SOURCES:
                self._sources.popitem(last=False)
        return allowed


class Budget:
    """Work per source: ``rate`` units a second come back, at most ``burst`` are saved up.

    What a piece of work takes is known afterwards only. So the most that it may take is set aside
    first: pieces begun at the same time do not spend the same units twice. What it took beyond
    that is owed, and comes back before anything else begins.
    """

    def __init__(
        self, *, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._sources: OrderedDict[str, tuple[float, float]] = OrderedDict()  # units, at

    def begin(self, source: str, most: float) -> float:
        """Set units aside for a piece of work, if there are as many.

        Args:
            source: Whose work it is.
            most: What it may take; never more than the burst is waited for.

        Returns:
            0 if they were set aside, else the seconds until they can be.
        """
        most = min(most, self._burst)
        with self._lock:
            units, now = self._now(source)
            wait = max(0.0, (most - units) / self._rate)
            self._keep(source, units if wait else units - most, now)
        return wait

    def end(self, source: str, most: float, took: float) -> None:
        """Give back what was set aside and not needed, or owe what was needed beyond it."""
        with self._lock:
            units, now = self._now(source)
            self._keep(source, min(self._burst, units + min(most, self._burst) - took), now)

    def debt(self, source: str) -> float:
        """Give the seconds until nothing is owed, without taking anything."""
        with self._lock:
            units, now = self._now(source)
            self._keep(source, units, now)
        return max(0.0, -units / self._rate)

    def owe(self, source: str, took: float) -> None:
        """Use units up that nothing was set aside for."""
        with self._lock:
            units, now = self._now(source)
            self._keep(source, units - took, now)

    def _now(self, source: str) -> tuple[float, float]:
        now = self._clock()
        units, at = self._sources.pop(source, (self._burst, now))
        return min(self._burst, units + (now - at) * self._rate), now

    def _keep(self, source: str, units: float, now: float) -> None:
        self._sources[source] = (units, now)
        if len(self._sources) > MAX_SOURCES:
            self._sources.popitem(last=False)
