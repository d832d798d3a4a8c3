"""Reference answers: plain SQL by DuckDB over every firm's rows, on no code path of Voile.

Sums and counts are exact in DuckDB (HUGEINT and DECIMAL). A mean is divided here, from the exact
sum and count, and rounded half-even to the places that the question's answer promises, so that a
comparison is to the last unit and never a comparison of binary fractions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Any, Final, Literal

from connector.demo.data import FirmData

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


class Plain:
    """All rows of all firms in one in-memory database, with the firm as a further column.

    Plain SQL may read the tables `deliveries` and `stock`.
    """

    def __init__(self, held: Sequence[FirmData]) -> None:
        import duckdb

        self._base = duckdb.connect()
        for table, paths in (
            ("deliveries", [(data.firm.slug, data.deliveries) for data in held]),
            ("stock", [(data.firm.slug, data.stock) for data in held]),
        ):
            union = " UNION ALL BY NAME ".join(_source(slug, path) for slug, path in paths)
            self._base.execute(f"CREATE TABLE {table} AS {union}")

    def answer(self, reference: Reference) -> dict[CellId, Decimal]:
        """Compute a reference over all rows."""
        found = self._base.execute(reference.sql)
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return {
            cell_id({key: str(row[key]) for key in reference.keys}, column.measure): _value(
                column, row
            )
            for row in rows
            for column in reference.columns
        }

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run plain SQL and return its rows."""
        return self._base.execute(sql).fetchall()

    def close(self) -> None:
        """Free the memory."""
        self._base.close()


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
    place = str(path).replace("'", "''")
    if path.suffix == ".csv":
        # money is told to be decimal: a guess would make it binary fractions
        read = f"read_csv('{place}', types = {_TYPES[path.stem]})"
    else:
        read = f"read_parquet('{place}')"
    return f"SELECT '{slug}' AS firm, * FROM {read}"  # noqa: S608 - our own paths


_TYPES: Final = {
    "delivery-records": "{'price': 'DECIMAL(15,2)', 'discount': 'DECIMAL(15,2)'}",
    "stock-on-hand": "{'unit_cost': 'DECIMAL(15,2)'}",
}
