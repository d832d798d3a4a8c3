"""Making the answer to a masked question: cells as text, what is not released, and why.

Everything here is arithmetic on whole numbers. Each output of a cell is released by itself; HAVING,
ORDER BY and LIMIT then look at released figures only. Numbers leave as decimal texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from connector.areas.questions.outputs import (
    Cell,
    asked_outputs,
    cell_of,
    key_json,
    least_carriers,
    released_json,
    total_output,
    withheld_json,
)
from connector.areas.questions.sizes import most_bytes
from connector.areas.questions.versions import Standing
from crypto.disclosure.groups import answer_groups
from policies.plan import keep, looks_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.areas.questions.granted import Granted
    from policies.plan import BoundQuery


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one answer.

    Attributes:
        released: Those with at least one figure, in the order that the question asks for.
        withheld: Those without, and those for which HAVING is unknown, in the order of their codes.
        filtered: How many released ones HAVING or LIMIT left out.
        most_bytes: What all of them take at most, as JSON, whatever the figures are.
    """

    released: tuple[dict[str, Any], ...]
    withheld: tuple[dict[str, Any], ...]
    filtered: int
    most_bytes: int = 0


def masked_cells(granted: Granted) -> Cells:
    """Answer a granted question from the protected table.

    Args:
        granted: What the contract grants.

    Returns:
        The cells, as JSON.
    """
    bound = granted.bound
    groups = answer_groups(
        granted.table,
        group_by=bound.group_by,
        outputs=asked_outputs(bound),
        keep=keep(bound),
        looks_at=looks_at(bound),
    )
    least, standing = least_carriers(granted), Standing(granted)
    cells = [cell_of(bound, g, least=least, marks=standing.of(g)) for g in groups]
    return chosen(bound, cells, most_bytes(bound, groups, cells, least=least))


def total_cells(
    bound: BoundQuery,
    released: Sequence[tuple[tuple[int, ...], Mapping[str, int], Mapping[str, int]]],
    withheld: Sequence[Sequence[int]],
    *,
    reason: str,
) -> Cells:
    """Make the cells of a total over several providers, from sums that the asker decrypted.

    Args:
        bound: The question.
        released: The cells of which something is released: key, sums and counts per measure, as
            far as they are.
        withheld: Keys of the others.
        reason: Why they, and the outputs that lack a sum or a count, are withheld.
    """
    cells = []
    for key, sums, counts in released:
        values: dict[str, str | None] = {}
        statuses = {}
        for o in bound.outputs:
            summed = o.function == "count" or o.measure in sums
            told = summed and (o.function == "sum" or o.measure in counts)
            values[o.name] = total_output(o, sums, counts) if told else None
            if values[o.name] is None:
                statuses[o.name] = "empty" if told else reason
        cells.append(Cell(key=key, values=values, statuses=statuses))
    found = chosen(bound, cells)
    others = tuple({"key": key_json(bound, key), "reason": reason} for key in withheld)
    return Cells(found.released, (*found.withheld, *others), found.filtered)


def chosen(bound: BoundQuery, cells: Sequence[Cell], most: int = 0) -> Cells:
    """Apply HAVING, ORDER BY and LIMIT."""
    having = bound.having
    released: list[Cell] = []
    withheld: list[dict[str, Any]] = []
    filtered = 0
    for cell in cells:
        met = True if having is None else having.holds(_numbers(cell.values))
        if not cell.is_released:
            withheld.append(withheld_json(bound, cell))
        elif met is None:
            withheld.append(withheld_json(bound, cell, "having"))
        elif met:
            released.append(cell)
        else:
            filtered += 1
    _sort(bound, released)
    first = released if bound.limit is None else released[: bound.limit]
    return Cells(
        released=tuple(released_json(bound, cell) for cell in first),
        withheld=tuple(withheld),
        filtered=filtered + len(released) - len(first),
        most_bytes=most,
    )


def _sort(bound: BoundQuery, cells: list[Cell]) -> None:
    """Sort by ORDER BY, what has no figure last; sorting is stable, so ties stay by their codes."""
    for item in reversed(bound.order_by):  # from the least important item to the most
        by, down = item.by, item.descending
        if isinstance(by, int):
            keyed = [(cell.key[by], cell) for cell in cells]
            keyed.sort(key=itemgetter(0), reverse=down)
            cells[:] = [cell for _, cell in keyed]
            continue
        valued = [(Decimal(text), cell) for cell in cells if (text := cell.values[by]) is not None]
        rest = [cell for cell in cells if cell.values[by] is None]
        valued.sort(key=itemgetter(0), reverse=down)
        cells[:] = [*(cell for _, cell in valued), *rest]


def _numbers(values: Mapping[str, str | None]) -> dict[str, Decimal | None]:
    return {name: None if text is None else Decimal(text) for name, text in values.items()}
