"""What an owner asks of whatever is shown: minimum contributors, dominance, and the p% rule.

Every rule looks at absolute net contributions, form by form; the strictest wins.

Source: Hundepool et al., *Statistical Disclosure Control* (2012), ch. 4.2; privacy.md §3.3.
"""

from __future__ import annotations

from dataclasses import dataclass

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
