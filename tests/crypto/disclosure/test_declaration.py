"""Figures of a row, comparable groups, forms: what follows from a declaration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.disclosure.declaration import (
    Declaration,
    DeclaredMeasure,
    Protection,
    Refused,
    comparable,
    figures,
    row_figures,
)
from crypto.disclosure.forms import forms, open_combinations, widest
from crypto.disclosure.rules import Rules


def measure(name: str, lower: int = 0, upper: int = 9, **more) -> DeclaredMeasure:
    return DeclaredMeasure(name=name, lower=lower, upper=upper, **more)


def table(*measures: DeclaredMeasure, **more) -> Declaration:
    return Declaration(sizes=(2,), measures=measures, **more)


def test_a_measure_that_skips_is_counted_by_a_figure_of_its_own() -> None:
    """`present(m)` stands right before m, and m's rows are counted by it."""
    found = figures(table(measure("a"), measure("b", empty="skip"), measure("c")))
    assert [f.name for f in found] == ["rows", "a", "present(b)", "b", "c"]
    assert [f.weight for f in found] == [0, 0, 0, 2, 0]
    assert found[2].is_indicator


def test_a_row_is_clamped_and_an_empty_value_counts_as_declared() -> None:
    """Zero is clamped as a value; a skipped value is nil, and not present."""
    declared = table(measure("a", 2, 9, empty="zero"), measure("b", 2, 9, empty="skip"))
    assert row_figures(declared, [11, -4]) == (1, 9, 1, 2)
    assert row_figures(declared, [None, None]) == (1, 2, 0, 0)
    with pytest.raises(Refused, match="a is empty in a row"):
        row_figures(table(measure("a")), [None])


def test_comparable_are_equal_units_common_columns_and_all_indicators() -> None:
    """Groups are closed transitively, and come in the order of their first figure."""
    declared = table(
        measure("a", unit=" CNY"),
        measure("late", 0, 1, unit="kg"),
        measure("b", unit="kg", columns=("x",)),
        measure("c", unit="cny", columns=("x", "y")),
        measure("d", unit="m"),
        measure("lost", 0, 1),
    )
    assert comparable(figures(declared)) == ((1, 3, 4), (2, 6), (5,))


def test_seven_comparable_measures_are_refused_with_advice() -> None:
    """`present(m)` counts among the indicators."""
    six = [measure(f"i{i}", 0, 1) for i in range(6)]
    comparable(figures(table(*six)))
    with pytest.raises(Refused, match=r"more than 6 comparable measures .* declare their units"):
        comparable(figures(table(*six, measure("m", empty="skip"))))


@pytest.mark.parametrize(
    ("bounds", "counts"),
    [
        (lambda i: (0, 100 + i), [1, 6, 22, 45, 81]),
        (lambda _: (0, 100), [2, 13, 44, 95, 176]),
        (lambda _: (0, 1), [2, 13, 41, 96, 192]),
    ],
    ids=["amounts", "equal bounds", "indicators"],
)
def test_there_are_as_many_signed_forms_as_the_design_counts(bounds, counts) -> None:
    """For two to six comparable measures (disclosure.md §5)."""
    found = []
    for count in range(2, 7):
        declared = table(*[measure(f"m{i}", *bounds(i)) for i in range(count)])
        found.append(sum(form.signed for form in forms(declared, None)))
    assert found == counts


def test_rows_of_one_sign_make_a_form_of_one_sign() -> None:
    """Extremes turn billed − paid positive, and the other way round if it was never positive."""
    declared = table(measure("billed"), measure("paid", upper=8))
    (wanted,) = open_combinations(declared)
    assert wanted == (0, 1, -1)
    for extremes, coefficients in (((0, 5), (0, 1, -1)), ((-5, 0), (0, -1, 1))):
        (form,) = [
            f for f in forms(declared, {wanted: extremes}) if f.uses == (1, 2) and not f.declared
        ]
        assert not form.signed
        assert form.coefficients == coefficients
    assert [f.signed for f in forms(declared, {wanted: (-1, 1)}) if f.coefficients == wanted] == [
        True
    ]


def test_scales_are_brought_to_the_finest_of_their_group() -> None:
    """Whole units minus cents is hundred times the one minus the other."""
    declared = table(measure("whole"), measure("cents", scale=2))
    assert (0, 100, -1) in [form.coefficients for form in forms(declared, None)]


def test_equations_are_forms_whatever_the_units() -> None:
    """An equation is judged in its own coefficients; one of unknown figures is refused."""
    declared = table(
        measure("tax", unit="CNY"),
        measure("net", unit="EUR"),
        equations=({"tax": -100, "net": 19, "rows": 1},),
    )
    (form,) = [form for form in forms(declared, None) if form.uses == (1, 2)]
    assert form.coefficients == (-1, 100, -19)
    assert form.name == "100·tax − rows − 19·net"
    with pytest.raises(Refused, match="brutto"):
        forms(table(measure("tax"), equations=({"brutto": 1},)), None)


@given(st.lists(st.integers(-40, 40), min_size=3, max_size=3), st.integers(0, 2))
def test_no_row_exceeds_the_widest_form(values: list[int], scale: int) -> None:
    """An engine that can hold `widest` times its rows can hold every net, change, and sum."""
    declared = table(
        measure("a", -9, 9), measure("b", 0, 30, scale=scale), measure("c", -5, 0, empty="skip")
    )
    row = row_figures(declared, values)
    for form in forms(declared, None):
        net = sum(c * v for c, v in zip(form.coefficients, row, strict=True))
        assert 4 * abs(net) <= widest(declared)


def test_what_cannot_be_declared_is_refused_at_once() -> None:
    """Bounds the wrong way round; carriers of indicators below the floor or above k."""
    with pytest.raises(ValueError, match="ascending"):
        measure("m", 3, 2)
    for carriers in (2, 6):
        with pytest.raises(ValueError, match="between 3 and 5"):
            Protection(rules=Rules(), indicator_carriers=carriers)
