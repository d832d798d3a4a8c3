"""One name, one contributor: how ids are read."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.contributor_ids import PLAIN, folded, normalised
from catalog.errors import ProductError
from catalog.product_file import read_product
from tests.catalog.product_texts import changed

SPELLINGS = [
    ("KA", " KA", "KA ", "\tKA\n", "K\u200bA", "KA\ufeff", "\u2060KA", "K\u00adA"),
    ("KA", "\uff2b\uff21", "K\ufe0fA", "KA\u034f", "\u3000KA\u00a0"),
    ("KA", "K\x00A", "\x01KA", "KA\x1f", "K\x1cA", "K\x7fA", "K\x80A", "\x9fKA", "K\u2800A"),
    ("KA", "KA\ufffc", "\uff2b\x07A", "\x85KA\x0b", "KA \x00", "\u2800 KA"),
    ("M\u00fcller", "Mu\u0308ller", "Mu\u200b\u0308ller"),
    (
        "K A",
        "K  A",
        "K\u3000A",
        "K\u00a0\u2003A",
        "K \u200b A",
        "K\tA",
        "K\r\nA",
        "K\x85A",
        "K \x00 A",
    ),
    ("\u30ab", "\uff76"),
    ("\uac00", "\u1100\u1161"),
]


@pytest.mark.parametrize("several", SPELLINGS)
def test_spellings_of_one_name(several: tuple[str, ...]) -> None:
    """Blanks around and inside, width, composition and what does not show make no difference."""
    assert {normalised(text) for text in several} == {several[0]}


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u200b", "\ufeff \u3000", "\u3164", "\ufe0f", "\x00", "\u2800", "\x9f \ufffc"],
)
def test_an_id_of_nothing_is_none(text: str) -> None:
    """Of an id that shows nothing, nothing is left."""
    assert normalised(text) == ""


def test_other_names_stay_apart() -> None:
    """Letters, accents, case and punctuation distinguish names."""
    names = ["KA", "Ka", "K-A", "KB", "K\u00c4", "\u041aA", "客户", "客戶"]
    assert len({normalised(name) for name in names}) == len(names)
    assert folded("KA") == folded("Ka") != folded("K-A")
    assert folded("STRASSE") == folded("Stra\u00dfe")
    assert folded("\uff2b\uff41") == "ka"
    assert folded("\U0001d400") == "a"


@given(st.text())
def test_reading_twice_is_reading_once(text: str) -> None:
    """The rule is idempotent, so that ids kept in normal form stay as they are; folded ones too."""
    once = normalised(text)
    assert normalised(once) == once
    assert not [c for c in once if unicodedata.category(c) in ("Cf", "Cc")]
    assert folded(once) == folded(text)
    assert normalised(folded(once)) == folded(once) == folded(folded(once))


@given(st.from_regex(PLAIN, fullmatch=True))
def test_plain_ids_are_left_alone(text: str) -> None:
    """The pattern by which the engine skips ids covers none that the rule would change."""
    assert re.fullmatch(PLAIN, text)
    assert normalised(text) == text
    assert folded(text) == text.lower()


def test_case_is_the_owners_word() -> None:
    """`contributor_case` is exact unless declared; it needs a text to fold."""
    line = 'contributor = "customer"\n'
    assert read_product(changed(line, line)).contributor_case == "exact"
    folding = changed(line, line + 'contributor_case = "fold"\n')
    assert read_product(folding).contributor_case == "fold"
    with pytest.raises(ProductError, match="contributor_case"):
        read_product(changed(line, line + 'contributor_case = "lower"\n'))
    number = changed('name = "customer"\ntype = "text"', 'name = "customer"\ntype = "integer"')
    with pytest.raises(ProductError, match="contributor_case"):
        read_product(changed(line, line + 'contributor_case = "fold"\n', text=number))
