"""What a file is recognised by when it comes again, packed, encoded or written in another way.

Two numbers, each a sum over the rows with their places: one of all fields as texts, one of the
typed values that the product reads. As with the digest of a file, rows in another order are another
file: whoever wants to publish the same rows twice can. They keep an owner from doing so unawares,
in another export of the same data.
"""

# ruff: noqa: S608 - SQL is put together from our own names only

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from connector.engines.duckdb.names import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.engines.duckdb.conversions import Used
    from connector.engines.duckdb.session import DuckSession

PLACE: Final = "#place"  # a column of `source`: the number of the row, from 0
ROW: Final = "#row"  # a column of `source`: the number of a row's texts


def row_number(columns: Sequence[str]) -> str:
    """Returns SQL of a number that other texts have by chance only.

    DuckDB's own hash, ten times faster than a digest: nobody is kept from forging it, and a later
    edition of DuckDB may make others.
    """
    return f"hash({', '.join(columns)})"


def recognised_by(
    session: DuckSession,
    columns: Sequence[Used],
    *,
    texts: bool,
    zoned: bool,
    first: int | None = None,
) -> tuple[str, ...]:
    """Returns digests of the rows of `source`.

    Args:
        session: The session.
        columns: The columns of it.
        texts: Whether it has the column `ROW`.
        zoned: Whether its timestamps are instants.
        first: Of how many rows from the first; None: of all.

    Returns:
        That of the values, then that of the texts.
    """
    known = sorted(columns, key=lambda used: used.column.source)
    values = [quoted(PLACE)]
    for used in known:
        name = quoted(used.column.name)
        instant = zoned and used.column.type == "timestamp"
        values.append(f"epoch_us({name})" if instant else f"CAST({name} AS VARCHAR)")
    sums = [f"sum({row_number(values)}::HUGEINT)"]
    if texts:
        sums.append(f"sum({row_number([quoted(PLACE), quoted(ROW)])}::HUGEINT)")
    where = "" if first is None else f" WHERE {quoted(PLACE)} < {first:d}"
    rows, value, *text = session.one(f"SELECT count(*), {', '.join(sums)} FROM source{where}")
    names = [used.column.source for used in known]
    found = [sha256(repr(("values", names, rows, value)).encode()).hexdigest()]
    found += [sha256(repr(("texts", rows, one)).encode()).hexdigest() for one in text]
    return tuple(f"rows-sha-256:{one}" for one in found)
