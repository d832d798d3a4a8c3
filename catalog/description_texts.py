"""Texts of a description, in the languages in which they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from catalog.product import Text
from crypto.problems import NO_CONTROL
from crypto.record_errors import wrong
from crypto.record_texts import Others
from crypto.records import Name, Size, value_of
from crypto.records import Text as TextOf


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    language: Annotated[str, TextOf(20), Name("@language")]
    value: Annotated[str, TextOf(5000, empty=True, lines=True), Name("@value")]
    others: Others


def languages(value: Any, at: str) -> Text:
    """Read a text in one or two languages; where one is missing, the other stands in.

    Raises:
        MalformedError: none, too many, or one with control characters.
    """
    return _spoken(value, at, least=1)


def languages_or_none(value: Any, at: str) -> Text:
    """Read a text as `languages` does, or none at all."""
    return _spoken(value, at, least=0)


def _spoken(value: Any, at: str, *, least: int) -> Text:
    if isinstance(value, str):
        return Text(value, value)
    listed = value_of(Annotated[tuple[_Spoken, ...], Size(least, 10)], value, at)
    found: dict[str, str] = {}
    for index, one in enumerate(listed):
        if "\r" in one.value or (least and not one.value.strip()):
            raise wrong(f"{at}/{index}/@value", one.value, NO_CONTROL)
        found[one.language] = one.value
    first = next(iter(found.values()), "")
    return Text(found.get("zh", found.get("en", first)), found.get("en", found.get("zh", first)))
