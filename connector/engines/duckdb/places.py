"""Finest cells by number, and the tables that say which place each of them is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connector.engines.duckdb.session import DuckSession
    from crypto.disclosure import CellKey


class CellNumbers:
    """A finest cell has one number: its code indices in mixed radix, the last one fastest."""

    def __init__(self, sizes: Sequence[int]) -> None:
        """Take the number of codes of each dimension."""
        self._sizes = tuple(sizes)

    def number(self, cell: CellKey) -> int:
        """Returns the number of a finest cell."""
        number = 0
        for size, index in zip(self._sizes, cell, strict=True):
            number = number * size + index
        return number

    def key(self, number: int) -> CellKey:
        """Returns the finest cell of a number."""
        key = []
        for size in reversed(self._sizes):
            number, index = divmod(number, size)
            key.append(index)
        return tuple(reversed(key))

    def all(self) -> Iterator[CellKey]:
        """Returns every finest cell, with rows or without."""
        total = 1
        for size in self._sizes:
            total *= size
        return map(self.key, range(total))


def set_membership(
    session: DuckSession, numbers: CellNumbers, places: Iterable[tuple[int, Sequence[CellKey]]]
) -> bool:
    """Makes the table `membership(cell, place, alone)`; `alone`: the place is this one cell.

    Returns:
        Whether any place is of several cells.
    """
    rows = [
        (numbers.number(cell), place, int(len(cells) == 1))
        for place, cells in places
        for cell in cells
    ]
    session.run("CREATE OR REPLACE TEMP TABLE membership (cell BIGINT, place BIGINT, alone BIGINT)")
    session.insert("membership", rows, 3)
    return any(not alone for _, _, alone in rows)
