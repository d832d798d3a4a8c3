"""The grouped data of one file: what `crypto.disclosure` needs, cell by cell, without the rows."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.declared_table import declaration_of
from connector.engines.duckdb.data_source import DataSource
from connector.engines.duckdb.names import parquet_of
from connector.engines.duckdb.places import CellNumbers
from connector.engines.duckdb.statements import figure
from crypto.disclosure import CellStatistics
from crypto.disclosure.declaration import figures

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.duckdb.contributors import Contributors, Spellings
    from connector.engines.duckdb.counts import Counts
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.duckdb.statements import Statements
    from crypto.disclosure import CellKey
    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.rules import Contribution, Contributor


class Grouped:
    """The table `contribution`: per finest cell and contributor the rows and clamped sums.

    Attributes:
        rows: How many rows of the file are in it.
        clamped: Per measure, how many values lay outside its bounds.
        rounded: Per measure, how many values within the bounds had too many decimal places.
        zeroed: Per measure that takes empty values as zero, how many there were.
        skipped: Per measure that skips empty values, how many there were.
        dropped: How many rows without a contributor were left out, if that was asked for.
        spellings: Contributor ids that were written in several ways.
    """

    def __init__(
        self,
        session: DuckSession,
        product: Product,
        counts: Counts,
        spellings: Spellings,
        contributors: Contributors,
        statements: Statements,
    ) -> None:
        self.rows = counts.rows
        self.clamped = counts.outside
        self.rounded = counts.rounded
        self.zeroed = counts.zeroed
        self.skipped = counts.skipped
        self.dropped = counts.dropped
        self.spellings = spellings
        self._contributors = contributors
        self._session = session
        self._depth = product.rules.depth
        self._statements = statements
        self._numbers = CellNumbers([len(dimension.codes) for dimension in product.dimensions])
        columns = figures(declaration_of(product))
        self._figures = len(columns)
        self._positive = [column.lower >= 0 for column in columns]
        self._hidden = product.zeros == "hidden"

    def statistics(self) -> dict[CellKey, CellStatistics]:
        """Returns every finest cell with rows; every finest cell at all if zeros are hidden."""
        with self._session.reporting("cells"):
            found = {
                self._numbers.key(int(cell)): known
                for cell, known in self._statistics("contribution", "cell")
            }
        if self._hidden:
            self._add_empty(found)
        return found

    def fetch(self, cells: Collection[CellKey]) -> dict[CellKey, dict[Contributor, Contribution]]:
        """Returns the contributions to some finest cells."""
        numbers = [self._numbers.number(cell) for cell in cells]
        columns = ", ".join(figure(i) for i in range(self._figures))
        found: dict[CellKey, dict[Contributor, Contribution]] = {cell: {} for cell in cells}
        for cell, contributor, *values in self._session.rows(
            f"SELECT cell, contributor, {columns} FROM contribution "
            "SEMI JOIN (SELECT unnest(?::BIGINT[]) AS cell) USING (cell)",
            [numbers],
        ):
            found[self._numbers.key(cell)][contributor] = tuple(values)
        return found

    def source(self, declaration: Declaration, bases: Mapping[int, Path]) -> DataSource:
        """Returns the data as the core asks for them.

        Args:
            declaration: The table that the product declares.
            bases: What earlier versions of the table brought, by its own numbers.
        """
        return DataSource(
            self._session,
            declaration,
            statements=self._statements,
            contributors=self._contributors,
            rows=self.rows,
            bases=bases,
        )

    def overlap(self, bases: Sequence[Path], *, fold: bool = False) -> tuple[int, int]:
        """Counts the contributors that another product's bases have too.

        Args:
            bases: All that the other product has shown.
            fold: Whether its contributors differ in more than case; ours may say so too.

        Returns:
            How many they share, and how many the smaller of the two has.
        """
        self._session.run(
            "CREATE OR REPLACE TEMP TABLE theirs AS "
            f"SELECT DISTINCT contributor FROM {parquet_of(bases)}"
        )
        a, b = (
            self._contributors.compared(table, fold=fold) for table in ("contribution", "theirs")
        )
        common, ours, theirs = self._session.one(
            f"WITH a AS ({a}), b AS ({b}) "
            "SELECT (SELECT count(*) FROM a SEMI JOIN b USING (contributor)), "
            "(SELECT count(*) FROM a), (SELECT count(*) FROM b)"
        )
        return int(common), min(int(ours), int(theirs))

    def _statistics(self, table: str, group: str) -> Iterator[tuple[int, CellStatistics]]:
        parts = []
        for i in range(self._figures):
            size = figure(i) if self._positive[i] else f"abs({figure(i)})"
            parts += [f"sum({figure(i)})", f"sum({size})", f"max({size}, {self._depth})"]
        for key, contributors, *values in self._session.rows(
            f"SELECT {group}, count(*), {', '.join(parts)} FROM {table} GROUP BY 1"
        ):
            yield (
                key,
                CellStatistics(
                    contributors,
                    tuple(map(int, values[::3])),
                    tuple(map(int, values[1::3])),
                    tuple(tuple(map(int, top)) for top in values[2::3]),
                ),
            )

    def _add_empty(self, cells: dict[CellKey, CellStatistics]) -> None:
        nothing = (0,) * self._figures
        empty = CellStatistics(0, nothing, nothing, ((),) * self._figures)
        for key in self._numbers.all():
            cells.setdefault(key, empty)
