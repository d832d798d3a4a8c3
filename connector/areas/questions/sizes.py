"""What an answer takes at most, decided before any figure is looked at.

One that does not fit would be charged and never arrive, so it is refused, and a refusal is free.
What it takes may therefore depend on declarations, on the partition and on what the table
withholds, never on a figure: neither on its digits, nor on what HAVING lets through, nor on whether
an average is one of nothing or an output has the contributors that the agreement asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.questions.outputs import (
    MIN_GROUP_SIZE,
    Cell,
    key_json,
    released_json,
    withheld_json,
)
from crypto.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.groups import GroupAnswer
    from policies.plan import BoundQuery

WIDEST: Final = "-" + "9" * 60  # no figure is longer: a sum of 128 bits, its point, its decimals


def most_bytes(
    bound: BoundQuery, groups: Sequence[GroupAnswer], cells: Sequence[Cell], *, least: int
) -> int:
    """Return what the cells of an answer take at most as JSON.

    Args:
        bound: The question.
        groups: What the table says of each cell.
        cells: What becomes of it; looked at for advice and data versions only.
        least: Contributors that the agreement demands beyond the owner; 0 for none.
    """
    given: list[int] = []
    total = 0
    keys = _key_sizes(bound, cells)
    alike: dict[object, tuple[int, int]] = {}
    for group, cell, key in zip(groups, cells, keys, strict=True):
        kind = (tuple(output.status for output in group.outputs), bool(group.base))
        known = None if cell.advice or cell.marks else alike.get(kind)
        if known is None:
            known = _sizes(bound, group, cell, least)
            if not cell.advice and not cell.marks:
                alike[kind] = known
        released, withheld = known
        total += withheld and withheld + key
        if released:
            given.append(released + key)
    given.sort(reverse=True)
    return total + sum(given if bound.limit is None else given[: bound.limit])


def _sizes(bound: BoundQuery, group: GroupAnswer, cell: Cell, least: int) -> tuple[int, int]:
    """Return what a cell takes at most, besides its key: with figures, and withheld; 0: never."""
    shown = _released(bound, group)
    largest = _largest(bound, group, cell, least=least, shown=shown)
    withheld = 0
    if not shown or _may_be_withheld(bound, shown, least):
        withheld = _written(withheld_json(bound, largest, MIN_GROUP_SIZE))
    released = _written(released_json(bound, largest)) if shown else 0
    own = len(canonical(key_json(bound, cell.key)))
    return released and released - own, withheld and withheld - own


def _key_sizes(bound: BoundQuery, cells: Sequence[Cell]) -> list[int]:
    """Return what the key of each cell takes as JSON; each code is written once."""
    dimensions = [bound.schema.dimensions[index] for index in bound.group_by]
    frame = len(canonical({d.name: "" for d in dimensions})) - 2 * len(dimensions)
    codes = [
        {code: len(canonical(d.codes[code])) for code in {cell.key[place] for cell in cells}}
        for place, d in enumerate(dimensions)
    ]
    return [
        frame + sum([known[code] for known, code in zip(codes, cell.key, strict=True)])
        for cell in cells
    ]


def _released(bound: BoundQuery, group: GroupAnswer) -> frozenset[str]:
    """Return the outputs that the table releases, or would but that they average nothing."""
    return frozenset(
        output.name
        for output, answer in zip(bound.outputs, group.outputs, strict=True)
        if answer.status == "released" or (answer.status == "empty" and group.base)
    )


def _may_be_withheld(bound: BoundQuery, shown: frozenset[str], least: int) -> bool:
    sure = {output.name for output in bound.outputs if output.function != "avg"} & shown
    if least or not sure:
        return True
    return bound.having is not None and not bound.having.mentions() <= sure


def _largest(
    bound: BoundQuery, group: GroupAnswer, cell: Cell, *, least: int, shown: frozenset[str]
) -> Cell:
    """Return a cell as large as this one can be: longest figures, longest words."""
    statuses: dict[str, str] = {}
    values: Mapping[str, Any] = dict.fromkeys((output.name for output in bound.outputs), WIDEST)
    for output, answer in zip(bound.outputs, group.outputs, strict=True):
        if output.name not in shown:
            statuses[output.name] = answer.status
        elif least:
            statuses[output.name] = MIN_GROUP_SIZE
        elif output.function == "avg":
            statuses[output.name] = "empty"
    return Cell(
        key=cell.key, values=values, statuses=statuses, advice=cell.advice, marks=cell.marks
    )


def _written(cell: Mapping[str, Any]) -> int:
    return len(canonical(cell)) + 1
