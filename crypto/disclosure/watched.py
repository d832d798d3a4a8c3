"""What is released of a set of measures inside guarded sets, while cells are withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crypto.disclosure.inside import Inside, name_of
from crypto.disclosure.ledger import Request
from crypto.disclosure.measure_cells import ask_for
from crypto.disclosure.product_sums import ProductSums
from crypto.disclosure.surely import Surely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure, Protection
    from crypto.disclosure.forms import Form
    from crypto.disclosure.guarded import GuardedSets, Masks
    from crypto.disclosure.ledger import Ask, Finding, Ledger
    from crypto.disclosure.product_sums import Order

Uses = tuple[int, ...]


class Failed(NamedTuple):
    """What is released inside a guarded set, and is not fine.

    Attributes:
        masks: the guarded set, the first in which it is found.
        bits: what is released there.
        found: what failed.
    """

    masks: Masks
    bits: Bits
    found: list[Finding]


class Watched:
    """What is released of some measures inside guarded sets, and which of their forms fail.

    Sets that are surely fine are not even found: what is equal inside several guarded sets is seen
    to be so where it is judged.

    Attributes:
        uses: the measures, ascending.
        asks: their forms.
        common: what they have in common: disjoint sets of base cells.
        failed: what is not fine, by name.
        fresh: what is not judged yet.
    """

    def __init__(
        self,
        uses: Uses,
        judged: Sequence[Form],
        common: list[Bits],
        spans: Sequence[Masks],
        guarded: GuardedSets,
        *,
        ledger: Ledger,
        figs: Sequence[Figure],
        protection: Protection,
    ) -> None:
        self.uses = uses
        self.asks: tuple[Ask, ...] = tuple(ask_for(form, protection) for form in judged)
        self.common = common
        self.failed: dict[bytes, Failed] = {}
        self.fresh: list[tuple[Masks, Bits]] = []
        self._inside = Inside(common, spans)
        self._usable = self._inside.usable(-1)
        surely = Surely(self.asks, figs, protection.rules, ledger)
        self._sums = ProductSums(common, spans, guarded, surely)
        self._look_at(self._sums.doubtful())

    def request(self) -> Request:
        """Asks about what is fresh."""
        return Request([(bits, 0) for _, bits in self.fresh], self.asks)

    def take(self, number: int, found: Finding) -> bytes:
        """Keeps what failed in a fresh set; returns the set's name."""
        masks, bits = self.fresh[number]
        name = self._name(bits)
        self.failed.setdefault(name, Failed(masks, bits, [])).found.append(found)
        return name

    def remove(self, cell: Bits) -> list[Failed]:
        """Takes a cell of one of the measures off; returns what failed in sets that it changes."""
        self.fresh = []
        gone = next((block for block in self.common if block & cell), 0)
        if not gone:
            return []
        self.common.remove(gone)
        self._usable &= ~self._inside.leasts(gone)
        changed = [(name, one) for name, one in self.failed.items() if one.bits & gone]
        for name, _ in changed:
            del self.failed[name]
        self._look_at(self._sums.remove(gone))
        return [one for _, one in changed]

    def _look_at(self, products: Iterable[tuple[Order, Masks]]) -> None:
        seen = set(self.failed)
        for _, masks in products:
            firsts = self._inside.firsts(masks, self._usable)
            name = name_of(firsts)
            if firsts and name not in seen:
                seen.add(name)
                self.fresh.append((masks, self._inside.whole(firsts)))

    def _name(self, bits: Bits) -> bytes:
        return name_of(self._inside.leasts(bits))
