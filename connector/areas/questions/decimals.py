"""Figures as decimal texts: exact sums, counts, and averages rounded half to even."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.plan import AVG_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.plan import BoundOutput


def output_text(output: BoundOutput, values: Sequence[int]) -> str:
    """Return one released output as text.

    Args:
        output: What was asked.
        values: The number; sum and count (not 0) for an average.
    """
    if output.function != "avg":
        return decimal_text(values[0], output.scale)
    total, count = values
    return decimal_text(round_half_even(total * 10**AVG_DECIMALS, count), output.scale)


def round_half_even(numerator: int, denominator: int) -> int:
    """Return the whole number nearest to a fraction, the even one of two.

    Args:
        numerator: Any whole number.
        denominator: A positive one.
    """
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    up = twice > denominator or (twice == denominator and quotient % 2 == 1)
    return quotient + up


def decimal_text(value: int, scale: int) -> str:
    """Return ``value / 10**scale`` exactly, with all its decimal places.

    Args:
        value: A whole number in units of the scale.
        scale: Decimal places.
    """
    if scale == 0:
        return str(value)
    digits = str(abs(value)).rjust(scale + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"
