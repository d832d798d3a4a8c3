"""A measure's value per row: clamped to its bounds, rounded to its scale, summed exactly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
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
        empty: The condition that the value is empty and taken as zero, or skipped; None if that is
            an error.
    """

    measure: ProductMeasure
    value: exp.Expr
    kind: str
    empty: exp.Expr | None = None

    @property
    def skips(self) -> exp.Expr | None:
        """The condition that a row does not count; None if every row does."""
        return self.empty if self.measure.empty == "skip" else None


def is_rounded(valued: Valued, outside: exp.Expr) -> exp.Expr:
    """Returns whether a row's value has more decimal places than the measure keeps."""
    scale, value = valued.measure.scale, valued.value.copy()
    if valued.kind in BINARY:
        exact: exp.Expr = _scaled_double(value, scale)
        kept: exp.Expr = exp.func("round", exact.copy())
    elif valued.kind in WHOLE or _places(valued.kind) <= scale:
        return exp.false()
    else:
        exact, kept = value, exp.cast(value.copy(), f"DECIMAL(38, {scale})")
    return exp.and_(exp.NEQ(this=exact, expression=kept), exp.not_(outside.copy()))


def scaled_units(valued: Valued, *, clamp: bool) -> exp.Expr:
    """Clamps a row's value, rounds it to the measure's scale, and returns units of the scale.

    Decimals are rounded half away from zero. A double is multiplied by the power of ten, in
    doubles, and that product rounded half away from zero. The units may be of any type of number.
    """
    measure, value = valued.measure, valued.value.copy()
    if clamp:
        value = exp.func(
            "least", exp.func("greatest", value, number(measure.lower)), number(measure.upper)
        )
    if valued.kind in BINARY:
        return exp.func("round", _scaled_double(value, measure.scale))
    if measure.scale == 0:
        return value if valued.kind in WHOLE else exp.cast(value, "BIGINT")
    bound, factor = _bound(measure), 10**measure.scale
    if bound * factor >= _WIDEST_64:
        value = exp.cast(value, f"DECIMAL(38, {measure.scale})")
    elif not valued.kind.endswith(f",{measure.scale})"):
        digits = max(len(str(bound)) + 1, measure.scale + 1)
        value = exp.cast(value, f"DECIMAL({digits}, {measure.scale})")
    units: exp.Expr = exp.paren(value) * factor
    return units


def scaled_sum(valued: Valued, *, rows: int, clamp: bool) -> exp.Expr:
    """Returns the exact sum of units of the scale; rows whose value is skipped are not in it.

    Sums run in doubles where none can reach 2^53 (they are exact then, and twice as fast), else in
    integers of 128 bits.
    """
    units = scaled_units(valued, clamp=clamp)
    fits = _bound(valued.measure) * rows < _EXACT_DOUBLE
    total: exp.Expr = exp.Sum(this=exp.cast(exp.paren(units), "DOUBLE" if fits else "HUGEINT"))
    if valued.skips is not None:
        counts = exp.Where(this=exp.not_(valued.skips.copy()))
        total = exp.func("coalesce", exp.Filter(this=total, expression=counts), number(0))
    return exp.cast(total, "BIGINT" if fits else "HUGEINT")


def _bound(measure: ProductMeasure) -> int:
    return int(max(abs(measure.lower), abs(measure.upper)).scaleb(measure.scale))


def _scaled_double(value: exp.Expr, scale: int) -> exp.Expr:
    double = exp.cast(exp.paren(value), "DOUBLE")
    return exp.paren(double * exp.cast(exp.Literal.number(10**scale), "DOUBLE"))


def _places(kind: str) -> int:
    """Returns the decimal places of `DECIMAL(digits,places)`."""
    return int(kind.rstrip(")").rpartition(",")[2])


def parsed(sql: str) -> exp.Expr:
    """Returns an expression of the product file, in parentheses."""
    return exp.paren(sqlglot.parse_one(sql, dialect=DIALECT))


def number(value: Decimal | int) -> exp.Expr:
    """Returns a number as SQL, exactly: with an exponent it would be a double."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return parsed(text) if text.startswith("-") else exp.Literal.number(text)
