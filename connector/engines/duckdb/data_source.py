"""A data version as the core asks for it: which cells have rows, extremes of rows, the ledger."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.engines import problems
from connector.engines.bases import BASE
from connector.engines.duckdb.bases import read_bases
from connector.engines.duckdb.counted import count
from connector.engines.duckdb.ledger import DuckLedger
from connector.engines.duckdb.names import literal
from connector.engines.duckdb.places import CellNumbers, set_membership
from connector.engines.duckdb.statements import figure
from connector.engines.errors import DataError
from crypto.disclosure.capacity import greatest_judged
from crypto.disclosure.declaration import figures
from crypto.disclosure.ledger import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from connector.engines.bases import Basis, Taken
    from connector.engines.duckdb.contributors import Contributors
    from connector.engines.duckdb.counted import Counted
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.duckdb.statements import Statements
    from connector.engines.progress import Stage
    from crypto.disclosure import CellKey
    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.forms import Coefficients, Extremes
    from crypto.disclosure.guarded_table import GuardedTable

FAST: Final = 2**63  # below it the engine's integers of 64 bits do


class DataSource:
    """The rows of one file behind the port of `crypto.disclosure.ledger.Source`.

    Args:
        session: has the tables `source` and `contribution`.
        declaration: the table as declared.
        statements: those of the product.
        contributors: reads ids of earlier bases.
        rows: how many rows there are.
        bases: the contributions that earlier versions of the table brought, by its own numbers.
    """

    def __init__(
        self,
        session: DuckSession,
        declaration: Declaration,
        *,
        statements: Statements,
        contributors: Contributors,
        rows: int,
        bases: Mapping[int, Basis],
    ) -> None:
        self._session = session
        self._declaration = declaration
        self._statements = statements
        self._contributors = contributors
        self._rows = rows
        self._bases = bases
        self._numbers = CellNumbers(declaration.sizes)
        self._figures = len(figures(declaration))
        self._is_open = False
        self._cells: dict[int, Counted] | None = None

    def cells(self) -> list[CellKey]:
        """Returns the finest cells that hold rows; every finest cell if zeros are hidden."""
        if self._declaration.protection.zeros == "hidden":
            return list(self._numbers.all())
        return [self._numbers.key(cell) for cell in self._counted_cells()]

    def extremes(self, wanted: Sequence[Coefficients]) -> dict[Coefficients, Extremes]:
        """Returns the least and greatest value of combinations over single rows."""
        if not wanted:
            return {}
        kind = "BIGINT" if greatest_judged(self._declaration, 1) < FAST else "HUGEINT"
        asked = []
        for combination in wanted:
            terms = [f"{c} * {figure(i)}" for i, c in enumerate(combination) if i and c]
            asked += [f"{end}({' + '.join(terms)})" for end in ("min", "max")]
        with self._session.reporting("cells"):
            found = self._session.one(
                f"SELECT {', '.join(asked)} FROM ({self._statements.single_rows(kind)})"
            )
        ends = [int(value or 0) for value in found]
        return dict(zip(wanted, zip(ends[::2], ends[1::2], strict=True), strict=True))

    def ledger(
        self, places: Sequence[Sequence[CellKey]], shown: Sequence[Sequence[int]] = ()
    ) -> DuckLedger:
        """Numbers the places, and opens their figures; one ledger at a time.

        Raises:
            DataError: If most contributors of the values shown last are gone: renamed, it seems.
        """
        most = self._rows
        taken = [
            self._bases[since].taken(version, place)
            for version, row in enumerate(shown, 1)
            for place, since in enumerate(row)
            if since
        ]
        if taken:
            with self._session.reporting("compare"):
                most = max(most, self._read_shown(taken, len(shown)))
        kind = "BIGINT" if greatest_judged(self._declaration, most) < FAST else "HUGEINT"
        self._make_pieces(places, kind, is_first=not taken)
        stage: Stage = "merge" if shown or self._is_open else "cells"
        self._is_open = True
        return DuckLedger(
            self._session,
            places=len(places),
            figures=self._figures,
            versions=len(shown),
            stage=stage,
            counted=self._counted(places),
        )

    def write_basis(self, path: Path, table: GuardedTable) -> None:
        """Writes the contributions that the newest version of a table brought, as Parquet.

        Args:
            path: The new file, in the session's scratch folder.
            table: The new table.
        """
        brought = [(base, table.base[base]) for base in table.brought()]
        set_membership(self._session, self._numbers, brought)
        names = ", ".join(self._names())
        sums = ", ".join(f"sum({name}) AS {name}" for name in self._names())
        read = "FROM contribution JOIN membership USING (cell)"
        with self._session.reporting("write"):  # of places of one cell every row is a piece
            self._session.run(
                f"COPY (SELECT place AS {BASE}, contributor, {names} {read} WHERE alone = 1 "
                f"UNION ALL SELECT place, contributor, {sums} {read} WHERE alone = 0 GROUP BY ALL) "
                f"TO {literal(str(path))} (FORMAT parquet)"
            )

    def _counted_cells(self) -> dict[int, Counted]:
        """Returns what each finest cell holds: asked once."""
        if self._cells is None:
            with self._session.reporting("cells"):
                self._cells = count(self._session, "contribution", "cell", self._names())
        return self._cells

    def _counted(self, places: Sequence[Sequence[CellKey]]) -> dict[int, Counted]:
        """Returns what places hold: those of one cell each are known, `joined` has the others."""
        cells, found = self._counted_cells(), {}
        for place, keys in enumerate(places):
            if len(keys) == 1:
                one = cells.get(self._numbers.number(keys[0]))
                if one is not None:
                    found[place] = one
        if len(found) < len(places) and any(len(keys) > 1 for keys in places):
            found |= count(self._session, "joined", "place", self._names())
        return found

    def _make_pieces(
        self, places: Sequence[Sequence[CellKey]], kind: str, *, is_first: bool
    ) -> None:
        """Makes `piece`; of places of one cell each it is a view, as every row is one piece."""
        has_several = set_membership(self._session, self._numbers, enumerate(places))
        columns = ", ".join(f"{name}::{kind} AS {name}" for name in self._names())
        alone = (
            f"SELECT {NOW} AS version, place, contributor, {columns} FROM contribution "
            "JOIN membership USING (cell) WHERE alone = 1"
        )
        parts = [alone]
        if has_several:
            sums = ", ".join(f"sum({name})::HUGEINT AS {name}" for name in self._names())
            self._session.run(
                f"CREATE OR REPLACE TEMP TABLE joined AS SELECT place, contributor, {sums} "
                "FROM contribution JOIN membership USING (cell) WHERE alone = 0 GROUP BY ALL"
            )
            parts.append(f"SELECT {NOW}, place, contributor, {columns} FROM joined")
        if not is_first:
            parts.append(f"SELECT version, place, contributor, {columns} FROM before")
        self._session.run(f"CREATE OR REPLACE TEMP VIEW piece AS {' UNION ALL '.join(parts)}")

    def _read_shown(self, taken: Sequence[Taken], last: int) -> int:
        """Makes `before`, and returns the most rows that any version showed."""
        read_bases(self._session, self._contributors, taken, figures=self._figures)
        self._check_contributors(last)
        (most,) = self._session.one(
            "SELECT coalesce(max(n), 0) FROM (SELECT sum(f0) AS n FROM before GROUP BY version)"
        )
        return int(most)

    def _check_contributors(self, last: int) -> None:
        were, stay = self._session.one(
            "SELECT count(*), count(*) FILTER (contributor IN "
            "(SELECT contributor FROM contribution)) "
            f"FROM (SELECT DISTINCT contributor FROM before WHERE version = {last})"
        )
        if int(stay) * 2 < int(were):
            raise DataError(problems.RENAMED, field="contributor", stay=stay, were=were)

    def _names(self) -> list[str]:
        return [figure(i) for i in range(self._figures)]
