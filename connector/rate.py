"""Token buckets per source, before anything that costs."""

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
