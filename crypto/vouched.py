"""Which keys of a party count: somebody else than its web host says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Vouched:
    """Keys that are vouched for, by their thumbprints.

    Attributes:
        current: those that may sign now.
        former: those that may not any more, with the unix second until which they might.
    """

    current: frozenset[str]
    former: Mapping[str, int]

    @property
    def known(self) -> frozenset[str]:
        """All of them."""
        return self.current | self.former.keys()

    def counts(self, thumbprint: str, *, signed: float | None) -> bool:
        """Say whether a key might sign at a moment; None: nobody says when it did."""
        if thumbprint in self.current:
            return True
        until = self.former.get(thumbprint)
        return until is not None and signed is not None and signed <= until


def nobody() -> None:
    """Nobody says anything of a party's keys: its document alone does."""
