"""One question on a published table, group by group (disclosure.md §3.7, §4.4)."""

from __future__ import annotations

from functools import reduce
from operator import and_, itemgetter
from typing import TYPE_CHECKING

from crypto.disclosure.closing import Closing
from crypto.disclosure.group_answers import Block, GroupAnswer, Part
from crypto.disclosure.statuses import OutputAnswer, OutputStatus
from crypto.disclosure.touching import OUT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.indexing import FigureIndex, Grouping
    from crypto.disclosure.published import PublishedTable
    from crypto.disclosure.table import CellKey, GroupKey
    from crypto.disclosure.touching import Kept, Touched

    Take = Callable[[Sequence[int]], tuple[int, ...]]


class Question:
    """One question, and what it touches.

    Args:
        table: the table asked.
        grouping: its groups.
        touched: what lies in which.
        kept: what the filter keeps; `None` for all.
        wanted: per output the figures it is made of; two for an average.
    """

    def __init__(
        self,
        table: PublishedTable,
        grouping: Grouping,
        touched: Touched,
        kept: Kept | None,
        wanted: Sequence[tuple[int, ...]],
    ) -> None:
        self.index = table.index
        self.first = table.first
        self.newest = len(table.table.versions)
        self.grouping = grouping
        self.touched = touched
        self.wanted = wanted
        self.figures = [
            (i, self.index.figures[i], _hidden(self.index.figures[i], touched))
            for i in sorted({i for figures in wanted for i in figures})
        ]
        self.closed_over = self.index, grouping, touched, kept
        self.closings: dict[tuple[int, ...], Closing] = {}

    def answer(self, key: GroupKey) -> GroupAnswer:
        """Returns the answer for one group."""
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
        is_mixed = of is None and not self.index.may_mix
        known = {}
        take: Take = itemgetter(*inside)  # makes a tuple of them, if they are several
        for i, figure, hidden in self.figures:
            status = hidden.get(group) or ("mixed" if is_mixed else None)
            known[i] = OutputAnswer(status) if status else _summed(figure, inside, take)
        outputs = tuple(
            [known[f[0]] if len(f) == 1 else _average(*[known[i] for i in f]) for f in self.wanted]
        )
        blocks = tuple(
            [
                self._block(figures, group) if one.status == "merged" else None
                for figures, one in zip(self.wanted, outputs, strict=True)
            ]
        )
        return self._made(key, outputs, blocks, of, inside)

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
        outputs = (OutputAnswer(status),) * len(blocks)
        return self._made(key, outputs, tuple(blocks), of, inside)

    def _made(
        self,
        key: GroupKey,
        outputs: tuple[OutputAnswer, ...],
        blocks: tuple[Block | None, ...],
        of: int | None,
        inside: Sequence[int],
    ) -> GroupAnswer:
        return GroupAnswer(
            key=key,
            outputs=outputs,
            blocks=blocks,
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
        return self.closings[figures].block(group)


def _hidden(figure: FigureIndex, touched: Touched) -> dict[int, OutputStatus]:
    """Returns why a figure is not released, by group, as if no base cell was cut or blocked."""
    found: dict[int, OutputStatus] = dict.fromkeys(touched.groups_of(figure.withheld), "withheld")
    for cell in figure.merged:
        groups = {touched.whole_of[c] for c in cell}
        if len(groups) > 1:
            found.update(dict.fromkeys(groups, "merged"))
    found.pop(OUT, None)
    return found


def _summed(figure: FigureIndex, inside: Sequence[int], take: Take) -> OutputAnswer:
    if len(inside) == 1:
        c = inside[0]
        return OutputAnswer("released", (figure.values[c],), figure.carriers[c])
    return OutputAnswer("released", (sum(take(figure.values)),), max(take(figure.carriers)))


def _average(total: OutputAnswer, count: OutputAnswer) -> OutputAnswer:
    """Returns an average: as its sum or count is not released, or both."""
    for one in (total, count):
        if one.status not in ("released", "mixed"):
            return one
    if total.status == "mixed":
        return total
    if not count.values[0]:
        return OutputAnswer("empty")
    values = total.values + count.values
    return OutputAnswer("released", values, min(total.carriers, count.carriers))
