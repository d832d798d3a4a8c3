"""What contributors have in cells of groupings, form by form: added up once, and kept.

Nets are whole numbers by number of contributor, of the new data. A place that is taken out is taken
off the cells that hold it. What is kept is bounded: beyond that, everything is let go of and added
up again where it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crypto.disclosure.bits import members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.ledger import Ask, Ledger, Near
    from crypto.disclosure.presumed import Form
    from crypto.disclosure.products import Cell

MOST_KEPT: Final = 500_000  # nets

Nets = dict[int, int]  # by number of contributor; nil ones may be there


class Brief(NamedTuple):
    """Of some nets: how many are not nil, the sum of their sizes, and the largest size."""

    carriers: int
    total: int
    largest: int


class Kept:
    """What is known of one set of places, form by form.

    Attributes:
        bits: the places.
        count: how many they are.
        nets: what contributors have there.
        briefs: that in brief.
        groups: the sums of groups of contributors, packed, and the most that one can have.
    """

    __slots__ = ("bits", "briefs", "count", "groups", "nets")

    def __init__(self, bits: Bits, forms: int) -> None:
        self.bits = bits
        self.count = bits.bit_count()
        self.nets: list[Nets | None] = [None] * forms
        self.briefs: list[Brief | None] = [None] * forms
        self.groups: list[tuple[int, int] | None] = [None] * forms


class CellNets:
    """The nets of some forms in cells of groupings.

    Args:
        asks: the forms.
        ledger: the figures of the places.

    Attributes:
        near: answers for places that were brought near; `None` if none were.
        kept: how many nets are kept.
    """

    def __init__(self, asks: Sequence[Ask], ledger: Ledger) -> None:
        self._asks = asks
        self._ledger = ledger
        self._cells: dict[Cell, Kept] = {}
        self._forms: dict[int, Form | None] = {}
        self._of_place: dict[tuple[int, int], Sequence[tuple[int, int]]] = {}
        self.near: Near | None = None
        self.kept = 0

    def __contains__(self, cell: Cell) -> bool:
        return cell in self._cells

    def get(self, cell: Cell) -> Kept | None:
        """Returns what is known of a cell; `None` if its places are not near."""
        return self._cells.get(cell)

    def bring(self, cells: dict[Cell, Bits], others: Iterable[Bits]) -> Bits:
        """Brings cells and other sets near, as there is room; returns the places that are near."""
        near, known = self._ledger.near([*cells.values(), *others])
        if near is not self.near:
            self.near, self._forms = near, {}
            self.forget()
        for cell, bits in cells.items():
            if near is not None and not bits & ~known:
                self._cells[cell] = self.of(bits)
        return known

    def of(self, bits: Bits) -> Kept:
        """Returns a set of places that are near, of which nothing is known yet."""
        return Kept(bits, len(self._asks))

    def remove(self, block: Bits, cells: Iterable[Cell]) -> None:
        """Takes places off the cells that hold them."""
        holding = [kept for kept in map(self._cells.get, cells) if kept]
        places = members(block)
        for kept in holding:
            kept.bits &= ~block
            kept.count = kept.bits.bit_count()
            kept.briefs = [None] * len(self._asks)
            for a, nets in enumerate(kept.nets):
                if nets is not None:
                    for place in places:
                        for who, net in self._nets_of(place, a):
                            nets[who] -= net
            for a, grouped in enumerate(kept.groups):
                form = self.form(a) if grouped else None
                if grouped and form:
                    sums, most = grouped
                    sums -= sum([form.nets[place] for place in places])
                    kept.groups[a] = sums, most - sum([form.most[place] for place in places])

    def tidy(self) -> None:
        """Lets go of nets if too many are kept."""
        if self.kept > MOST_KEPT:
            self.forget()

    def forget(self) -> None:
        """Lets go of nets; they are added up again if they are asked for."""
        for cell, kept in self._cells.items():
            self._cells[cell] = self.of(kept.bits)
        self._of_place.clear()
        self.kept = 0

    def nets(self, kept: Kept, a: int) -> Nets:
        """Returns what contributors have of a form."""
        nets = kept.nets[a]
        if nets is None:
            nets = {}
            for place in members(kept.bits):
                if nets:
                    for who, net in self._nets_of(place, a):
                        nets[who] = nets.get(who, 0) + net
                else:
                    nets.update(self._nets_of(place, a))
            kept.nets[a] = nets
            self.kept += len(nets)
        return nets

    def brief(self, kept: Kept, a: int) -> Brief:
        """Returns the nets of a form in brief."""
        brief = kept.briefs[a]
        if brief is None:
            sizes = [abs(net) for net in self.nets(kept, a).values() if net]
            brief = kept.briefs[a] = Brief(len(sizes), sum(sizes), max(sizes, default=0))
        return brief

    def grouped(self, kept: Kept, a: int, form: Form) -> tuple[int, int]:
        """Returns the packed sums of groups of contributors, and the most that one can have."""
        grouped = kept.groups[a]
        if grouped is None:
            places = members(kept.bits)
            grouped = sum([form.nets[p] for p in places]), sum([form.most[p] for p in places])
            kept.groups[a] = grouped
        return grouped

    def form(self, a: int) -> Form | None:
        """Returns the sums of groups of all places; `None` if numbers are too large for it."""
        assert self.near is not None
        if a not in self._forms:
            self._forms[a] = self.near.grouped(self._asks[a].coefficients)
        return self._forms[a]

    def _nets_of(self, place: int, a: int) -> Sequence[tuple[int, int]]:
        known = self._of_place.get((place, a))
        if known is None:
            assert self.near is not None
            people, nets = self.near.nets(self._asks[a].coefficients, place)
            known = self._of_place[place, a] = list(zip(people, nets, strict=True))
            self.kept += len(known)
        return known
