"""What every part of a product file has: names and texts.

A name stands in questions, contracts and answers, so it is safe to write and cannot be mistaken:
ASCII as ever, or letters of any script in the form that everybody types (NFKC, lower case, nothing
unseen), of one alphabet where alphabets look alike, and none that looks like a word of SQL.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from catalog import problems_products as problems
from catalog.contributor_ids import normalised
from catalog.product import Text
from catalog.toml_fields import MAX_TEXT, Fields, wrong

_NAME: Final = re.compile(r"[^\W\d_]\w{0,62}")  # then `is_name` decides
_ALIKE: Final = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
# letters of others that look like a Latin one
_LOOKS: Final = {
    **dict(zip(map(ord, "аеорсухіјѕһԁԛԝгп"), "aeopcyxijshdqwrn", strict=True)),
    **dict(zip(map(ord, "αονικρτυω"), "aovikptuw", strict=True)),
}
_RESERVED: Final = frozenset(
    """
    all and as asc avg between by case cross count desc distinct else end exists false from full
    group having in inner is join left like limit not null offset on or order outer right select
    stddev_pop sum table then true union using values var_pop when where with
    """.split()  # noqa: SIM905 - a list of words reads better so
)


def read_text(fields: Fields, name: str, *, fallback: str) -> Text:
    """Returns a text in both languages: a string, or a table with `zh` and `en`."""
    value = fields.raw(name)
    if value is None:
        return Text(fallback, fallback)
    if isinstance(value, str):
        text = fields.text(name)
        return Text(text, text)
    inner = Fields(value, fields.at(name))
    inner.only("zh", "en")
    zh, en = inner.raw("zh"), inner.raw("en")
    if zh is None and en is None:
        raise wrong(fields.at(name), problems.TEXT_OR_TABLE, value)
    return Text(
        zh=inner.text("zh" if zh is not None else "en", longest=MAX_TEXT),
        en=inner.text("en" if en is not None else "zh", longest=MAX_TEXT),
    )


def read_name(fields: Fields, key: str) -> str:
    """Returns a name that questions can write."""
    name = fields.matching(key, _NAME, problems.A_NAME)
    if not is_name(name):
        raise wrong(fields.at(key), problems.A_NAME, name)
    # the second as SQL reads a word: `ı` is an I in capitals
    if not _RESERVED.isdisjoint((name, name.upper().casefold(), name.translate(_LOOKS))):
        raise wrong(fields.at(key), problems.NO_WORD_OF_SQL, name)
    return name


def is_name(text: str) -> bool:
    """Says whether a word of any script is one that cannot be mistaken for another."""
    if text.isascii():
        return text == text.lower()
    if text.casefold() != text or normalised(text) != text:
        return False
    scripts = set()
    for character in text:
        kind = unicodedata.category(character)
        if kind[0] == "L":
            called = unicodedata.name(character, "")
            if "SMALL CAPITAL" in called:  # looks like a capital, and has no case
                return False
            scripts |= {called.partition(" ")[0]} & {*_ALIKE}
        elif character not in "0123456789_\u3007":  # the last is a Chinese zero, a letter to all
            return False
    return len(scripts) <= 1 and unicodedata.category(text[0]) != "Lm"
