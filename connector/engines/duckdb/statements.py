"""The statements over `source`, rendered by sqlglot: cell numbers, clamped measures, the grouping.

A finest cell has one number: its code indices in mixed radix, the least important one fastest. A
value without a declared code makes the number NULL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from connector.engines import problems_expressions as problems
from connector.engines.duckdb.counts import Counts, read_counts
from connector.engines.duckdb.recognition import PLACE
from connector.engines.duckdb.row_values import expression, index_of, is_missing, value_of
from connector.engines.duckdb.values import DIALECT, Valued, is_rounded, scaled_sum, scaled_units
from connector.engines.duckdb.values import number as _number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.product import Product
    from connector.engines.duckdb.session import DuckSession


@dataclass(frozen=True, slots=True)
class Statements:
    """SQL text over `source`.

    Attributes:
        check: One row of counts, for `counts`.
        first_check: The same of the first rows, a table `beginning`.
        flaw: The condition that a row is counted in any of them, save as one that is grouped; a
            row without a cell or a contributor is known by its group.
        faults: A name and a condition for each kind of fault, to find the first row.
        select: Makes the rows of `contribution(cell, contributor, f0, f1, …)`, measures missing.
        measures: What to add to it for each measure.
        only: The condition that a row is grouped; None if every row is.
    """

    check: str
    first_check: str
    flaw: exp.Expr
    faults: tuple[tuple[str, str], ...]
    select: exp.Select
    measures: tuple[Valued, ...]
    only: exp.Expr | None

    def counts(self, row: Sequence[int]) -> Counts:
        """Reads the row that `check` gives."""
        return read_counts(row, len(self.faults), self.measures)

    def group(self, *, rows: int, outside: Sequence[int], flawless: bool = False) -> str:
        """Renders the grouped query that makes the table `contribution`.

        Args:
            rows: How many rows there are; decides how wide a sum can become.
            outside: Per measure, how many values are out of bounds; without any, none is clamped.
            flawless: Whether it is only supposed that no row has a flaw: the column `flaw` tells.
        """
        sums: list[exp.Expr] = []
        for valued, count in zip(self.measures, outside, strict=True):
            if valued.skips is not None:
                sums.append(_count_where(exp.not_(valued.skips.copy())))
            sums.append(scaled_sum(valued, rows=rows, clamp=bool(count)))
        named = [each.as_(figure(i)) for i, each in enumerate(sums, 1)]
        if flawless:
            named.append(exp.func("bool_or", self.flaw.copy(), dialect=DIALECT).as_("flaw"))
        text = self.select.select(*named).sql(DIALECT, copy=False)  # that is one already
        return f"CREATE OR REPLACE TEMP TABLE contribution AS {text}"

    def single_rows(self, kind: str) -> str:
        """Renders a query of the figures `f1, f2, …` of every row that is grouped, after clamping.

        Args:
            kind: Type of its columns.
        """
        units: list[exp.Expr] = []
        for valued in self.measures:
            value: exp.Expr = exp.cast(exp.paren(scaled_units(valued, clamp=True)), kind)
            if valued.skips is not None:
                zero, one = _number(0), _number(1)
                units.append(exp.case().when(valued.skips.copy(), zero).else_(one))
                value = exp.case().when(valued.skips.copy(), zero.copy()).else_(value)
            units.append(value)
        named = [exp.cast(each, kind).as_(figure(i)) for i, each in enumerate(units, 1)]
        rows = exp.select(*named).from_("source")
        return (rows.where(self.only.copy()) if self.only is not None else rows).sql(DIALECT)


def figure(index: int) -> str:
    """Returns the name of a figure's column; 0 is the row count."""
    return f"f{index}"


def render(session: DuckSession, product: Product) -> Statements:
    """Renders the statements of a product, looking only at the types of its expressions.

    Raises:
        DataError: If an expression is of a type that its dimension or measure cannot have.
    """
    tables: list[exp.Expr] = []
    dimensions = [index_of(session, d, i, tables) for i, d in enumerate(product.dimensions)]
    sizes = [len(d.codes) for d in product.dimensions]
    cell: exp.Expr = exp.cast(dimensions[0], "BIGINT")
    for part, size in zip(dimensions[1:], sizes[1:], strict=True):
        cell = exp.paren(cell * size + part, copy=False)
    measures = tuple(value_of(session, measure) for measure in product.measures)
    outside = [
        exp.or_(
            exp.LT(this=v.value.copy(), expression=_number(v.measure.lower)),
            exp.GT(this=v.value.copy(), expression=_number(v.measure.upper)),
            copy=False,
        )
        for v in measures
    ]
    contributor = exp.column(product.contributor, quoted=True)
    nobody = contributor.is_(exp.null())
    drop = product.empty_contributor == "drop"
    somebody = exp.not_(nobody.copy())
    dropped = nobody if drop else exp.false()

    def grouped(condition: exp.Expr) -> exp.Expr:
        return exp.and_(somebody, condition) if drop else condition

    faults = {
        "#bad": exp.column("#bad", quoted=True),
        "#contributor": exp.false() if drop else nobody,
        "#cell": grouped(cell.is_(exp.null())),
        **{v.measure.name: grouped(is_missing(v)) for v in measures},
    }
    rounded = [is_rounded(v, out) for v, out in zip(measures, outside, strict=True)]
    counted = [
        grouped(exp.true()),
        dropped,
        *faults.values(),
        *map(grouped, outside),
        *map(grouped, rounded),
        *(grouped(v.empty) for v in measures if v.empty is not None),
    ]
    by_group = [dropped, faults["#contributor"], faults["#cell"]]
    select = _from_source(
        exp.select(
            exp.cast(cell, "INTEGER").as_("cell"),
            contributor.as_("contributor"),
            exp.Count(this=exp.Star()).as_(figure(0)),
        ),
        tables,
    )
    check, first_check = (
        _from_source(
            exp.Select().select(*map(_count_where, counted), copy=False), tables, relation
        ).sql(DIALECT, copy=False)
        for relation in ("source", "beginning")
    )
    return Statements(
        check=check,
        first_check=first_check,
        flaw=exp.func(
            "coalesce",
            exp.or_(*[c for c in counted if c not in (counted[0], *by_group)]),
            exp.true(),
        ),
        faults=tuple((name, condition.sql(DIALECT)) for name, condition in faults.items()),
        select=(select.where(somebody) if drop else select).group_by("1", "2"),
        measures=measures,
        only=somebody if drop else None,
    )


def undeclared(session: DuckSession, product: Product) -> tuple[str, str, int]:
    """Finds the first row whose value of some dimension is not declared.

    Returns:
        The dimension's name, the value as text (empty if there is none), the row's number from 1.
    """
    for number, dimension in enumerate(product.dimensions):
        tables: list[exp.Expr] = []
        index = index_of(session, dimension, number, tables)
        where = problems.A_DIMENSION.of(name=dimension.name)
        value = exp.cast(expression(session, dimension.expression.sql, where)[0], "VARCHAR")
        wanted = exp.and_(
            index.is_(exp.null()),
            exp.not_(exp.column(product.contributor, quoted=True).is_(exp.null())),
        )
        found = session.rows(
            _from_source(exp.select(value, exp.column(PLACE, quoted=True)).where(wanted), tables)
            .order_by("2")
            .limit(1)
            .sql(DIALECT)
        )
        if found:
            text, row = found[0]
            return dimension.name, "" if text is None else str(text), int(row) + 1
    raise AssertionError("a row has no cell and every dimension of it has a code")


def _from_source(
    select: exp.Select, tables: list[exp.Expr], relation: str = "source"
) -> exp.Select:
    """Adds what it reads to a query that nobody else has, and gives it back."""
    select = select.from_(relation, copy=False)
    for table in tables:
        select = select.join(table.copy(), join_type="left", copy=False)
    return select


def _count_where(condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition.copy()))
