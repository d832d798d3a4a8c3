"""How PostgreSQL is asked for the rows of a product: one COPY, each value as its exact text."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

from connector.engines import problems as data_problems
from connector.engines import problems_databases as problems
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from catalog.database_source import DatabaseSource
    from catalog.product import SourceColumn

_BINARY: Final = 17  # the number that bytea has in every server
_FLOATS: Final = (700, 701)
_ENDLESS: Final = (*_FLOATS, 1700, 1082, 1114, 1184)  # numeric, date, timestamps
_WITHOUT_END: Final = frozenset({"nan", "infinity", "-infinity"})
_LONGEST: Final = 2_000_000  # bytes of one value, as in every CSV
# that have no order: json, xml, point, lseg, path, box, polygon, line, circle
_UNORDERED: Final = (114, 142, 600, 601, 602, 603, 604, 628, 718)
# `1e+15` is a number to PostgreSQL alone: all its digits are, as those of SQLite are written
_DIGITS: Final = (
    "CASE WHEN {0} IN ('NaN', 'Infinity', '-Infinity') THEN {0}::text"
    " ELSE {0}::text::numeric::text END AS {1}"
)


def copied(
    session: Any, source: DatabaseSource, columns: Sequence[SourceColumn]
) -> Iterator[bytes]:
    """Asks for rows by the protocol that takes one statement only, and gives their text.

    psycopg's own `copy` sends by the other; its generators wait without holding other threads up.

    Args:
        session: A psycopg connection, in a transaction.
        source: What is asked for.
        columns: The columns of it.

    Raises:
        DataError: If a column is binary.
        psycopg.Error: Whatever the server says.
    """
    from psycopg import errors, generators, pq

    # it names no order: what cannot be put in order must be found first
    types = [kind for _, kind in described(session, source.select(columns, order=False))]
    for column, kind in zip(columns, types, strict=True):
        if kind == _BINARY:
            raise DataError(problems.BINARY, field=column.name, column=column.source)
    floats = [c.source for c, kind in zip(columns, types, strict=True) if kind in _FLOATS]
    unordered = [c.source for c, kind in zip(columns, types, strict=True) if kind in _UNORDERED]
    select = source.select(
        columns,
        written=dict.fromkeys(floats, _DIGITS),
        ordered=dict.fromkeys(unordered, "{}::text"),
    )
    statement = f"COPY (\n{select}\n) TO STDOUT (FORMAT csv, HEADER)"
    session.pgconn.send_query_params(statement.encode(), [])
    result = session.wait(generators.execute(session.pgconn))[-1]
    if result.status != pq.ExecStatus.COPY_OUT:
        raise errors.error_from_result(result)
    while True:
        data = session.wait(generators.copy_from(session.pgconn))
        if isinstance(data, pq.PGresult):  # the end; an error is raised
            return
        yield bytes(data)


def endless_columns(
    session: Any, source: DatabaseSource, columns: Sequence[SourceColumn]
) -> list[SourceColumn]:
    """Returns the columns of numbers and times: they may hold NaN and infinities.

    Raises:
        psycopg.Error: Whatever the server says.
    """
    types = described(session, source.select(columns, order=False))
    return [c for c, (_, kind) in zip(columns, types, strict=True) if kind in _ENDLESS]


def check_finite(copy: Path, columns: Sequence[SourceColumn]) -> None:
    """Refuses NaN and infinities where a column is declared as text: they would be its codes.

    Args:
        copy: The rows, as CSV.
        columns: Those that are looked through.

    Raises:
        DataError: Names the first, by its column and row.
    """
    csv.field_size_limit(_LONGEST)
    with copy.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        places = [(header.index(column.source), column) for column in columns]
        for number, row in enumerate(rows, 1):
            for at, column in places:
                if row[at].lower() in _WITHOUT_END:
                    raise DataError(
                        data_problems.VALUE,
                        field=column.name,
                        row=number,
                        column=column.source,
                        place=data_problems.A_ROW.of(row=number),
                        expected=problems.A_FINITE,
                        got=f"`{row[at]}`",
                        hint="",
                    )


def described(session: Any, select: str) -> list[tuple[str, int]]:
    """Returns the names, and the numbers of the types, of the columns that a statement would give.

    Raises:
        psycopg.Error: Whatever the server says.
    """
    from psycopg import errors, generators, pq

    session.pgconn.send_prepare(b"", select.encode())
    (result,) = session.wait(generators.execute(session.pgconn))
    if result.status == pq.ExecStatus.COMMAND_OK:
        session.pgconn.send_describe_prepared(b"")
        (result,) = session.wait(generators.execute(session.pgconn))
    if result.status != pq.ExecStatus.COMMAND_OK:
        raise errors.error_from_result(result)
    return [
        (bytes(result.fname(place) or b"").decode(), int(result.ftype(place)))
        for place in range(result.nfields)
    ]
