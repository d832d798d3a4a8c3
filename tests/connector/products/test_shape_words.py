"""What of a product must stay is called by words in both languages, whatever it is."""

from __future__ import annotations

from catalog.product_file import read_product
from catalog.product_shape import LATER
from connector.areas.products.draft_rows import DONE, FAILED, OPEN, READING
from connector.areas.products.problems import PARTS
from connector.areas.products.problems_drafts import STATES
from tests.catalog.product_texts import DELIVERIES


def test_each_part_that_must_stay_has_words() -> None:
    shape = read_product(DELIVERIES).shape()
    assert {*shape, *LATER, "zone", "empty_contributor"} == {*PARTS}


def test_each_state_of_a_draft_has_words() -> None:
    assert {READING, FAILED, OPEN, DONE} == {*STATES}
