"""A table of the first edition: finest cells, their safe cells, and the figures of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crypto.disclosure.rules import Rules

CellKey = tuple[int, ...]  # one code index per dimension, in the table's order
GroupKey = tuple[int, ...]  # one code index per dimension grouped by

BLOCKED = -1  # the cell holds rows that no answer may include
PENDING = -2  # the cell holds rows since a later version; it is still answered as empty


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedTable:
    """What a data version answered from; migration makes a table of the second edition of it.

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

    def __post_init__(self) -> None:
        from crypto.disclosure.codec import digest  # codec reads this class

        object.__setattr__(self, "version", digest(self))

    def members(self, safe_cell: int) -> tuple[CellKey, ...]:
        """Returns the finest cells of one safe cell."""
        return tuple(
            key
            for key, member in zip(self.cells, self.membership, strict=True)
            if member == safe_cell
        )
