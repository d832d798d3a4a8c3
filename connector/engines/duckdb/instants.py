"""Arithmetic on instants: elapsed time, whatever the clock of the declared zone is set to.

DuckDB computes on the fields of the zone's clock, on which the hour before and the hour after a
change to winter time are the same. From the day upwards that is what a zone is declared for; below
it an hour is an hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMES: Final = frozenset({"instant", "timestamp", "date"})
_CLOCK: Final = frozenset(
    {*("HOUR", "HOURS", "HR", "HRS", "H"), *("MINUTE", "MINUTES", "MIN", "MINS", "M")}
)
_BELOW: Final = frozenset(
    {
        *("SECOND", "SECONDS", "SEC", "SECS", "S"),
        *("MILLISECOND", "MILLISECONDS", "MILLISEC", "MILLISECS", "MSEC", "MSECS", "MS"),
        *("MICROSECOND", "MICROSECONDS", "MICROSEC", "MICROSECS", "USEC", "USECS", "US"),
    }
)


def on_instants(node: exp.Expr, kind: Callable[[exp.Expr], str]) -> None:
    """Rewrites a difference or a rounding down of instants.

    Args:
        node: Any node; those of other kinds stay.
        kind: Gives the kind of an operand.
    """
    match node:
        case exp.Sub() | exp.DateDiff():
            kinds = {kind(node.this), kind(node.expression)}
            unit = node.args.get("unit")
            part = unit.name.upper() if unit is not None else ""
            if "instant" not in kinds or not kinds <= _TIMES:
                return
            if part and part not in _CLOCK | _BELOW:
                return
            for name in ("this", "expression"):
                value = exp.cast(node.args[name].copy(), "TIMESTAMPTZ")
                node.set(name, _utc(_down(value, unit) if unit and part in _CLOCK else value))
        case exp.TimestampTrunc() if kind(node.this) == "instant":
            if node.args["unit"].name.upper() in _CLOCK | _BELOW:
                node.replace(_down(node.this.copy(), node.args["unit"]))


def _down(value: exp.Expr, unit: exp.Expr) -> exp.Expr:
    """Takes from an instant what the zone's clock shows beyond the full hour, minute or second."""
    clock = exp.cast(value.copy(), "TIMESTAMP")
    full = exp.TimestampTrunc(this=clock.copy(), unit=unit.copy())
    return exp.paren(exp.Sub(this=exp.paren(value), expression=exp.paren(clock - full)))


def _utc(value: exp.Expr) -> exp.Expr:
    return exp.paren(exp.AtTimeZone(this=exp.paren(value), zone=exp.Literal.string("UTC")))
