"""What is counted of a file before its rows are grouped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.engines.duckdb.values import Valued


@dataclass(frozen=True, slots=True)
class Counts:
    """What the check counted.

    Attributes:
        rows: Rows that are grouped.
        dropped: Rows left out as they have no contributor.
        faults: For each of `Statements.faults`, the rows that have it: bad rows, rows without a
            contributor, rows without a cell, for each measure the rows without a value.
        outside: Per measure, rows with a value out of bounds.
        rounded: Per measure, rows with a value within them that has more places than are kept.
        zeroed: Per measure that takes empty values as zero, rows with one.
        skipped: Per measure that skips empty values, rows with one.
    """

    rows: int
    dropped: int
    faults: tuple[int, ...]
    outside: Mapping[str, int]
    rounded: Mapping[str, int]
    zeroed: Mapping[str, int]
    skipped: Mapping[str, int]


def read_counts(row: Sequence[int], faults: int, measures: Sequence[Valued]) -> Counts:
    """Reads the row that `Statements.check` gives.

    Args:
        row: Its numbers, in the order of the attributes of `Counts`.
        faults: How many kinds of faults there are.
        measures: The measures, in their order.
    """
    rows, dropped, *rest = map(int, row)
    last = faults + 2 * len(measures)
    names = [valued.measure.name for valued in measures]
    taking = [valued.measure for valued in measures if valued.empty is not None]
    empty = list(zip(taking, rest[last:], strict=True))
    return Counts(
        rows=rows,
        dropped=dropped,
        faults=tuple(rest[:faults]),
        outside=dict(zip(names, rest[faults : last - len(names)], strict=True)),
        rounded=dict(zip(names, rest[last - len(names) : last], strict=True)),
        zeroed={m.name: count for m, count in empty if m.empty == "zero"},
        skipped={m.name: count for m, count in empty if m.empty == "skip"},
    )
