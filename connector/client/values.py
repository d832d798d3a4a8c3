"""Figures and keys of an answer as Python's own values: exact, or text where it is not sure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["text", "integer", "decimal", "date"]
Value = str | int | Decimal | date | None

_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NUMBER: Final = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,40})?")  # as answers are verified
_SHOWN: Final = 200


def kind_of_output(told: Mapping[str, Any]) -> Kind:
    """Say what the figures of an output are: whole numbers, or decimals of its scale."""
    return "decimal" if told.get("function") == "avg" or told.get("scale", 1) else "integer"


def value_of(text: str, kind: Kind) -> Value:
    """Read a text as what its column holds.

    Raises:
        ValueError: it is something else.
    """
    if kind == "text":
        return text
    if kind == "date":
        return _day(text)
    if _NUMBER.fullmatch(text) is None or (kind == "integer" and "." in text):
        raise ValueError(text[:_SHOWN])
    return int(text) if kind == "integer" else Decimal(text)


def worth_asking(keys: Iterable[str]) -> bool:
    """Say whether all keys of a dimension could be whole numbers, or days."""
    found = list(keys)
    return bool(found) and (all(map(_WHOLE.fullmatch, found)) or all(map(_is_day, found)))


def kinds_of(table: Mapping[str, Any]) -> dict[str, Kind]:
    """Say what the keys of each dimension are, by a product's description of its table.

    Whole numbers where the owner declares them so, days where every declared code is one.
    """
    return {d["name"]: _kind(d) for d in table.get("dimensions", ())}


def fits(keys: Iterable[str], kind: Kind) -> bool:
    """Say whether keys are of a kind and read back as the same text."""
    if kind == "integer":
        return all(map(_WHOLE.fullmatch, keys))
    return kind != "date" or all(map(_is_day, keys))


def _kind(dimension: Mapping[str, Any]) -> Kind:
    if dimension.get("kind") == "integer":
        return "integer"
    codes = dimension.get("codes") or ()
    days = dimension.get("kind") == "code" and codes and all(map(_is_day, codes))
    return "date" if days else "text"


def _is_day(text: str) -> bool:
    try:
        _day(text)
    except ValueError:
        return False
    return True


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(text[:_SHOWN])
    year, month, day = map(int, found.groups())
    return date(year, month, day)
