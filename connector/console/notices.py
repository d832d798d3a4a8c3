"""What is said once, on the next page after something was done."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crypto.words import Spoken

_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Notice:
    """One of them.

    Attributes:
        said: its words.
        once: a text to copy now, never shown again; empty for none.
    """

    said: Spoken
    once: str = ""


class Notices:
    """The newest of each session, in memory alone: some are secrets."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Notice] = OrderedDict()

    def put(self, session: str, notice: Notice) -> None:
        """Keep one for the next page of a session."""
        with self._lock:
            self._held[session] = notice
            self._held.move_to_end(session)
            while len(self._held) > _MOST:
                self._held.popitem(last=False)

    def take(self, session: str) -> Notice | None:
        """Give it, and forget it."""
        with self._lock:
            return self._held.pop(session, None)
