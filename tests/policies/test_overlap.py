"""Questions that ask the same overlap wholly, however they are spelled; others by what they share."""

from __future__ import annotations

import pytest

from policies.overlap import overlap, parts_of
from policies.sql import parse


def share(one: str, other: str) -> float:
    first, second = parts_of(parse(one)), parts_of(parse(other))
    assert overlap(first, second) == overlap(second, first)
    return overlap(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT SUM(qty) FROM d", "select sum(QTY) as n from D"),
        (
            "SELECT year, SUM(qty) FROM d WHERE mode = 'AIR' AND year IN (1, 2) GROUP BY year",
            "SELECT SUM(qty), year FROM d WHERE year IN (2, 1) AND mode IN ('AIR') GROUP BY year",
        ),
    ],
)
def test_another_spelling_is_the_same(one: str, other: str):
    """Order, case and names of columns make no difference."""
    assert share(one, other) == 1.0


def test_one_restriction_apart_is_near():
    """What a differencing attack looks like: dark, and not quite the same."""
    whole = "SELECT SUM(qty) FROM d WHERE year = 1 AND mode = 'AIR'"
    part = "SELECT SUM(qty) FROM d WHERE year = 1"
    other = "SELECT COUNT(*) FROM d WHERE region = 'EAST'"
    assert share(whole, part) == 3 / 4
    assert share(whole, other) == 1 / 6
    assert share(whole, part) > share(whole, other)
    assert share("SELECT SUM(qty) FROM d", "SELECT COUNT(*) FROM e") == 0.0


def test_either_and_both_are_told_apart():
    """A disjunction is one part, whatever its order."""
    either = "SELECT SUM(q) FROM d WHERE a = 1 OR b = 2"
    assert share(either, "SELECT SUM(q) FROM d WHERE b = 2 OR a = 1") == 1.0
    assert share(either, "SELECT SUM(q) FROM d WHERE a = 1 AND b = 2") < 1.0
    assert share(either, "SELECT SUM(q) FROM d WHERE NOT (a = 1 OR b = 2)") < 1.0
