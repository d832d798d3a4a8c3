"""Which groupings of a product show a figure, by the margins that its provider publishes.

A function of what is published alone: what is said beside a withheld figure is the same whatever
the data behind it are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies.plan import ROWS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Grouping:
    """How much of one figure is shown by one grouping, without a filter.

    Attributes:
        dimensions: names; empty for everything together.
        groups: how many there are.
        released: of how many of them the figure is.
    """

    dimensions: tuple[str, ...]
    groups: int
    released: int

    @property
    def is_whole(self) -> bool:
        """Whether it is shown of each group."""
        return 0 < self.groups == self.released


def groupings_of(margins: Sequence[Mapping[str, Any]], measure: str) -> tuple[Grouping, ...]:
    """Tell of each published grouping how much of a figure it shows.

    Args:
        margins: as the catalogue has them: `dimensions`, `groups`, `released`, `measures`.
        measure: whose sum it is; `ROWS` for COUNT(*).

    Returns:
        The groupings in their order; none where nothing is published of the measure.
    """
    found = []
    for one in margins:
        of = {name.casefold(): count for name, count in one["measures"].items()}
        of[ROWS] = one["released"]
        if measure.casefold() in of:
            count = of[measure.casefold()]
            found.append(Grouping(tuple(one["dimensions"]), one["groups"], count))
    return tuple(found)


def shown_by(found: Sequence[Grouping]) -> tuple[Grouping, ...]:
    """Return those that show something: the whole ones first, then the fuller ones."""
    some = [one for one in found if one.released]
    return tuple(sorted(some, key=lambda one: (-one.released / one.groups, len(one.dimensions))))


def grouping_by(found: Sequence[Grouping], dimensions: Collection[str]) -> Grouping | None:
    """Return the grouping by exactly these dimensions, if it is published."""
    wanted = {name.casefold() for name in dimensions}
    return next((one for one in found if {n.casefold() for n in one.dimensions} == wanted), None)


def askable(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the margins of a product's page that its first offer's terms let one ask for.

    Args:
        page: of `catalog.page`; where its terms name dimensions, others cannot be grouped by, and
            where they ask for more contributors than the owner, margins do not tell what is shown.
    """
    table, offers = page.get("table"), page["offers"][:1]
    least = table["minimumContributors"] if table else 0
    if not table or any(one["minimumContributors"] > least for one in offers):
        return []
    usable = {one["name"] for one in table["dimensions"] if one["groups"]}
    granted = {name for one in offers for name in one["dimensions"]}
    usable &= granted or usable
    return [dict(one) for one in page["margins"] if usable.issuperset(one["dimensions"])]
