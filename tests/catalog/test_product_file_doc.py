"""The documentation of the product file is true."""

from __future__ import annotations

from pathlib import Path

from catalog.expressions import FUNCTIONS, OPERATORS
from catalog.product_file import read_product
from policies.profile import PURPOSES

DOC = Path(__file__).parents[2] / "docs" / "product-file.md"


def test_the_documented_file_is_taken() -> None:
    """The example in docs/product-file.md is read without an error, and says what its notes say."""
    text = DOC.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    product = read_product(text)
    assert [d.disclosure for d in product.dimensions] == ["group_key", "group_key"]
    assert product.offers[0].terms.count == 50
    defaults = text.replace("minimum_contributors = 5", "").replace("p_percent = 10", "")
    assert read_product(defaults).rules == product.rules


def test_what_may_be_written_is_listed() -> None:
    """Every function, operator and purpose that is taken stands in the text."""
    text = DOC.read_text("utf-8")
    expressions = text.split("**Expressions**")[1].split("**Purposes**")[0]
    assert all(f"`{name}`" in expressions for name in FUNCTIONS)
    assert all(operator in expressions for operator in OPERATORS)
    purposes = text.split("**Purposes**")[1].split("**Empty values.**")[0]
    assert all(f"`{name}`" in purposes for name in PURPOSES)
