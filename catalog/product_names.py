"""What every part of a product file has: names and texts."""

from __future__ import annotations

import re
from typing import Final

from catalog import problems_products as problems
from catalog.product import Text
from catalog.toml_fields import MAX_TEXT, Fields, wrong

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
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
    if name in _RESERVED:
        raise wrong(fields.at(key), problems.NO_WORD_OF_SQL, name)
    return name
