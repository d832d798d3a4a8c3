"""Pages that ask others before they are drawn: a few at a time, so that the console stays open.

The console has few threads. Another firm may take as long to answer as its time runs; whoever opens
its pages meanwhile is told so, and all other pages are drawn.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from connector.compose import problems_pages as problems
from connector.process.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.party.node import Node

PLACES: Final = 2  # of the console's threads, of which half are left for pages of our own
MOMENT: Final = 2.0  # seconds that one waits for a place


class Away:
    """The places of pages that wait for others."""

    def __init__(self, _node: Node) -> None:
        self._places = threading.BoundedSemaphore(PLACES)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Have a place.

        Raises:
            RemoteError: others have them all, and wait.
        """
        if not self._places.acquire(timeout=MOMENT):
            raise RemoteError(problems.OTHERS_SLOW)
        try:
            yield
        finally:
            self._places.release()
