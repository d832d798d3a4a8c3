"""Data files for the product of `tests.catalog.product_texts`, as CSV and as Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADER = ("customer", "year", "Ship Mode", "promised", "received", "price", "weight", "cost")
Line = tuple[object, ...]


def line(
    customer: str,
    year: object = 2025,
    mode: object = "AIR",
    *,
    late: int = 0,
    price: object = "10.00",
    weight: object = 5,
    promised: object = "2025-03-10",
    received: object = None,
) -> Line:
    """One delivery; ``late`` days after what was promised."""
    if received is None:
        received = f"2025-03-{10 + late:02d}"
    return (customer, year, mode, promised, received, price, weight, "1.00")


def write_csv(path: Path, lines: Sequence[Line], *, header: Sequence[str] = HEADER) -> Path:
    """Writes a CSV file; None becomes an empty field."""
    text = [",".join(header), *(",".join("" if v is None else str(v) for v in ln) for ln in lines)]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def write_parquet(path: Path, source: Path, types: str = "") -> Path:
    """Turns such a CSV file into Parquet; ``types`` overrides columns in a SELECT * REPLACE."""
    names = (
        "customer: 'VARCHAR', year: 'INTEGER', 'Ship Mode': 'VARCHAR', promised: 'DATE', "
        "received: 'DATE', price: 'DECIMAL(12,2)', weight: 'SMALLINT', cost: 'DOUBLE'"
    )
    replace = f" REPLACE ({types})" if types else ""
    with duckdb.connect() as session:
        session.execute(
            f"COPY (SELECT *{replace} FROM read_csv('{source}', columns = {{{names}}}, "
            f"header = true)) TO '{path}' (FORMAT parquet)"
        )
    return path
