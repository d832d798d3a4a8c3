"""An independent, slow reading of privacy.md §3.3, straight from rows, in fractions.

Nothing of `crypto.disclosure` is used to decide anything here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Cell = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    cell: Cell
    contributor: str
    values: tuple[int, ...]


def contributions(
    rows: Iterable[Row], keep: Callable[[Cell], bool] = lambda _: True
) -> dict[str, tuple[int, ...]]:
    """Rows and net sums per contributor over the cells kept."""
    found: dict[str, list[int]] = {}
    for row in rows:
        if keep(row.cell):
            mine = found.setdefault(row.contributor, [0] * (1 + len(row.values)))
            mine[0] += 1
            for i, value in enumerate(row.values):
                mine[i + 1] += value
    return {who: tuple(figures) for who, figures in found.items()}


def per_cell(rows: Iterable[Row]) -> dict[Cell, dict[str, tuple[int, ...]]]:
    """Contributions of each finest cell that holds rows."""
    apart: dict[Cell, list[Row]] = defaultdict(list)
    for row in rows:
        apart[row.cell].append(row)
    return {cell: contributions(mine) for cell, mine in apart.items()}


def total(rows: Iterable[Row], keep: Callable[[Cell], bool], figures: int) -> tuple[int, ...]:
    """The plaintext answer: rows and sums over the cells kept."""
    answer = [0] * figures
    for figures_of in contributions(rows, keep).values():
        answer = [a + b for a, b in zip(answer, figures_of, strict=True)]
    return tuple(answer)


def row_space(vectors: Iterable[Sequence[int]]) -> list[list[Fraction]]:
    """Reduced row echelon form, exact."""
    rows: list[list[Fraction]] = []
    for vector in vectors:
        fresh = [Fraction(x) for x in vector]
        for row in rows:
            pivot = next(i for i, x in enumerate(row) if x)
            if fresh[pivot]:
                factor = fresh[pivot]
                fresh = [a - factor * b for a, b in zip(fresh, row, strict=True)]
        pivot = next((i for i, x in enumerate(fresh) if x), None)
        if pivot is None:
            continue
        fresh = [x / fresh[pivot] for x in fresh]
        rows = [[a - row[pivot] * b for a, b in zip(row, fresh, strict=True)] for row in rows]
        rows.append(fresh)
    return rows


def spans(rows: list[list[Fraction]], wanted: Sequence[int]) -> bool:
    """Whether a vector lies in the row space."""
    rest = [Fraction(x) for x in wanted]
    for row in rows:
        pivot = next(i for i, x in enumerate(row) if x)
        if rest[pivot]:
            factor = rest[pivot]
            rest = [a - factor * b for a, b in zip(rest, row, strict=True)]
    return not any(rest)
