"""A thread that brings sessions to their end when their parties do not."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from connector.process.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.party.node import Node

EVERY_SECONDS: Final = 5.0


class Sweeper:
    """Runs one sweep every few seconds; an error is logged and the next sweep tries again."""

    def __init__(self, node: Node, sweep: Callable[[], int]) -> None:
        self._node = node
        self._sweep = sweep
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="cohort-sweeper", daemon=True)

    def start(self) -> None:
        """Start sweeping."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, after the sweep that is under way."""
        self._stopping.set()
        self._thread.join(30)

    def _loop(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                self._sweep()
            except VoileError as error:
                self._node.log.warning("cohort-sweep-failed", code=error.code, error=error.message)
