"""Which sessions of ours some thread of this process drives now; after a crash there is none."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class LiveSessions:
    """The sessions that some thread of this process drives now; after a crash there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count: Counter[str] = Counter()

    @contextmanager
    def driving(self, session_id: str) -> Iterator[None]:
        """Hold a session as driven."""
        with self._lock:
            self._count[session_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._count[session_id] -= 1

    def __contains__(self, session_id: str) -> bool:
        """Whether a thread drives it."""
        with self._lock:
            return self._count[session_id] > 0
