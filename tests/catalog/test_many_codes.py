"""As many codes as a dimension may have are read at once, in a file of ours or a dataset of others."""

from __future__ import annotations

import time

import pytest

from catalog.errors import ProductError
from catalog.product_parts import MAX_CODES
from catalog.toml_fields import Fields


def test_a_hundred_thousand_codes_take_no_time_squared() -> None:
    """Each is compared with those before it by its hash; five billion comparisons take minutes."""
    codes = [f"code {number}" for number in range(MAX_CODES)]
    begun = time.process_time()
    assert Fields({"codes": codes}, "").texts("codes", most=MAX_CODES) == tuple(codes)
    assert time.process_time() - begun < 5


def test_the_one_that_stands_twice_is_named() -> None:
    """By its place, counted from one."""
    with pytest.raises(ProductError) as caught:
        Fields({"codes": ["a", "b", "a"]}, "").texts("codes", most=3)
    assert "codes[3]" in caught.value.said("en")
