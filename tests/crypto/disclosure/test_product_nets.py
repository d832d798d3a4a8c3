"""Guarded sets judged by cells of groupings fail exactly where they fail set by set."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure import cell_nets, product_nets
from crypto.disclosure.ledger import Request, failing
from crypto.disclosure.memory import MemoryLedger
from crypto.disclosure.product_nets import ProductNets
from crypto.disclosure.product_sums import ProductSums
from crypto.disclosure.quick_memory import QuickLedger
from tests.crypto.disclosure.test_product_sums import ASKS, RULES, Case

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.fineness import Profile
    from crypto.disclosure.guarded import Masks
    from crypto.disclosure.memory import Basis


class Narrow(QuickLedger):
    """Has little room: what is near grows, and contributors get other numbers when it does."""

    def __init__(self, now: list[Basis], before: list[list[Basis]]) -> None:
        super().__init__(now, before)
        self.room = sum(map(len, now)) // 2
        self.dice = random.Random(1)
        self.known: Bits = 0
        self.told: QuickLedger | None = None

    def near(self, sets: Iterable[Bits]) -> tuple[QuickLedger, Bits]:
        """Returns another ledger whenever it knows more."""
        known = self.known
        for bits in sets:
            wanted = [p for p in range(len(self.now)) if (known | bits) >> p & 1]
            if sum(len(self.now[place]) for place in wanted) <= self.room:
                known |= bits
        if self.told is None or known != self.known:
            bases = [list(b.items()) if known >> p & 1 else [] for p, b in enumerate(self.now)]
            for basis in bases:
                self.dice.shuffle(basis)
            self.told, self.known = QuickLedger(list(map(dict, bases)), []), known
        return self.told, known


@pytest.mark.sweep
@pytest.mark.parametrize("kind", [QuickLedger, Narrow, MemoryLedger])
@pytest.mark.parametrize("seed", range(30))
def test_it_finds_what_is_found_set_by_set(
    monkeypatch: pytest.MonkeyPatch, seed: int, kind: type[MemoryLedger]
) -> None:
    """At first and after each removal, forms and profiles; what has no room is named as left."""
    dice = random.Random(seed)
    monkeypatch.setattr(cell_nets, "MOST_KEPT", dice.choice([10, 200, 500_000]))
    monkeypatch.setattr(product_nets, "LARGE", dice.choice([0, 300]))
    case = _case_of_lines(seed, kind)
    plain = MemoryLedger(case.ledger.now, [])
    sums = ProductSums(case.blocks, case.spans, case.guarded, case.surely)
    left = list(case.blocks)
    usable = sum(block & -block for block in left)

    def released(masks: Masks) -> Bits:
        return case.inside.whole(case.inside.firsts(masks, usable))

    nets = ProductNets(sums, released, ASKS, case.surely.unsure, rules=RULES, ledger=case.ledger)
    doubts = sums.doubtful()
    judged = 0
    while True:
        found, beyond = nets.judge(doubts)
        wanted = _set_by_set(plain, [released(sums.masks(d.order)) for d in doubts])
        skipped = set(beyond)
        assert found == [one for one in wanted if one[0] not in skipped]
        judged += len(doubts) - len(skipped)
        if len(left) < 2:
            break
        gone = left.pop(dice.randrange(len(left)))
        usable &= ~(gone & -gone)
        nets.remove(gone, sums.holding(gone))
        doubts = sums.remove(gone)
    assert (judged > 0) == (kind is not MemoryLedger)


def _case_of_lines(seed: int, kind: type[MemoryLedger]) -> Case:
    """The first case from a seed on whose guarded sets are made of cells of groupings."""
    while True:
        case = Case(seed, kind)
        if case.guarded.families is not None:
            return case
        seed += 1_000


def _set_by_set(ledger: MemoryLedger, sets: Sequence[Bits]) -> list[tuple[int, int, Profile]]:
    request = Request([(bits, 0) for bits in sets], ASKS)
    return [(f.set, f.ask, f.profile) for f in failing(ledger, [request], RULES)]
