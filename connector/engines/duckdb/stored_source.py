"""The contributions behind a table of the first edition, as its bases keep them, without the data.

They are enough to make a table of the second edition of its safe cells (disclosure.md §3.10).
"""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector.engines.bases import BASE, SAFE, Taken
from connector.engines.duckdb.bases import read_bases
from connector.engines.duckdb.contributors import Contributors
from connector.engines.duckdb.data_source import FAST
from connector.engines.duckdb.ledger import DuckLedger
from connector.engines.duckdb.names import literal
from connector.engines.duckdb.session import open_session
from connector.engines.duckdb.statements import figure
from crypto.disclosure.capacity import greatest_judged
from crypto.disclosure.declaration import figures
from crypto.disclosure.ledger import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.bases import HeldIn
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.progress import Progress
    from crypto.disclosure import CellKey
    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.forms import Coefficients, Extremes
    from crypto.disclosure.guarded_table import GuardedTable


@contextmanager
def open_stored(
    product: Product,
    declaration: Declaration,
    *,
    versions: Sequence[HeldIn],
    scratch: Path,
    progress: Progress,
) -> Iterator[list[StoredSource]]:
    """Opens the bases of a table of the first edition: a source per version, one used at a time.

    Args:
        product: As it was published.
        declaration: The table that it declares.
        versions: Per version, for the finest cells of each safe cell, the basis that holds its
            contributions and its number there.
        scratch: An empty folder for what does not fit in memory.
        progress: Told how far it is.

    Raises:
        DataError: If a basis cannot be read.
    """
    files = sorted({path for held_in in versions for path, _ in held_in.values()})
    with open_session(files=files, scratch=scratch, progress=progress) as session:
        contributors = Contributors(session, product)
        yield [StoredSource(session, declaration, contributors, held_in) for held_in in versions]


class StoredSource:
    """The port of `crypto.disclosure.ledger.Source` over bases; it knows no rows."""

    def __init__(
        self,
        session: DuckSession,
        declaration: Declaration,
        contributors: Contributors,
        held_in: HeldIn,
    ) -> None:
        self._session = session
        self._declaration = declaration
        self._contributors = contributors
        self._held_in = held_in
        self._names = [figure(i) for i in range(len(figures(declaration)))]

    def cells(self) -> list[CellKey]:
        """Returns nothing: what finest cells hold was not kept."""
        return []

    def extremes(self, wanted: Sequence[Coefficients]) -> Mapping[Coefficients, Extremes]:
        """Is never asked: rows were not kept."""
        raise LookupError(f"no rows were kept, so no extremes of {len(wanted)} combinations")

    def ledger(
        self, places: Sequence[Sequence[CellKey]], shown: Sequence[Sequence[int]] = ()
    ) -> DuckLedger:
        """Opens the figures of safe cells, numbered anew."""
        taken = [
            Taken(NOW, place, *self._held_in[tuple(cells)], SAFE)
            for place, cells in enumerate(places)
        ]
        with self._session.reporting("compare"):
            read_bases(self._session, self._contributors, taken, figures=len(self._names))
        (rows,) = self._session.one("SELECT coalesce(sum(f0), 0) FROM before")
        kind = "BIGINT" if greatest_judged(self._declaration, int(rows)) < FAST else "HUGEINT"
        columns = ", ".join(f"{name}::{kind} AS {name}" for name in self._names)
        self._session.run(
            "CREATE OR REPLACE TEMP VIEW piece AS "
            f"SELECT version, place, contributor, {columns} FROM before"
        )
        return DuckLedger(
            self._session, places=len(places), figures=len(self._names), versions=len(shown)
        )

    def write_basis(self, path: Path, table: GuardedTable) -> None:
        """Writes the contributions of every base cell, as Parquet."""
        self.ledger(table.base)
        columns = ", ".join(self._names)
        with self._session.reporting("write"):
            self._session.run(
                f"COPY (SELECT place AS {BASE}, contributor, {columns} FROM before) "
                f"TO {literal(str(path))} (FORMAT parquet)"
            )
