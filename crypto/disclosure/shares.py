"""Which margins of a published table can be asked for: how much of each grouping is released.

All but the rows, which are released as well, follows from the declarations, the partition, and
what is withheld or held.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from crypto.disclosure.groups import answer_groups
from crypto.disclosure.statuses import Output

if TYPE_CHECKING:
    from crypto.disclosure.published import PublishedTable

_MOST_MARGINS: Final = 64  # beyond, only the groupings that follow the order of importance


@dataclass(frozen=True, slots=True)
class Margin:
    """How much of one grouping is released.

    Attributes:
        dimensions: names, in the table's order; empty for the grand total.
        groups: how many groups hold rows.
        released: of how many of them COUNT(*) is released.
        rows: rows in these.
        measures: per measure, of how many groups its sum is released.
    """

    dimensions: tuple[str, ...]
    groups: int
    released: int
    rows: int
    measures: tuple[tuple[str, int], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether COUNT(*) of every group is released."""
        return self.released == self.groups


def margins(table: PublishedTable) -> tuple[Margin, ...]:
    """Returns every grouping, from the grand total to the finest.

    With more than six dimensions only those that keep the most important ones are looked at.
    """
    names = [measure.name for measure in table.table.declaration.measures]
    outputs = [Output("rows"), *[Output("sum", name) for name in names]]
    found = []
    for grouping in groupings(len(table.dimensions)):
        answers = answer_groups(table, group_by=grouping, outputs=outputs)
        groups = [one.outputs for one in answers if one.outputs[0].status != "empty"]
        released = [
            [of[i] for of in groups if of[i].status == "released"] for i in range(len(outputs))
        ]
        found.append(
            Margin(
                dimensions=tuple(table.dimensions[d][0] for d in grouping),
                groups=len(groups),
                released=len(released[0]),
                rows=sum(one.values[0] for one in released[0]),
                measures=tuple(
                    (name, len(of)) for name, of in zip(names, released[1:], strict=True)
                ),
            )
        )
    return tuple(found)


def groupings(count: int) -> list[tuple[int, ...]]:
    """Returns the groupings that are looked at of so many dimensions, as their positions."""
    if 2**count <= _MOST_MARGINS:
        return [g for size in range(count + 1) for g in combinations(range(count), size)]
    return [tuple(range(size)) for size in range(count + 1)]
