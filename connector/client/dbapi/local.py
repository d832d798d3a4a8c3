"""What tools ask to see what is there, such as `SELECT 1`: answered here, charged to nobody."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_ITEM: Final = r"""(?:'(?:[^']|'')*'|-?[0-9]{1,30}(?:\.[0-9]{1,30})?)(?:\s+AS\s+\w+)?"""
_SELECT: Final = re.compile(rf"\s*SELECT\s+({_ITEM}(?:\s*,\s*{_ITEM})*)\s*;?\s*", re.IGNORECASE)
_EACH: Final = re.compile(
    r"('(?:[^']|'')*'|-?[0-9]+(?:\.[0-9]+)?)(?:\s+AS\s+(\w+))?", re.IGNORECASE
)

_PROBE: Final = re.compile(
    r"\s*SELECT\s+\*\s+FROM\s+([\"`]?)(\w+)\1\s+(?:WHERE\s+1\s*=\s*0|LIMIT\s+0)\s*;?\s*",
    re.IGNORECASE,
)

Constant = str | int | Decimal


def constants(sql: str) -> tuple[tuple[str, Constant], ...]:
    """Give names and values of a SELECT of constants; nothing of any other statement."""
    found = _SELECT.fullmatch(sql)
    if found is None:
        return ()
    return tuple((one[2] or one[1], _value(one[1])) for one in _EACH.finditer(found[1]))


def probed(sql: str) -> str:
    """Give the table of which a statement asks for the columns and for no row; else nothing."""
    found = _PROBE.fullmatch(sql)
    return found[2] if found is not None else ""


def _value(text: str) -> Constant:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    return Decimal(text) if "." in text else int(text)
