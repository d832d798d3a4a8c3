"""Which margins of a protected table can be asked for: how much of each grouping is released."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from crypto.disclosure.answer import answer

if TYPE_CHECKING:
    from crypto.disclosure.table import ProtectedTable

_MOST_MARGINS = 64  # beyond, only the groupings that follow the order of importance


@dataclass(frozen=True, slots=True)
class Margin:
    """One grouping.

    Attributes:
        dimensions: names, in the table's order; empty for the grand total.
        groups: how many groups hold rows.
        released: how many of them are released.
        rows: rows in the released groups.
    """

    dimensions: tuple[str, ...]
    groups: int
    released: int
    rows: int

    @property
    def complete(self) -> bool:
        """Whether every group is released."""
        return self.released == self.groups


def margins(table: ProtectedTable) -> tuple[Margin, ...]:
    """Returns every grouping, from the grand total to the finest.

    With more than six dimensions only those that keep the most important ones are looked at.
    """
    count = len(table.dimensions)
    if 2**count <= _MOST_MARGINS:
        groupings = [g for size in range(count + 1) for g in combinations(range(count), size)]
    else:
        groupings = [tuple(range(size)) for size in range(count + 1)]
    found = []
    for grouping in groupings:
        answers = answer(table, group_by=grouping, measures=())
        released = [one for one in answers if one.rows is not None]
        found.append(
            Margin(
                dimensions=tuple(table.dimensions[d][0] for d in grouping),
                groups=len(answers),
                released=len(released),
                rows=sum(one.rows for one in released if one.rows is not None),
            )
        )
    return tuple(found)
