"""Filters as decision diagrams over the codes of a table's dimensions.

A reduced, ordered diagram is canonical: two filters that keep the same cells are the same diagram,
however they were written (``x > 4``, ``NOT x <= 4`` and ``x >= 5`` on whole numbers; any order of
AND and OR). So a question can be recognised by its meaning, and a cell is tested in as many steps
as there are dimensions in the filter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CellKey = tuple[int, ...]  # one code index per dimension
Node = int
NOTHING: Final[Node] = 0
EVERYTHING: Final[Node] = 1
MAX_WORK: Final = 10_000_000  # codes looked at; about a second


class TooComplexError(Exception):
    """A filter whose diagram, or the work on it, grows past the cap."""


class Diagrams:
    """Makes diagrams over one table's dimensions; equal diagrams have equal node numbers."""

    def __init__(
        self, sizes: tuple[int, ...], *, max_nodes: int = 20_000, max_work: int = MAX_WORK
    ) -> None:
        """Start without nodes.

        Args:
            sizes: Number of codes of each dimension.
            max_nodes: Cap on nodes, over all operations.
            max_work: Cap on codes looked at, over all operations.
        """
        self._sizes = sizes
        self._max_nodes = max_nodes
        self._work_left = max_work
        self._nodes: list[tuple[int, tuple[Node, ...]]] = [(-1, ()), (-1, ())]
        self._numbers: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._met: dict[tuple[bool, Node, Node], Node] = {}
        self._negated: dict[Node, Node] = {}

    def codes(self, dimension: int, codes: Iterable[int]) -> Node:
        """Return the filter that keeps these codes of one dimension."""
        wanted = frozenset(codes)
        size = self._sizes[dimension]
        return self._node(dimension, tuple([int(code in wanted) for code in range(size)]))

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
            dimension, children = self._nodes[node]
            known = self._node(dimension, tuple([self.negate(child) for child in children]))
            self._negated[node] = known
        return known

    def portable(self, node: Node) -> list[list[int]]:
        """Return the diagram as lists, the same for the same filter in any `Diagrams`.

        Args:
            node: The diagram's root.

        Returns:
            Per node ``[dimension, child per code…]``, children before parents, root last; ends are
            0 and 1, so that the first node of the list is 2. A filter without nodes is
            ``[[-1, 0]]`` or ``[[-1, 1]]``.
        """
        if node <= EVERYTHING:
            return [[-1, node]]
        numbers: dict[Node, int] = {NOTHING: 0, EVERYTHING: 1}
        found: list[list[int]] = []

        def visit(current: Node) -> int:
            if current not in numbers:
                dimension, children = self._nodes[current]
                found.append([dimension, *[visit(child) for child in children]])
                numbers[current] = len(found) + 1
            return numbers[current]

        visit(node)
        return found

    def support(self, node: Node) -> tuple[int, ...]:
        """Return the dimensions that a filter depends on, ascending."""
        found: set[int] = set()
        seen: set[Node] = set()
        todo = [node]
        while todo:
            current = todo.pop()
            if current > EVERYTHING and current not in seen:
                seen.add(current)
                dimension, children = self._nodes[current]
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
        nodes = list(self._nodes)
        if node == NOTHING:
            return lambda _key: False
        first, branches = nodes[node]
        if max(branches) <= EVERYTHING:
            kept = tuple([child == EVERYTHING for child in branches])
            return lambda key: kept[key[first]]

        def test(key: CellKey) -> bool:
            current = node
            while current > EVERYTHING:
                dimension, children = nodes[current]
                current = children[key[dimension]]
            return current == EVERYTHING

        return test

    def _node(self, dimension: int, children: tuple[Node, ...]) -> Node:
        self._work_left -= len(children)
        if self._work_left < 0:
            raise TooComplexError
        if min(children) == max(children):  # says nothing about this dimension
            return children[0]
        name = (dimension, children)
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
            (a, below_a), (b, below_b) = self._nodes[left], self._nodes[right]
            dimension = min(a, b)
            size = self._sizes[dimension]
            lefts = below_a if a == dimension else (left,) * size
            rights = below_b if b == dimension else (right,) * size
            pairs = zip(lefts, rights, strict=True)
            children = tuple([self._combine(x, y, union=union) for x, y in pairs])
            known = self._node(dimension, children)
            self._met[name] = known
        return known
