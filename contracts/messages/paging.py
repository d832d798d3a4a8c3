"""The one catalogue filter we take: plain paging as EDC sends it.

Spec: DSP 2025-1 leaves `filter` open; voile design dsp.md §3, §7. Anything that would have to be
*evaluated* is refused, since a filter silently ignored would be a wrong answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts.errors import UnsupportedFilterError
from contracts.messages import problems

if TYPE_CHECKING:
    from contracts.messages.types import CatalogRequestMessage

_PLAIN_KEYS: Final = frozenset({"@type", "limit", "offset", "sortOrder", "filterExpression"})
MAX_PAGE: Final = 10_000  # datasets


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the catalogue is asked for."""

    offset: int = 0
    limit: int = 50


def requested_page(message: CatalogRequestMessage) -> Page:
    """Read the page out of a catalogue request.

    Raises:
        UnsupportedFilterError: There is a filter expression, or a filter of another kind.
    """
    if not message.filter:
        return Page()
    spec: Any = message.filter[0]
    if len(message.filter) == 1 and isinstance(spec, dict) and _is_plain(spec):
        limit: int = spec.get("limit", Page().limit)
        return Page(offset=spec.get("offset", 0), limit=min(limit, MAX_PAGE))
    raise UnsupportedFilterError(problems.FILTER, pointer="/filter")


def _is_plain(spec: dict[str, Any]) -> bool:
    numbers = all(
        type(spec.get(key, 1)) is int and lowest <= spec.get(key, 1) < 2**31
        for key, lowest in (("offset", 0), ("limit", 1))
    )
    return (
        numbers
        and spec.get("@type") == "QuerySpec"
        and spec.keys() <= _PLAIN_KEYS
        and spec.get("sortOrder", "ASC") == "ASC"
        and spec.get("filterExpression", []) == []
    )
