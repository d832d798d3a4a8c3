"""The protected table: finest cells, the safe cells they belong to, and the safe cells' figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.rules import Rules

CellKey = tuple[int, ...]  # one code index per dimension, in the table's order
GroupKey = tuple[int, ...]  # one code index per dimension grouped by

BLOCKED = -1  # the cell holds rows that no answer may include
PENDING = -2  # the cell holds rows since a later version; it is still answered as empty

_KEPT = 1_000_000  # numbers in the groupings whose index is remembered per table; about 10 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeCell:
    """A set of finest cells whose sum may be shown to anyone.

    Attributes:
        rows: how many rows.
        sums: one exact net sum per measure, in units of the measure's scale.
        contributors: how many contributors (owner's knowledge).
        absolute: sums of absolute contributions, rows first (owner's knowledge).
        largest: the largest absolute contributions per figure, rows first (owner's knowledge).
        since: number of the data version that brought this value.
        held: whether the data has changed since in a way that must not be shown yet.
    """

    rows: int
    sums: tuple[int, ...]
    contributors: int
    absolute: tuple[int, ...]
    largest: tuple[tuple[int, ...], ...]
    since: int
    held: bool = False


@dataclass(frozen=True, slots=True)
class Projection:
    """The finest cells seen through a grouping: the groups, and each cell's group."""

    groups: tuple[GroupKey, ...]
    group_of: tuple[int, ...]


def _numbers_in(projection: Projection) -> int:
    """Returns how much an index holds; a group's key is an object beside its numbers."""
    width = len(projection.groups[0]) if projection.groups else 0
    return len(projection.group_of) + len(projection.groups) * (width + 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedTable:
    """What a published data version answers from; safe as a whole, so no history is needed.

    Attributes:
        dimensions: name and codes of each dimension, most important first.
        measures: names of the measures, in the order of `SafeCell.sums`.
        rules: the rules every safe cell obeys.
        zeros: whether a finest cell without rows is shown as empty or merged like an unsafe one.
        number: 1 for the first version of the data, then counting.
        salt: random; makes the version digest say nothing about the figures.
        cells: the finest cells that hold rows (all, if zeros are hidden), ascending.
        membership: for each of `cells` the index of its safe cell, or `BLOCKED` or `PENDING`.
        safe: the safe cells; an index keeps its meaning from version to version.
        pending_since: for each pending cell, in order, the version in which it was last as shown.
        held_cells: the finest cells of each safe cell that is held.
    """

    dimensions: tuple[tuple[str, tuple[str, ...]], ...]
    measures: tuple[str, ...]
    rules: Rules
    zeros: Literal["shown", "hidden"]
    number: int
    salt: str
    cells: tuple[CellKey, ...]
    membership: tuple[int, ...]
    safe: tuple[SafeCell, ...]
    pending_since: tuple[int, ...] = ()

    version: str = field(init=False, compare=False)
    size_of: tuple[int, ...] = field(init=False, repr=False, compare=False)
    held_cells: Mapping[int, tuple[CellKey, ...]] = field(init=False, repr=False, compare=False)
    _projections: dict[tuple[int, ...], Projection] = field(init=False, repr=False, compare=False)
    _rows: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _sums: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        from crypto.disclosure.codec import digest  # codec reads this class

        sizes = [0] * len(self.safe)
        for member in self.membership:
            if member >= 0:
                sizes[member] += 1
        derived = {
            "size_of": tuple(sizes),
            "held_cells": self._held_cells(),
            "_projections": {},
            "_rows": tuple(cell.rows for cell in self.safe),
            "_sums": tuple(
                tuple(cell.sums[i] for cell in self.safe) for i in range(len(self.measures))
            ),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "version", digest(self))

    def _held_cells(self) -> dict[int, tuple[CellKey, ...]]:
        """Returns the finest cells of each safe cell whose value is held."""
        held: dict[int, list[CellKey]] = {i: [] for i, cell in enumerate(self.safe) if cell.held}
        if held:
            for key, member in zip(self.cells, self.membership, strict=True):
                if member in held:
                    held[member].append(key)
        return {i: tuple(keys) for i, keys in held.items()}

    @property
    def oldest(self) -> int:
        """Number of the oldest data version that some part of the table still stands at."""
        held = [cell.since for cell in self.safe if cell.held]
        return min([self.number, *held, *self.pending_since])

    def column(self, measure: str) -> tuple[int, ...]:
        """Returns one measure's sum for every safe cell.

        Raises:
            ValueError: if the table has no such measure.
        """
        try:
            return self._sums[self.measures.index(measure)]
        except ValueError:
            known = ", ".join(self.measures)
            raise ValueError(
                f"expected a measure of the table ({known}), got `{measure}`"
            ) from None

    @property
    def row_counts(self) -> tuple[int, ...]:
        """The number of rows of every safe cell."""
        return self._rows

    def projection(self, group_by: Sequence[int]) -> Projection:
        """Returns the cells grouped by some dimensions, given by their positions.

        Raises:
            ValueError: if a position is out of range or given twice.
        """
        wanted = tuple(group_by)
        known = self._projections.get(wanted)
        if known is not None:
            return known
        if len(set(wanted)) != len(wanted) or any(
            not 0 <= d < len(self.dimensions) for d in wanted
        ):
            raise ValueError(
                f"expected distinct dimensions below {len(self.dimensions)}, got `{wanted}`"
            )
        numbers: dict[GroupKey, int] = {}
        group_of = [
            numbers.setdefault(tuple([cell[d] for d in wanted]), len(numbers))
            for cell in self.cells
        ]
        made = Projection(tuple(numbers), tuple(group_of))
        if sum(map(_numbers_in, (*self._projections.values(), made))) > _KEPT:
            self._projections.clear()
        self._projections[wanted] = made
        return made

    def members(self, safe_cell: int) -> tuple[CellKey, ...]:
        """Returns the finest cells of one safe cell."""
        return tuple(
            key
            for key, member in zip(self.cells, self.membership, strict=True)
            if member == safe_cell
        )

    def content_key(self, safe_cell: int) -> str:
        """Names a safe cell's present content: the same as long as its value does not change."""
        return f"{safe_cell}.{self.safe[safe_cell].since}"

    def in_domain(self, group_by: Sequence[int], key: GroupKey) -> bool:
        """Says whether a group key consists of declared codes."""
        return len(key) == len(group_by) and all(
            0 <= code < len(self.dimensions[d][1]) for d, code in zip(group_by, key, strict=True)
        )
