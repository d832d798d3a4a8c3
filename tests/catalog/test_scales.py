"""A measure keeps the decimal places of its column, or those that its owner names; never fewer."""

from __future__ import annotations

import pytest

from catalog.errors import ProductError
from catalog.product_file import read_product
from tests.catalog.product_texts import DELIVERIES, changed

PRICE = 'name = "price"\nscale = 2'


def with_price(expression: str) -> str:
    return changed(PRICE, f'name = "price"\nexpression = "{expression}"')


@pytest.mark.parametrize(("kind", "scale"), [("decimal(12, 2)", 2), ("decimal(9, 4)", 4)])
def test_a_column_brings_its_scale(kind: str, scale: int) -> None:
    """A measure over a decimal column keeps all its places if the file names none."""
    text = changed("decimal(12, 2)", kind, text=changed(PRICE, 'name = "price"'))
    assert read_product(text).measures[0].scale == scale


@pytest.mark.parametrize(
    "expression",
    [
        "weight",
        "weight * 2 + 1",
        "coalesce(weight, 0)",
        "weight % 7",
        "price > 10.5",
        "not (price > 10)",
        "case when price > 10.5 then 1 else 0 end",
        "case when price > 10.5 then weight else weight // 2 end",
        "received - promised",
        "year(promised)",
        "floor(price)",
        "cast(price as bigint)",
        "cast(weight as decimal(9, 0))",
        "length(mode)",
    ],
)
def test_whole_numbers_have_none(expression: str) -> None:
    """An expression that can only give whole numbers, or true and false, has scale 0."""
    text = changed(PRICE, f'name = "price"\nexpression = "{expression}"')
    text = changed(
        'source = "Ship Mode"\ntype = "text"\ndisclosure = "group_key"',
        'source = "Ship Mode"\ntype = "text"\ndisclosure = "plaintext"',
        text=text,
    )
    assert read_product(text).measures[0].scale == 0


@pytest.mark.parametrize(
    "expression",
    [
        "price * 2",
        "coalesce(price, 0)",
        "(price + 1)",
        "weight / 2",
        "price / weight",
        "weight * 1.5",
        "weight * 1e3",
        "round(price, 1)",
        "-price",
        "case when weight > 1 then price else 0 end",
        "case when weight > 1 then 0 else 0.5 end",
        "least(weight, price)",
        "cast(weight as decimal(9, 2))",
        "cast(weight as decimal)",
        "extract(epoch from received)",
    ],
)
def test_an_expression_with_fractions_names_its_scale(expression: str) -> None:
    """What can have decimal places is refused without `scale`, and taken with it."""
    with pytest.raises(ProductError, match="decimal places") as caught:
        read_product(with_price(expression))
    assert caught.value.code == "product.scale"
    named = changed("scale = 2\n", f'expression = "{expression}"\nscale = 3\n')
    assert read_product(named).measures[0].scale == 3


def test_a_published_file_keeps_its_scales() -> None:
    """Read again with the scales it was published with, a file that names none means those."""
    for text in (changed(PRICE, 'name = "price"'), with_price("price / weight")):
        assert read_product(text, {"price": 0}).measures[0].scale == 0
    assert read_product(DELIVERIES, {"price": 0}).measures[0].scale == 2
