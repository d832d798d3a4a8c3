"""What follows from a set of totals: exact linear algebra over the rationals.

A total is the set of finest cells that it adds up. Whatever an attacker computes from totals is a
linear combination of them, so the question is whether one exists that speaks of some target cells
and of no others. Cells that always occur together are one column, which keeps the matrix small.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from fractions import Fraction
from typing import TypeVar

C = TypeVar("C", bound=Hashable)


def isolates(totals: Collection[frozenset[C]], target: frozenset[C]) -> bool:
    """Whether some combination of totals is non-zero on target cells only.

    The rows of the matrix M are the totals. There is a combination that vanishes outside the target
    but not inside exactly if M has a greater rank than M without the target's columns.
    """
    columns = _columns(totals)
    inside = {pattern for pattern, cells in columns.items() if cells <= target}
    mixed = {pattern for pattern, cells in columns.items() if cells & target} - inside
    # cells inside and outside that no total tells apart are not isolated either
    outside = (columns.keys() - inside) | mixed
    return _rank(columns.keys()) > _rank(outside)


def smallest_around(totals: Collection[frozenset[C]], target: frozenset[C]) -> list[frozenset[C]]:
    """The smallest sets with target cells: a total, or a total without another that lies in it.

    Returns:
        Those that contain no other of them; whoever stands behind a larger one stands behind more.
    """
    about = [total for total in totals if total & target]
    found = {
        big - small for big in about for small in totals if small < big and (big - small) & target
    }
    kept: list[frozenset[C]] = []
    for cells in sorted(found.union(about), key=len):
        if not any(smaller <= cells for smaller in kept):
            kept.append(cells)
    return kept


def _columns(totals: Iterable[frozenset[C]]) -> dict[frozenset[int], frozenset[C]]:
    """Cells grouped by the totals that they occur in: pattern of totals -> cells."""
    occurs: dict[C, set[int]] = {}
    for index, total in enumerate(totals):
        for cell in total:
            occurs.setdefault(cell, set()).add(index)
    grouped: dict[frozenset[int], set[C]] = {}
    for cell, pattern in occurs.items():
        grouped.setdefault(frozenset(pattern), set()).add(cell)
    return {pattern: frozenset(cells) for pattern, cells in grouped.items()}


def _rank(columns: Collection[frozenset[int]]) -> int:
    """Rank of the 0/1 matrix whose columns are given as the rows in which they have a 1."""
    basis: dict[int, Mapping[int, Fraction]] = {}  # pivot row -> vector with 1 there
    for column in columns:
        vector = dict.fromkeys(column, Fraction(1))
        while vector:
            pivot = min(vector)
            if pivot not in basis:
                head = vector[pivot]
                basis[pivot] = {row: value / head for row, value in vector.items()}
                break
            factor = vector[pivot]
            for row, value in basis[pivot].items():
                rest = vector.get(row, Fraction(0)) - factor * value
                if rest:
                    vector[row] = rest
                else:
                    vector.pop(row, None)
    return len(basis)
