"""Codes of large dimensions: found by index, and the work on one question is capped."""

from __future__ import annotations

from decimal import Decimal

import pytest

from policies.codesets import Diagrams, TooComplexError
from policies.errors import QueryError
from policies.plan import bind, keep
from policies.ranges import code_indices
from policies.schema import Dimension, Measure, TableSchema
from policies.sql import parse

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
    assert code_indices(dimension, query.where) == tuple(sorted(wanted))
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


def test_the_work_on_a_filter_is_capped() -> None:
    """Many conditions on a large dimension are refused, whatever they come out as."""
    where = " OR ".join(f"day = {i}" for i in range(300))
    with pytest.raises(QueryError) as error:
        bind(parse(f"SELECT SUM(qty) FROM t WHERE {where}"), table(day()))
    assert [reason.code for reason in error.value.reasons] == ["question.complex"]
    few = Diagrams((10,), max_work=20)
    few.codes(0, [1])
    few.codes(0, [2])
    with pytest.raises(TooComplexError):
        few.codes(0, [3])
