"""When one cell may be shown: minimum contributors, dominance, and the p% rule.

A *contribution* is what one contributor adds to a cell: its number of rows, then its net sum of
each measure, all as integers. Every rule looks at absolute contributions, and holds for the row
count and for every measure; the strictest wins.

Source: Hundepool et al., *Statistical Disclosure Control* (2012), ch. 4.2; privacy.md §3.3.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest

Contribution = tuple[int, ...]  # rows, then one net sum per measure
Contributor = Hashable
Contributions = Mapping[Contributor, Contribution]

LEAST_CONTRIBUTORS = 3  # no owner may go below: with two, each would know the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a cell must obey.

    Attributes:
        minimum_contributors: `k`, at least 3; public.
        dominance: pairs (n, percent): the n largest contributors hold at most that share.
        p_percent: the second largest must not be able to estimate the largest closer than this.
    """

    minimum_contributors: int = 5
    dominance: tuple[tuple[int, int], ...] = ((1, 75), (2, 85))
    p_percent: int = 10

    def __post_init__(self) -> None:
        if self.minimum_contributors < LEAST_CONTRIBUTORS:
            raise ValueError(
                f"expected at least {LEAST_CONTRIBUTORS} minimum contributors, "
                f"got `{self.minimum_contributors}`"
            )
        if not self.dominance:
            raise ValueError("expected at least one dominance pair, got none")
        for n, percent in self.dominance:
            if not (1 <= n <= 5 and 1 <= percent < 100):
                raise ValueError(
                    "expected dominance pairs of 1 to 5 contributors and 1 to 99 percent, "
                    f"got `({n}, {percent})`"
                )
        if not 1 <= self.p_percent <= 100:
            raise ValueError(f"expected a p% between 1 and 100, got `{self.p_percent}`")

    @property
    def depth(self) -> int:
        """How many of the largest contributions the rules look at."""
        return max([2, *(n for n, _ in self.dominance)])


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


def violations(cell: CellStatistics, rules: Rules) -> tuple[tuple[str, int], ...]:
    """Returns each rule the cell breaks, with the figure (0 = rows) in which it does.

    For the owner and the auditor only: published, it would help to undo the protection.
    """
    broken: list[tuple[str, int]] = []
    if cell.contributors < rules.minimum_contributors:
        broken.append(("minimum_contributors", 0))
    for figure, (total, top) in enumerate(zip(cell.absolute, cell.largest, strict=True)):
        broken.extend(
            (f"dominance_{n}_{percent}", figure)
            for n, percent in rules.dominance
            if sum(top[:n]) * 100 > percent * total
        )
        # The second largest subtracts itself: what is left around the largest is everyone else.
        if top and (total - sum(top[:2])) * 100 < rules.p_percent * top[0]:
            broken.append(("p_percent", figure))
    return tuple(broken)


def obeys(cell: CellStatistics, rules: Rules) -> bool:
    """Says whether the cell breaks no rule; `violations` without the list, for many cells."""
    if cell.contributors < rules.minimum_contributors:
        return False
    for total, top in zip(cell.absolute, cell.largest, strict=True):
        for n, percent in rules.dominance:
            if sum(top[:n]) * 100 > percent * total:
                return False
        if top and (total - sum(top[:2])) * 100 < rules.p_percent * top[0]:
            return False
    return True
