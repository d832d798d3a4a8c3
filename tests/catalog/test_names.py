"""Names in any script: those that everybody types alike, and no lookalikes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import ProductError
from catalog.product_file import read_product
from catalog.product_names import _RESERVED, is_name
from policies.errors import QueryError
from policies.sql import parse
from tests.catalog.product_texts import DELIVERIES

TAKEN = [
    "发货方式",
    "数量1",
    "höhe",
    "цена",
    "ποσότητα",
    "カテゴリー",
    "재고",
    "价格_cny",
    "𠀀",
    "a_b2",
    "二〇二六",
    "〇一",
    "sayı",
]
REFUSED = {
    "Preis": "upper case",
    "größE": "upper case",
    "ｐrice": "full width",
    "数量１": "a full-width digit",
    "ｶﾃｺﾞﾘ": "half width",
    "①月": "a circled digit",
    "cafe\u0301": "decomposed",
    "数\u200b量": "zero width",
    "数\ufe0f量": "a variation selector",
    "\u3164": "a filler that is a letter",
    "数 量": "a blank",
    "数-量": "a minus",
    "数。": "punctuation",
    "_数": "no letter first",
    "1数": "no letter first",
    "ーl": "a mark that looks like a minus first",
    "рriсe": "Cyrillic among Latin",
    "аvg": "Cyrillic among Latin",
    "straße": "written in another way when its case is folded",
    "数١": "an Arabic digit",
    "数" * 64: "too long",
    "аѕ": "Cyrillic that looks like AS",
    "сount": "Cyrillic among Latin",
    "ог": "Cyrillic that looks like OR",
    "sum": "a word of SQL",
    "lımıt": "a word of SQL in capitals",
    "ın": "a word of SQL in capitals",
    "price\ua4f9total": "a Lisu letter that looks like a dot",
    "\ua731\u1d1c\u1d0d": "small capitals",
}


def declared(name: str) -> str:
    return DELIVERIES.replace('name = "price"', f'name = "{name}"')


@pytest.mark.parametrize("name", TAKEN)
def test_names_that_are_taken(name: str) -> None:
    """As a column and a measure, without `source`; a question writes it bare or quoted."""
    product = read_product(declared(name))
    assert any(column.name == column.source == name for column in product.columns)
    query = parse(f"SELECT SUM({name}) FROM deliveries")
    assert query.outputs[0].term.column.name == name
    assert parse(f'SELECT SUM("{name}") FROM deliveries').outputs[0].term.column.name == name


def test_equations_of_such_names() -> None:
    """They name measures as these are called."""
    text = declared("金额").replace("[rules]", '[rules]\nequations = ["金额 - 2 * delay"]')
    assert read_product(text).equations == ((("金额", 1), ("delay", -2)),)


@pytest.mark.parametrize("name", REFUSED)
def test_names_that_are_refused(name: str) -> None:
    """One error at the first of them, in both languages."""
    with pytest.raises(ProductError) as caught:
        read_product(declared(name))
    assert caught.value.field.endswith(".name")
    assert caught.value.said("zh") != caught.value.said("en")


@given(st.text(st.characters(categories=["L", "Nd", "Mn", "Pc", "Lm"]), min_size=1, max_size=12))
def test_a_name_is_one_word_of_a_question(name: str) -> None:
    """Whatever is a name is read as it is, bare, and no other spelling of it is a name."""
    if not (name[0].isalpha() and is_name(name) and name not in _RESERVED):
        return
    assert unicodedata.normalize("NFKC", name).casefold() == name
    try:
        query = parse(f"SELECT {name}, COUNT(*) FROM t GROUP BY {name}")
    except QueryError:
        assert name.isascii()  # a word of some dialect of SQL, as ever
    else:
        assert query.outputs[0].term.name == name
