"""Background work of a node: something that starts and stops, and most often does one thing again.

Whoever makes a job says what it does and how often; here is the thread, and what it does with an
error: the owner's log hears of it, and the next time tries again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from connector.process.actor import Actor, act_as, acting
from connector.process.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from structlog.typing import FilteringBoundLogger


class Worker(Protocol):
    """Something that works in the background of a node."""

    def start(self) -> None:
        """Start; returns at once."""
        ...

    def stop(self) -> None:
        """Finish what is under way and stop."""
        ...


class Every:
    """Does one thing again and again in a thread of its own.

    Args:
        name: of the thread, and of the event that the log hears of when it fails: ``NAME-failed``.
        seconds: between the end of one time and the beginning of the next, or what gives them;
            None waits until it is due.
        work: the thing; it may be called before `start` and after `stop`, by whoever likes.
        log: the node's logger.
        due: ends the wait early whenever it is set.
        at_once: do it at the start, too.
        here: do it once in the caller's thread, before `start` returns.
        at_last: do it once more when it is stopped.
        patience: seconds that `stop` waits for what is under way.
    """

    def __init__(
        self,
        name: str,
        seconds: float | Callable[[], float | None],
        work: Callable[[], object],
        log: FilteringBoundLogger,
        *,
        due: threading.Event | None = None,
        at_once: bool = False,
        here: bool = False,
        at_last: bool = False,
        patience: float = 30.0,
    ) -> None:
        self.name = name
        self.work = work
        self._seconds = seconds
        self._log = log
        self._due = due or threading.Event()
        self._at_once = at_once
        self._here = here
        self._at_last = at_last
        self._patience = patience
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop: work of several steps ends after the one under way."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Start the thread."""
        if self._here:
            with acting(Actor("job", self.name)):
                self._attempt()
        self._thread = threading.Thread(target=self._loop, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, after what is under way."""
        self._stopping.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join(self._patience)
            self._thread = None

    def wake(self) -> None:
        """Do it now."""
        self._due.set()

    def _loop(self) -> None:
        act_as(Actor("job", self.name))
        if not self._at_once:
            self._wait()
        while not self._stopping.is_set():
            self._due.clear()
            self._attempt()
            self._wait()
        if self._at_last:
            self._attempt()

    def _wait(self) -> None:
        if not self._stopping.is_set():
            self._due.wait(self._seconds() if callable(self._seconds) else self._seconds)

    def _attempt(self) -> None:
        try:
            self.work()
        except VoileError as error:
            self._log.warning(f"{self.name}-failed", code=error.code, error=error.message)
        except Exception:  # noqa: BLE001 -- a bug of ours must not end the thread
            self._log.exception(f"{self.name}-crashed")
