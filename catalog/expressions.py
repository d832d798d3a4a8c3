"""The owner's expressions over the columns of one row, e.g. `received_date - promised_date`.

Parsed by sqlglot; every node that is not on the list below is refused, so an expression can reach
nothing but the row at hand. Only the owner writes them, in the product file; a question never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from catalog import problems_products as problems
from catalog.errors import ProductError

if TYPE_CHECKING:
    from collections.abc import Collection

    from crypto.words import Spoken

DIALECT: Final = "duckdb"
MAX_LENGTH: Final = 2000  # characters

OPERATORS: Final = (
    *("+", "-", "*", "/", "//", "%", "=", "<>", "<", "<=", ">", ">=", "||"),
    *("and", "or", "not", "between", "in", "is null", "like", "case"),
)
FUNCTIONS: Final = (
    *("coalesce", "nullif", "if", "least", "greatest", "abs", "round", "floor", "ceil"),
    *("year", "quarter", "month", "week", "dayofweek", "extract", "date_diff", "date_trunc"),
    *("strftime", "upper", "lower", "trim", "substring", "left", "right", "length", "concat"),
    "cast",
)  # what `_ALLOWED` amounts to, as it is written
_ALLOWED: Final[frozenset[type[exp.Expr]]] = frozenset(
    {
        *(exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Var),
        *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg),
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is, exp.Like),
        *(exp.And, exp.Or, exp.Not, exp.Case, exp.If, exp.Coalesce, exp.Nullif),
        *(exp.Least, exp.Greatest, exp.Abs, exp.Round, exp.Floor, exp.Ceil),
        *(exp.Year, exp.Quarter, exp.Month, exp.Week, exp.DayOfWeek, exp.Extract),
        *(exp.DateDiff, exp.TimestampTrunc, exp.TimeToStr),
        *(exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Length),
        *(exp.Concat, exp.DPipe, exp.Cast, exp.DataType, exp.DataTypeParam),
    }
)
_CAST_TO: Final = frozenset(
    {
        *(exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.DECIMAL),
        *(exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT, exp.DataType.Type.DATE),
        exp.DataType.Type.BOOLEAN,
    }
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Attributes:
        sql: In DuckDB's dialect, columns quoted; what the engine renders from.
        columns: The declared columns it reads, in order of appearance.
    """

    sql: str
    columns: tuple[str, ...]


def parse_expression(text: str, *, columns: Collection[str], field: str) -> Expression:
    """Parses and checks an expression.

    Args:
        text: As in the product file.
        columns: Names of the declared columns.
        field: Where it stands, for the error.

    Raises:
        ProductError: If it does not parse, or holds anything but columns, literals and the
            functions of the list.
    """
    if len(text) > MAX_LENGTH:
        raise _refused(field, problems.SO_LONG.of(most=MAX_LENGTH), text[:40] + "…")
    try:
        statements = sqlglot.parse(text, dialect=DIALECT)
    except SqlglotError as error:
        raise _refused(field, problems.OVER_A_ROW, text) from error
    if len(statements) != 1 or statements[0] is None or ";" in text:
        raise _refused(field, problems.ONE_EXPRESSION, text)
    tree = statements[0]
    used: dict[str, None] = {}
    for node in tree.walk():
        if type(node) not in _ALLOWED:
            given = node.sql(dialect=DIALECT, comments=False)
            expected = problems.OPERATORS.of(operators=" ".join(OPERATORS), functions=FUNCTIONS)
            raise _refused(field, expected, given)
        if isinstance(node, exp.DataType) and node.this not in _CAST_TO:
            raise _refused(field, problems.CASTS, node.sql(DIALECT))
        if isinstance(node, exp.Column):
            if node.name not in columns or node.table:
                known = problems.COLUMNS.of(known=[f"`{name}`" for name in sorted(columns)])
                raise _refused(field, known, node.sql(DIALECT))
            node.set("this", exp.to_identifier(node.name, quoted=True))
            used[node.name] = None
    if not used:
        raise _refused(field, problems.A_COLUMN, text)
    return Expression(tree.sql(dialect=DIALECT, comments=False), tuple(used))


def _refused(field: str, expected: Spoken, got: str) -> ProductError:
    return ProductError(problems.EXPRESSION, field=field, expected=expected, got=f"`{got}`")
