"""One question on a protected table, group by group (disclosure.md §3.7, §4.4)."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from crypto.disclosure.closing import Closing
from crypto.disclosure.group_answers import Block, GroupAnswer, Part
from crypto.disclosure.indexing import NOWHERE
from crypto.disclosure.statuses import OutputAnswer, OutputStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.closing import Closed
    from crypto.disclosure.indexing import FigureIndex, Grouping, TableIndex
    from crypto.disclosure.published import PublishedTable
    from crypto.disclosure.table import CellKey, GroupKey
    from crypto.disclosure.touching import Kept, Touched


class Question:
    """One question, and what it touches.

    Args:
        table: the table asked.
        grouping: its groups.
        touched: what lies in which.
        kept: what the filter keeps; `None` for all.
        wanted: per output the figures it is made of.
    """

    def __init__(
        self,
        table: PublishedTable,
        grouping: Grouping,
        touched: Touched,
        kept: Kept | None,
        wanted: Sequence[tuple[int, ...]],
    ) -> None:
        self.index: TableIndex = table.index
        self.first = table.first
        self.newest = len(table.table.versions)
        self.mixed_allowed = table.table.declaration.protection.mixed_versions
        self.grouping = grouping
        self.touched = touched
        self.wanted = wanted
        self.closed_over = self.index, grouping, touched, kept
        self.closings: dict[tuple[int, ...], Closing] = {}
        self.blocks: dict[tuple[tuple[int, ...], frozenset[int]], Block] = {}

    def answer(self, key: GroupKey, averages: Sequence[bool]) -> GroupAnswer:
        """Returns the answer for one group; it is said which outputs are averages."""
        group = self.grouping.numbers.get(key)
        if group is None:
            return self._alike(key, "empty", None, self.newest, [])
        touched = self.touched
        inside = touched.whole[group]
        of = self._of_version(inside, touched.unlike.get(group, 0))
        if group in touched.blocked:
            return self._alike(key, "blocked", group, of, inside)
        if group in touched.cut:
            return self._alike(key, "merged", group, of, inside)
        if not inside:
            return self._alike(key, "empty", None, of, [])
        known: dict[int, OutputAnswer] = {}
        found = []
        for figures, is_average in zip(self.wanted, averages, strict=True):
            for i in figures:
                if i not in known:
                    known[i] = self._figure(i, inside, is_mixed=of is None)
            found.append(_together([known[i] for i in figures], is_average=is_average))
        blocks = [
            self._block(figures, group) if one.status == "merged" else None
            for figures, one in zip(self.wanted, found, strict=True)
        ]
        return self._made(key, found, blocks, of, inside)

    def _alike(
        self,
        key: GroupKey,
        status: OutputStatus,
        closed: int | None,
        of: int | None,
        inside: Sequence[int],
    ) -> GroupAnswer:
        """Returns the answer for a group all of whose outputs have one status."""
        blocks = [None if closed is None else self._block(f, closed) for f in self.wanted]
        return self._made(key, [OutputAnswer(status)] * len(blocks), blocks, of, inside)

    def _made(
        self,
        key: GroupKey,
        outputs: Sequence[OutputAnswer],
        blocks: Sequence[Block | None],
        of: int | None,
        inside: Sequence[int],
    ) -> GroupAnswer:
        return GroupAnswer(
            key=key,
            outputs=tuple(outputs),
            blocks=tuple(blocks),
            of_version=None if of is None else self.first + of - 1,
            parts=self._parts(inside) if of is None else (),
            base=tuple(inside),
        )

    def _of_version(self, inside: Sequence[int], unlike: Bits) -> int | None:
        """Returns the newest version in which all was truly as shown; what waits is empty."""
        index, newest = self.index, 1 << self.newest - 1
        if not unlike & newest and index.stale.isdisjoint(inside):
            return self.newest
        everything = (1 << self.newest) - 1
        common = reduce(and_, [index.as_shown[c] for c in inside], everything)
        return (common & ~unlike).bit_length() or None

    def _figure(self, i: int, inside: Sequence[int], *, is_mixed: bool) -> OutputAnswer:
        """Returns the sum of one figure over base cells, if it is released."""
        figure = self.index.figures[i]
        if not figure.loose.isdisjoint(inside) and (hidden := _hidden(figure, inside)):
            return OutputAnswer(hidden)
        if is_mixed and not self.mixed_allowed:
            return OutputAnswer("mixed")
        total = sum([figure.values[c] for c in inside])
        return OutputAnswer("released", (total,), max([figure.carriers[c] for c in inside]))

    def _parts(self, inside: Sequence[int]) -> tuple[Part, ...]:
        """Returns which cells are of which version, each of the newest that it is of."""
        found: dict[int, list[CellKey]] = {}
        for c in inside:
            version = self.index.as_shown[c].bit_length()
            found.setdefault(version, []).extend(self.index.table.base[c])
        found.pop(0, None)  # of none
        return tuple(
            Part(self.first + version - 1, tuple(sorted(found[version])))
            for version in sorted(found)
        )

    def _block(self, figures: tuple[int, ...], group: int) -> Block:
        if figures not in self.closings:
            self.closings[figures] = Closing(*self.closed_over, figures)
        closing = self.closings[figures]
        closed = closing.of(group)
        name = figures, closed.groups
        if name not in self.blocks:
            releasable = self._is_releasable(figures, closed)
            self.blocks[name] = Block(
                groups=tuple(sorted(self.grouping.groups[g] for g in closed.groups)),
                widen=closing.widen(closed) if releasable else (),
                releasable=releasable,
            )
        return self.blocks[name]

    def _is_releasable(self, figures: Sequence[int], closed: Closed) -> bool:
        """Says whether a closed union would be released (an average of none counts as such)."""
        if not self.touched.blocked.isdisjoint(closed.groups):
            return False
        if any(not self.index.figures[i].withheld.isdisjoint(closed.base) for i in figures):
            return False
        if self.mixed_allowed:
            return True
        unlike = 0
        for group in closed.groups:
            unlike |= self.touched.unlike.get(group, 0)
        for c in self.index.unlike_of.keys() & closed.base:
            unlike |= self.index.unlike_of[c]
        return self._of_version(tuple(closed.base), unlike) is not None


def _hidden(figure: FigureIndex, inside: Sequence[int]) -> OutputStatus | None:
    """Returns why a figure is not released on base cells; `None` if it is."""
    counts: dict[int, int] = {}
    for c in figure.loose.intersection(inside):
        q = figure.cell_of[c]
        counts[q] = counts.get(q, 0) + 1
    is_withheld = counts.pop(NOWHERE, 0)
    for q, count in counts.items():
        if count < len(figure.cells[q]):
            return "merged"
    return "withheld" if is_withheld else None


def _together(figures: Sequence[OutputAnswer], *, is_average: bool) -> OutputAnswer:
    """Returns an output made of figures: as the first that is not released, or of all values."""
    for one in figures:
        if one.status not in ("released", "mixed"):
            return one
    if figures[0].status == "mixed" or not is_average:
        return figures[0]
    values = tuple(one.values[0] for one in figures)
    if not values[1]:
        return OutputAnswer("empty")
    return OutputAnswer("released", values, min(one.carriers for one in figures))
