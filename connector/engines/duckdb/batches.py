"""The sets of a request, cut as they are asked about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.ledger import Request

MEMBERS_AT_ONCE: Final = 2_000_000  # pairs of set and place per query


def apart(request: Request) -> list[tuple[Request, list[int]]]:
    """Takes single places without a rest apart from other sets: they need no grouping.

    Returns:
        Requests, each with the numbers of its sets; without, they are those of the request.
    """
    if not isinstance(request.sets, list):
        return [(request, [])]
    found: tuple[list[int], list[int]] = [], []
    for number, (cells, rest) in enumerate(request.sets):
        found[bool(rest or cells & cells - 1)].append(number)
    if not all(found):
        return [(request, [])]
    return [(replace(request, sets=[request.sets[i] for i in some]), some) for some in found]


def chunks(
    sets: Iterable[tuple[int, tuple[Bits, Bits]]],
) -> Iterator[tuple[list[int], list[tuple[Bits, Bits]]]]:
    """Walks through numbered sets, as many at once as make one query."""
    count, numbers, some = 0, list[int](), list[tuple["Bits", "Bits"]]()
    for number, pair in sets:
        size = pair[0].bit_count() + pair[1].bit_count()
        if some and count + size > MEMBERS_AT_ONCE:
            yield numbers, some
            count, numbers, some = 0, [], []
        numbers.append(number)
        some.append(pair)
        count += size
    if some:
        yield numbers, some
