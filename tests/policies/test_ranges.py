"""Codes of large dimensions: found by index, and the work on one question is capped."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.codesets import Diagrams, TooComplexError
from policies.errors import QueryError
from policies.intervals import complement, intersect, of_codes, unite
from policies.plan import bind, keep
from policies.ranges import code_ranges
from policies.schema import Dimension, Measure, TableSchema
from policies.sql import parse

if TYPE_CHECKING:
    from policies.intervals import Ranges

SIZE = 100_000


class Counted(str):
    """A code that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        """Compare, and count it."""
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def table(dimension: Dimension) -> TableSchema:
    return TableSchema(
        product="p",
        table="t",
        dimensions=(dimension,),
        measures=(Measure(name="qty", lower=Decimal(0), upper=Decimal(50)),),
        contributor="c",
        minimum_contributors=5,
    )


def day(kind: type[str] = str) -> Dimension:
    return Dimension(name="day", kind="integer", codes=tuple(kind(i) for i in range(SIZE)))


def test_a_literal_is_found_without_looking_at_every_code() -> None:
    """Seven hundred literals of a hundred thousand codes: fewer comparisons than two rounds."""
    dimension = day(Counted)
    wanted = [SIZE - 1 - i for i in range(700)]
    query = parse(f"SELECT SUM(qty) FROM t WHERE day IN ({', '.join(f'{i}.0' for i in wanted)})")
    assert query.where is not None
    Counted.compared = 0
    assert code_ranges(dimension, query.where) == ((SIZE - 700, SIZE),)
    assert Counted.compared < 2 * SIZE  # a search for each literal takes seventy million


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("day = 5", {5}),
        ("day = 5.0", {5}),
        ("day IN (7, 5.00, 7)", {5, 7}),
        ("day <> 1 AND day < 4", {0, 2, 3}),
        ("day >= 99998", {99_998, 99_999}),
    ],
)
def test_codes_of_a_large_dimension_are_the_ones_named(where: str, kept: set[int]) -> None:
    """However a whole number is spelt, it names its code."""
    test = keep(bind(parse(f"SELECT SUM(qty) FROM t WHERE {where}"), table(day())))
    assert test is not None
    assert {i for i in range(SIZE) if test((i,))} == kept


def test_numbers_declared_in_no_order_are_found_by_value() -> None:
    """A list of whole numbers may stand in any order; bounds and literals go by value."""
    dimension = Dimension(name="day", kind="integer", codes=("7", "3", "5", "9"))
    for where, kept in (("day < 7", {1, 2}), ("day >= 7.0", {0, 3}), ("day <> 5", {0, 1, 3})):
        test = keep(bind(parse(f"SELECT SUM(qty) FROM t WHERE {where}"), table(dimension)))
        assert test is not None
        assert {i for i in range(4) if test((i,))} == kept


def test_conditions_on_a_large_dimension_cost_by_their_bounds() -> None:
    """Three hundred codes of a hundred thousand: as much work as of a thousand."""
    where = " OR ".join(f"day = {3 * i}" for i in range(300))
    found: dict[int, list[int]] = {}
    for size in (1_000, SIZE):
        days = Dimension(name="day", kind="integer", codes=tuple(map(str, range(size))))
        found[size] = []
        query = parse(f"SELECT SUM(qty) FROM t WHERE {where}")
        bind(query, table(days), spend=found[size].append)
    assert found[1_000] == found[SIZE]
    assert 300 <= sum(found[SIZE]) < 10 * 300


def test_the_work_on_a_filter_is_capped_and_told() -> None:
    """A filter whose parts do not come together is refused; what it took is told all the same."""
    few = Diagrams((10, 10), max_work=8)
    few.codes(0, [1])
    few.codes(0, [2])
    with pytest.raises(TooComplexError):
        few.codes(0, [3])
    days = replace(table(day()), dimensions=tuple(replace(day(), name=n) for n in "abcdefgh"))
    pairs = [f"{x} = {i} AND {y} = {i}" for i in range(30) for x, y in ("ae", "bf", "cg", "dh")]
    told: list[int] = []
    with pytest.raises(QueryError) as error:
        bind(
            parse(f"SELECT SUM(qty) FROM t WHERE ({') OR ('.join(pairs)})"), days, spend=told.append
        )
    assert [reason.code for reason in error.value.reasons] == ["question.complex"]
    assert sum(told) > 10_000


def _codes(ranges: Ranges) -> set[int]:
    return {code for first, end in ranges for code in range(first, end)}


def _members(bits: int) -> set[int]:
    return {code for code in range(20) if bits >> code & 1}


@given(st.integers(0, 2**20 - 1), st.integers(0, 2**20 - 1))
def test_ranges_are_sets(one: int, other: int) -> None:
    """Union, intersection and complement keep the codes that sets keep; equal sets are equal."""
    left, right = _members(one), _members(other)
    a, b = of_codes(left), of_codes(right)
    assert _codes(a) == left
    assert (a == b) is (left == right)
    assert unite(a, b) == of_codes(left | right)
    assert intersect(a, b) == of_codes(left & right)
    assert complement(a, 20) == of_codes(set(range(20)) - left)
