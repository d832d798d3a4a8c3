"""Casts in the owner's expressions: of a text as strict as a column, of a quotient as `round`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from connector.engines import problems_expressions as problems
from connector.engines.duckdb.constants import is_constant_of, like
from connector.engines.duckdb.conversions import text_pattern
from connector.engines.duckdb.values import BINARY, DIALECT
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.product import ColumnType

MARK: Final = "a text is not of the type it is cast to: "  # how a failed cast is known
_KINDS: Final[dict[exp.DType, ColumnType]] = {
    exp.DataType.Type.INT: "integer",
    exp.DataType.Type.BIGINT: "integer",
    exp.DataType.Type.DECIMAL: "decimal",
    exp.DataType.Type.DATE: "date",
    exp.DataType.Type.BOOLEAN: "boolean",
}
_SCALE: Final = 3  # of a DECIMAL without parameters


def strict_cast(cast: exp.Cast, type_of: Callable[[str], str]) -> None:
    """Makes a cast of a text fail on one that does not match its type's pattern as a whole.

    A cast of a double to whole numbers rounds half away from zero, as everything here does: by
    itself DuckDB rounds it half to even.

    Args:
        cast: The cast; what is below it has been seen.
        type_of: Gives DuckDB's type of an expression over `source`.

    Raises:
        DataError: If a quoted constant does not match.
    """
    kind = _KINDS.get(cast.to.this)
    if kind is None:
        return
    given = cast.to.expressions
    scale = int(given[1].name) if len(given) > 1 else 0 if given else _SCALE
    constant = cast.this.unnest()
    if isinstance(constant, exp.Literal) and constant.is_string:
        if not is_constant_of(constant.name, kind, scale):
            raise DataError(
                problems.CONSTANT,
                text=cast.sql(DIALECT),
                expected=like(kind),
                got=constant.name,
            )
        return
    found = type_of(cast.this.sql(DIALECT))
    if found in BINARY and kind == "integer":
        cast.set("this", exp.func("round", cast.this.copy()))
    if found != "VARCHAR":
        return
    text = exp.paren(cast.this.copy())
    fits: exp.Expr = exp.func(
        "regexp_full_match", text, exp.Literal.string(text_pattern(kind, scale)), dialect=DIALECT
    )
    if kind == "date":  # the year 0000 would be read as 1 BC
        ancient = exp.func("starts_with", text.copy(), exp.Literal.string("0000"), dialect=DIALECT)
        fits = exp.and_(fits, exp.not_(ancient))
    fault = exp.func("error", exp.Literal.string(f"{MARK}{kind}"), dialect=DIALECT)
    case = exp.case().when(exp.or_(text.copy().is_(exp.null()), fits), cast.copy())
    cast.replace(exp.paren(case.else_(fault)))
