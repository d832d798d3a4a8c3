"""What a question's cell covers, named so that two cells that cover the same have one name.

The name is made from the declared codes, not from the rows that happen to be there: whether two
cells overlap must not depend on who holds what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.cohort.errors import CohortError
from crypto.canonical import digest
from policies.codesets import TooComplexError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.codesets import Runs
    from policies.plan import BoundQuery

LEAST_WORK = 2_000_000  # codes looked at


def shapes(
    bound: BoundQuery, positions: Sequence[int], keys: Sequence[tuple[int, ...]]
) -> tuple[str, ...]:
    """Name what each cell of a question covers.

    Args:
        bound: the question.
        positions: dimensions grouped by, in the order of the keys.
        keys: code indices of each cell.

    Raises:
        CohortError: the filter and the cells together are too complex.
    """
    diagrams, dimensions = bound.diagrams, bound.schema.dimensions
    if len(keys) * max((len(d.codes) for d in dimensions), default=1) > LEAST_WORK:
        raise _complex()
    diagrams.allow(LEAST_WORK)
    found = []
    for key in keys:
        node = bound.where
        try:
            for position, code in zip(positions, key, strict=True):
                node = diagrams.both(node, diagrams.codes(position, [code]))
        except TooComplexError as error:
            raise _complex() from error
        found.append(digest([_named(bound, line) for line in diagrams.portable(node)]))
    return tuple(found)


def _named(bound: BoundQuery, line: Runs) -> Any:
    """Write one node by the names of the codes that it keeps: codes added later change nothing."""
    dimension, starts, children = line
    if dimension < 0:
        return list(children)
    declared = bound.schema.dimensions[dimension]
    kept: dict[int, list[str]] = {}
    for first, end, child in zip(starts, (*starts[1:], None), children, strict=True):
        if child:
            codes = declared.codes[first:end]
            bound.diagrams.count(len(codes))
            kept.setdefault(child, []).extend(codes)
    return [declared.name, [[child, codes] for child, codes in sorted(kept.items())]]


def _complex() -> CohortError:
    return CohortError(
        "the cells of the question are too many to tell apart",
        code="question.complex",
        next_step="group by less, or filter",
    )
