"""Casts of a text in the owner's expressions, as strict as the reading of a text column is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from connector.engines.duckdb.conversions import text_pattern
from connector.engines.duckdb.values import DIALECT

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


def strict_casts(tree: exp.Expr, type_of: Callable[[str], str]) -> exp.Expr:
    """Makes each cast of a text fail on one that does not match its type's pattern as a whole.

    Args:
        tree: An expression.
        type_of: Gives DuckDB's type of an expression over `source`.
    """
    root = exp.paren(tree)
    for cast in reversed(list(root.find_all(exp.Cast))):  # the inner ones first
        kind = _KINDS.get(cast.to.this)
        if kind is None or isinstance(cast.this, exp.Literal):
            continue  # the owner's own constant is no data
        if type_of(cast.this.sql(DIALECT)) != "VARCHAR":
            continue
        given = cast.to.expressions
        scale = int(given[1].name) if len(given) > 1 else 0 if given else _SCALE
        text = exp.paren(cast.this.copy())
        fits = exp.func(
            "regexp_full_match",
            text,
            exp.Literal.string(text_pattern(kind, scale)),
            dialect=DIALECT,
        )
        fault = exp.func("error", exp.Literal.string(f"{MARK}{kind}"), dialect=DIALECT)
        case = exp.case().when(exp.or_(text.copy().is_(exp.null()), fits), cast.copy())
        cast.replace(exp.paren(case.else_(fault)))
    return root
