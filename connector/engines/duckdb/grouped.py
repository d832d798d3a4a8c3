"""The grouped data of one file: what `crypto.disclosure` needs, cell by cell, without the rows."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from catalog.declared_table import declaration_of
from connector.engines.duckdb.data_source import DataSource
from connector.engines.duckdb.names import parquet_of
from connector.engines.duckdb.near_ids import near_ids
from connector.engines.duckdb.source import recognised
from connector.engines.spellings import Alike

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.bases import Basis
    from connector.engines.duckdb.contributors import Contributors
    from connector.engines.duckdb.counts import Counts
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.duckdb.source import Source
    from connector.engines.duckdb.statements import Statements
    from connector.engines.spellings import Spellings

NO_BASES: Final[Mapping[int, Basis]] = MappingProxyType({})


class Grouped:
    """The table `contribution`: per finest cell and contributor the rows and clamped sums.

    Attributes:
        declaration: The table that the product declares.
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
        source: Source,
        counts: Counts,
        spellings: Spellings,
        contributors: Contributors,
        statements: Statements,
    ) -> None:
        self.declaration = declaration_of(product)
        self.rows = counts.rows
        self.clamped = counts.outside
        self.rounded = counts.rounded
        self.zeroed = counts.zeroed
        self.skipped = counts.skipped
        self.dropped = counts.dropped
        self.spellings = spellings
        self._contributors = contributors
        self._session = session
        self._source = source
        self._recognised: tuple[str, ...] | None = None
        self._statements = statements

    def source(self, bases: Mapping[int, Basis] = NO_BASES) -> DataSource:
        """Returns the data as the core asks for them.

        Args:
            bases: What earlier versions of the table brought, by its own numbers.
        """
        return DataSource(
            self._session,
            self.declaration,
            statements=self._statements,
            contributors=self._contributors,
            rows=self.rows,
            bases=bases,
        )

    def recognised(self, first: int | None = None) -> tuple[str, ...]:
        """Returns digests of the rows read: the same rows have one in common, however written.

        Args:
            first: Of how many of the first rows, with those that have no contributor; None: of
                all. Then the one of the values is the first.
        """
        if first is not None:
            return recognised(self._session, self._source, first)
        if self._recognised is None:
            self._recognised = recognised(self._session, self._source)
        return self._recognised

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

    def near(self) -> Alike:
        """Returns ids that differ in marks, spaces or leading zeros only; none of numbers."""
        return near_ids(self._session) if self._contributors.are_texts else Alike()
