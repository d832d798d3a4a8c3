"""Whatever is presumed fine by sums over groups of contributors is fine."""

from __future__ import annotations

import random

import pytest

from crypto.disclosure.fineness import is_fine, profile
from crypto.disclosure.presumed import Form, Need, Presumption, packed
from crypto.disclosure.rules import Rules

PLACES = 6
RULES = (
    Rules(),
    Rules(minimum_contributors=3, dominance=((1, 60), (3, 80)), p_percent=50),
)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("rules", RULES)
def test_presumed_sets_are_fine(seed: int, rules: Rules) -> None:
    """On random nets, nil and dominating ones among them, with rests and without."""
    dice = random.Random(seed)
    groups = dice.choice([1, 4, 16])
    people = range(dice.choice([3, 30, 400]))
    forms = range(dice.randint(1, 3))
    shift = dice.choice([0, 0, 6])

    def net() -> int:
        if dice.random() < 0.3:
            return 0
        return dice.randint(-5, 5) + shift + (dice.random() < 0.003) * 2**40

    sides = [
        [[[net() for _ in people] for _ in range(PLACES)] for _ in forms]
        for _ in range(dice.randint(1, 2))
    ]
    needs = [Need(dice.randint(1, 12), dice.random() < 0.5) for _ in forms]
    told = [[_form(per_place, groups) for per_place in side] for side in sides]
    presumption = Presumption(groups, needs, told[0], told[1] if told[1:] else [], rules)
    for _ in range(40):
        cells = dice.getrandbits(PLACES) or 1
        rest = dice.getrandbits(PLACES) & ~cells if sides[1:] else 0
        for i in set(forms) - set(presumption.doubtful(cells, rest)):
            nets = [
                sum(
                    sides[side][i][place][who]
                    for side, bits in ((0, cells), (1, rest))
                    for place in range(PLACES)
                    if bits >> place & 1
                )
                for who in people
            ]
            known = profile(nets, rules.depth)
            assert is_fine(known, carriers=needs[i].carriers, rules=rules, nil=needs[i].nil)


def test_large_sets_are_presumed_fine() -> None:
    """Also where nets of both signs cancel; not where a few contributors carry them."""
    dice = random.Random(1)
    even = [[dice.randint(-9, 9) for _ in range(2_000)] for _ in range(PLACES)]
    few = [[9 if who < 2 else 0 for who in range(2_000)] for _ in range(PLACES)]
    for nets, is_sure in ((even, True), (few, False)):
        presumption = Presumption(64, [Need(10, nil=True)], [_form(nets, 64)], [], Rules())
        assert presumption.doubtful(0b111111, 0) == ([] if is_sure else [0])
    assert packed([5, -7, 0, 2**61]) == 5 - (7 << 64) + (2**61 << 192)


def _form(per_place: list[list[int]], groups: int) -> Form:
    gross = max(sum(abs(nets[who]) for nets in per_place) for who in range(len(per_place[0])))
    return Form(
        [packed(sum(nets[g::groups]) for g in range(groups)) for nets in per_place],
        [max(map(abs, nets)) for nets in per_place],
        gross,
    )
