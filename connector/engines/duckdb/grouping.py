"""From a file to its grouped data: opened, checked row by row, then grouped once."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector.engines.duckdb.contributors import Contributors
from connector.engines.duckdb.grouped import Grouped
from connector.engines.duckdb.session import open_session
from connector.engines.duckdb.source import explain_bad_row, open_source, place
from connector.engines.duckdb.statements import render, undeclared
from connector.engines.duckdb.values import Changed
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.duckdb.source import Source
    from connector.engines.progress import Progress


@contextmanager
def group_file(
    path: Path,
    product: Product,
    *,
    scratch: Path,
    progress: Progress,
    bases: Sequence[Path] = (),
) -> Iterator[Grouped]:
    """Reads, checks and groups a file.

    Args:
        path: The owner's CSV or Parquet file.
        product: What it should be.
        scratch: An empty folder for what does not fit in memory.
        progress: Told how far it is.
        bases: What `Grouped.compare` and `Grouped.overlap` will read.

    Raises:
        DataError: If the file is not as declared; the first fault is named.
    """
    with open_session(files=[path, *bases], scratch=scratch, progress=progress) as session:
        source = open_source(session, path, product)
        contributors = Contributors(session, product)
        spellings = contributors.normalise("source")
        statements = render(session, product)
        with session.reporting("check"):
            rows, *counts = session.one(statements.check)
        for (name, condition), count in zip(statements.faults, counts, strict=False):
            if count:
                raise _fault(session, source, product, name, condition, int(count))
        if not rows:
            raise DataError(
                "the file has no rows",
                code="data.empty",
                next_step="publish a file with data",
            )
        last = len(statements.faults) + len(product.measures)
        outside, over = counts[len(statements.faults) : last], counts[last:]
        names = [measure.name for measure in product.measures]
        changed = Changed(
            clamped={name: int(n) for name, n in zip(names, outside, strict=True)},
            rounded={name: int(n) for name, n in zip(names, over, strict=True)},
            spellings=spellings,
        )
        with session.reporting("group"):
            session.run(statements.group(rows=int(rows), outside=outside))
        yield Grouped(session, product, int(rows), changed, contributors)


def _fault(
    session: DuckSession, source: Source, product: Product, name: str, condition: str, count: int
) -> DataError:
    more = f" ({count} such rows)" if count > 1 else ""
    if name == "#cell":
        dimension, text, row = undeclared(session, product, source.row_number)
        got = f"`{text[:40]}`" if text else "an empty value"
        return DataError(
            f"dimension `{dimension}`, {place(source, row)}: "
            f"expected a declared code, got {got}{more}",
            code="data.code",
            next_step="add the code to the product file, or correct the value",
            field=dimension,
            row=row,
        )
    (found,) = session.one(f"SELECT min({source.row_number}) FROM source WHERE {condition}")
    row = int(found) + 1
    if name == "#bad":
        return explain_bad_row(session, source, row)
    field = product.contributor if name == "#contributor" else name
    kind = "contributor" if name == "#contributor" else "measure"
    return DataError(
        f"{kind} `{field}`, {place(source, row)}: expected a value, got none{more}",
        code="data.missing",
        next_step="fill it in, or let an expression say what an empty value means: coalesce(x, 0)",
        field=field,
        row=row,
    )
