"""Which sets are surely fine, told by their sums and by how many rows one contributor has there.

In a row a form is at most w, which declared bounds tell; a contributor with n rows has a net of at
most w·n. Let M be no less than the most rows that one contributor has on a set, and t the sum of
all nets there. T, the sum of absolute nets, is at least |t|, so that

* at least |t| / (w·M) contributors carry the form;
* no n contributors have more than n·w·M, and T ≥ (2 + p/100)·w·M is p%: f·w·M is enough
  (disclosure.md §5, `capacity.sample_factor`).

Both t and M may be added up over disjoint sets. A set without rows is never surely fine. That goes
for the new data alone: figures of rows are clamped to their declared bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members
from crypto.disclosure.capacity import sample_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure
    from crypto.disclosure.forms import Coefficients
    from crypto.disclosure.ledger import Ask, Ledger
    from crypto.disclosure.rules import Rules

COUNT: Final = 32  # bits of the lowest slot, which counts what was added up


def widest_row(coefficients: Coefficients, figs: Sequence[Figure]) -> int:
    """Returns the greatest absolute value that a form can have in one row."""
    least = most = 0
    for c, figure in zip(coefficients, figs, strict=False):
        low, high = sorted((c * figure.ends[0], c * figure.ends[1]))
        least, most = least + low, most + high
    return max(abs(least), abs(most))


class Surely:
    """Some forms on disjoint sets of places, as whole numbers that may be added and subtracted.

    A number has a slot for 100·t − s and one for −100·t − s of every form, s being what |100·t|
    must exceed; one of the two is above 0 if the form is surely fine.

    Args:
        asks: the forms.
        figs: the figures that they are made of.
        rules: dominance and p%.
        ledger: the figures of the places.
    """

    def __init__(
        self, asks: Sequence[Ask], figs: Sequence[Figure], rules: Rules, ledger: Ledger
    ) -> None:
        self._most = ledger.most_rows()
        self._totals = [(*t, *[0] * (len(figs) - len(t))) for t in ledger.totals()]
        factor = sample_factor(rules)
        self._forms: list[tuple[list[tuple[int, int]], int]] = [
            (
                [(i, c) for i, c in enumerate(ask.coefficients) if c],
                max(factor, 100 * ask.carriers) * widest_row(ask.coefficients, figs),
            )
            for ask in asks
        ]
        most_rows = sum(self._most)
        gross = [sum([abs(total[i]) for total in self._totals]) for i in range(len(figs))]
        widest = max(
            100 * sum(abs(c) * gross[i] for i, c in parts) + scale * most_rows
            for parts, scale in self._forms
        )
        self._width = widest.bit_length() + 2
        slots = 2 * len(self._forms)
        every = ((1 << self._width * slots) - 1) // ((1 << self._width) - 1)
        self._tops = every << COUNT + self._width - 1
        self._raised = self._tops - (every << COUNT)  # a slot must be above 0 to reach its top
        self._half = self._width * len(self._forms)
        self._low = (1 << COUNT + self._half) - 1

    def of(self, cells: Bits) -> int:
        """Returns the number of one set, counted as one."""
        if cells & cells - 1:
            places = members(cells)
            most = sum([self._most[place] for place in places])
            figures = tuple(map(sum, zip(*[self._totals[p] for p in places], strict=True)))
        else:
            place = cells.bit_length() - 1
            most, figures = self._most[place], self._totals[place]
        ups = downs = 0
        for parts, scale in self._forms:
            total = 0
            for i, c in parts:
                total += c * figures[i]
            total *= 100
            ups = (ups << self._width) + total - scale * most
            downs = (downs << self._width) - total - scale * most
        return (((downs << self._half) + ups) << COUNT) + 1

    def signs(self, number: int) -> int:
        """Returns which slots are above 0, as bits; `are_sure` says what they mean.

        Slots above 0 in two numbers are so in their sum.
        """
        return number + self._raised & self._tops

    def are_sure(self, signs: int) -> bool:
        """Says whether all forms are surely fine where these slots are above 0."""
        return not ~(signs | signs >> self._half) & self._tops & self._low

    def is_sure(self, number: int) -> bool:
        """Says whether all forms are surely fine."""
        return self.are_sure(self.signs(number))


def is_empty(number: int) -> bool:
    """Says whether nothing is left of what was added up."""
    return not number & (1 << COUNT) - 1
