"""COUNT against SUM inside a class of a measure, as renewals judge it (disclosure.md §3.5, §8.3).

Rows, or present(m), are released on parts of a class of m where m is not. Whoever knows that in the
rest every row is at a bound of m computes m of the part, so each of m's own forms is judged there,
as in check (d) of a protected table: both bounds, both counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members
from crypto.disclosure.inner import UNIONS_OWN, at_a_bound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.declaration import Figure
    from crypto.disclosure.forms import Coefficients, Form

FINE_PARTS: Final = UNIONS_OWN  # up to so many all unions, above single ones and all but one


@dataclass(frozen=True, slots=True)
class Look:
    """Some forms on one set.

    Attributes:
        places: disjoint sets of classes for rows.
        asks: per form, its coefficients on each of the places.
    """

    places: tuple[Bits, ...]
    asks: tuple[tuple[Coefficients, ...], ...]

    @property
    def classes(self) -> Bits:
        """All classes that it looks at."""
        found = 0
        for place in self.places:
            found |= place
        return found


def counts_against_sums(
    figs: Sequence[Figure],
    table: CohortTable,
    all_forms: Sequence[Form],
    steps: Callable[[int], None] = lambda _steps: None,
) -> Iterator[Look]:
    """Yields what is judged inside the classes of all measures, each value once up to its sign.

    A part may hold what no class of present(m) inside the class covers: there only what needs no
    count of the part.

    Args:
        figs: all figures.
        table: the cohort table.
        all_forms: every form; those that are a measure's own are taken.
        steps: is told of what is looked through, also where that is judged already.
    """
    for i, figure in enumerate(figs[1:], 1):
        own = [form for form in all_forms if form.own == i]
        for n in sorted({0, figure.weight}):
            asks = [
                (on_part, at_rest)
                for form in own
                for weight, on_part, at_rest in at_a_bound(form, i, figs, own=True)
                if weight == n
            ]
            owner = {j: part for part in table.cells_of(n) for j in members(part)}
            for cell in table.cells_of(i):
                steps(cell.bit_count())
                touched = dict.fromkeys(owner[j] for j in members(cell) if j in owner)
                parts = [part for part in touched if not part & ~cell]
                yield from _inside(cell, parts, asks, n, steps)


def _inside(
    cell: Bits,
    parts: list[Bits],
    asks: list[tuple[Coefficients, Coefficients]],
    n: int,
    steps: Callable[[int], None],
) -> Iterator[Look]:
    """Yields what is judged inside a class.

    Args:
        cell: the class.
        parts: those of rows, or of present(m), that lie in it, by least class.
        asks: forms on a part and the rest of the class.
        n: the figure that counts.
        steps: see `counts_against_sums`.
    """
    uncounted = cell & ~sum(parts)
    seen: set[tuple[object, ...]] = set()
    for rest in _unions(parts, whole=bool(uncounted)):
        steps(len(asks))
        part = cell & ~rest
        found = []
        for on_part, at_rest in asks:
            if uncounted and on_part[n]:
                continue
            value = _value(part, on_part, rest, at_rest)
            if value not in seen:
                seen.add(value)
                found.append((on_part, at_rest))
        if found:
            yield Look((part, rest), tuple(found))


def _value(
    part: Bits, on_part: Coefficients, rest: Bits, at_rest: Coefficients
) -> tuple[object, ...]:
    """Returns a name of a value: the same for all that are alike up to their sign."""
    if on_part == at_rest:
        part, rest, at_rest = part | rest, 0, ()
    found = ((part, on_part), (rest, at_rest))
    opposite = tuple((bits, tuple(-c for c in of)) for bits, of in found)
    return min(tuple(sorted(found)), tuple(sorted(opposite)))


def _unions(parts: list[Bits], *, whole: bool) -> Iterator[Bits]:
    """Yields unions of some parts; of many only single ones and all but one.

    Args:
        parts: disjoint.
        whole: whether the union of all is one of them.
    """
    count, every = len(parts), sum(parts)
    few = count <= FINE_PARTS
    sizes = set(range(1, count)) if few else {1, count - 1}
    if whole and parts:
        sizes |= {count, max(1, count - 1)}
    for size in sorted(sizes):
        if size == count - 1:  # not added up one by one
            yield from (every - part for part in reversed(parts))
            continue
        for some in combinations(parts, size):
            yield sum(some)
