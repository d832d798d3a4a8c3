"""The columns of a total: what a question needs of each provider, and how wide that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.cohort.widths import of_measure, of_rows

if TYPE_CHECKING:
    from contracts.cohort.session import AskedColumn, ColumnPlan
    from policies.plan import BoundQuery
    from policies.schema import TableSchema

ROW_COUNT: Final = ""  # what the column means that counts rows
_COUNTS: Final = ":count"


def needed(bound: BoundQuery) -> dict[str, tuple[str, int]]:
    """Return what a question needs of each provider: what a column means, its unit and scale.

    An output is a sum (under the measure's name), a count (under `counting`) or both; COUNT(*) the
    rows, under no name.
    """
    found: dict[str, tuple[str, int]] = {}
    for output in bound.outputs:
        measure = bound.schema.measure(output.measure)
        if measure is None:
            found[ROW_COUNT] = ("", 0)
            continue
        if output.function != "sum":
            found[counting(measure.name)] = ("", 0)
        if output.function != "count":
            found[measure.name] = (measure.unit, measure.scale)
    return found


def counting(measure: str) -> str:
    """Name the column that counts the rows in which a measure has a value; no measure's name."""
    return measure + _COUNTS


def counted(column: str) -> str | None:
    """Return the measure whose values a column counts, None for other columns."""
    return column.removesuffix(_COUNTS) if column.endswith(_COUNTS) else None


def width(schema: TableSchema, column: AskedColumn) -> ColumnPlan:
    """Give the bounds that a column needs for what a table declares, whatever its rows are."""
    if column.measure == ROW_COUNT or counted(column.measure) is not None:
        return of_rows(column.name)
    measure = schema.measure(column.measure)
    assert measure is not None, "planned from this schema"
    return of_measure(column.name, lower=measure.lower, upper=measure.upper, scale=measure.scale)
