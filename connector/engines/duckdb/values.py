"""A measure's value per row: clamped to its bounds, rounded to its scale, summed exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from catalog.product import ProductMeasure

DIALECT: Final = "duckdb"
WHOLE: Final = frozenset(
    {
        *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
        *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    }
)
BINARY: Final = frozenset({"DOUBLE", "FLOAT"})
_WIDEST_64: Final = 10**17  # a product of decimals below it fits their 64-bit form
_EXACT_DOUBLE: Final = 2**53  # up to here sums of whole numbers in doubles are exact


@dataclass(frozen=True, slots=True)
class Valued:
    """A measure with its value per row and the type of that.

    Attributes:
        measure: As declared.
        value: The value; empty ones are zero in it, if the measure takes them so.
        kind: DuckDB's type of the value.
        empty: The condition that the value is empty and taken as zero; None if it never is.
    """

    measure: ProductMeasure
    value: exp.Expr
    kind: str
    empty: exp.Expr | None = None


def scaled_sum(valued: Valued, *, rows: int, clamp: bool) -> exp.Expr:
    """Clamps, rounds to the measure's scale, sums exactly, and returns units of the scale.

    Sums run in doubles where none can reach 2^53 (they are exact then, and twice as fast), else in
    integers of 128 bits.
    """
    measure, value = valued.measure, valued.value.copy()
    if clamp:
        value = exp.func(
            "least", exp.func("greatest", value, number(measure.lower)), number(measure.upper)
        )
    bound = int(max(abs(measure.lower), abs(measure.upper)).scaleb(measure.scale))
    if measure.scale == 0:
        units = value if valued.kind in WHOLE else exp.cast(value, "BIGINT")
    else:
        factor = 10**measure.scale
        if bound * factor >= _WIDEST_64:
            value = exp.cast(value, f"DECIMAL(38, {measure.scale})")
        elif not valued.kind.endswith(f",{measure.scale})"):
            digits = max(len(str(bound)) + 1, measure.scale + 1)
            value = exp.cast(value, f"DECIMAL({digits}, {measure.scale})")
        units = exp.paren(value) * factor
    if bound * rows < _EXACT_DOUBLE:
        return exp.cast(exp.Sum(this=exp.cast(exp.paren(units), "DOUBLE")), "BIGINT")
    return exp.cast(exp.Sum(this=exp.cast(exp.paren(units), "HUGEINT")), "HUGEINT")


def parsed(sql: str) -> exp.Expr:
    """Returns an expression of the product file, in parentheses."""
    return exp.paren(sqlglot.parse_one(sql, dialect=DIALECT))


def number(value: object) -> exp.Expr:
    """Returns a number as SQL."""
    return exp.Literal.number(str(value)) if not str(value).startswith("-") else parsed(str(value))
