"""One piece of work per key at a time: whoever asks meanwhile waits for its end and shares it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from connector.http import problems
from connector.process.errors import Unreachable, VoileError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(slots=True)
class _Work(Generic[T]):
    done: threading.Event = field(default_factory=threading.Event)
    made: list[T] = field(default_factory=list)
    error: VoileError = field(default_factory=lambda: Unreachable(problems.BROKEN_OFF))


class Once(Generic[T]):
    """Keeps apart who asks for different things: one that hangs holds up no other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._work: dict[str, _Work[T]] = {}

    def __call__(self, key: str, make: Callable[[], T]) -> T:
        """Make something, or wait for who is making it.

        Raises:
            VoileError: what making it has raised.
        """
        with self._lock:
            others = self._work.get(key)
            work = others or self._work.setdefault(key, _Work())
        if others is not None:
            others.done.wait()
            if not others.made:
                raise others.error
            return others.made[0]
        try:
            work.made.append(make())
        except VoileError as error:
            work.error = error
            raise
        finally:
            with self._lock:
                del self._work[key]
            work.done.set()
        return work.made[0]
