"""Ends exchanges that take too long as a whole, however slowly their bytes drip.

A socket's own time-out starts anew with every byte. One thread for all exchanges shuts down the
sockets whose deadline has passed; whoever reads from them then gets an end of file.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True, eq=False)
class Guarded:
    """One exchange under watch."""

    sock: socket.socket
    deadline: float  # of time.monotonic
    fired: bool = False


class Watchdog:
    """Watches sockets; its thread starts with the first one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._guarded: set[Guarded] = set()
        self._wakes = float("inf")  # when the thread looks again
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def guard(self, sock: socket.socket, deadline: float) -> Iterator[Guarded]:
        """Watch ``sock`` inside the block; raise TimeoutError at its end if it was shut down."""
        one = Guarded(sock, deadline)
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
                self._thread.start()
            self._guarded.add(one)
            if deadline < self._wakes:
                self._changed.notify()
        try:
            yield one
        finally:
            with self._changed:
                self._guarded.discard(one)
        if one.fired:
            raise TimeoutError("the exchange took too long")

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(5)

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for one in [one for one in self._guarded if one.deadline <= now]:
                    one.fired = True
                    self._guarded.discard(one)
                    with suppress(OSError):
                        one.sock.shutdown(socket.SHUT_RDWR)
                self._wakes = min((one.deadline for one in self._guarded), default=float("inf"))
                left = self._wakes - now
                self._changed.wait(None if left == float("inf") else max(0.0, left))
