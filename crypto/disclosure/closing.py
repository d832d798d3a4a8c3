"""Closing groups over the cells that reach out of them: what would be released together."""

from __future__ import annotations

from collections import defaultdict
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from crypto.disclosure.group_answers import Block
from crypto.disclosure.touching import OUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.indexing import Grouping, TableIndex
    from crypto.disclosure.touching import Kept, Touched

Widen = tuple[tuple[int, tuple[int, ...]], ...]


class Closing:
    """Closes the groups of one question over base cells and the measure cells of some figures.

    What it finds depends on the partition and on what is blocked, withheld or held; on no figure.
    Groups, and base cells that lie wholly in none, are nodes; a cell links all that it touches.
    """

    def __init__(
        self,
        index: TableIndex,
        grouping: Grouping,
        touched: Touched,
        kept: Kept | None,
        figures: Sequence[int],
    ) -> None:
        self._index = index
        self._grouping = grouping
        self._touched = touched
        self._kept = kept
        self._count = len(grouping.groups)  # nodes of groups come first, then those of base cells
        self._parent: dict[int, int] = {}
        for group, cut in touched.cut.items():
            for c in cut:
                self._link(group, self._count + c)
        self._spoilt = set(touched.blocked)  # nodes that make their union unreleasable
        for figure in [index.figures[i] for i in figures]:
            self._spoilt.update([self._node(c) for c in figure.withheld])
            for cell in figure.merged:
                first, *others = {self._node(c) for c in cell}
                for node in others:
                    self._link(first, node)
        self._members: dict[int, list[int]] = defaultdict(list)
        for node in sorted(self._parent):
            self._members[self._root(node)].append(node)
        self._blocks: dict[int, Block] = {}

    def block(self, group: int) -> Block:
        """Returns what a group would be released together with."""
        root = self._root(group)
        if root not in self._blocks:
            nodes = self._members.get(root, [group])  # or nothing reaches out of it
            groups = [node for node in nodes if node < self._count]
            base = [node - self._count for node in nodes if node >= self._count]
            releasable = self._spoilt.isdisjoint(nodes) and self._is_of_a_version(groups, base)
            self._blocks[root] = Block(
                groups=tuple(sorted([self._grouping.groups[g] for g in groups])),
                widen=self._widen(groups, base) if releasable else (),
                releasable=releasable,
            )
        return self._blocks[root]

    def _node(self, base_cell: int) -> int:
        group = self._touched.whole_of[base_cell]
        return self._count + base_cell if group == OUT else group

    def _link(self, one: int, other: int) -> None:
        self._parent[self._root(one)] = self._root(other)

    def _root(self, node: int) -> int:
        parent = self._parent
        above = parent.setdefault(node, node)
        while above != node:
            parent[node] = parent[above]  # halves the way for who asks next
            node, above = above, parent[above]
        return node

    def _is_of_a_version(self, groups: Sequence[int], base: Sequence[int]) -> bool:
        """Says whether a closed union is of one data version, or need not be.

        Args:
            groups: all that lies in these.
            base: base cells that do not lie wholly in one of them.
        """
        index = self._index
        if index.may_mix or index.is_current:
            return True
        cells = [*base, *[c for group in groups for c in self._touched.whole[group]]]
        versions = reduce(and_, [index.as_shown[c] for c in cells])
        for group in groups:
            versions &= ~self._touched.unlike.get(group, 0)
        for c in index.unlike_of.keys() & set(cells):
            versions &= ~index.unlike_of[c]
        return bool(versions)

    def _widen(self, groups: Sequence[int], base: Sequence[int]) -> Widen:
        """Returns per dimension the codes that only cells outside the filter have."""
        kept, cells = self._kept, self._index.cells
        if kept is None:
            return ()
        outside = [cells[p] for p in self._places(base) if not kept[p]]
        if not outside:
            return ()
        inside = [cells[p] for p in self._places(base) if kept[p]]
        for group in groups:
            inside += [cells[p] for p in self._places(self._touched.whole[group])]
        found = []
        for dimension in range(len(outside[0])):
            named = {key[dimension] for key in outside} - {key[dimension] for key in inside}
            if named:
                found.append((dimension, tuple(sorted(named))))
        return tuple(found)

    def _places(self, base: Iterable[int]) -> Iterable[int]:
        return (p for c in base for p in self._index.places(c))
