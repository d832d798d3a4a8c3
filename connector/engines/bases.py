"""Basis files: who brought what in each cell of a version, for the comparison with the next one.

They are Parquet files with a column that numbers cells, `contributor`, and a column per figure
(`f0`, `f1`, …), whichever engine wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crypto.disclosure import CellKey

    HeldIn = Mapping[tuple[CellKey, ...], tuple[Path, int]]  # the basis, and the number in it

BASE: Final = "base"  # the column of a basis that numbers base cells
SAFE: Final = "safe"  # that of the first edition, which numbers safe cells


@dataclass(frozen=True, slots=True)
class Basis:
    """A file of the contributions that one version brought.

    Attributes:
        path: The file.
        column: Its column that numbers the cells, `BASE` or `SAFE`.
        numbers: By number of a base cell, that of the safe cell that it was; empty if they are one.
    """

    path: Path
    column: str = BASE
    numbers: Mapping[int, int] = field(default_factory=dict)

    def taken(self, version: int, place: int) -> Taken:
        """Returns where the contents of a base cell are, that a version showed."""
        return Taken(version, place, self.path, self.numbers.get(place, place), self.column)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one earlier version showed in a place.

    Attributes:
        version: The version that showed it.
        place: The place.
        path: The basis that holds it.
        cell: The number of the cell in that basis.
        column: The column of the basis that has these numbers.
    """

    version: int
    place: int
    path: Path
    cell: int
    column: str = BASE
