"""Which names are like a pattern of files: as a slow reference says, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import ProductError
from catalog.product_file import read_product
from catalog.reading import Reading
from tests.catalog.product_texts import DELIVERIES

TEXTS = st.text("ab.*?[\n", max_size=9)


def like(name: str, pattern: str) -> bool:
    """The reference: every way to share the characters out."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(like(name[n:], pattern[1:]) for n in range(len(name) + 1))
    return bool(name) and pattern[0] in ("?", name[0]) and like(name[1:], pattern[1:])


@pytest.mark.long
@settings(max_examples=2000, deadline=None)
@given(TEXTS, TEXTS)
def test_names_as_the_reference_says(name: str, pattern: str) -> None:
    expected = not name.startswith(".") and like(name, pattern)
    assert Reading(files=pattern).names(name) == expected


@pytest.mark.parametrize("pattern", ["*?" * 12 + "!", "*a" * 49 + "!", "*" * 99 + "!"])
def test_no_pattern_takes_long(pattern: str) -> None:
    """Other threads wait for it: a long name takes a moment, not the rest of the day."""
    begun = time.monotonic()
    assert not Reading(files=pattern).names("a" * 255)
    assert time.monotonic() - begun < 60


def test_a_pattern_of_many_stars_is_refused() -> None:
    text = DELIVERIES + '\n[reading]\nfiles = "FILES.csv"\n'
    assert read_product(text.replace("FILES", "*a" * 8)).reading.files
    with pytest.raises(ProductError) as caught:
        read_product(text.replace("FILES", "*a" * 9))
    assert "reading.files" in str(caught.value)
