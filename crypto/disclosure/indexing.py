"""What questions on a table look up again and again: its cells by number, and its groupings.

Made once per table. A question then costs one walk over the finest cells and its sums.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.table import CellKey, GroupKey

_BYTE: Final = 256
_KEPT: Final = 1_000_000  # numbers in the groupings remembered per table; about 10 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureIndex:
    """One figure, over base cells by number.

    Attributes:
        values: per base cell the shown sum.
        carriers: per base cell how many contributors carry the measure cell that it is in.
        merged: the measure cells of several base cells.
        withheld: the base cells that are in no measure cell.
    """

    values: tuple[int, ...]
    carriers: tuple[int, ...]
    merged: tuple[tuple[int, ...], ...]
    withheld: frozenset[int]


@dataclass(frozen=True, slots=True)
class Grouping:
    """The finest cells seen through a grouping.

    Attributes:
        groups: the keys of the groups.
        numbers: number of each group, by key.
        group_of: number of the group of each finest cell, by place.
        of_singles: the same of the base cells of one finest cell, in the order of
            `TableIndex.singles`.
        narrow: `group_of` again, a byte each; empty where there are more groups than that.
    """

    groups: tuple[GroupKey, ...]
    numbers: dict[GroupKey, int]
    group_of: tuple[int, ...]
    of_singles: tuple[int, ...]
    narrow: bytes

    def spread(self, flags: bytes) -> bytes:
        """Give each finest cell, by place, the flag of its group."""
        if self.narrow:
            return self.narrow.translate(flags.ljust(_BYTE, b"\0"))
        return bytes(map(flags.__getitem__, self.group_of))

    @property
    def size(self) -> int:
        """How many numbers it holds; a group's key is an object twice beside its own numbers."""
        width = len(self.groups[0]) if self.groups else 0
        return len(self.group_of) + len(self.of_singles) + len(self.groups) * (width + 12)


class TableIndex:
    """Finest cells by place: those of the base cells in order, then blocked and waiting ones.

    Sets of data versions are bits: 1 is the first version, 2 the second, 4 the third.

    Attributes:
        table: the table.
        declared: its figures.
        cells: the finest cells, by place.
        starts: per base cell the place of its first finest cell; one more ends the last.
        singles: the base cells of one finest cell.
        single_places: the places of these.
        several: the other base cells.
        based: per place of a base cell that cell.
        blocked: places of the blocked finest cells.
        as_shown: per base cell the versions in which it truly was as it is shown now.
        unlike: by place, the versions in which a finest cell was not as it is shown now, as it
            waited or was blocked.
        unlike_of: the same by base cell.
        may_mix: whether totals of several versions are given.
        stale: the base cells that are not as shown in the newest version.
        is_current: whether everything is as shown in the newest version.
        figures: index of each figure, by number.
    """

    def __init__(self, table: GuardedTable) -> None:
        self.table = table
        self.declared = table.figures
        self.may_mix = table.declaration.protection.mixed_versions
        now = table.newest
        unlike = _unlike(table)
        based = [key for keys in table.base for key in keys]
        known = {*based, *now.blocked}
        self.cells: tuple[CellKey, ...] = (
            *based,
            *now.blocked,
            *sorted(unlike.keys() - known),
        )
        places = {key: place for place, key in enumerate(self.cells)}
        self.starts = tuple(accumulate(map(len, table.base), initial=0))
        sizes = [len(keys) for keys in table.base]
        self.singles = tuple(c for c, size in enumerate(sizes) if size == 1)
        self.single_places = tuple(self.starts[c] for c in self.singles)
        self.several = tuple(c for c, size in enumerate(sizes) if size > 1)
        self.based = tuple([c for c, size in enumerate(sizes) for _ in range(size)])
        self.blocked = tuple(range(len(based), len(based) + len(now.blocked)))
        self.unlike: dict[int, Bits] = {places[key]: bits for key, bits in sorted(unlike.items())}
        self.unlike_of = self._unlike_of()
        self.as_shown = _as_shown(table)
        newest = 1 << len(table.versions) - 1
        self.stale = frozenset(c for c, bits in enumerate(self.as_shown) if not bits & newest)
        self.is_current = not self.stale and not now.pending
        self.figures = tuple(_figure(table, i) for i in range(len(self.declared)))
        self._groupings: dict[tuple[int, ...], Grouping] = {}

    def places(self, base_cell: int) -> range:
        """Returns the places of the finest cells of a base cell."""
        return range(self.starts[base_cell], self.starts[base_cell + 1])

    def _unlike_of(self) -> dict[int, Bits]:
        found: dict[int, Bits] = {}
        for place, bits in self.unlike.items():
            if place < self.starts[-1]:
                c = bisect_right(self.starts, place) - 1
                found[c] = found.get(c, 0) | bits
        return found

    def grouping(self, group_by: Sequence[int]) -> Grouping:
        """Returns the cells grouped by some dimensions, given by their positions.

        Raises:
            ValueError: if a position is out of range or given twice.
        """
        wanted = tuple(group_by)
        made = self._groupings.get(wanted)
        if made is not None:
            return made
        count = len(self.table.declaration.sizes)
        if len(set(wanted)) != len(wanted) or any(not 0 <= d < count for d in wanted):
            raise ValueError(f"expected distinct dimensions below {count}, got `{wanted}`")
        numbers: dict[GroupKey, int] = {}
        group_of = [
            numbers.setdefault(tuple([cell[d] for d in wanted]), len(numbers))
            for cell in self.cells
        ]
        of_singles = tuple([group_of[place] for place in self.single_places])
        narrow = bytes(group_of) if len(numbers) <= _BYTE else b""
        made = Grouping(tuple(numbers), numbers, tuple(group_of), of_singles, narrow)
        if sum([known.size for known in (*self._groupings.values(), made)]) > _KEPT:
            self._groupings.clear()
        self._groupings[wanted] = made
        return made

    @property
    def seen(self) -> int:
        """How many finest cells the catalogue shows: the groups of the finest grouping.

        Those that wait are left out: they are answered as empty, and nobody may count them.
        """
        return self.starts[-1] + len(self.blocked)

    @property
    def oldest(self) -> int:
        """Number of the oldest data version that some part of what is shown stands at."""
        everything = (1 << len(self.table.versions)) - 1
        places = {key: place for place, key in enumerate(self.cells)}
        waiting = {self.unlike[places[key]] for key in self.table.newest.pending}
        standing = {*self.as_shown, *(everything & ~bits for bits in waiting), everything}
        return max(1, min(bits.bit_length() for bits in standing))


def _unlike(table: GuardedTable) -> dict[CellKey, Bits]:
    blocked = set(table.newest.blocked)
    found: dict[CellKey, Bits] = {}
    for i, version in enumerate(table.versions):
        for key in {*version.pending, *(set(version.blocked) - blocked)}:
            found[key] = found.get(key, 0) | 1 << i
    return found


def _as_shown(table: GuardedTable) -> tuple[Bits, ...]:
    found = [0] * len(table.base)
    for i, version in enumerate(table.versions):
        for c, text in enumerate(table.newest.shown):
            if text == (version.true[c] if c < len(version.true) else ""):
                found[c] |= 1 << i
    return tuple(found)


def _figure(table: GuardedTable, i: int) -> FigureIndex:
    count, now = len(table.base), table.newest
    values = tuple([row[i] for row in now.values])
    if not i:  # every base cell is one of COUNT(*)
        return FigureIndex(
            values=values,
            carriers=now.carriers[0],
            merged=(),
            withheld=frozenset(),
        )
    cells = [tuple(members(cell)) for cell in table.cells[i]]
    carriers = [0] * count
    for cell, carried in zip(cells, now.carriers[i], strict=True):
        for c in cell:
            carriers[c] = carried
    return FigureIndex(
        values=values,
        carriers=tuple(carriers),
        merged=tuple([cell for cell in cells if len(cell) > 1]),
        withheld=frozenset(range(count)).difference(*cells),
    )
