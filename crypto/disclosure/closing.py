"""Closing groups over the cells that reach out of them: what would be released together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crypto.disclosure.indexing import Grouping, TableIndex
    from crypto.disclosure.touching import Kept, Touched

Widen = tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """Groups closed over the cells of one output.

    Attributes:
        groups: their numbers.
        base: all base cells of the union, also those that the filter leaves out.
        joined: those of them that reach out of a group, or hang together with one that does.
    """

    groups: frozenset[int]
    base: frozenset[int]
    joined: frozenset[int]


class Closing:
    """Closes groups of one question over base cells and the measure cells of some figures.

    What it finds depends on the partition and on what is withheld, on no figure.
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
        self._figures = [index.figures[i] for i in figures if index.figures[i].loose]
        self._known: dict[int, Closed] = {}

    def of(self, group: int) -> Closed:
        """Returns what a group is closed to."""
        if group not in self._known:
            closed = self._close(group)
            self._known.update(dict.fromkeys(closed.groups, closed))
        return self._known[group]

    def _close(self, start: int) -> Closed:
        groups, edge = {start}, [start]
        joined: set[int] = set()
        while edge:
            for c in self._joined_to(self._reaching(edge.pop()), joined):
                fresh = {self._grouping.group_of[p] for p in self._inside(c)} - groups
                groups |= fresh
                edge.extend(fresh)
        base = set(joined)
        for group in groups:
            base.update(self._touched.whole[group])
        return Closed(frozenset(groups), frozenset(base), frozenset(joined))

    def _reaching(self, group: int) -> list[int]:
        """Returns the base cells that are cut, or in a measure cell that reaches out."""
        whole, cut = self._touched.whole[group], self._touched.cut.get(group, [])
        found = list(cut)
        for figure in self._figures:
            inside: dict[int, int] = {}
            for c in figure.loose.intersection(whole):
                q = figure.cell_of[c]
                inside[q] = inside.get(q, 0) + 1
            for q, count in inside.items():
                if q >= 0 and count < len(figure.cells[q]):
                    found.extend(figure.cells[q])
        return found

    def _joined_to(self, reaching: list[int], joined: set[int]) -> Iterator[int]:
        """Yields base cells that hang together with these by measure cells, each once."""
        while reaching:
            c = reaching.pop()
            if c in joined:
                continue
            joined.add(c)
            yield c
            for figure in self._figures:
                q = figure.cell_of[c]
                if q >= 0 and len(figure.cells[q]) > 1:
                    reaching.extend(other for other in figure.cells[q] if other not in joined)

    def _inside(self, base_cell: int) -> Iterable[int]:
        """Returns the places of a base cell that the filter keeps."""
        places = self._index.places(base_cell)
        return places if self._kept is None else [p for p in places if self._kept[p]]

    def widen(self, closed: Closed) -> Widen:
        """Returns per dimension the codes outside the filter that belong to a closed union.

        None that what the filter keeps of it has, too; nothing blocked is in it.
        """
        kept, index = self._kept, self._index
        if kept is None:
            return ()
        cells = index.cells
        outside = [cells[p] for c in closed.joined for p in index.places(c) if not kept[p]]
        if not outside:
            return ()
        inside = [cells[p] for c in closed.base for p in index.places(c) if kept[p]]
        found = []
        for dimension in range(len(outside[0])):
            named = {key[dimension] for key in outside} - {key[dimension] for key in inside}
            if named:
                found.append((dimension, tuple(sorted(named))))
        return tuple(found)
