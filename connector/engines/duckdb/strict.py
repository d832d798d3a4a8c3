"""The owner's expressions as DuckDB may evaluate them: nothing in them is converted silently."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from connector.engines import problems_expressions as problems
from connector.engines.duckdb.casts import strict_cast
from connector.engines.duckdb.instants import on_instants
from connector.engines.duckdb.operands import agree, kind_of
from connector.engines.duckdb.values import DIALECT, WHOLE, parsed
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

_WRITTEN: Final = (
    exp.DataType.Type.TIMESTAMPNTZ,
    exp.DataType.Type.TIMESTAMP,
    exp.DataType.Type.TIMESTAMPTZ,
)


def strict(sql: str, type_of: Callable[[str], str]) -> exp.Expr:
    """Checks and renders an expression from its leaves upwards.

    Args:
        sql: As `catalog.expressions` gives it.
        type_of: Gives DuckDB's type of an expression over `source`.

    Raises:
        DataError: If it would convert a text, take a number as a condition, or divide fractions
            by `//`, which for DuckDB is `/` then.
    """
    known = cache(type_of)

    def kind(node: exp.Expr) -> str:
        return kind_of(node, known)

    root = parsed(sql)
    _bare(root)
    for node, text in reversed([(node, node.sql(DIALECT)) for node in root.walk()]):
        agree(node, text, kind)
        if isinstance(node, exp.Cast):
            strict_cast(node, known)
        elif isinstance(node, exp.IntDiv):
            for operand in (node.this, node.expression):
                if kind(operand) == "number" and known(operand.sql(DIALECT)) not in WHOLE:
                    raise DataError(problems.NOT_WHOLE, text=text, given=operand.sql(DIALECT))
        else:
            on_instants(node, kind)
    return root


def _bare(root: exp.Expr) -> None:
    """Takes away the casts that sqlglot writes about quoted times in a `date_diff`."""
    for difference in root.find_all(exp.DateDiff):
        for operand in (difference.this, difference.expression):
            if (
                isinstance(operand, exp.Cast)
                and operand.to.this in _WRITTEN
                and isinstance(operand.this, exp.Literal)
            ):
                operand.replace(operand.this)
