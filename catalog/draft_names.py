"""Names for columns, out of headers that may hold anything."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from catalog.contributor_ids import folded
from catalog.errors import ProductError
from catalog.product_names import read_name
from catalog.toml_fields import Fields

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_ROOM: Final = 100_000  # bytes of columns that are of no use yet; a product file has an end
_ROW: Final = 300  # bytes that the row of a column takes, with all that comments say of it
LONGEST_SOURCE: Final = 200  # characters of a header that a product file can name
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_APART: Final = re.compile(r"[\s!-/:-@\[-`{-~]+")  # blanks and punctuation


def nameable(headers: Sequence[str]) -> tuple[bool, ...]:
    """Says of each header whether a product file can name it: once there, short, sound."""
    there = Counter(headers)
    return tuple(
        bool(header.strip())
        and len(header) <= LONGEST_SOURCE
        and not _CONTROL.search(header)
        and there[header] == 1
        for header in headers
    )


def within(
    headers: Sequence[str], usable: Sequence[bool], used: Collection[int]
) -> tuple[bool, ...]:
    """Says which columns are declared: all in use, then others while a product file has room.

    Args:
        headers: The names in the file.
        usable: Per column, whether it can be declared.
        used: Places of the columns in use.
    """
    room, found = _ROOM, []
    for place, header in enumerate(headers):
        size = 0 if place in used else _ROW + len(header.encode("utf-8", "replace"))
        found.append(usable[place] and size <= room)
        room -= size if found[-1] else 0
    return tuple(found)


def names_of(headers: Iterable[str]) -> tuple[str, ...]:
    """Returns a name for each header, that questions can write and no other one has.

    A header that can be one, in small letters and without blanks, gives its own; any other, one
    twice, and a word of SQL become `column_3` by their place.
    """
    taken: set[str] = set()
    found = []
    for place, header in enumerate(headers, 1):
        name = _APART.sub("_", folded(header)).strip("_")
        if not is_allowed(name) or name in taken:
            name = f"column_{place}"
            while name in taken:
                name += "_"
        taken.add(name)
        found.append(name)
    return tuple(found)


def is_allowed(name: str) -> bool:
    """Says whether a product file takes a name."""
    try:
        read_name(Fields({"name": name}), "name")
    except ProductError:
        return False
    return True


def identifier_of(text: str, *, between: str, fallback: str) -> str:
    """Returns an id made of a file's name: lower case, digits and a mark between.

    Args:
        text: The file's name.
        between: `-` for ids, `_` for tables.
        fallback: What it is if nothing is left of it.
    """
    name = re.sub(r"[^a-z0-9]+", between, text.lower()).strip(between)[:60].strip(between)
    return name if is_allowed(name.replace("-", "_")) else fallback
