"""What a product file declares of a protected table: the second edition's keys, its shape, limits."""

from __future__ import annotations

import json

import pytest

from catalog.declared_table import check_declaration, declaration_of
from catalog.errors import ProductError
from catalog.product_file import read_product
from catalog.product_shape import before_units
from contracts.cohort.widths import MAX_ROWS
from tests.catalog.product_texts import DELIVERIES, changed

RULES = "minimum_contributors = 3"


def with_rules(more: str, *, k: int = 5) -> str:
    """The product file with these lines under its rules."""
    return changed(RULES, f"minimum_contributors = {k}\n{more}")


def test_a_declaration_speaks_in_whole_numbers() -> None:
    """Bounds are units of the scale; columns are those of the file, whatever they are called here."""
    found = declaration_of(read_product(DELIVERIES))
    price, late, delay = found.measures
    assert found.sizes == (3, 3, 3)
    assert (price.lower, price.upper, price.scale, price.unit) == (0, 100_000, 2, "CNY")
    assert (delay.lower, delay.upper, delay.unit) == (-30, 30, "d")
    assert late.columns == delay.columns == ("promised", "received")
    assert found.protection == read_product(DELIVERIES).protection
    assert found.equations == ()


def test_two_names_of_one_column_are_one_column() -> None:
    """What is read under two names is read in common."""
    text = changed('name = "cost"\n', 'name = "cost"\nsource = "price"\n').replace(
        'disclosure = "never"\n\n[[dimension]]', 'disclosure = "aggregate"\n\n[[dimension]]'
    )
    text += '\n[[measure]]\nname = "cost"\nunit = "x"\nbounds = [0, 9]\n'
    price, *_, cost = declaration_of(read_product(text)).measures
    assert price.columns == cost.columns == ("price",)


def test_the_rules_of_the_second_edition() -> None:
    """Each key is read, and each has the default that the design says."""
    plain = read_product(DELIVERIES).protection
    assert (plain.indicator_carriers, plain.nil, plain.on_conflict) == (3, "shown", "withhold")
    assert not plain.mixed_versions
    more = 'indicator_carriers = 4\nnil = "hidden"\non_conflict = "refuse"\nmixed_versions = true'
    found = read_product(with_rules(more)).protection
    assert (found.indicator_carriers, found.nil, found.on_conflict) == (4, "hidden", "refuse")
    assert found.mixed_versions


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"100 * price - 19 * delay"', {"price": 100, "delay": -19}),
        ('"price+delay"', {"price": 1, "delay": 1}),
        ('" - 2*late + rows "', {"late": -2, "rows": 1}),
        ('"rows - present(price)"', {"rows": 1, "present(price)": -1}),
        ("{price = 100, delay = -19}", {"price": 100, "delay": -19}),
    ],
)
def test_an_equation_is_read(written: str, expected: dict[str, int]) -> None:
    """As a text or as a table: whole coefficients by name of figure."""
    text = changed("bounds = [0, 1000]", 'bounds = [0, 1000]\nempty = "skip"')
    text = changed(RULES, f"{RULES}\nequations = [{written}]", text=text)
    assert declaration_of(read_product(text)).equations == (expected,)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("indicator_carriers = 2", "rules.indicator_carriers"),
        ("indicator_carriers = 6", "rules.indicator_carriers"),
        ('nil = "no"', "rules.nil"),
        ('on_conflict = "stop"', "rules.on_conflict"),
        ("mixed_versions = 1", "rules.mixed_versions"),
        ('equations = "price"', "rules.equations"),
        ('equations = ["price - cost"]', "rules.equations[1]"),
        ('equations = ["price", "price - price"]', "rules.equations[2]"),
        ('equations = ["2 price"]', "rules.equations[1]"),
        ('equations = ["price * 2"]', "rules.equations[1]"),
        ('equations = ["price -"]', "rules.equations[1]"),
        ('equations = ["price - -delay"]', "rules.equations[1]"),
        ('equations = ["1.5 * price"]', "rules.equations[1]"),
        ('equations = ["0 * price"]', "rules.equations[1]"),
        ('equations = ["9999999999 * price"]', "rules.equations[1]"),
        ('equations = ["rows"]', "rules.equations[1]"),
        ('equations = [""]', "rules.equations[1]"),
        ('equations = ["present(price)"]', "rules.equations[1]"),
        ("equations = [{price = 1.5}]", "rules.equations[1].price"),
        ("equations = [{}]", "rules.equations[1]"),
        ("equations = [7]", "rules.equations[1]"),
    ],
)
def test_rules_are_read_strictly(line: str, field: str) -> None:
    """One error that names the key and what to do."""
    with pytest.raises(ProductError) as caught:
        read_product(with_rules(line))
    assert caught.value.field == field
    assert caught.value.next_step


def test_more_comparable_measures_than_six_are_refused() -> None:
    """With advice; as many of different units are taken, if they read no column in common."""
    columns = "".join(
        f'[[column]]\nname = "c{i}"\ntype = "integer"\ndisclosure = "aggregate"\n' for i in range(7)
    )
    text = changed("[[dimension]]", columns + "\n[[dimension]]")
    head, tail = text.split("[[offer]]")

    def made(unit: str) -> str:
        return (
            head
            + "".join(
                f'[[measure]]\nname = "c{i}"\nunit = "{unit.format(i)}"\nbounds = [0, 9]\n'
                for i in range(7)
            )
            + "[[offer]]"
            + tail
        )

    with pytest.raises(ProductError, match="more than 6 comparable measures") as caught:
        check_declaration(read_product(made("EUR")), rows=MAX_ROWS)
    assert caught.value.code == "product.comparable"
    assert "units" in caught.value.next_step
    check_declaration(read_product(made("kg{0}")), rows=MAX_ROWS)


def test_bounds_that_could_not_be_judged_are_refused() -> None:
    """However few rows there are: the declaration decides."""
    text = changed("bounds = [0, 1000]", "bounds = [0, 4e16]")
    check_declaration(read_product(text), rows=MAX_ROWS)
    wide = "".join(
        f'[[measure]]\nname = "m{i}"\nexpression = "price"\nscale = 2\nbounds = [0, 4e16]\n'
        for i in range(4)
    )
    with pytest.raises(ProductError) as caught:
        check_declaration(
            read_product(text.replace("[[offer]]", f"{wide}[[offer]]")), rows=MAX_ROWS
        )
    assert (caught.value.code, bool(caught.value.next_step)) == ("product.bounds", True)
    heavy = with_rules('equations = ["1000000000 * price - delay"]')
    heavy = changed("bounds = [0, 1000]", "bounds = [0, 4e16]", text=heavy)
    with pytest.raises(ProductError):
        check_declaration(read_product(heavy), rows=MAX_ROWS)


def test_no_measure_is_called_rows() -> None:
    """The number of rows has that name."""
    text = DELIVERIES.replace('name = "late"', 'name = "rows"').replace('"late:', '"rows:')
    with pytest.raises(ProductError, match="number of rows"):
        check_declaration(read_product(text), rows=MAX_ROWS)


def test_what_is_not_declared_is_not_in_the_shape() -> None:
    """Defaults stand nowhere, so that shapes of earlier products compare as they are."""
    shape = read_product(DELIVERIES).shape()
    assert not {"nil", "indicatorCarriers", "equations", "onConflict"} & shape.keys()
    assert shape["measures"][1].keys() == {"name", "expression", "scale", "bounds"}
    assert json.loads(json.dumps(shape)) == shape
    free = with_rules('on_conflict = "refuse"\nmixed_versions = true', k=3)
    assert read_product(free).shape() == shape


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (RULES, f'{RULES}\nnil = "hidden"'),
        (RULES, f'{RULES}\nequations = ["price - delay"]'),
        ('unit = "d"', 'unit = "h"'),
        ('unit = "d"\n', ""),
    ],
)
def test_what_must_stay_is_in_the_shape(old: str, new: str) -> None:
    """But the first edition's tables were not judged by it, and compare without."""
    one, other = read_product(DELIVERIES).shape(), read_product(changed(old, new)).shape()
    assert one != other
    assert before_units(one) == before_units(other)


def test_carriers_and_skipped_values_must_stay() -> None:
    """They too are part of how the table is cut."""
    five = read_product(with_rules("")).shape()
    assert read_product(with_rules("indicator_carriers = 4")).shape() != five
    skip = read_product(changed("bounds = [0, 1]", 'bounds = [0, 1]\nempty = "skip"')).shape()
    assert before_units(skip) != before_units(read_product(DELIVERIES).shape())
