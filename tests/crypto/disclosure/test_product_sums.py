"""What sums along the dimensions leave out is fine, and nothing else is left out than they say."""

from __future__ import annotations

import random
from itertools import product
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.declaration import Figure
from crypto.disclosure.fineness import is_fine, profile
from crypto.disclosure.guarded import guarded_sets, span
from crypto.disclosure.inside import Inside
from crypto.disclosure.ledger import Ask
from crypto.disclosure.memory import MemoryLedger
from crypto.disclosure.product_sums import ProductSums
from crypto.disclosure.quick_memory import QuickLedger
from crypto.disclosure.rules import Rules
from crypto.disclosure.surely import Surely

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients

FIGS = (
    Figure(name="rows", lower=1, upper=1),
    Figure(name="flow", lower=-2, upper=9),
    Figure(name="late", lower=0, upper=1),
)
ASKS = (Ask((0, 1, 0), 3), Ask((0, 1, -2), 5), Ask((1, 0, -1), 3, nil=False))
RULES = Rules(minimum_contributors=3)


class RowsOnly(MemoryLedger):
    """Knows how many rows one contributor has, and no largest nets, as a large table does."""

    def largest(self, forms: object) -> None:
        """Returns nothing."""


class Case:
    """A table at random: cells of a few codes, some of them merged, contributors with rows."""

    def __init__(self, seed: int, kind: type[MemoryLedger]) -> None:
        dice = self.dice = random.Random(seed)
        sizes = dice.choice([(3, 2, 4), (4, 5), (2, 3, 3), (6,)])
        cells: list[list[tuple[int, ...]]] = []
        for key in product(*map(range, sizes)):
            if dice.random() < 0.15:
                continue
            if cells and dice.random() < 0.15:
                dice.choice(cells).append(key)
            else:
                cells.append([key])
        now = []
        for _ in cells:
            basis = {}
            for who in range(dice.choice([1, 6, 40])):
                if dice.random() < 0.7:
                    count = dice.randint(1, 2)
                    flow = sum(dice.randint(-2, dice.choice([2, 9, 9])) for _ in range(count))
                    basis[f"C{who}"] = (count, flow, dice.randint(0, count))
            now.append(basis)
        self.spans = [span(cell) for cell in cells]
        self.ledger = kind(now, [])
        most = dice.choice([0, 10**5])
        self.guarded = guarded_sets(sizes, most_products=most)
        self.blocks = [1 << c for c in range(len(cells))]
        for _ in range(dice.randint(0, 3)):
            if len(self.blocks) > 3:
                one, other = (self.blocks.pop(dice.randrange(len(self.blocks))) for _ in range(2))
                self.blocks.append(one | other)
        self.inside = Inside(self.blocks, self.spans)
        self.surely = Surely(ASKS, FIGS, RULES, self.ledger)

    def released(self, left: Iterable[Bits]) -> set[Bits]:
        """Returns what the blocks that are left release inside the guarded sets."""
        usable = sum(block & -block for block in left)
        found = {self.inside.whole(self.inside.firsts(m, usable)) for m in self.guarded}
        return found - {0}

    def nets(self, cells: Bits, form: Coefficients) -> list[int]:
        """Returns every contributor's net of a form on a set."""
        (content,) = self.ledger.contents([cells])
        return [
            sum(c * f for c, f in zip(form, figures, strict=True)) for figures in content.values()
        ]


@pytest.mark.parametrize("kind", [RowsOnly, QuickLedger])
@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_out_is_surely_fine(seed: int, kind: type[MemoryLedger]) -> None:
    """At first and after each removal: every set that is not named obeys the rules in all forms."""
    case = Case(seed, kind)
    sums = ProductSums(case.blocks, case.spans, case.guarded, case.surely)
    left = list(case.blocks)
    products = sums.doubtful()
    known: set[Bits] = set()
    changed = case.released(left)
    while True:
        assert products == sorted(products)
        usable = sum(block & -block for block in left)
        named = {
            case.inside.whole(case.inside.firsts(sums.masks(d.order), usable)) for d in products
        }
        assert named <= case.released(left)
        for cells in changed - named - known:
            for ask in ASKS:
                found = profile(case.nets(cells, ask.coefficients), RULES.depth)
                assert is_fine(found, carriers=ask.carriers, rules=RULES, nil=False)
        assert named & changed == {
            cells
            for cells in changed
            if not case.surely.is_sure(sum(case.surely.of(b) for b in left if not b & ~cells))
        } - (known - named)
        if len(left) < 2:
            return
        known = case.released(left)
        gone = left.pop(case.dice.randrange(len(left)))
        changed = {cells & ~gone for cells in known if cells & gone} - {0}
        products = sums.remove(gone)


def test_it_bites() -> None:
    """Of the sets of these tables some are left out and some are not."""
    kept = left_out = 0
    for seed in range(40):
        case = Case(seed, QuickLedger)
        sums = ProductSums(case.blocks, case.spans, case.guarded, case.surely)
        usable = sum(block & -block for block in case.blocks)
        named = {case.inside.firsts(sums.masks(d.order), usable) for d in sums.doubtful()}
        kept += len(named)
        left_out += len(case.released(case.blocks)) - len(named)
    assert kept > 200
    assert left_out > 200


def test_numbers_beyond_the_slots_are_judged_by_rows() -> None:
    """`hi·rows − m` of a high bound does not fit where sums are kept: another bound does instead."""
    top = 10**18
    figs = (FIGS[0], Figure(name="amount", lower=0, upper=top))
    ledger = QuickLedger([{f"C{i}": (5, 500) for i in range(40)}], [])
    asks = (Ask((top, -1), 5), Ask((0, 1), 5))
    assert ledger.largest([ask.coefficients for ask in asks]) is None
    surely = Surely(asks, figs, RULES, ledger)
    assert not surely.is_sure(surely.of(1))  # 40 carry the sum, but one row might have been all
    high = Surely(asks[:1], figs, RULES, ledger)
    assert high.is_sure(high.of(1))
