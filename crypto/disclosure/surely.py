"""Which sets are surely fine, told by their sums and by how many rows one contributor has there.

Let M be no less than the largest absolute net that one contributor has on a set, and t the sum of
all nets there. T, the sum of absolute nets, is at least |t|, so that

* at least |t| / M contributors carry the form;
* no n contributors have more than n·M, and T ≥ (2 + p/100)·M is p%: f·M is enough
  (disclosure.md §5, `capacity.sample_factor`).

Both t and M may be added up over disjoint sets. If the largest nets of places are not known, M is
the most rows of one contributor times what a form can be in a row: figures of rows are clamped to
their declared bounds. What is nil for everybody is never surely fine. All is of the new data alone.
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
COUNTED: Final = (1 << COUNT) - 1


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
        totals = [(*t, *[0] * (len(figs) - len(t))) for t in ledger.totals()]
        columns = list(zip(*totals, strict=True)) or [()] * len(figs)
        gross = [sum(map(abs, column)) for column in columns]
        known = ledger.largest([ask.coefficients for ask in asks])
        most_rows = ledger.most_rows()
        factor = sample_factor(rules)
        forms: list[tuple[list[tuple[int, int]], int, Sequence[int]]] = []
        widest = 0
        for place, ask in enumerate(asks):
            parts = [(i, c) for i, c in enumerate(ask.coefficients) if c]
            scale, most = max(factor, 100 * ask.carriers), most_rows
            if known is None:
                scale *= widest_row(ask.coefficients, figs)
            else:
                most = known[place]
            forms.append((parts, scale, most))
            total = 100 * sum(abs(c) * gross[i] for i, c in parts)
            widest = max(widest, total + scale * sum(most))
        self._width = width = widest.bit_length() + 2
        slots = 2 * len(forms)
        every = ((1 << width * slots) - 1) // ((1 << width) - 1)
        self._tops = every << COUNT + width - 1
        self._raised = self._tops - (every << COUNT)  # a slot must be above 0 to reach its top
        self._half = width * len(forms)
        self._all = self._tops & (1 << COUNT + self._half) - 1
        lowest = COUNT + width - 1  # the last form has the lowest slot
        bits = [1 << lowest + width * i for i in reversed(range(len(forms)))]
        self._bits = list(enumerate(bits))
        ups = downs = [0] * len(totals)
        for parts, scale, most in forms:
            sums = [0] * len(totals)
            for i, c in parts:
                sums = [s + 100 * c * x for s, x in zip(sums, columns[i], strict=True)]
            needed = [scale * m for m in most]
            ups = [(u << width) + s - n for u, s, n in zip(ups, sums, needed, strict=True)]
            downs = [(d << width) - s - n for d, s, n in zip(downs, sums, needed, strict=True)]
        self._of = [(((d << self._half) + u) << COUNT) + 1 for u, d in zip(ups, downs, strict=True)]

    def of(self, cells: Bits) -> int:
        """Returns the number of one set, counted as one."""
        if not cells & cells - 1:
            return self._of[cells.bit_length() - 1]
        places = members(cells)
        return sum([self._of[place] for place in places]) - len(places) + 1

    def signs(self, number: int) -> int:
        """Returns which slots are above 0, as bits; `are_sure` says what they mean.

        Slots above 0 in two numbers are so in their sum.
        """
        return number + self._raised & self._tops

    def are_sure(self, signs: int) -> bool:
        """Says whether all forms are surely fine where these slots are above 0."""
        return (signs | signs >> self._half) & self._all == self._all

    def is_sure(self, number: int) -> bool:
        """Says whether all forms are surely fine."""
        signs = number + self._raised & self._tops
        return (signs | signs >> self._half) & self._all == self._all

    def is_doubtful(self, number: int) -> bool:
        """Says whether there is something, and a form is not surely fine on it."""
        if not number & COUNTED:
            return False
        signs = number + self._raised & self._tops  # as `is_sure`, which is asked too often to call
        return (signs | signs >> self._half) & self._all != self._all

    def unsure(self, number: int) -> list[int]:
        """Returns the forms, by number, that are not surely fine."""
        signs = number + self._raised & self._tops
        sure = signs | signs >> self._half
        return [i for i, bit in self._bits if not sure & bit]


def is_empty(number: int) -> bool:
    """Says whether nothing is left of what was added up."""
    return not number & COUNTED
