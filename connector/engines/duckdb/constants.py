"""Quoted constants in the owner's expressions: of their type as a whole, or no constant of it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from connector.engines import problems_expressions as problems
from connector.engines.duckdb.conversions import text_pattern

if TYPE_CHECKING:
    from catalog.product import ColumnType
    from crypto.words import Words

_SQL: Final = {
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "instant": "TIMESTAMPTZ",
    "boolean": "BOOLEAN",
}
_LIKE: Final = {
    "date": problems.LIKE_A_DATE,
    "timestamp": problems.LIKE_A_TIME,
    "instant": problems.LIKE_AN_INSTANT,
    "boolean": problems.TRUE_OR_FALSE,
    "integer": problems.A_WHOLE_NUMBER,
    "decimal": problems.NO_MORE_DIGITS,
}
_DAY: Final = text_pattern("date")
_TIME: Final = text_pattern("timestamp")
_ZONED: Final = text_pattern("timestamp", zoned=True)
_MIDNIGHT: Final = r"[ T]00:00(:00(\.0{1,6})?)?"
_PATTERNS: Final = {
    # nothing is lost of a midnight that becomes a day, or of a day that becomes its midnight
    "date": f"{_DAY}({_MIDNIGHT})?",
    "timestamp": f"{_DAY}|{_TIME}",
    "instant": f"{_DAY}|{_TIME}|{_ZONED}",  # without a zone: on the clock of the declared one
    "boolean": text_pattern("boolean"),
}


def typed_constant(text: str, kind: str) -> exp.Expr | None:
    """Returns a quoted constant as one of a type; None if it is none of it as a whole.

    Args:
        text: What stands between the quotes.
        kind: `date`, `timestamp` (without a zone), `instant` or `boolean`.
    """
    if re.fullmatch(_PATTERNS[kind], text, re.ASCII) is None:
        return None
    if kind == "boolean":
        return exp.true() if text.lower() in ("true", "t", "1") else exp.false()
    if not _is_day(text[:10]):
        return None
    return exp.cast(exp.Literal.string(text[:10] if kind == "date" else text), _SQL[kind])


def is_constant_of(text: str, kind: ColumnType, scale: int) -> bool:
    """Returns whether an explicit cast may be given a quoted constant.

    Args:
        text: What stands between the quotes.
        kind: The type it is cast to.
        scale: For `decimal`: digits after the point.
    """
    if kind == "date":
        return typed_constant(text, "date") is not None
    return re.fullmatch(text_pattern(kind, scale), text, re.ASCII) is not None


def like(kind: str) -> Words:
    """Returns how an error names what a constant of a type looks like."""
    return _LIKE[kind]


def _is_day(text: str) -> bool:
    try:
        date(*map(int, text.split("-")))
    except ValueError:
        return False
    return True
