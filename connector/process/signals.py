"""Waiting for SIGTERM or SIGINT, so that none is missed.

The interpreter runs a handler between two instructions of the main thread. A signal that arrives
after the last of them and before the thread sleeps in a lock is noted and not acted on: the thread
sleeps until another one comes. The byte that `signal.set_wakeup_fd` writes from within the C
handler stays in the socket until it is read, whenever it was written.
"""

from __future__ import annotations

import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STOPS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def until_stopped() -> Iterator[Callable[[], None]]:
    """Take the two signals; give what waits for the first of them, also one that has come before.

    Only the main thread may enter. What the signals did before is in place again afterwards.
    """
    inner, outer = socket.socketpair()
    with inner, outer:
        inner.settimeout(0)
        former = {number: signal.signal(number, _noted) for number in STOPS}
        fd = signal.set_wakeup_fd(inner.fileno(), warn_on_full_buffer=False)

        def wait() -> None:
            while not set(outer.recv(64)) & set(STOPS):
                pass  # another signal's byte

        try:
            yield wait
        finally:
            signal.set_wakeup_fd(fd)
            for number, handler in former.items():
                signal.signal(number, handler)


def _noted(_number: int, _frame: object) -> None:
    """Do nothing: the byte says it all."""
