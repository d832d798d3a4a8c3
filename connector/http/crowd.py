"""What is said when requests wait for a thread: whose, how many, and not for every one of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

SECONDS: Final = 30.0  # between two lines
FEW: Final = 2  # times as many as there are threads: so many wait for a moment now and then


class Crowd:
    """Takes the place of the server's own logger, which writes a bare line for each that waits.

    Args:
        log: the node's.
        listener: which of its listeners.
        threads: how many the listener has.
    """

    def __init__(self, log: FilteringBoundLogger, listener: str, threads: int) -> None:
        self._log = log
        self._listener = listener
        self._least = FEW * threads
        self._said = 0.0

    def warning(self, _text: str, waiting: int) -> None:
        """Hear of a request that found no thread free."""
        now = time.monotonic()
        if waiting < self._least or (now - self._said < SECONDS and self._said):
            return
        self._said = now
        self._log.warning("requests-wait-for-threads", listener=self._listener, count=waiting)
