"""Filters as decision diagrams over the codes of a table's dimensions.

A reduced, ordered diagram is canonical: two filters that keep the same cells are the same diagram,
however they were written (``x > 4``, ``NOT x <= 4`` and ``x >= 5`` on whole numbers; any order of
AND and OR). So a question can be recognised by its meaning, and a cell is tested in as many steps
as there are dimensions in the filter.

A node branches by runs of codes, not by codes: a dimension of a hundred thousand costs as many
steps and as much memory as the filter has bounds in it.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

from policies.intervals import of_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from policies.intervals import Ranges

CellKey = tuple[int, ...]  # one code index per dimension
Node = int
Runs = tuple[int, tuple[int, ...], tuple[Node, ...]]  # dimension, first codes, child of each run
NOTHING: Final[Node] = 0
EVERYTHING: Final[Node] = 1
MAX_NODES: Final = 20_000
MAX_WORK: Final = 500_000  # runs looked at; about half a second


class TooComplexError(Exception):
    """A filter whose diagram, or the work on it, grows past the cap."""


class Diagrams:
    """Makes diagrams over one table's dimensions; equal diagrams have equal node numbers."""

    def __init__(
        self, sizes: tuple[int, ...], *, max_nodes: int = MAX_NODES, max_work: int = MAX_WORK
    ) -> None:
        """Start without nodes.

        Args:
            sizes: Number of codes of each dimension.
            max_nodes: Cap on nodes, over all operations.
            max_work: Cap on runs looked at, over all operations.
        """
        self._sizes = sizes
        self._max_nodes = max_nodes
        self._max_work = max_work
        self.work = 0  # runs looked at so far, the same for the same operations
        self._nodes: list[Runs] = [(-1, (), ()), (-1, (), ())]
        self._numbers: dict[Runs, Node] = {}
        self._met: dict[tuple[bool, Node, Node], Node] = {}
        self._negated: dict[Node, Node] = {}

    def allow(self, runs: int) -> None:
        """Allow more work, for what comes after the filter."""
        self._max_work += runs

    def spend(self, runs: int) -> None:
        """Count work on this question.

        Raises:
            TooComplexError: It is more than the cap.
        """
        self.work += runs
        if self.work > self._max_work:
            raise TooComplexError

    def codes(self, dimension: int, codes: Iterable[int]) -> Node:
        """Return the filter that keeps these codes of one dimension."""
        return self.ranges(dimension, of_codes(codes))

    def ranges(self, dimension: int, ranges: Ranges) -> Node:
        """Return the filter that keeps a set of codes of one dimension."""
        starts, children = [0], [NOTHING]
        for first, end in ranges:
            if first == 0:
                children[0] = EVERYTHING
            else:
                starts.append(first)
                children.append(EVERYTHING)
            if end < self._sizes[dimension]:
                starts.append(end)
                children.append(NOTHING)
        return self._node(dimension, starts, children)

    def both(self, left: Node, right: Node) -> Node:
        """Return the filter that keeps what both keep."""
        return self._combine(left, right, union=False)

    def either(self, left: Node, right: Node) -> Node:
        """Return the filter that keeps what at least one keeps."""
        return self._combine(left, right, union=True)

    def negate(self, node: Node) -> Node:
        """Return the filter that keeps what this one does not."""
        if node <= EVERYTHING:
            return EVERYTHING - node
        if (known := self._negated.get(node)) is None:
            dimension, starts, children = self._nodes[node]
            known = self._node(dimension, starts, [self.negate(child) for child in children])
            self._negated[node] = known
        return known

    def portable(self, node: Node) -> list[Runs]:
        """Return the diagram, the same for the same filter in any `Diagrams`.

        Args:
            node: The diagram's root.

        Returns:
            Per node its dimension, the first code of each run, and each run's child; children
            before parents, root last; ends are 0 and 1, so that the first node of the list is 2. A
            filter without nodes is ``[(-1, (), (0,))]`` or ``[(-1, (), (1,))]``.
        """
        if node <= EVERYTHING:
            return [(-1, (), (node,))]
        found: list[Runs] = []
        self._visit(node, {NOTHING: 0, EVERYTHING: 1}, found)
        return found

    def expanded(self, node: Node, *, most: int) -> list[list[int]] | None:
        """Return the diagram code by code, None where that takes more than `most` numbers.

        Returns:
            Per node of `portable` ``[dimension, child per code…]``; ``[[-1, 0]]`` or ``[[-1, 1]]``.
        """
        lines = self.portable(node)
        if sum(self._sizes[dimension] for dimension, _, _ in lines if dimension >= 0) > most:
            return None
        return [
            [dimension, *self._per_code(dimension, starts, children)]
            for dimension, starts, children in lines
        ]

    def _per_code(
        self, dimension: int, starts: Sequence[int], children: Sequence[Node]
    ) -> Iterable[Node]:
        if dimension < 0:
            return children
        ends = (*starts[1:], self._sizes[dimension])
        runs = zip(starts, ends, children, strict=True)
        return chain.from_iterable(repeat(child, end - first) for first, end, child in runs)

    def _visit(self, current: Node, numbers: dict[Node, int], found: list[Runs]) -> int:
        if current not in numbers:
            dimension, starts, children = self._nodes[current]
            named = tuple([self._visit(child, numbers, found) for child in children])
            found.append((dimension, starts, named))
            numbers[current] = len(found) + 1
        return numbers[current]

    def support(self, node: Node) -> tuple[int, ...]:
        """Return the dimensions that a filter depends on, ascending."""
        found: set[int] = set()
        seen: set[Node] = set()
        todo = [node]
        while todo:
            current = todo.pop()
            if current > EVERYTHING and current not in seen:
                seen.add(current)
                dimension, _, children = self._nodes[current]
                found.add(dimension)
                todo.extend(children)
        return tuple(sorted(found))

    def keep(self, node: Node) -> Callable[[CellKey], bool] | None:
        """Return the test of one cell, None when every cell is kept.

        Args:
            node: The diagram's root.

        Returns:
            A function from a cell's key to whether it is kept.
        """
        if node == EVERYTHING:
            return None
        nodes = self._nodes

        def test(key: CellKey) -> bool:
            current = node
            while current > EVERYTHING:
                dimension, starts, children = nodes[current]
                current = children[bisect_right(starts, key[dimension]) - 1]
            return current == EVERYTHING

        return test

    def _node(self, dimension: int, starts: Sequence[int], children: Sequence[Node]) -> Node:
        self.spend(len(children))
        if len(children) == 1:  # says nothing about this dimension
            return children[0]
        name = (dimension, tuple(starts), tuple(children))
        if (known := self._numbers.get(name)) is None:
            if len(self._nodes) >= self._max_nodes:
                raise TooComplexError
            known = len(self._nodes)
            self._nodes.append(name)
            self._numbers[name] = known
        return known

    def _combine(self, left: Node, right: Node, *, union: bool) -> Node:
        absorbing, neutral = (EVERYTHING, NOTHING) if union else (NOTHING, EVERYTHING)
        if absorbing in (left, right):
            return absorbing
        if left in (neutral, right):
            return right
        if right == neutral:
            return left
        name = (union, min(left, right), max(left, right))
        if (known := self._met.get(name)) is None:
            known = self._merged(left, right, union=union)
            self._met[name] = known
        return known

    def _merged(self, left: Node, right: Node, *, union: bool) -> Node:
        """Combine two nodes run by run."""
        (a, lefts, below_left), (b, rights, below_right) = self._nodes[left], self._nodes[right]
        dimension = min(a, b)
        if a > dimension:
            lefts, below_left = (0,), (left,)
        if b > dimension:
            rights, below_right = (0,), (right,)
        self.spend(len(lefts) + len(rights))
        end = self._sizes[dimension]
        starts: list[int] = []
        children: list[Node] = []
        i = j = 0
        while True:
            child = self._combine(below_left[i], below_right[j], union=union)
            if not children or children[-1] != child:
                starts.append(max(lefts[i], rights[j]))
                children.append(child)
            next_left = lefts[i + 1] if i + 1 < len(lefts) else end
            next_right = rights[j + 1] if j + 1 < len(rights) else end
            if next_left == next_right == end:
                return self._node(dimension, starts, children)
            i += next_left <= next_right
            j += next_right <= next_left
