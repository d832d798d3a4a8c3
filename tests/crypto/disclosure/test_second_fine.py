"""Whatever the second edition releases is fine, by a second, plain reading of the text."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crypto.disclosure.built_tables import built_product
from tests.crypto.disclosure.second_attack import second_edition
from tests.crypto.disclosure.second_check import violations
from tests.crypto.disclosure.second_tables import random_product

BOUNDS = [(0, 1), (0, 1), (0, 9), (-9, 9), (2, 7), (-3, 0)]


@st.composite
def small_products(draw: st.DrawFn) -> dict[str, Any]:
    """Few rows of few contributors in few cells: ties, zeros, both signs, empty values and cells."""
    dims = draw(st.sampled_from([[1], [2], [3], [2, 2]]))
    bounds = draw(st.lists(st.sampled_from(BOUNDS), max_size=3))
    measures = [
        {
            "name": f"m{i}",
            "lo": lo,
            "hi": hi,
            "unit": draw(st.sampled_from(["", "CNY", " cny", "kg"])),
            "scale": 0 if (lo, hi) == (0, 1) else draw(st.sampled_from([0, 0, 1])),
            "empty": draw(st.sampled_from(["zero", "skip"])),
        }
        for i, (lo, hi) in enumerate(bounds)
    ]
    cell = st.tuples(*[st.integers(0, n - 1) for n in dims])
    values = st.tuples(*[st.none() | st.sampled_from([lo, hi, 0, 1]) for lo, hi in bounds])
    row = st.tuples(st.sampled_from("ABCDEFGH"), cell, values)
    start = draw(st.lists(row, max_size=40))
    versions = [start]
    for _ in range(draw(st.integers(0, 2))):
        kept = [r for i, r in enumerate(versions[-1]) if i % 7 != draw(st.integers(0, 9))]
        versions.append(kept + draw(st.lists(row, max_size=12)))
    rules = {"k": 3, "nil": draw(st.sampled_from(["shown", "shown", "hidden"]))}
    return {
        "declaration": {"dims": dims, "measures": measures, "rules": rules},
        "products": draw(st.sampled_from([100_000, 0])),
        "versions": [[[w, list(c), list(v)] for w, c, v in rows] for rows in versions],
    }


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(small_products())
def test_all_that_is_released_of_a_small_table_is_fine(vector: dict[str, Any]) -> None:
    """Every form on all that is released inside every guarded set, and (d), over all versions."""
    published = second_edition(vector)
    assert published is not None
    assert violations(vector, published[1]) == []


@pytest.mark.long
def test_all_that_is_released_of_larger_tables_is_fine() -> None:
    """The same on tables of thousands of numbers, at random and built to cancel."""
    shown = 0
    for seed in range(30):
        for make in (random_product, built_product):
            vector = make(random.Random(seed))
            published = second_edition(vector)
            if published is None:
                continue
            assert violations(vector, published[1]) == [], (make.__name__, seed)
            shown += sum(len(cells) for cells in published[1][-1]["measure_cells"].values())
    assert shown > 100


@pytest.mark.long
def test_the_check_can_fail() -> None:
    """A withheld cell that is put back, or a held one shown, is found."""
    caught: dict[str, int] = {"withheld": 0, "held": 0}
    tried: dict[str, int] = {"withheld": 0, "held": 0}
    for seed in range(80):
        vector = built_product(random.Random(seed))
        published = second_edition(vector)
        assert published is not None
        results = published[1]
        last = results[-1]
        if any(last["withheld"].values()):
            put_back = {
                n: cells + last["withheld"][n] for n, cells in last["measure_cells"].items()
            }
            tried["withheld"] += 1
            freed = [*results[:-1], {**last, "measure_cells": put_back}]
            caught["withheld"] += bool(violations(vector, freed))
        if len(results) == 2 and last["held"]:
            tried["held"] += 1
            caught["held"] += bool(violations(vector, [results[0], {**last, "held": []}]))
    assert tried["withheld"] >= 5
    assert tried["held"] >= 5
    assert caught == tried
