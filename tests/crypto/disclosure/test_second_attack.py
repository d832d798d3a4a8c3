"""An adversary with nothing but released numbers finds nothing; against the first edition, a lot."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.crypto.disclosure.built_tables import built_product
from tests.crypto.disclosure.second_attack import Spoils, attack_first, attack_second
from tests.crypto.disclosure.second_tables import random_product

TABLES = 110  # of each sort; `python -m tests.attack.adversary SEED COUNT` takes more
FIRST = 6  # of each sort, in the loop


def test_the_first_tables_hold_and_give_way_to_the_same_adversary_by_the_first_rules() -> None:
    """A few of those below, so that the loop has them, too."""
    tried: Counter[str] = Counter()
    broken = 0
    for seed in range(FIRST):
        for make in (random_product, built_product):
            spoils = attack_second(make(random.Random(seed)))
            assert spoils.breaches == [], (make.__name__, seed)
            tried += spoils.tried
        broken += bool(attack_first(built_product(random.Random(seed))).breaches)
    assert tried["state"]
    assert tried["difference"]
    assert broken


@pytest.mark.long
def test_no_combination_of_released_numbers_tells_of_too_few() -> None:
    """Nothing that the adversary combines is carried by too few, or dominated by one."""
    tried: Counter[str] = Counter()
    for seed in range(TABLES):
        for make in (random_product, built_product):
            spoils = attack_second(make(random.Random(seed)))
            assert spoils.breaches == [], (make.__name__, seed)
            tried += spoils.tried
    assert tried["state"] > 5_000
    assert tried["difference"] > 5_000
    assert tried["second difference"] > 1_000
    assert tried["inside"] > 1_000


@pytest.mark.long
def test_the_same_adversary_breaks_the_first_edition() -> None:
    """On the same tables the first edition's rules give away sums of too few, and of one alone."""
    broken: list[Spoils] = []
    for seed in range(40):
        vector = built_product(random.Random(seed))
        spoils = attack_first(vector)
        if spoils.breaches:
            broken.append(spoils)
    assert len(broken) >= 20
    assert sum(spoils.lonely for spoils in broken) >= 50
    kinds = Counter(breach[0] for spoils in broken for breach in spoils.breaches)
    assert kinds["state"] >= 100
    assert kinds["difference"] >= 10
