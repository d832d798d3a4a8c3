"""Reference answers: plain SQL by DuckDB over every firm's rows, on no code path of Voile.

Sums and counts are exact in DuckDB (HUGEINT and DECIMAL). A mean is divided here, from the exact
sum and count, and rounded half-even to the places that the question's answer promises, so that a
comparison is to the last unit and never a comparison of binary fractions.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from connector.demo.data import FirmData

if TYPE_CHECKING:
    import duckdb

CellId = tuple[tuple[tuple[str, str], ...], str]  # ((dimension, code), …) sorted, and the measure

_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Column:
    """One measure of a reference: where its sum and count stand in the reference's SQL."""

    measure: str
    kind: Literal["sum", "count", "mean"]
    total: str = ""  # column of the exact sum
    count: str = "lines"  # column of the number of rows
    places: int = 0  # decimal places of a mean


@dataclass(frozen=True, slots=True)
class Reference:
    """The plain SQL of one question: key columns, and the columns that its measures come from."""

    sql: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]


def cell_id(key: Mapping[str, str], measure: str) -> CellId:
    """The name under which a cell of an answer and of its reference meet."""
    return tuple(sorted(key.items())), measure


def answer(reference: Reference, held: Sequence[FirmData]) -> dict[CellId, Decimal]:
    """Compute a reference over the files of all firms.

    The SQL may read the views `deliveries` and `stock`; both have a column `firm`.
    """
    with _base(held) as base:
        found = base.execute(reference.sql)
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {
        cell_id({key: str(row[key]) for key in reference.keys}, column.measure): _value(column, row)
        for row in rows
        for column in reference.columns
    }


def rows_of(sql: str, held: Sequence[FirmData]) -> list[tuple[Any, ...]]:
    """Run plain SQL over the same views and return its rows."""
    with _base(held) as base:
        return base.execute(sql).fetchall()


@contextmanager
def _base(held: Sequence[FirmData]) -> Iterator["duckdb.DuckDBPyConnection"]:
    import duckdb

    with duckdb.connect() as base:
        for view, paths in (
            ("deliveries", [(data.firm.slug, data.deliveries) for data in held]),
            ("stock", [(data.firm.slug, data.stock) for data in held]),
        ):
            union = " UNION ALL BY NAME ".join(_source(slug, path) for slug, path in paths)
            base.execute(f"CREATE VIEW {view} AS {union}")
        yield base


def _value(column: Column, row: Mapping[str, Any]) -> Decimal:
    count = Decimal(int(row[column.count]))
    if column.kind == "count":
        return count
    total = Decimal(str(row[column.total] or 0))
    if column.kind == "sum":
        return total
    step = Decimal(1).scaleb(-column.places)
    return _EXACT.divide(total, count).quantize(step, context=_EXACT)


def _source(slug: str, path: Path) -> str:
    reader = "read_csv" if path.suffix == ".csv" else "read_parquet"
    place = str(path).replace("'", "''")
    return f"SELECT '{slug}' AS firm, * FROM {reader}('{place}')"  # noqa: S608 - our own paths
