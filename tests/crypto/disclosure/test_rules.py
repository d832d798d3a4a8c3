"""The rules for one cell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.disclosure import Rules, statistics, violations
from crypto.disclosure.rules import obeys
from tests.crypto.disclosure.reference import is_safe

figures = st.dictionaries(
    st.integers(0, 30),
    st.tuples(st.integers(1, 3), st.integers(-60, 60), st.sampled_from([0, 1, 5, 1000])),
    min_size=3,
    max_size=14,
)


@settings(max_examples=400)
@given(
    figures,
    st.integers(3, 4),
    st.lists(st.tuples(st.integers(1, 3), st.integers(30, 99)), min_size=1, max_size=2),
    st.integers(1, 100),
)
def test_agrees_with_the_reference(
    contributions: dict[int, tuple[int, int, int]],
    k: int,
    dominance: list[tuple[int, int]],
    p: int,
) -> None:
    """A cell is found unsafe exactly when the reference, in fractions, finds it unsafe."""
    rules = Rules(minimum_contributors=k, dominance=tuple(dominance), p_percent=p)
    known = statistics(contributions.values(), figures=3, depth=rules.depth)
    named = {str(who): what for who, what in contributions.items()}
    expected = is_safe(named, k=k, dominance=dominance, p=p)
    assert (not violations(known, rules)) == expected
    assert obeys(known, rules) == expected


def cell(*sizes: int) -> tuple[str, ...]:
    """Names of the rules that contributors of these sizes, one row each, break in the measure."""
    known = statistics([(1, size) for size in sizes], figures=2, depth=2)
    broken = tuple(rule for rule, figure in violations(known, Rules()) if figure == 1)
    assert obeys(known, Rules()) == (not broken)
    return broken


def test_limits_are_exact() -> None:
    """A share of exactly 75 or 85 percent, or a remainder of exactly p percent, is still safe."""
    assert cell(75, 7, 6, 6, 6) == ()
    assert cell(76, 6, 6, 6, 6) == ("dominance_1_75",)
    assert cell(50, 35, 5, 5, 5) == ()
    assert cell(50, 36, 5, 5, 4) == ("dominance_2_85",)
    strict = Rules(dominance=((1, 99),))
    exact = statistics([(1, 50), (1, 40), (1, 2), (1, 2), (1, 1)], figures=2, depth=2)
    short = statistics([(1, 50), (1, 41), (1, 2), (1, 1), (1, 1)], figures=2, depth=2)
    assert violations(exact, strict) == ()
    assert violations(short, strict) == (("p_percent", 1),)
    assert obeys(exact, strict)
    assert not obeys(short, strict)


def test_rows_are_a_figure_of_their_own() -> None:
    """Five contributors of whom one holds nearly all rows are unsafe even where sums are level."""
    known = statistics([(96, 5), (1, 5), (1, 5), (1, 5), (1, 5)], figures=2, depth=2)
    assert ("dominance_1_75", 0) in violations(known, Rules())


def test_signs_do_not_hide_a_dominant_contributor() -> None:
    """A total near zero does not make a large contribution look small, nor a small one large."""
    assert cell(-1000, 1, 1, 1, 1) != ()
    assert cell(-10, 10, -10, 10, 1) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum_contributors": 2},
        {"dominance": ()},
        {"dominance": ((0, 75),)},
        {"dominance": ((1, 100),)},
        {"p_percent": 0},
    ],
)
def test_rules_that_protect_nothing_are_refused(wrong: dict[str, object]) -> None:
    """No owner can set fewer than three contributors, or switch a rule off."""
    with pytest.raises(ValueError, match="expected"):
        Rules(**wrong)  # type: ignore[arg-type]
