"""What is released of a set of measures inside guarded sets, while cells are withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crypto.disclosure.bits import least, members
from crypto.disclosure.inside import Inside, name_of
from crypto.disclosure.ledger import Request
from crypto.disclosure.measure_cells import ask_for
from crypto.disclosure.product_nets import ProductNets
from crypto.disclosure.product_sums import ProductSums
from crypto.disclosure.surely import Surely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure, Protection
    from crypto.disclosure.fineness import Profile
    from crypto.disclosure.forms import Form
    from crypto.disclosure.guarded import GuardedSets, Masks
    from crypto.disclosure.ledger import Ask, Finding, Ledger
    from crypto.disclosure.product_nets import Found
    from crypto.disclosure.products import Doubt

Uses = tuple[int, ...]


class Failed(NamedTuple):
    """What is released inside a guarded set, and is not fine.

    Attributes:
        masks: the guarded set, the first in which it is found.
        bits: what is released there.
        found: what failed: forms by number, and what they are there.
    """

    masks: Masks
    bits: Bits
    found: list[tuple[int, Profile]]


class Watched:
    """What is released of some measures inside guarded sets, and which of their forms fail.

    Sets that are surely fine are not even found: what is equal inside several guarded sets is seen
    to be so where it is judged. What contributors have in the others is added up from cells of
    groupings (`product_nets`), if there is room for it; the ledger is asked about the rest.

    Attributes:
        uses: the measures, ascending.
        asks: their forms.
        failed: what is not fine, by name.
    """

    def __init__(
        self,
        uses: Uses,
        judged: Sequence[Form],
        common: Sequence[Bits],
        spans: Sequence[Masks],
        guarded: GuardedSets,
        *,
        ledger: Ledger,
        figs: Sequence[Figure],
        protection: Protection,
    ) -> None:
        self.uses = uses
        self.asks: tuple[Ask, ...] = tuple(ask_for(form, protection) for form in judged)
        self.failed: dict[bytes, Failed] = {}
        self._block_of = {place: block for block in common for place in members(block)}
        self._inside = Inside(common, spans)
        self._usable = self._inside.usable(-1)
        surely = Surely(self.asks, figs, protection.rules, ledger)
        self._sums = ProductSums(common, spans, guarded, surely)
        self._nets: ProductNets | None = None
        if self._sums.has_lines:
            self._nets = ProductNets(
                self._sums,
                self._released,
                self.asks,
                surely.unsure,
                rules=protection.rules,
                ledger=ledger,
            )
        self._fresh: Sequence[Doubt] = self._sums.doubtful()
        self._asked: list[int] = []  # places in `_fresh` of what the ledger is asked about
        self._found: list[Found] = []

    def request(self) -> Request:
        """Judges what is fresh; asks about what there is no room for."""
        asked: Iterable[int] = range(len(self._fresh))
        if self._nets and self._fresh:
            self._found, asked = self._nets.judge(self._fresh)
        self._asked, sets, seen = [], [], set(self.failed)
        for place in asked:
            firsts = self._inside.firsts(self._sums.masks(self._fresh[place].order), self._usable)
            name = name_of(firsts)
            if firsts and name not in seen:
                seen.add(name)
                self._asked.append(place)
                sets.append((self._inside.whole(firsts), 0))
        return Request(sets, self.asks)

    def take(self, finding: Finding) -> None:
        """Keeps what the ledger says of a set that it was asked about."""
        self._found.append((self._asked[finding.set], finding.ask, finding.profile))

    def settle(self) -> list[Failed]:
        """Returns what failed of all that was fresh, sets that were known left out."""
        added: dict[bytes, int] = {}
        for place, ask, known in sorted(self._found, key=lambda found: found[:2]):
            masks = self._sums.masks(self._fresh[place].order)
            firsts = self._inside.firsts(masks, self._usable)
            name = name_of(firsts)
            if name not in self.failed:
                self.failed[name] = Failed(masks, self._inside.whole(firsts), [])
                added[name] = place
            if added.get(name) == place:
                self.failed[name].found.append((ask, known))
        self._fresh, self._found = [], []
        return [self.failed[name] for name in added]

    def remove(self, cell: Bits) -> list[Failed]:
        """Takes a cell of one of the measures off; returns what failed in sets that it changes."""
        gone = self._block_of.get(least(cell), 0)
        if not gone:
            return []
        for place in members(gone):
            del self._block_of[place]
        self._usable &= ~self._inside.leasts(gone)
        changed = [(name, one) for name, one in self.failed.items() if one.bits & gone]
        for name, _ in changed:
            del self.failed[name]
        if self._nets:
            self._nets.remove(gone, self._sums.holding(gone))
        self._fresh = self._sums.remove(gone)
        return [one for _, one in changed]

    def _released(self, masks: Masks) -> Bits:
        return self._inside.whole(self._inside.firsts(masks, self._usable))
