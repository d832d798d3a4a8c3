"""What the core found out while it made a table, as JSON for its owner's report.

Sets of rows are told by the dimensions they restrict, with the names of the codes; a set that
restricts none is the whole table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crypto.disclosure.bits import members
from crypto.disclosure.diagnosis import MOST_EXAMPLES
from crypto.disclosure.guarded import span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.declaration import Figure
    from crypto.disclosure.diagnosis import Findings, Held, Lack, LeftOver, Withheld
    from crypto.disclosure.guarded import Family, Masks
    from crypto.disclosure.guarded_table import GuardedTable

MOST_CODES: Final = 8  # codes of one dimension that are listed; the rest is counted
MOST_CELLS: Final = 20  # cells of one measure that are listed
MOST_FAMILIES: Final = 50  # families of guarded sets that are listed


class Teller:
    """Gives findings the names of dimensions, codes and figures.

    Args:
        table: the table.
        dimensions: name and codes of each dimension.
    """

    def __init__(
        self, table: GuardedTable, dimensions: Sequence[tuple[str, Sequence[str]]]
    ) -> None:
        self.figures: tuple[Figure, ...] = table.figures
        self.dimensions = dimensions
        self._base = table.base

    def rows(self, codes: Masks) -> list[dict[str, Any]]:
        """Tells a set of rows."""
        return rows_told(codes, self.dimensions)

    def cells(self, numbers: Sequence[int]) -> dict[str, Any]:
        """Tells base cells: how many, and some."""
        some = [self.rows(span(self._base[c])) for c in numbers[:MOST_CELLS]]
        return {"count": len(numbers), "some": some}

    def lack(self, lack: Lack) -> dict[str, Any]:
        """Tells what a form asked for, and what was there."""
        told: dict[str, Any] = {
            "form": lack.form,
            "rule": lack.rule,
            "needed": lack.needed,
            "had": lack.had,
        }
        return told | ({"largest": lack.largest} if lack.largest else {})

    def withheld(self, one: Withheld) -> dict[str, Any]:
        """Tells why a measure cell was withheld."""
        return {
            "measure": self.figures[one.measure].name,
            "cell": self.rows(one.codes),
            "rows": one.rows,
            "forms": dict(one.failed),
            "set": self.rows(one.where),
            "inside": one.inside,
            "lack": self.lack(one.example),
        }

    def held(self, one: Held) -> dict[str, Any]:
        """Tells why a cell keeps what was shown last, or waits."""
        return {
            "cell": self.rows(one.codes),
            "new": one.new,
            "when": one.when,
            "set": self.rows(one.where),
            "lack": self.lack(one.lack),
        }

    def left_over(self, one: LeftOver) -> dict[str, Any]:
        """Tells what was merged in vain."""
        return {
            "measure": self.figures[one.measure].name,
            "set": self.rows(one.codes),
            "cells": one.items,
            "lacks": [self.lack(lack) for lack in one.lacks[:MOST_EXAMPLES]],
        }

    def all(self, found: Findings) -> dict[str, Any]:
        """Tells everything that was found, but what only counts cells."""
        return {
            "withheld": {
                "count": found.withheld_count,
                "forms": dict(found.forms),
                "some": [self.withheld(one) for one in found.withheld],
            },
            "leftOver": [self.left_over(one) for one in found.left_over],
            "leftOut": told_families(found.left_out, [name for name, _ in self.dimensions]),
            "heldFor": [self.held(one) for one in found.held],
        }


def rows_told(
    codes: Masks, dimensions: Sequence[tuple[str, Sequence[str]]]
) -> list[dict[str, Any]]:
    """Tells a set of rows: per restricted dimension `codes`, or `without` if that is shorter.

    Args:
        codes: Of the set, per dimension as bits.
        dimensions: Name and codes of each.
    """
    told = []
    for (name, known), mask in zip(dimensions, codes, strict=True):
        full = (1 << len(known)) - 1
        if mask == full:
            continue
        inside, outside = members(mask), members(full & ~mask)
        kind, chosen = ("without", outside) if len(outside) < len(inside) else ("codes", inside)
        one: dict[str, Any] = {
            "dimension": name,
            kind: [known[code] for code in chosen[:MOST_CODES]],
        }
        if len(chosen) > MOST_CODES:
            one["more"] = len(chosen) - MOST_CODES
        told.append(one)
    return told


def told_families(families: Sequence[Family], names: Sequence[str]) -> dict[str, Any]:
    """Tells families of guarded sets: a function of the declaration alone.

    Args:
        families: which.
        names: of the dimensions.
    """
    some = [
        {"kind": family.kind, "grouping": [names[d] for d in family.grouping]}
        | ({} if family.further is None else {"further": names[family.further]})
        | {"sets": family.count}
        for family in families[:MOST_FAMILIES]
    ]
    return {
        "count": len(families),
        "sets": sum(family.count for family in families),
        "some": some,
    }


def no_longer(told: Teller, lost: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Tells, after migration, which cells of which measure are not released any more."""
    return {name: told.cells(cells) for name, cells in lost.items() if cells}
