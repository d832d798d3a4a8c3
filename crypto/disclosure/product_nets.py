"""What contributors have inside guarded sets: added up once per cell of a grouping, then kept.

A guarded set is a cell of a grouping, such a cell without what touches one code, or two cells of a
finer grouping together. So its nets come of two that are known, instead of all of its places; and
a place that is taken out is taken off the cells that hold it. What is judged is exact: sums are
whole numbers, and a form that is not surely fine is judged by its profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crypto.disclosure.bits import members
from crypto.disclosure.capacity import sample_factor
from crypto.disclosure.fineness import Profile, is_amply_fine, is_fine, profile
from crypto.disclosure.presumed import is_presumed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.guarded import Masks
    from crypto.disclosure.ledger import Ask, Ledger, Near
    from crypto.disclosure.presumed import Form
    from crypto.disclosure.product_sums import Cell, Doubt, Parts, ProductSums
    from crypto.disclosure.rules import Rules

MOST_KEPT: Final = 500_000  # nets
LARGE: Final = 300  # contributions; of fewer, nets are added up as quickly as groups

Nets = dict[int, int]  # by number of contributor
Found = tuple[int, int, Profile]  # place of the product in question, form, what it is there


class Brief(NamedTuple):
    """Of some nets: how many are not nil, the sum of their sizes, and the largest size."""

    carriers: int
    total: int
    largest: int


class _Kept:
    """What is known of one set of places, form by form."""

    __slots__ = ("bits", "briefs", "groups", "nets")

    def __init__(self, bits: Bits, forms: int) -> None:
        self.bits = bits
        self.nets: list[Nets | None] = [None] * forms
        self.briefs: list[Brief | None] = [None] * forms
        self.groups: list[tuple[int, int] | None] = [None] * forms  # packed sums, and the most


class ProductNets:
    """Judges products of code sets by what contributors have in cells of groupings.

    Args:
        sums: knows how products are made of cells.
        released: returns the places that are released inside a product.
        asks: the forms.
        unsure: returns which of them are not surely fine, by a product's number.
        rules: dominance and p%.
        ledger: the figures of the places.
    """

    def __init__(
        self,
        sums: ProductSums,
        released: Callable[[Masks], Bits],
        asks: Sequence[Ask],
        unsure: Callable[[int], Sequence[int]],
        *,
        rules: Rules,
        ledger: Ledger,
    ) -> None:
        self._sums = sums
        self._released = released
        self._asks = asks
        self._unsure = unsure
        self._rules = rules
        self._factor = sample_factor(rules)
        self._ledger = ledger
        self._rows = [total[0] for total in ledger.totals()]
        self._cells: dict[Cell, _Kept] = {}
        self._forms: dict[int, Form | None] = {}
        self._near: Near | None = None
        self.kept = 0  # nets

    def judge(self, doubts: Sequence[Doubt]) -> tuple[list[Found], list[int]]:
        """Judges products.

        Returns:
            What is not fine, in order; and which products hold more than there is room for.
        """
        plans = [self._sums.parts(doubt.order) for doubt in doubts]
        missing: dict[Cell, Bits] = {}
        direct: dict[int, Bits] = {}
        for number, (doubt, plan) in enumerate(zip(doubts, plans, strict=True)):
            if plan is None:
                direct[number] = self._released(self._sums.masks(doubt.order))
                continue
            for cell in _cells_of(plan):
                if cell not in self._cells and cell not in missing:
                    missing[cell] = self._released(self._sums.cell_masks(cell))
        near, known = self._ledger.near([*missing.values(), *direct.values()])
        if near is None:
            return [], list(range(len(doubts)))
        if near is not self._near:
            self._near, self._forms = near, {}
            self.forget()
        for cell, bits in missing.items():
            if not bits & ~known:
                self._cells[cell] = _Kept(bits, len(self._asks))
        found: list[Found] = []
        left: list[int] = []
        for number, (doubt, plan) in enumerate(zip(doubts, plans, strict=True)):
            if self.kept > MOST_KEPT:
                self.forget()
            unsure = self._unsure(doubt.number)
            if plan is None:
                bits = direct[number]
                if bits & ~known:
                    left.append(number)
                else:
                    found += self._failing(number, unsure, [_Kept(bits, len(self._asks))], None)
                continue
            together = [self._cells.get(cell) for cell in plan.together]
            without = self._cells.get(plan.without) if plan.without else None
            if None in together or (plan.without and without is None):
                left.append(number)
            else:
                found += self._failing(number, unsure, [k for k in together if k], without)
        return found, left

    def remove(self, block: Bits, cells: Iterable[Cell]) -> None:
        """Takes places off the cells that hold them."""
        holding = [kept for kept in map(self._cells.get, cells) if kept]
        for kept in holding:
            kept.bits &= ~block
            kept.briefs = [None] * len(self._asks)
        for a in range(len(self._asks)):
            added_up = [kept.nets[a] for kept in holding if kept.nets[a] is not None]
            grouped = [kept for kept in holding if kept.groups[a]]
            for place in members(block):
                less = list(self._nets_of(place, a)) if added_up else ()
                for nets in added_up:
                    for who, net in less:
                        nets[who] -= net
                for kept in grouped:
                    sums, most = kept.groups[a]
                    form = self._forms[a]
                    kept.groups[a] = sums - form.nets[place], most - form.most[place]

    def forget(self) -> None:
        """Lets go of nets; they are added up again if they are asked for."""
        for cell, kept in self._cells.items():
            self._cells[cell] = _Kept(kept.bits, len(self._asks))
        self.kept = 0

    def _failing(
        self, number: int, unsure: Sequence[int], together: Sequence[_Kept], without: _Kept | None
    ) -> list[Found]:
        found: list[Found] = []
        for a in unsure:
            known = self._profile(a, together, without)
            if known is None:
                continue
            ask = self._asks[a]
            nil = ask.always or (not known.carriers and ask.may_be_nil(self._count(together, without)))
            if not is_fine(known, carriers=ask.carriers, rules=self._rules, nil=nil):
                found.append((number, a, known))
        return found

    def _profile(self, a: int, together: Sequence[_Kept], without: _Kept | None) -> Profile | None:
        """Returns what one form is on a set; `None` if it is surely fine."""
        carriers, factor = self._asks[a].carriers, self._factor
        if self._is_large(together) and self._is_presumed(a, together, without):
            return None
        nets = [self._nets(kept, a) for kept in together]
        if without is None and (len(nets) == 1 or nets[0].keys().isdisjoint(nets[1])):
            briefs = [self._brief(kept, a) for kept in together]
            total, largest = sum([b.total for b in briefs]), max([b.largest for b in briefs])
            count = sum([b.carriers for b in briefs])
            if count >= carriers and 100 * total >= factor * largest:
                return None
            sizes = [abs(net) for some in nets for net in some.values() if net]
        else:
            sum_ = dict(nets[0])
            if without:
                for who, net in self._nets(without, a).items():
                    if net:  # a place that was taken out leaves nil behind
                        sum_[who] -= net
            else:
                for who, net in nets[1].items():
                    sum_[who] = sum_.get(who, 0) + net
            sizes = [abs(net) for net in sum_.values() if net]
            if is_amply_fine(sizes, carriers=carriers, factor=factor):
                return None
        return profile(sizes, self._rules.depth)

    def _nets(self, kept: _Kept, a: int) -> Nets:
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

    def _nets_of(self, place: int, a: int) -> Iterable[tuple[int, int]]:
        assert self._near is not None
        people, nets = self._near.nets(self._asks[a].coefficients, place)
        return zip(people, nets, strict=True)

    def _brief(self, kept: _Kept, a: int) -> Brief:
        brief = kept.briefs[a]
        if brief is None:
            sizes = [abs(net) for net in self._nets(kept, a).values() if net]
            brief = kept.briefs[a] = Brief(len(sizes), sum(sizes), max(sizes, default=0))
        return brief

    def _is_large(self, together: Sequence[_Kept]) -> bool:
        assert self._near is not None
        return sum([k.bits.bit_count() for k in together]) * self._near.average > LARGE

    def _is_presumed(self, a: int, together: Sequence[_Kept], without: _Kept | None) -> bool:
        form = self._form(a)
        if form is None or self._near is None:
            return False
        nets = most = 0
        for kept in together:
            sums, bound = self._grouped(kept, a, form)
            nets, most = nets + sums, most + bound
        if without:
            sums, bound = self._grouped(without, a, form)
            nets, most = nets - sums, most - bound
        return is_presumed(
            nets,
            self._near.groups,
            min(most, form.gross),
            carriers=self._asks[a].carriers,
            factor=self._factor,
        )

    def _grouped(self, kept: _Kept, a: int, form: Form) -> tuple[int, int]:
        grouped = kept.groups[a]
        if grouped is None:
            places = members(kept.bits)
            grouped = sum([form.nets[p] for p in places]), sum([form.most[p] for p in places])
            kept.groups[a] = grouped
        return grouped

    def _form(self, a: int) -> Form | None:
        assert self._near is not None
        if a not in self._forms:
            self._forms[a] = self._near.grouped(self._asks[a].coefficients)
        return self._forms[a]

    def _count(self, together: Sequence[_Kept], without: _Kept | None) -> int:
        rows = sum([self._rows[p] for kept in together for p in members(kept.bits)])
        return rows - (sum([self._rows[p] for p in members(without.bits)]) if without else 0)


def _cells_of(plan: Parts) -> Iterable[Cell]:
    return (*plan.together, plan.without) if plan.without else plan.together
