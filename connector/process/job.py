"""Background work of a node: one thing again and again, or what is handed in, a few at a time.

Whoever makes a job says what it does and when; here are the threads, who acts in them, and what
becomes of an error: the owner's log hears of it, and the next time tries again.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from connector.process.actor import Actor, act_as, acting, actor
from connector.process.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from structlog.typing import FilteringBoundLogger


A = TypeVar("A")
T = TypeVar("T")


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
        settle: seconds that it waits when it is due, for more of the same to come.
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
        settle: float = 0.0,
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
        self._settle = settle
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
        if self._settle:
            self._stopping.wait(self._settle)

    def _attempt(self) -> None:
        try:
            self.work()
        except VoileError as error:
            self._log.warning(f"{self.name}-failed", code=error.code, error=error.message)
        except Exception:  # noqa: BLE001 -- a bug of ours must not end the thread
            self._log.exception(f"{self.name}-crashed")


class Pool:
    """Does what is handed in, a few at a time.

    Args:
        name: of the threads, and of the event that the log hears of what fails: ``NAME-crashed``.
        at_once: how many at a time; threads are made when they are needed.
        log: the node's logger.
        by: who acts; without, whoever hands a thing in.
    """

    def __init__(
        self, name: str, at_once: int, log: FilteringBoundLogger, *, by: Actor | None = None
    ) -> None:
        self._name = name
        self._at_once = at_once
        self._log = log
        self._by = by
        self._threads: ThreadPoolExecutor | None = None
        self._early: list[tuple[Callable[[], object], Actor]] | None = []  # handed in before that
        self._beginning = threading.Lock()

    def start(self) -> None:
        """Be ready; what was handed in before is begun."""
        with self._beginning:
            self._threads = ThreadPoolExecutor(self._at_once, self._name)
            early, self._early = self._early or [], None
            for work, who in early:
                self._threads.submit(self._do, work, who)

    def stop(self) -> None:
        """Finish what is under way; what waits is not begun."""
        with self._beginning:
            threads, self._threads, self._early = self._threads, None, None
        if threads is not None:
            threads.shutdown(wait=True, cancel_futures=True)

    @property
    def is_ready(self) -> bool:
        """Whether it was started, and not stopped."""
        return self._threads is not None

    def submit(self, work: Callable[[], object]) -> bool:
        """Take a thing; returns at once. Says whether it will be done: not by one that stopped."""
        who = self._by or actor()
        with self._beginning:
            threads = self._threads
            if threads is None:
                if self._early is None:
                    return False
                self._early.append((work, who))  # listeners open a moment before what works
                return True
        try:
            threads.submit(self._do, work, who)
        except RuntimeError:  # it was stopped in this moment
            return False
        return True

    def _do(self, work: Callable[[], object], who: Actor) -> None:
        act_as(who)
        try:
            work()
        except Exception:  # noqa: BLE001 -- a bug of ours must not end what others wait for
            self._log.exception(f"{self._name}-crashed")


def at_once(work: Callable[[A], T], over: Collection[A]) -> list[T]:
    """Do a thing for each of a few at the same time, as whoever calls this; wait for all of them.

    Returns:
        What came of each, in order.

    Raises:
        Exception: What the first of them raised, when all have ended.
    """
    if not over:
        return []
    with ThreadPoolExecutor(len(over), "at-once", act_as, (actor(),)) as threads:
        return list(threads.map(work, over))
