"""From a file to its grouped data: opened, checked row by row, then grouped once."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from connector.engines import problems
from connector.engines.duckdb.contributors import Contributors
from connector.engines.duckdb.grouped import Grouped
from connector.engines.duckdb.names import quoted
from connector.engines.duckdb.recognition import PLACE
from connector.engines.duckdb.session import UTC, open_session
from connector.engines.duckdb.source import explain_bad_row, open_source, place
from connector.engines.duckdb.statements import render, undeclared
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.duckdb.counts import Counts
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.duckdb.source import Source
    from connector.engines.duckdb.statements import Statements
    from connector.engines.progress import Progress

FIRST_ROWS: Final = 50_000  # if these have a flaw, all rows are checked before they are grouped


@contextmanager
def group_file(
    path: Path,
    product: Product,
    *,
    scratch: Path,
    progress: Progress,
    bases: Sequence[Path] = (),
    files: Sequence[Path] = (),
) -> Iterator[Grouped]:
    """Reads, checks and groups a file.

    Args:
        path: The owner's CSV or Parquet file.
        product: What it should be.
        scratch: An empty folder for what does not fit in memory.
        progress: Told how far it is.
        bases: What `Grouped.source` and `Grouped.overlap` will read.
        files: Those of the folder that are read as one, if `path` is a folder.

    Raises:
        DataError: If the file is not as declared; the first fault is named.
    """
    zone = product.zone or UTC
    read = files or [path]
    with open_session(
        files=[*read, *bases], scratch=scratch, progress=progress, zone=zone
    ) as session:
        source = open_source(session, read, product, scratch)
        contributors = Contributors(session, product)
        spellings = contributors.normalise("source")
        statements = render(session, product)
        counts = _grouped_as_flawless(session, statements)
        if counts is not None:
            yield Grouped(session, product, source, counts, spellings, contributors, statements)
            return
        with session.reporting("check"):
            counts = statements.counts(session.one(statements.check))
        for (name, condition), count in zip(statements.faults, counts.faults, strict=True):
            if count:
                raise _fault(session, source, product, name, condition, count)
        if not counts.rows:
            raise DataError(problems.NO_ROWS)
        with session.reporting("group"):
            outside = tuple(counts.outside.values())
            session.run(statements.group(rows=counts.rows, outside=outside))
        yield Grouped(session, product, source, counts, spellings, contributors, statements)


def _grouped_as_flawless(session: DuckSession, statements: Statements) -> Counts | None:
    """Groups a file while it is checked, which does if no row has anything that is counted.

    Returns:
        The counts; `None` if rows are to be checked first, and `contribution` is to be made anew.
    """
    (rows,) = session.one("SELECT count(*) FROM source")
    session.run(f"CREATE OR REPLACE TEMP VIEW beginning AS SELECT * FROM source LIMIT {FIRST_ROWS}")
    nothing = [0] * len(statements.measures)
    try:
        begun, *flaws = map(int, session.one(statements.first_check))
        if not begun or any(flaws):
            return None
        with session.reporting("group"):
            session.run(statements.group(rows=rows, outside=nothing, flawless=True))
        grouped, has_flaw = session.one(
            "SELECT sum(f0), bool_or(flaw OR cell IS NULL OR contributor IS NULL) FROM contribution"
        )
    except DataError:  # a value that does not fit: the check names what it can
        return None
    if has_flaw or grouped != rows:
        return None
    return statements.counts([rows, *[0] * len(flaws)])


def _fault(
    session: DuckSession, source: Source, product: Product, name: str, condition: str, count: int
) -> DataError:
    more = problems.SUCH_ROWS.of(count=count) if count > 1 else ""
    if name == "#cell":
        dimension, text, row = undeclared(session, product)
        got = f"`{text[:40]}`" if text else problems.AN_EMPTY_VALUE
        return DataError(
            problems.CODE,
            field=dimension,
            row=row,
            dimension=dimension,
            place=place(session, source, row),
            got=got,
            more=more,
        )
    (found,) = session.one(f"SELECT min({quoted(PLACE)}) FROM source WHERE {condition}")
    row = int(found) + 1
    if name == "#bad":
        return explain_bad_row(session, source, row)
    problem, field = problems.NO_VALUE, name
    if name == "#contributor":
        problem, field = problems.NO_CONTRIBUTOR, product.contributor
    return DataError(
        problem, field=field, row=row, name=field, place=place(session, source, row), more=more
    )
