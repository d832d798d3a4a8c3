"""Sets of codes as ranges: a condition on a hundred thousand codes is a handful of numbers.

A set is a tuple of half-open ranges ``(first, end)``, ascending, that neither overlap nor touch, so
that equal sets are equal tuples. Work on sets goes by their ranges, never by the codes in them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]


def of_codes(codes: Iterable[int]) -> Ranges:
    """Return the set of these codes, given in any order, each once or more often."""
    return _joined((code, code + 1) for code in sorted(codes))


def span(first: int, end: int) -> Ranges:
    """Return the set of the codes from `first` up to, not including, `end`."""
    return ((first, end),) if first < end else ()


def unite(*sets: Ranges) -> Ranges:
    """Return what is in at least one of several sets."""
    return _joined(sorted(chain.from_iterable(sets)))


def intersect(left: Ranges, right: Ranges) -> Ranges:
    """Return what is in both of two sets."""
    found = []
    i = j = 0
    while i < len(left) and j < len(right):
        first, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if first < end:
            found.append((first, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def complement(ranges: Ranges, size: int) -> Ranges:
    """Return which of the codes below `size` are not in a set."""
    found = []
    at = 0
    for first, end in ranges:
        if at < first:
            found.append((at, first))
        at = end
    return (*found, (at, size)) if at < size else tuple(found)


def _joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Join ascending ranges that overlap or touch."""
    found: list[tuple[int, int]] = []
    for first, end in ranges:
        if found and first <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    return tuple(found)
