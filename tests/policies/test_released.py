"""HAVING in three values: met, missed, and unknown where an output has no value."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from policies.errors import QueryError
from policies.phrase_words import clause
from policies.plan import bind
from policies.sql import parse
from tests.policies.table import SCHEMA

NAMES = ("qty:sum", "qty:count")


def having(text: str):
    """Read a condition on the sum and the count of `qty`, named s and n."""
    sql = f"SELECT SUM(qty) AS s, COUNT(qty) AS n FROM deliveries HAVING {text}"
    found = bind(parse(sql), SCHEMA).having
    assert found is not None
    return found


def kleene(text: str, values: dict[str, int | None]) -> bool | None:
    """Decide by all completions: known where every value of what is missing gives the same."""
    test = having(text)
    choices = [range(5) if values[name] is None else [values[name]] for name in NAMES]
    found = {
        test.holds({name: Decimal(v) for name, v in zip(NAMES, one, strict=True) if v is not None})
        for one in product(*choices)
    }
    return found.pop() if len(found) == 1 else None


@pytest.mark.parametrize(
    "text",
    [
        "s > 2 AND n > 2",
        "s > 2 OR n > 2",
        "NOT (s > 2 OR n > 2)",
        "NOT (s > 2 AND n > 2)",
        "s IN (1, 3) OR n NOT IN (2)",
        "s BETWEEN 1 AND 2 AND NOT n = 0",
    ],
)
def test_a_condition_is_unknown_exactly_where_what_is_missing_decides(text: str) -> None:
    """With `s` or `n` missing: what holds for every value of it is known, the rest unknown."""
    test = having(text)
    unknown = 0
    for s, n in product([None, *range(5)], repeat=2):
        values = {"qty:sum": s, "qty:count": n}
        numbers = {name: None if v is None else Decimal(v) for name, v in values.items()}
        found = test.holds(numbers)
        assert found is kleene(text, values)
        unknown += found is None
    assert unknown


def test_negation_of_unknown_is_unknown() -> None:
    """NOT turns neither into met nor into missed what is not known."""
    nothing = dict.fromkeys(NAMES)
    assert having("s > 2").holds(nothing) is None
    assert having("NOT s > 2").holds(nothing) is None
    assert having("s > 2").mentions() == {"qty:sum"}
    assert having("s > 2 AND NOT n = 1").mentions() == set(NAMES)


def test_a_count_of_a_measure_is_an_output_of_its_own() -> None:
    """COUNT(qty) is granted as `qty:count`, beside COUNT(*); a number without unit."""
    found = bind(parse("SELECT COUNT(Qty), COUNT(*), SUM(qty) FROM deliveries"), SCHEMA)
    told = [(o.name, o.unit, o.scale) for o in found.outputs]
    assert told == [("*:count", "", 0), ("qty:count", "", 0), ("qty:sum", "pcs", 0)]
    assert found.measures == ("qty",)


def test_a_count_needs_a_measure_that_may_be_counted() -> None:
    """Neither a dimension nor the contributor, nor where the owner does not list it."""
    for column, code in (
        ("year", "question.is-dimension"),
        ("customer", "question.contributor"),
        ("late", "question.function-not-listed"),
    ):
        with pytest.raises(QueryError) as caught:
            bind(parse(f"SELECT COUNT({column}) FROM deliveries"), SCHEMA)
        assert caught.value.reasons[0].code == code


def test_a_grant_of_averages_is_shown_as_that_of_sum_and_count() -> None:
    """Both follow from an average and the count beside it; a ban is shown as it is written."""
    assert clause("measure isAnyOf a:sum, b:avg", 1).endswith("b:avg (so its sum and count)")
    assert "b:avg（即总和与计数）" in clause("or(measure eq b:avg; count lteq 3)", 0)
    assert clause("measure isNoneOf b:avg", 1).endswith("none of b:avg")
