"""Which guarded sets fail, judged by what contributors have in cells of groupings.

A guarded set is a cell of a grouping, such a cell without what touches one code, or two cells of a
finer grouping together. So its nets come of two that are known (`cell_nets`), instead of all of its
places. What is judged is exact: a form is passed over only if it is surely fine, by the sums of
groups of contributors, or by the sum and the largest of all nets; else its profile is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members
from crypto.disclosure.capacity import sample_factor
from crypto.disclosure.cell_nets import CellNets, Kept
from crypto.disclosure.fineness import Profile, is_amply_fine, is_fine, profile
from crypto.disclosure.presumed import is_presumed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cell_nets import Nets
    from crypto.disclosure.guarded import Masks
    from crypto.disclosure.ledger import Ask, Ledger
    from crypto.disclosure.product_sums import ProductSums
    from crypto.disclosure.products import Cell, Doubt, Parts
    from crypto.disclosure.rules import Rules

LARGE: Final = 300  # contributions; of fewer, nets are added up as quickly as groups

Found = tuple[int, int, Profile]  # which of the products in question, form, what it is there
Made = tuple[Kept, Kept, Kept | None]  # one or two together (the same twice), without a third


class ProductNets:
    """Judges guarded sets.

    Args:
        sums: knows how they are made of cells of groupings.
        released: returns the places that are released inside a product of code sets.
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
        self._rows = [total[0] for total in ledger.totals()]
        self._cells = CellNets(asks, ledger)

    def judge(self, doubts: Sequence[Doubt]) -> tuple[list[Found], Sequence[int]]:
        """Judges guarded sets.

        Returns:
            What is not fine, in order; and which of them hold more than there is room for.
        """
        plans = [self._sums.parts(doubt.order) for doubt in doubts]
        missing: dict[Cell, Bits] = {}
        single: dict[int, Bits] = {}
        for number, plan in enumerate(plans):
            if plan is None:
                single[number] = self._released(self._sums.masks(doubts[number].order))
                continue
            for cell in (*plan.together, plan.without) if plan.without else plan.together:
                if cell not in self._cells and cell not in missing:
                    missing[cell] = self._released(self._sums.cell_masks(cell))
        known = self._cells.bring(missing, single.values())
        if self._cells.near is None:
            return [], range(len(doubts))
        found: list[Found] = []
        left: list[int] = []
        for number, plan in enumerate(plans):
            self._cells.tidy()
            if plan is not None:
                made = self._made(plan)
            else:
                one = self._cells.of(single[number])
                made = None if one.bits & ~known else (one, one, None)
            if made is None:
                left.append(number)
                continue
            for a, failed in self._failing(self._unsure(doubts[number].number), made):
                found.append((number, a, failed))
        return found, left

    def remove(self, block: Bits, cells: Sequence[Cell]) -> None:
        """Takes places off the cells that hold them."""
        self._cells.remove(block, cells)

    def _made(self, plan: Parts) -> Made | None:
        """Returns what a guarded set is made of; `None` if some of it is not near."""
        get = self._cells.get
        first, other = get(plan.together[0]), get(plan.together[-1])
        without = get(plan.without) if plan.without else None
        if first is None or other is None or (plan.without and without is None):
            return None
        return first, other, without

    def _failing(self, unsure: Sequence[int], made: Made) -> list[tuple[int, Profile]]:
        assert self._cells.near is not None
        first, other, _ = made
        count = first.count if first is other else first.count + other.count
        is_large = count * self._cells.near.average > LARGE
        found: list[tuple[int, Profile]] = []
        for a in unsure:
            if is_large and self._is_presumed(a, made):
                continue
            known = self._profile(a, made)
            if known is None:
                continue
            ask = self._asks[a]
            nil = ask.always or (not known.carriers and ask.may_be_nil(self._count(made)))
            if not is_fine(known, carriers=ask.carriers, rules=self._rules, nil=nil):
                found.append((a, known))
        return found

    def _profile(self, a: int, made: Made) -> Profile | None:
        """Returns what one form is on a set; `None` if it is surely fine."""
        carriers, factor, depth = self._asks[a].carriers, self._factor, self._rules.depth
        first, other, without = made
        nets = self._cells.nets(first, a)
        if without:
            sizes = _sizes(_less(nets, self._cells.nets(without, a)))
        elif first is other:
            brief = self._cells.brief(first, a)
            if brief.carriers >= carriers and 100 * brief.total >= factor * brief.largest:
                return None
            return profile(nets.values(), depth)
        else:
            more = self._cells.nets(other, a)
            if nets.keys().isdisjoint(more):
                one, two = self._cells.brief(first, a), self._cells.brief(other, a)
                largest = max(one.largest, two.largest)
                is_carried = one.carriers + two.carriers >= carriers
                if is_carried and 100 * (one.total + two.total) >= factor * largest:
                    return None
                return profile([*nets.values(), *more.values()], depth)
            sizes = _sizes(_sum(nets, more))
        if is_amply_fine(sizes, carriers=carriers, factor=factor):
            return None
        return profile(sizes, depth)

    def _is_presumed(self, a: int, made: Made) -> bool:
        """Says whether a form is surely fine by the sums of groups of contributors."""
        form, near = self._cells.form(a), self._cells.near
        if form is None or near is None:
            return False
        first, other, without = made
        nets, most = self._cells.grouped(first, a, form)
        if other is not first:
            more, bound = self._cells.grouped(other, a, form)
            nets, most = nets + more, most + bound
        if without:
            less, bound = self._cells.grouped(without, a, form)
            nets, most = nets - less, most - bound
        bound, carriers = min(most, form.gross), self._asks[a].carriers
        return is_presumed(nets, near.groups, bound, carriers=carriers, factor=self._factor)

    def _count(self, made: Made) -> int:
        first, other, without = made
        bits = (first.bits | other.bits) & ~(without.bits if without else 0)
        return sum([self._rows[place] for place in members(bits)])


def _sizes(nets: Nets) -> list[int]:
    return list(map(abs, filter(None, nets.values())))


def _sum(nets: Nets, more: Nets) -> Nets:
    if len(nets) < len(more):
        nets, more = more, nets
    found = dict(nets)
    for who, net in more.items():
        found[who] = found.get(who, 0) + net
    return found


def _less(nets: Nets, less: Nets) -> Nets:
    found = dict(nets)
    for who, net in less.items():
        if net:  # a place that was taken out may leave nil behind
            found[who] -= net
    return found
