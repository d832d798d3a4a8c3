"""Guarded sets and what lies inside them."""

from __future__ import annotations

import random
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.disclosure.bits import bits_of, blocks, joins, least, members
from crypto.disclosure.declaration import Refused
from crypto.disclosure.guarded import guarded_sets, span
from crypto.disclosure.inside import Inside, Unions, name_of


def test_small_tables_guard_every_product() -> None:
    """2 × 3 codes: (2² − 1)(2³ − 1) products, none of them empty."""
    found = list(guarded_sets((2, 3)))
    assert len(found) == len(set(found)) == 21
    assert all(all(masks) for masks in found)


def test_large_tables_guard_families_in_their_order() -> None:
    """Cells of groupings, then without one code, then two codes; as many as the families count."""
    guarded = guarded_sets((2, 4, 3), most_products=0)
    kinds = [family.kind for family in guarded.families]
    assert kinds == sorted(kinds, key=["cell", "without", "two"].index)
    assert [f.grouping for f in guarded.families][:8] == [
        (), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2),
    ]  # fmt: skip
    found = list(guarded)
    assert len(found) == sum(family.count for family in guarded.families)
    assert set(found) <= set(guarded_sets((2, 4, 3)))
    cells = [tuple(1 << code for code in key) for key in product(range(2), range(4), range(3))]
    assert set(cells) <= set(found)


def test_a_family_that_does_not_fit_is_left_out_and_the_next_is_tried() -> None:
    """What is left out is named; the cells of all groupings must fit."""
    everything = guarded_sets((2, 9, 3), most_products=0)
    cells = sum(f.count for f in everything.families if f.kind == "cell")
    assert cells == prod(n + 1 for n in (2, 9, 3))
    some = guarded_sets((2, 9, 3), most_products=0, most_sets=cells + 10)
    assert {f.kind for f in some.left_out} == {"without", "two"}
    assert sum(f.count for f in some.families) <= cells + 10
    assert {*some.left_out} | {*some.families} == {*everything.families}
    with pytest.raises(Refused, match="coarser dimensions"):
        guarded_sets((2, 9, 3), most_products=0, most_sets=cells - 1)


@given(st.integers(0, 10**6))
def test_what_is_inside_is_what_does_not_reach_out(seed: int) -> None:
    """The intersection of integers finds the sets whose every finest cell lies in the product."""
    dice = random.Random(seed)
    keys = list(product(range(3), range(2), range(2)))
    dice.shuffle(keys)
    cells: list[list[tuple[int, ...]]] = []
    for key in keys[: dice.randint(1, len(keys))]:
        if cells and dice.random() < 0.3:
            dice.choice(cells).append(key)
        else:
            cells.append([key])
    sets = [1 << c for c in range(len(cells))]
    if len(sets) > 2:
        sets = [sets[0] | sets[-1], *sets[1:-1]]
    among = dice.getrandbits(len(cells))
    guarded = guarded_sets((3, 2, 2), most_products=dice.choice([0, 10**5]))
    unions = Unions(Inside(sets, [span(cell) for cell in cells]))
    unions.add_products(guarded, among)
    wanted = []
    for masks in guarded:
        inside = 0
        for bits in sets:
            reached = [key for c in members(bits) for key in cells[c]]
            if not bits & ~among and all(
                mask >> code & 1 for key in reached for code, mask in zip(key, masks, strict=True)
            ):
                inside |= bits
        if inside and inside not in wanted:
            wanted.append(inside)
    assert list(unions) == wanted
    assert [unions[i] for i in range(len(unions))] == wanted


@given(st.lists(st.sets(st.integers(0, 30), min_size=1), max_size=12))
def test_joins_hang_together_and_do_not_touch(sets: list[set[int]]) -> None:
    """Every set lies in one join; joins are disjoint, by least member, and no finer ones exist."""
    found = joins(map(bits_of, sets))
    assert [least(join) for join in found] == sorted(least(join) for join in found)
    assert sum(join.bit_count() for join in found) == len(set().union(*sets))
    for part in sets:
        assert sum(1 for join in found if join & bits_of(part)) == 1
    for join in found:
        grown = {least(join)}
        while any(part & grown and not part <= grown for part in sets):
            for part in sets:
                if part & grown:
                    grown |= part
        assert bits_of(grown) == join


def test_blocks_are_what_several_measures_have_in_common() -> None:
    """A block is a union of cells of each; where one measure is not released, there is none."""
    one = [bits_of([0, 1]), bits_of([2]), bits_of([3]), bits_of([5])]
    other = [bits_of([0]), bits_of([1, 2]), bits_of([3]), bits_of([4])]
    assert blocks([one, other]) == [bits_of([0, 1, 2]), bits_of([3])]


@given(st.sets(st.integers(0, 400)))
def test_a_set_of_cells_is_its_members(numbers: set[int]) -> None:
    """Bits and members are inverse, also of many."""
    assert members(bits_of(numbers)) == sorted(numbers)


def test_names_of_single_cells_differ() -> None:
    """Ten thousand cells have ten thousand names, where integers have 61 hashes."""
    singles = [1 << i for i in range(10_000)]
    assert len({hash(bits) for bits in singles}) == 61
    assert len({name_of(bits) for bits in singles}) == 10_000


@pytest.mark.parametrize("count", [0, 1, 64, 65, 400])
@pytest.mark.parametrize("size", [70, 500, 9_000])
def test_members_of_sets_sparse_and_dense(count: int, size: int) -> None:
    """Read in three ways: always all of them, ascending."""
    numbers = {i * i * 31 % size for i in range(count)} | set(range(min(count, size)))
    assert members(bits_of(numbers)) == sorted(numbers)
    far = {i * (size // 70) for i in range(70)}
    assert members(bits_of(far)) == sorted(far)
