"""The grouped data of one file: what `crypto.disclosure` needs, cell by cell, without the rows."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.engines.duckdb.names import literal, parquet_of
from connector.engines.duckdb.statements import figure
from connector.engines.errors import DataError
from crypto.disclosure import CellStatistics

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.duckdb.contributors import Contributors, Spellings
    from connector.engines.duckdb.counts import Counts
    from connector.engines.duckdb.session import DuckSession
    from crypto.disclosure import CellKey, ProtectedTable
    from crypto.disclosure.rules import Contribution, Contributor


@dataclass(frozen=True, slots=True)
class Shown:
    """The values that one data version brought.

    Attributes:
        number: Of the version.
        path: The contributions behind them.
        cells: The safe cells that took their value then.
    """

    number: int
    path: Path
    cells: frozenset[int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since the values shown; the arguments of `crypto.disclosure.renew`."""

    current: Mapping[int, CellStatistics]
    change: Mapping[int, CellStatistics]
    earlier: Mapping[int, Sequence[CellStatistics]]
    cells: Mapping[CellKey, CellStatistics]


class Grouped:
    """The table `contribution`: per finest cell and contributor the rows and clamped sums.

    Attributes:
        rows: How many rows of the file are in it.
        clamped: Per measure, how many values lay outside its bounds.
        rounded: Per measure, how many values within the bounds had too many decimal places.
        zeroed: Per measure that takes empty values as zero, how many there were.
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
    ) -> None:
        self.rows = counts.rows
        self.clamped = counts.outside
        self.rounded = counts.rounded
        self.zeroed = counts.zeroed
        self.dropped = counts.dropped
        self.spellings = spellings
        self._contributors = contributors
        self._session = session
        self._depth = product.rules.depth
        self._sizes = [len(dimension.codes) for dimension in product.dimensions]
        self._figures = 1 + len(product.measures)
        self._positive = [True, *(measure.lower >= 0 for measure in product.measures)]
        self._hidden = product.zeros == "hidden"

    def statistics(self) -> dict[CellKey, CellStatistics]:
        """Returns every finest cell with rows; every finest cell at all if zeros are hidden."""
        with self._session.reporting("cells"):
            found = {
                self._key(int(cell)): known
                for cell, known in self._statistics("contribution", "cell")
            }
        if self._hidden:
            self._add_empty(found)
        return found

    def fetch(self, cells: Collection[CellKey]) -> dict[CellKey, dict[Contributor, Contribution]]:
        """Returns the contributions to some finest cells."""
        numbers = [self._number(cell) for cell in cells]
        columns = ", ".join(figure(i) for i in range(self._figures))
        found: dict[CellKey, dict[Contributor, Contribution]] = {cell: {} for cell in cells}
        for cell, contributor, *figures in self._session.rows(
            f"SELECT cell, contributor, {columns} FROM contribution "
            "SEMI JOIN (SELECT unnest(?::BIGINT[]) AS cell) USING (cell)",
            [numbers],
        ):
            found[self._key(cell)][contributor] = tuple(figures)
        return found

    def compare(self, old: ProtectedTable, shown: Sequence[Shown]) -> Comparison:
        """Compares with the contributions behind every value ever shown.

        Args:
            old: The table of the data version before.
            shown: What each version brought, ascending; the files are those of `write_basis`.

        Raises:
            DataError: If most contributors of the values shown last are gone: renamed, it seems.
        """
        figures = range(self._figures)
        last = [cell.since for cell in old.safe]
        taken = [(safe, part.number) for part in shown for safe in sorted(part.cells)]
        self._set_membership(old)
        sums = ", ".join(f"sum({figure(i)})::HUGEINT AS {figure(i)}" for i in figures)
        minus = ", ".join(f"-{figure(i)}" for i in figures)
        plus = ", ".join(figure(i) for i in figures)
        before = " UNION ALL ".join(
            f"SELECT slot, latest, contributor, {minus} FROM "
            f"{parquet_of([part.path])} JOIN taken USING (safe) "
            f"WHERE number = {part.number}"
            for part in shown
        )
        with self._session.reporting("compare"):
            self._session.run(
                "CREATE OR REPLACE TEMP TABLE taken "
                "(slot BIGINT, safe BIGINT, number BIGINT, latest BOOLEAN)"
            )
            rows = [(i, s, n, last[s] == n) for i, (s, n) in enumerate(taken)]
            self._session.insert("taken", rows, 4)
            self._session.run(
                f"CREATE OR REPLACE TEMP TABLE before(slot, latest, contributor, {plus}) AS "
                f"{before}"
            )
            self._contributors.normalise_ids("before")  # as this version reads ids
            self._check_contributors()
            self._session.run(
                f"CREATE OR REPLACE TEMP TABLE now AS SELECT safe, contributor, {sums} "
                "FROM contribution JOIN membership USING (cell) GROUP BY safe, contributor"
            )
            self._session.run(
                "CREATE OR REPLACE TEMP TABLE change AS "
                f"SELECT slot, contributor, {sums} FROM ("
                f"SELECT slot, contributor, {plus} FROM now JOIN taken USING (safe) UNION ALL "
                f"SELECT slot, contributor, {plus} FROM before"
                ") GROUP BY slot, contributor HAVING "
                + " OR ".join(f"sum({figure(i)}) <> 0" for i in figures)
            )
            self._session.run(
                "CREATE OR REPLACE TEMP VIEW fresh AS SELECT * FROM contribution "
                "ANTI JOIN membership USING (cell)"
            )
            current = dict(self._statistics("now", "safe"))
            change: dict[int, CellStatistics] = {}
            earlier: dict[int, list[CellStatistics]] = {}
            for slot, moved in self._statistics("change", "slot", signed=True):
                safe, number = taken[slot]
                if number == last[safe]:
                    change[safe] = moved
                else:
                    earlier.setdefault(safe, []).append(moved)
            cells = {self._key(int(c)): s for c, s in self._statistics("fresh", "cell")}
        if self._hidden:
            hidden = {c for c, m in zip(old.cells, old.membership, strict=True) if m >= 0}
            self._add_empty(cells, without=hidden)
        return Comparison(current, change, earlier, cells)

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

    def write_basis(
        self, path: Path, table: ProtectedTable, *, renewed: Collection[int] | None = None
    ) -> None:
        """Writes the contributions behind the values that a version brings, as Parquet.

        Args:
            path: The new file, in the session's scratch folder.
            table: The new table.
            renewed: The safe cells whose value is that of the new data; None for all.
        """
        columns = ", ".join(figure(i) for i in range(self._figures))
        self._set_membership(table)
        chosen = (
            f"SELECT safe, contributor, {columns} FROM contribution JOIN membership USING (cell)"
        )
        if renewed is not None:
            self._session.run("CREATE OR REPLACE TEMP TABLE renewed (safe BIGINT)")
            self._session.insert("renewed", [(index,) for index in sorted(renewed)], 1)
            chosen = f"{chosen} SEMI JOIN renewed USING (safe)"
        with self._session.reporting("write"):
            self._session.run(f"COPY ({chosen}) TO {literal(str(path))} (FORMAT parquet)")

    def _check_contributors(self) -> None:
        were, stay = self._session.one(
            "SELECT count(*), count(*) FILTER (contributor IN "
            "(SELECT contributor FROM contribution)) "
            "FROM (SELECT DISTINCT contributor FROM before WHERE latest)"
        )
        if int(stay) * 2 < int(were):
            raise DataError(
                f"only {stay} of the {were} contributors behind the figures shown are in the "
                "file: their ids seem to be written in another way",
                code="data.contributors.renamed",
                next_step="write ids as in the earlier data: a change is judged contributor by "
                "contributor; if these are other contributors, publish under another product id",
                field="contributor",
            )

    def _statistics(
        self, table: str, group: str, *, signed: bool = False
    ) -> Iterator[tuple[int, CellStatistics]]:
        parts = []
        for i in range(self._figures):
            size = figure(i) if self._positive[i] and not signed else f"abs({figure(i)})"
            parts += [f"sum({figure(i)})", f"sum({size})", f"max({size}, {self._depth})"]
        for key, contributors, *figures in self._session.rows(
            f"SELECT {group}, count(*), {', '.join(parts)} FROM {table} GROUP BY 1"
        ):
            yield (
                key,
                CellStatistics(
                    contributors,
                    tuple(map(int, figures[::3])),
                    tuple(map(int, figures[1::3])),
                    tuple(tuple(map(int, top)) for top in figures[2::3]),
                ),
            )

    def _set_membership(self, table: ProtectedTable) -> None:
        self._session.run("CREATE OR REPLACE TEMP TABLE membership (cell BIGINT, safe BIGINT)")
        rows = [
            (self._number(cell), member)
            for cell, member in zip(table.cells, table.membership, strict=True)
            if member >= 0
        ]
        self._session.insert("membership", rows, 2)

    def _add_empty(
        self, cells: dict[CellKey, CellStatistics], *, without: Collection[CellKey] = ()
    ) -> None:
        nothing = (0,) * self._figures
        empty = CellStatistics(0, nothing, nothing, ((),) * self._figures)
        total = 1
        for size in self._sizes:
            total *= size
        for number in range(total):
            key = self._key(number)
            if key not in cells and key not in without:
                cells[key] = empty

    def _number(self, cell: CellKey) -> int:
        number = 0
        for size, index in zip(self._sizes, cell, strict=True):
            number = number * size + index
        return number

    def _key(self, number: int) -> CellKey:
        key = []
        for size in reversed(self._sizes):
            number, index = divmod(number, size)
            key.append(index)
        return tuple(reversed(key))
