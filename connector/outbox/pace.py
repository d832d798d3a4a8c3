"""Peers that need a moment after each exchange before they can take the next message.

Some save a change only after they have answered, or been answered; a message that the new state
allows and that comes before the save meets 409. Who has answered so once gets our messages a
little later from then on. It is a habit that is learnt again after a restart, at the price of one
409: nothing but speed depends on it.
"""

from __future__ import annotations

from typing import Final

HOLD_MS: Final = 20  # enough for 50 of 50 negotiations with a peer of that kind
MOST: Final = 10_000  # peers remembered


class Pace:
    """Who needs a moment. Threads share it."""

    def __init__(self) -> None:
        self._slow: dict[str, None] = {}

    def slow(self, peer: str) -> None:
        """Note that a peer was not ready for a message of ours."""
        self._slow[peer] = None
        while len(self._slow) > MOST:
            self._slow.pop(next(iter(self._slow)), None)

    def hold_ms(self, peer: str) -> int:
        """Give the milliseconds to hold a message to a peer back."""
        return HOLD_MS if peer in self._slow else 0
