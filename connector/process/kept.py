"""What was made last, kept up to a size: for results that always come out the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by name, the newest used; together they are no larger than a bound."""

    def __init__(self, most: int) -> None:
        """Start empty.

        Args:
            most: Sum of the sizes of what is kept, in whatever unit `put` is given.
        """
        self._most = most
        self._size = 0
        self._lock = threading.Lock()
        self._values: OrderedDict[str, tuple[T, int]] = OrderedDict()

    def get(self, name: str) -> T | None:
        """Return what is kept under a name, or None."""
        with self._lock:
            found = self._values.get(name)
            if found is None:
                return None
            self._values.move_to_end(name)
            return found[0]

    def put(self, name: str, value: T, size: int) -> None:
        """Keep a value; the ones unused for longest go. One larger than the bound is not kept."""
        with self._lock:
            known = self._values.pop(name, None)
            self._size -= known[1] if known else 0
            if size > self._most:
                return
            self._values[name] = (value, size)
            self._size += size
            while self._size > self._most:
                _, (_, gone) = self._values.popitem(last=False)
                self._size -= gone
