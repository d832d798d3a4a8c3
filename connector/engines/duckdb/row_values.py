"""What one row means: the index of its code in each dimension, its value of each measure."""

# ruff: noqa: S608 - SQL is put together from our own names and checked expressions only

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from connector.engines import problems_expressions as problems
from connector.engines.duckdb.strict import strict
from connector.engines.duckdb.values import BINARY as _BINARY
from connector.engines.duckdb.values import DIALECT, Valued
from connector.engines.duckdb.values import WHOLE as _WHOLE
from connector.engines.duckdb.values import number as _number
from connector.engines.errors import DataError
from crypto.problem import Problem

if TYPE_CHECKING:
    from catalog.product import ProductDimension, ProductMeasure
    from connector.engines.duckdb.session import DuckSession
    from crypto.words import Filled, Words

_LISTED: Final = 32  # codes up to which a list is searched; beyond, a table is joined


def expression(session: DuckSession, sql: str, where: Filled) -> tuple[exp.Expr, str]:
    """Returns an expression over `source` and DuckDB's type of it.

    Raises:
        DataError: If it has none, as what it does is not defined for the types of its columns, or
            only by converting one to another.
    """

    def type_of(part: str) -> str:
        return str(session.rows(f"DESCRIBE SELECT {part} FROM source")[0][1])

    try:
        value = strict(sql, type_of)
        return value, type_of(value.sql(DIALECT))
    except DataError as error:
        about = Problem(error.code, problems.ABOUT, error.problem.next)
        found = DataError(about, field=where.said("en"), where=where, why=error)
        found.params = {**error.params, **found.params}
        raise found from error


def index_of(
    session: DuckSession, dimension: ProductDimension, number: int, tables: list[exp.Expr]
) -> exp.Expr:
    """Returns the code's index, NULL for a value without a code; may add a table to join."""
    where = problems.A_DIMENSION.of(name=dimension.name)
    value, kind = expression(session, dimension.expression.sql, where)
    if dimension.kind == "code":
        return _position(session, exp.cast(value, "VARCHAR"), dimension.codes, number, tables)
    if (dimension.kind == "integer" or dimension.whole) and kind not in _WHOLE:
        raise _wrong_type(where, problems.WHOLE_NUMBERS, kind)
    if dimension.kind == "integer":
        codes = [int(code) for code in dimension.codes]
        if codes == list(range(codes[0], codes[0] + len(codes))):
            inside = exp.Between(this=value, low=_number(codes[0]), high=_number(codes[-1]))
            return exp.case().when(inside, value.copy() - _number(codes[0]))
        return _position(session, exp.cast(value, "VARCHAR"), dimension.codes, number, tables)
    if not _is_number(kind):
        raise _wrong_type(where, problems.NUMBERS, kind)
    return _bin(value, dimension)


def _bin(value: exp.Expr, dimension: ProductDimension) -> exp.Expr:
    case = exp.case().when(value.is_(exp.null()), exp.null(), copy=False)
    if dimension.edges[0] is not None:
        below = exp.LT(this=value.copy(), expression=_number(dimension.edges[0]))
        case = case.when(below, exp.null(), copy=False)
    for index, upper in enumerate(dimension.edges[1:]):
        if upper is None:
            return case.else_(exp.Literal.number(index), copy=False)
        under = exp.LT(this=value.copy(), expression=_number(upper))
        case = case.when(under, exp.Literal.number(index), copy=False)
    return case


def _position(
    session: DuckSession,
    value: exp.Expr,
    codes: tuple[str, ...],
    number: int,
    tables: list[exp.Expr],
) -> exp.Expr:
    if len(codes) <= _LISTED:
        listed = exp.Array(expressions=[exp.Literal.string(code) for code in codes])
        return exp.func("list_position", listed, value) - 1
    name = f"code_{number}"
    session.run(f"CREATE OR REPLACE TEMP TABLE {name} (code VARCHAR PRIMARY KEY, place BIGINT)")
    session.run(
        f"INSERT INTO {name} SELECT unnest(?::VARCHAR[]), unnest(range(?))",
        [list(codes), len(codes)],
    )
    tables.append(
        exp.Join(
            this=exp.to_table(name), on=exp.EQ(this=value, expression=exp.column("code", name))
        )
    )
    return exp.column("place", name)


def value_of(session: DuckSession, measure: ProductMeasure) -> Valued:
    """Returns a measure's value per row, and when it is empty.

    Raises:
        DataError: If its expression gives no numbers.
    """
    where = problems.A_MEASURE.of(name=measure.name)
    value, kind = expression(session, measure.expression.sql, where)
    if kind == "BOOLEAN":
        value, kind = exp.cast(value, "INTEGER"), "INTEGER"
    if not _is_number(kind):
        raise _wrong_type(where, problems.NUMBERS, kind)
    if measure.empty == "error":
        return Valued(measure, value, kind)
    nothing = [exp.column(name, quoted=True).is_(exp.null()) for name in measure.expression.columns]
    # a value that is missing though no field is empty (a division by zero) stays a fault
    empty = exp.paren(exp.and_(value.is_(exp.null()), exp.or_(*nothing)))
    if measure.empty == "skip":
        return Valued(measure, value, kind, empty)
    zero = exp.case().when(empty.copy(), exp.cast(_number(0), kind)).else_(value)
    return Valued(measure, exp.paren(zero), kind, empty)


def is_missing(valued: Valued) -> exp.Expr:
    """Returns the condition that a row lacks a value that it must have."""
    condition: exp.Expr = valued.value.is_(exp.null())
    if valued.kind in _BINARY:
        # NaN and the infinities of a division
        condition = exp.or_(condition, exp.not_(exp.func("isfinite", valued.value.copy())))
    if valued.skips is not None:
        condition = exp.and_(condition, exp.not_(valued.skips.copy()))
    return condition


def _is_number(kind: str) -> bool:
    return kind in _WHOLE or kind in _BINARY or kind.startswith("DECIMAL")


def _wrong_type(where: Filled, expected: Words, got: str) -> DataError:
    return DataError(
        problems.GIVES, field=where.said("en"), where=where, expected=expected, got=got.lower()
    )
