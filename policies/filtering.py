"""WHERE as a decision diagram: conditions on one dimension are joined before a diagram is made.

Sets of codes of one dimension are intersected and united as ranges. Only what is left of each
dimension becomes a node, the last dimension first, so that a conjunction of many conditions costs
one node per dimension and not one diagram per condition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.codesets import EVERYTHING, NOTHING, Diagrams, Node, TooComplexError
from policies.intervals import complement, intersect, unite
from policies.query import START, Aggregate, AllOf, AnyOf, Comparison, Membership, Not, Predicate
from policies.ranges import code_ranges, steps
from policies.sql_text import refused

if TYPE_CHECKING:
    from policies.intervals import Ranges
    from policies.names import Names

_PER_CONDITION: Final = 4  # steps: names looked up, a literal read
_Codes = tuple[int, "Ranges"]  # a dimension and which of its codes
_Part = _Codes | Node


class Filter:
    """Reads one WHERE."""

    def __init__(self, names: Names, diagrams: Diagrams) -> None:
        """Prepare for one question.

        Args:
            names: Of the declared table.
            diagrams: Where the diagram is made.
        """
        self.mentioned: set[int] = set()
        self._names = names
        self._diagrams = diagrams
        self._sizes = tuple(len(d.codes) for d in names.schema.dimensions)

    def read(self, predicate: Predicate | None) -> Node:
        """Return the filter.

        Raises:
            QueryError: It is about what the table does not declare, too complex, or keeps nothing.
        """
        if predicate is None:
            return EVERYTHING
        try:
            node = self._node(self._part(predicate))
        except TooComplexError:
            raise refused("question.complex", START, nxt="next.ask-less") from None
        if node == NOTHING:
            raise refused("question.matches-nothing", START, nxt="next.declared-codes")
        return node

    def _part(self, predicate: Predicate) -> _Part:
        if isinstance(predicate, Not):
            inner = self._part(predicate.operand)
            if isinstance(inner, tuple):
                dimension, ranges = inner
                return dimension, complement(ranges, self._sizes[dimension])
            return self._diagrams.negate(inner)
        if isinstance(predicate, AllOf | AnyOf):
            return self._joined(predicate)
        return self._codes(predicate)

    def _joined(self, predicate: AllOf | AnyOf) -> _Part:
        every = isinstance(predicate, AllOf)
        join = self._diagrams.both if every else self._diagrams.either
        alike: dict[int, list[Ranges]] = {}
        nodes: list[Node] = []
        for operand in predicate.operands:
            part = self._part(operand)
            if isinstance(part, tuple):
                alike.setdefault(part[0], []).append(part[1])
            else:
                nodes.append(part)
        of = {d: self._intersected(sets) if every else unite(*sets) for d, sets in alike.items()}
        self._diagrams.spend(sum(len(ranges) for sets in alike.values() for ranges in sets))
        if len(of) == 1 and not nodes:
            return next(iter(of.items()))
        found = EVERYTHING if every else NOTHING
        for dimension in sorted(of, reverse=True):
            found = join(found, self._node((dimension, of[dimension])))
        for node in nodes:
            found = join(found, node)
        return found

    def _intersected(self, sets: list[Ranges]) -> Ranges:
        found = sets[0]
        for ranges in sets[1:]:
            self._diagrams.spend(len(found) + len(ranges))
            found = intersect(found, ranges)
        return found

    def _node(self, part: _Part) -> Node:
        return self._diagrams.ranges(*part) if isinstance(part, tuple) else part

    def _codes(self, part: Comparison | Membership) -> _Codes:
        if isinstance(part.term, Aggregate):
            raise refused("question.aggregate-in-where", part.term.at, nxt="next.use-having")
        index = self._names.dimension(part.term, "filter")
        self.mentioned.add(index)
        dimension = self._names.schema.dimensions[index]
        self._diagrams.spend(_PER_CONDITION + steps(dimension, part))
        return index, code_ranges(dimension, part)
