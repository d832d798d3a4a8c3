"""What is released of a set of measures inside guarded sets, while cells are withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.inside import Chosen, Inside, Unions, span_of
from crypto.disclosure.ledger import Request
from crypto.disclosure.measure_cells import ask_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Protection
    from crypto.disclosure.forms import Form
    from crypto.disclosure.guarded import GuardedSets, Masks
    from crypto.disclosure.ledger import Ask, Finding

Uses = tuple[int, ...]


class Watched:
    """What is released of some measures inside guarded sets, and which of their forms fail.

    Attributes:
        uses: the measures, ascending.
        common: what they have in common: disjoint sets of base cells.
        unions: the distinct unions of these inside guarded sets.
        failed: per union that is not fine, what failed.
        fresh: unions that are not judged yet.
    """

    def __init__(
        self,
        uses: Uses,
        judged: Sequence[Form],
        common: list[Bits],
        spans: Sequence[Masks],
        guarded: GuardedSets,
    ) -> None:
        self.uses = uses
        self._judged = judged
        self.asks: tuple[Ask, ...] = ()
        self.common = common
        self.unions = Unions(Inside(common, spans))
        self.unions.add_products(guarded)
        self.failed: dict[int, list[Finding]] = {}
        self.fresh: Sequence[int] = range(len(self.unions))
        self._spans = spans
        self._gone: Bits = 0
        self._known = dict(self.unions.numbers)

    def now(self, number: int) -> Bits:
        """Returns a set as it is after what was withheld."""
        return self.unions[number] & ~self._gone

    def request(self, protection: Protection) -> Request:
        """Asks about what is fresh."""
        self.asks = tuple(ask_for(form, protection) for form in self._judged)
        return Request(Chosen(self.unions, self.fresh, self._gone), self.asks)

    def remove(self, cell: Bits) -> list[tuple[int, Bits, list[Finding]]]:
        """Takes a cell of one of the measures off; returns what changes, and what failed there."""
        self.fresh = []
        gone = next((block for block in self.common if block & cell), 0)
        if not gone:
            return []
        self.common.remove(gone)
        reached = span_of(gone, self._spans)
        held_in = self.unions.holding(reached)
        near = [(name, number) for name, number in self._known.items() if number in held_in]
        changed, fresh = [], []
        for name, number in near:
            bits = self.now(number)
            if bits & gone:
                del self._known[name]
                changed.append((number, bits, self.failed.pop(number, [])))
                fresh.append(number)
        self._gone |= gone
        self.fresh = [number for number in fresh if self._is_new(number)]
        return changed

    def _is_new(self, number: int) -> bool:
        left = self.now(number)
        return bool(left) and self._known.setdefault(self.unions.name(left), number) == number
