"""How the first edition merged unsafe cells into safe ones (privacy.md §3.3, step 2).

The dimensions, most important first, make a tree: the parent of a cell is the cell without its
least important code. From the leaves upwards, under each parent:

1. units that are still unsafe are merged with each other, in the order of their codes, until what
   has come together obeys the rules; then the next group begins;
2. a rest that is still unsafe takes in the smallest safe cells under the same parent, one after
   the other, until it obeys the rules;
3. if even all of them do not help, it goes up one level by itself.

What is unsafe at the root is blocked: no answer ever includes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from crypto.disclosure.table import CellKey
from tests.crypto.disclosure.first_rules import (
    CellStatistics,
    Contribution,
    Contributions,
    Contributor,
    obeys,
    statistics,
)

if TYPE_CHECKING:
    from crypto.disclosure.rules import Rules

# Given finest cells, returns the contributions of each; cells without rows may be missing.
Fetch = Callable[[Collection[CellKey]], Mapping[CellKey, Contributions]]


@dataclass(frozen=True, slots=True)
class SafeClass:
    """Finest cells that may be shown together, and what is known of their sum."""

    cells: tuple[CellKey, ...]
    statistics: CellStatistics


@dataclass(frozen=True, slots=True)
class Partition:
    """The result: disjoint classes that cover the cells given."""

    safe: tuple[SafeClass, ...]
    blocked: tuple[CellKey, ...]


@dataclass(slots=True)
class _Unit:
    """Cells not yet safe, with what each contributor has in them."""

    cells: list[CellKey]
    contributions: dict[Contributor, Contribution]

    def take(self, cells: Collection[CellKey], contributions: Contributions) -> None:
        self.cells.extend(cells)
        for contributor, figures in contributions.items():
            mine = self.contributions.get(contributor)
            self.contributions[contributor] = (
                figures
                if mine is None
                else tuple([a + b for a, b in zip(mine, figures, strict=True)])
            )

    def copy(self) -> _Unit:
        return _Unit(list(self.cells), dict(self.contributions))


def partition(
    cells: Mapping[CellKey, CellStatistics], *, rules: Rules, fetch: Fetch, figures: int
) -> Partition:
    """Partitions finest cells into safe classes, and what cannot be made safe.

    Args:
        cells: the finest cells, all of the same length, with their statistics.
        rules: what every class must obey.
        fetch: gives contributions; called a few times, with many cells each.
        figures: 1 + number of measures.

    Returns:
        Classes in ascending order of their first cell; each obeys `rules`.
    """
    merging = _Merging(rules, fetch, figures)
    unsafe = []
    for key, known in sorted(cells.items()):
        if obeys(known, rules):
            merging.safe[key] = SafeClass((key,), known)
        else:
            unsafe.append(key)
    if not unsafe:
        return Partition(tuple(merging.safe.values()), ())

    fetched = fetch(unsafe)
    units = [_Unit([key], dict(fetched.get(key, {}))) for key in unsafe]
    for level in reversed(range(len(unsafe[0]))):
        units = merging.level(units, level)
        if not units:
            break
    classes = sorted(merging.safe.values(), key=lambda made: made.cells[0])
    return Partition(tuple(classes), tuple(sorted(c for unit in units for c in unit.cells)))


class _Merging:
    """The work in progress.

    Levels are done from the leaves upwards, so every class made so far stands under one parent of
    the level at hand.
    """

    def __init__(self, rules: Rules, fetch: Fetch, figures: int) -> None:
        self.rules = rules
        self.fetch = fetch
        self.figures = figures
        self.safe: dict[CellKey, SafeClass] = {}  # by first cell

    def level(self, units: list[_Unit], level: int) -> list[_Unit]:
        """Merges under every parent of one level; returns what goes up."""
        families: dict[CellKey, list[_Unit]] = defaultdict(list)
        for unit in units:
            families[unit.cells[0][:level]].append(unit)
        rests = {}
        for parent, family in families.items():
            rest = self._merge_units(family)
            if rest is not None:
                rests[parent] = rest
        return self._take_in(rests, level)

    def _merge_units(self, family: list[_Unit]) -> _Unit | None:
        gathered: _Unit | None = None
        for unit in sorted(family, key=lambda unit: unit.cells[0]):
            if gathered is None:
                gathered = unit  # unsafe by itself
                continue
            gathered.take(unit.cells, unit.contributions)
            if self._settle(gathered):
                gathered = None
        return gathered

    def _take_in(self, rests: dict[CellKey, _Unit], level: int) -> list[_Unit]:
        """Lets each rest take in the smallest safe classes under its parent."""
        queues = self._candidates(rests.keys(), level)
        growing = {parent: rest.copy() for parent, rest in rests.items()}
        taken: dict[CellKey, list[CellKey]] = {parent: [] for parent in rests}
        upwards = []
        batch = 1
        while growing:
            offers = {parent: list(islice(queues[parent], batch)) for parent in growing}
            wanted = [c for offer in offers.values() for key in offer for c in self.safe[key].cells]
            fetched = self.fetch(wanted) if wanted else {}
            for parent, offer in offers.items():
                unit = growing[parent]
                for key in offer:
                    taken[parent].append(key)
                    for cell in self.safe[key].cells:
                        unit.take((cell,), fetched.get(cell, {}))
                    if self._settle(unit, instead_of=taken[parent]):
                        del growing[parent]
                        break
                else:
                    if len(offer) < batch:  # there are no more
                        upwards.append(rests[parent])
                        del growing[parent]
            batch *= 2
        return upwards

    def _candidates(
        self, parents: Collection[CellKey], level: int
    ) -> dict[CellKey, Iterator[CellKey]]:
        found: dict[CellKey, list[CellKey]] = {parent: [] for parent in parents}
        if found:
            for key in self.safe:
                if key[:level] in found:
                    found[key[:level]].append(key)
        return {
            parent: iter(sorted(keys, key=lambda key: (self.safe[key].statistics.rows, key)))
            for parent, keys in found.items()
        }

    def _settle(self, unit: _Unit, *, instead_of: Collection[CellKey] = ()) -> bool:
        """Makes a class of the unit, in place of the classes it took in, if it obeys the rules."""
        if len(unit.contributions) < self.rules.minimum_contributors:
            return False
        known = statistics(
            unit.contributions.values(), figures=self.figures, depth=self.rules.depth
        )
        if not obeys(known, self.rules):
            return False
        for swallowed in instead_of:
            del self.safe[swallowed]
        cells = tuple(sorted(unit.cells))
        self.safe[cells[0]] = SafeClass(cells, known)
        return True
