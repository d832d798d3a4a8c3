"""Sets of places on their way to being merged: how far they reach, and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crypto.disclosure.bits import Bits
    from crypto.disclosure.ledger import Contents
    from crypto.disclosure.table import CellKey


@dataclass(frozen=True, slots=True)
class Unit:
    """A set of places: its least and greatest finest cell, rows, and contents if they are known."""

    bits: Bits
    first: CellKey
    last: CellKey
    rows: int
    contents: Contents | None = None

    @property
    def level(self) -> int:
        """The length of its cells' common prefix."""
        for i, (a, b) in enumerate(zip(self.first, self.last, strict=True)):
            if a != b:
                return i
        return len(self.first)

    def joined(self, other: Unit) -> Unit:
        """Returns the union of both; both contents must be known."""
        contents = dict(self.contents or {})
        for who, figures in (other.contents or {}).items():
            mine = contents.get(who)
            if mine is not None:
                figures = tuple([a + b for a, b in zip(mine, figures, strict=True)])  # noqa: PLW2901
            contents[who] = figures
        return Unit(
            self.bits | other.bits,
            min(self.first, other.first),
            max(self.last, other.last),
            self.rows + other.rows,
            contents,
        )
