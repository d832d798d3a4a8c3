"""How much of each grouping a published table releases."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.making import make_table
from crypto.disclosure.shares import groupings, margins
from crypto.disclosure.statuses import Output, answer_set
from tests.crypto.disclosure.published_tables import published, published_table
from tests.crypto.disclosure.second_vectors import Product, declared

if TYPE_CHECKING:
    from crypto.disclosure.published import PublishedTable

SEEDS = range(150)


def tables() -> list[PublishedTable]:
    found = [published_table(random.Random(seed)) for seed in SEEDS]
    return [table for table in found if table is not None]


@pytest.mark.long
def test_margins_are_what_asking_each_set_counts() -> None:
    """Every grouping: groups that hold rows, released ones, their rows, and each measure's."""
    some_differ = False
    for table in tables():
        inner = table.table
        names = [measure.name for measure in inner.declaration.measures]
        outputs = [Output("rows"), *[Output("sum", name) for name in names]]
        count = len(table.dimensions)
        expected = [g for size in range(count + 1) for g in combinations(range(count), size)]
        found = margins(table)
        assert [m.dimensions for m in found] == [tuple(f"d{d}" for d in g) for g in expected]
        for grouping, margin in zip(expected, found, strict=True):
            answers = []
            for key in product(*[range(inner.declaration.sizes[d]) for d in grouping]):
                at = dict(zip(grouping, key, strict=True))
                codes = tuple(frozenset([at[d]]) if d in at else None for d in range(count))
                answers.append(answer_set(inner, codes, outputs).outputs)
            groups = [of for of in answers if of[0].status != "empty"]
            counted = [
                sum(of[i].status == "released" for of in groups) for i in range(len(outputs))
            ]
            assert margin.groups == len(groups)
            assert margin.released == counted[0]
            assert margin.complete == (counted[0] == len(groups))
            assert margin.rows == sum(of[0].values[0] for of in groups if of[0].values)
            assert margin.measures == tuple(zip(names, counted[1:], strict=True))
            some_differ = some_differ or any(n < counted[0] for n in counted[1:])
    assert some_differ


@pytest.mark.long
def test_margins_do_not_depend_on_figures() -> None:
    """Other values and contributor counts in the same cells change the rows alone."""
    for table in tables():
        newest = table.table.newest
        other = replace(
            newest,
            values=tuple(tuple(7 for _ in row) for row in newest.values),
            carriers=tuple(tuple(99 for _ in of) for of in newest.carriers),
        )
        versions = (*table.table.versions[:-1], other)
        changed = published(replace(table.table, versions=versions), first=table.first)
        assert [replace(m, rows=0) for m in margins(changed)] == [
            replace(m, rows=0) for m in margins(table)
        ]


def test_a_table_without_rows_releases_nothing_and_lacks_nothing() -> None:
    """No group holds rows, whichever the grouping."""
    product_ = Product(declared({"dims": [2, 2], "measures": []}))
    made = make_table(product_.declaration, product_.source([]))
    assert [(m.groups, m.released, m.rows, m.complete) for m in margins(published(made.table))] == [
        (0, 0, 0, True)
    ] * 4


@pytest.mark.parametrize(("count", "expected"), [(0, 1), (3, 8), (6, 64), (7, 8)])
def test_many_dimensions_are_looked_at_by_importance(count: int, expected: int) -> None:
    """All groupings of up to six, else those that keep the most important ones."""
    found = groupings(count)
    assert len(found) == len(set(found)) == expected
    assert found[0] == ()
    assert found[-1] == tuple(range(count))
