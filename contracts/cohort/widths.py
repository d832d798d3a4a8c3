"""How wide a column of a total is: what its providers declare, times a cap on rows.

A provider that compared its figures with bounds of the asker's choice would answer, before anything
is charged, whether a figure lies below them; a few dozen sessions then read it off. So a column is
planned from declarations, a provider takes no narrower one, and no figure can fail to fit.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from contracts.cohort import problems
from contracts.cohort.errors import wrong
from contracts.cohort.session import ColumnPlan

MAX_ROWS: Final = 1 << 32  # rows of one provider's table, so of each of its cells, at most


def of_rows(name: str) -> ColumnPlan:
    """Plan the column that counts rows."""
    return ColumnPlan(name=name, lower=0, upper=MAX_ROWS, scale=0)


def of_measure(name: str, *, lower: Decimal, upper: Decimal, scale: int) -> ColumnPlan:
    """Plan the column that sums a measure.

    Args:
        name: the column's name in the session.
        lower: the measure's declared lower bound, in its unit.
        upper: its declared upper bound.
        scale: its decimal places, which the column's integers carry.
    """
    unit = Decimal(10) ** scale
    least = int((lower * unit).to_integral_value(ROUND_FLOOR))
    most = int((upper * unit).to_integral_value(ROUND_CEILING))
    return ColumnPlan(
        name=name, lower=MAX_ROWS * min(least, 0), upper=MAX_ROWS * max(most, 0, 1), scale=scale
    )


def check_width(planned: ColumnPlan, declared: ColumnPlan) -> None:
    """Check that a session's column has room for whatever our declaration allows.

    Raises:
        CohortError: it is narrower, whatever our figures are.
    """
    if planned.lower > declared.lower or planned.upper < declared.upper:
        raise wrong("cohort.bounds", problems.TOO_NARROW, given=planned.name)
