"""A thread that does things a little later: the kit's handlers appear only after its message."""

from __future__ import annotations

import heapq
import threading
import time
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from structlog.typing import FilteringBoundLogger


class Scheduler:
    """Runs actions after a delay, one at a time, in the order in which they fall due.

    Args:
        log: told of an action that failed; the thread goes on.
        clock: seconds that only go forward.
    """

    def __init__(
        self, log: FilteringBoundLogger, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._clock = clock
        self._order = count()
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Run `action` in so many seconds."""
        with self._changed:
            heapq.heappush(self._waiting, (self._clock() + seconds, next(self._order), action))
            self._changed.notify()

    def run_due(self) -> int:
        """Run what is due in this thread; give how many that were."""
        done = 0
        while (action := self._due()) is not None:
            try:
                action()
            except Exception:  # noqa: BLE001 -- one case that fails must not take the others along
                self._log.exception("reaction-failed")
            done += 1
        return done

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._loop, name="reactions", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the action under way; what is not due yet is dropped."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(10)

    def _due(self) -> Callable[[], None] | None:
        with self._changed:
            if self._stopping or not self._waiting or self._waiting[0][0] > self._clock():
                return None
            return heapq.heappop(self._waiting)[2]

    def _loop(self) -> None:
        while True:
            self.run_due()
            with self._changed:
                if self._stopping:
                    return
                wait = self._waiting[0][0] - self._clock() if self._waiting else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
