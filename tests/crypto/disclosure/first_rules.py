"""When the first edition showed a cell: rules on the row count and on each measure by itself."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crypto.disclosure.rules import Rules

Contribution = tuple[int, ...]  # rows, then one net sum per measure
Contributor = Hashable
Contributions = Mapping[Contributor, Contribution]


@dataclass(frozen=True, slots=True)
class CellStatistics:
    """What the rules need to know of a cell; index 0 of each tuple is the row count.

    Attributes:
        contributors: how many contributors have anything in it.
        totals: net sums.
        absolute: sums of absolute contributions.
        largest: the largest absolute contributions, descending, at most `Rules.depth` of them.
    """

    contributors: int
    totals: tuple[int, ...]
    absolute: tuple[int, ...]
    largest: tuple[tuple[int, ...], ...]

    @property
    def rows(self) -> int:
        """The row count."""
        return self.totals[0]


def statistics(
    contributions: Iterable[Contribution], *, figures: int, depth: int
) -> CellStatistics:
    """Sums up contributions; those that are nil in every figure do not count as contributors.

    Args:
        contributions: one per contributor.
        figures: 1 + number of measures.
        depth: how many of the largest to keep.
    """
    rows = [c for c in contributions if any(c)]
    if not rows:
        zeros = (0,) * figures
        return CellStatistics(0, zeros, zeros, ((),) * figures)
    columns = list(zip(*rows, strict=True))
    sizes = [[abs(x) for x in column] for column in columns]
    return CellStatistics(
        contributors=len(rows),
        totals=tuple(sum(column) for column in columns),
        absolute=tuple(sum(size) for size in sizes),
        largest=tuple(tuple(nlargest(depth, size)) for size in sizes),
    )


def obeys(cell: CellStatistics, rules: Rules) -> bool:
    """Says whether the cell breaks no rule."""
    if cell.contributors < rules.minimum_contributors:
        return False
    for total, top in zip(cell.absolute, cell.largest, strict=True):
        for n, percent in rules.dominance:
            if sum(top[:n]) * 100 > percent * total:
                return False
        if top and (total - sum(top[:2])) * 100 < rules.p_percent * top[0]:
            return False
    return True
