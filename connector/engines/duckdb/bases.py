"""The contributions behind what was shown, as basis files keep them, in the numbering of now."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.engines.duckdb.names import parquet_of
from connector.engines.duckdb.statements import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.engines.bases import Taken
    from connector.engines.duckdb.contributors import Contributors
    from connector.engines.duckdb.session import DuckSession


def read_bases(
    session: DuckSession,
    contributors: Contributors,
    taken: Sequence[Taken],
    *,
    figures: int,
) -> None:
    """Makes the table `before(version, place, contributor, f0, f1, …)`.

    Ids are read by the rule of now, so that those which fall together are one contributor.
    """
    names = [figure(i) for i in range(figures)]
    columns = ", ".join(names)
    files = sorted({(one.path, one.column) for one in taken})
    place = {file: i for i, file in enumerate(files)}
    session.run(
        "CREATE OR REPLACE TEMP TABLE taken "
        "(version BIGINT, place BIGINT, file BIGINT, cell BIGINT)"
    )
    rows = [(one.version, one.place, place[one.path, one.column], one.cell) for one in taken]
    session.insert("taken", rows, 4)
    parts = " UNION ALL ".join(
        f"SELECT version, place, contributor, {columns} FROM {parquet_of([path])} "
        f"JOIN taken ON cell = {column} WHERE file = {i}"
        for i, (path, column) in enumerate(files)
    )
    session.run(f"CREATE OR REPLACE TEMP TABLE written_before AS {parts}")
    contributors.normalise_ids("written_before")
    sums = ", ".join(f"sum({name})::HUGEINT AS {name}" for name in names)
    session.run(
        f"CREATE OR REPLACE TEMP TABLE before AS SELECT version, place, {contributors.or_nobody()} "
        f"AS contributor, {sums} FROM written_before GROUP BY ALL"
    )
    session.run("DROP TABLE written_before")
