"""What 1, 2 and 4 comparable pairs cost in a table of 6 million rows.

A pair is a measure of one sign and one whose sign is open, in a unit of their own: the second,
their sum and their difference are signed forms on all guarded sets. Reference: one plain `GROUP BY
dims, contributor` in DuckDB over the same file with the same measures. Timed is processor time, of
all that publishing does with the file until the table is made.
"""

import tempfile
import time
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks.protected_table import DISTRICTS, ROWS, SMALL
from catalog.product_file import read_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.progress import quiet
from crypto.disclosure.forms import forms
from crypto.disclosure.making import make_table

CUSTOMERS: Final = 100_000
COUNTS: Final = (1, 2, 4)
PAIRS: Final = max(COUNTS)

PRODUCT = """
id = "pairs"
table = "pairs"
contributor = "customer"
domain = "maintenance"
level = 1
column = [
  {name = "customer", type = "integer", disclosure = "never"},
  {name = "year", type = "integer", disclosure = "group_key"},
  {name = "ship_mode", type = "text", disclosure = "group_key"},
  {name = "district", type = "text", disclosure = "group_key"},
%s
]
dimension = [
  {name = "year", range = [2020, 2026]},
  {name = "ship_mode", codes = ["M0", "M1", "M2", "M3", "M4", "M5", "M6"]},
  {name = "district", codes = [%s]},
]
measure = [
%s
]
"""
COLUMN = '  {name = "%s", type = "integer", disclosure = "aggregate"},'
PAIR = """  {name = "amount%d", unit = "u%d", bounds = [0, 100]},
  {name = "change%d", unit = "u%d", bounds = [-60, 60]},"""

_VALUES = ", ".join(
    f"(1 + hash(i, {10 + n}) % 50)::INTEGER AS amount{n}, "
    f"((hash(i, {20 + n}) % 60)::INTEGER - 20) AS change{n}"
    for n in range(PAIRS)
)
DATA = f"""
COPY (
  SELECT customer, (2020 + hash(i, 1) % 7)::INTEGER AS year, 'M' || (hash(i, 2) % 7) AS ship_mode,
         'D' || CASE WHEN customer < {5 * SMALL} THEN customer % {SMALL}
                     ELSE {SMALL} + hash(customer) % {DISTRICTS - SMALL} END AS district, {_VALUES}
  FROM (SELECT i, (hash(i) % {CUSTOMERS})::INTEGER AS customer FROM range({ROWS}) AS numbers(i))
) TO '{{path}}' (FORMAT parquet)
"""


def run() -> dict[str, Any]:
    """Measure, and return the rows."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "rows.parquet"
        with duckdb.connect() as session:
            session.execute(DATA.format(path=path))
        return {"rows": [_row(path, count, Path(name) / str(count)) for count in COUNTS]}


def _row(path: Path, count: int, scratch: Path) -> dict[str, Any]:
    plain = _plain(path, count)
    scratch.mkdir()
    names = [f"{kind}{n}" for n in range(count) for kind in ("amount", "change")]
    product = read_product(
        PRODUCT
        % (
            "\n".join(COLUMN % name for name in names),
            ", ".join(f'"D{i}"' for i in range(DISTRICTS)),
            "\n".join(PAIR % (n, n, n, n) for n in range(count)),
        )
    )
    start = time.process_time()
    with group_file(path, product, scratch=scratch, progress=quiet) as grouped:
        made = make_table(grouped.declaration, grouped.source())
        took = time.process_time() - start
    signed = sum(form.signed for form in forms(grouped.declaration, made.table.extremes))
    return {
        "name": f"table of {count} comparable pairs, {signed} signed forms, {ROWS:,} rows, "
        f"{len(made.table.base):,} safe cells, {made.findings.withheld_count} measure cells "
        "withheld",
        "value": took,
        "unit": "s CPU",
        "reference": f"plain GROUP BY in DuckDB: {plain:.2f} s CPU",
        "ratio": took / plain,
        "goal": "",
        "met": None,
    }


def _plain(path: Path, count: int) -> float:
    sums = ", ".join(f"sum(amount{n}), sum(change{n})" for n in range(count))
    start = time.process_time()
    with duckdb.connect() as session:
        session.execute(
            "CREATE TEMP TABLE plain AS SELECT year, ship_mode, district, customer, count(*), "
            f"{sums} FROM read_parquet('{path}') GROUP BY year, ship_mode, district, customer"
        )
    return time.process_time() - start
