"""Making the protected table of 6 million rows, beside one plain GROUP BY in DuckDB.

Reference: `CREATE TABLE AS SELECT dims, contributor, count(*), sums … GROUP BY dims, contributor`
over the same Parquet file, with the same measures, in a plain session. Ours is all that publishing
does with the file: checking types, codes and bounds, grouping, judging all forms, merging, and
writing the basis for the next version. The two take turns.
"""

import statistics as median_of
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from catalog.product import Product
from catalog.product_file import read_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.progress import quiet
from crypto.disclosure.groups import answer_groups
from crypto.disclosure.making import make_table
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.statuses import Output

ROWS = 6_000_000
CUSTOMERS = 100_000
ROUNDS = 3
GOAL = 2.0
ANSWER_GOAL_MS = 15.0

PRODUCT = """
id = "bench"
table = "deliveries"
contributor = "customer"
domain = "maintenance"
level = 1
column = [
  {name = "customer", type = "integer", disclosure = "never"},
  {name = "year", type = "integer", disclosure = "group_key"},
  {name = "ship_mode", type = "text", disclosure = "group_key"},
  {name = "district", type = "text", disclosure = "group_key"},
  {name = "promised", type = "date", disclosure = "aggregate"},
  {name = "received", type = "date", disclosure = "aggregate"},
  {name = "quantity", type = "integer", disclosure = "aggregate"},
  {name = "price", type = "decimal(15,2)", disclosure = "aggregate"},
]
dimension = [
  {name = "year", range = [2020, 2026]},
  {name = "ship_mode", codes = ["M0", "M1", "M2", "M3", "M4", "M5", "M6"]},
  {name = "district", codes = [%s]},
]
measure = [
  {name = "quantity", bounds = [0, 100]},
  {name = "price", scale = 2, unit = "CNY", bounds = [0, 100000]},
  {name = "late", expression = "received > promised", bounds = [0, 1]},
  {name = "delay", expression = "received - promised", unit = "d", bounds = [-60, 60]},
]
"""
DISTRICTS = 200
SMALL = 50  # districts of five customers each: most of their cells are unsafe

DATA = f"""
COPY (
  SELECT customer,
         (2020 + hash(i, 1) % 7)::INTEGER AS year,
         'M' || (hash(i, 2) % 7) AS ship_mode,
         'D' || CASE WHEN customer < {5 * SMALL} THEN customer % {SMALL}
                     ELSE {SMALL} + hash(customer) % {DISTRICTS - SMALL} END AS district,
         DATE '2026-01-01' + (hash(i, 3) % 300)::INTEGER AS promised,
         DATE '2026-01-01' + (hash(i, 3) % 300)::INTEGER + (hash(i, 4) % 60)::INTEGER - 20
           AS received,
         (1 + hash(i, 5) % 50)::INTEGER AS quantity,
         ((hash(i, 6) % 9000000) / 100.0)::DECIMAL(15, 2) AS price
  FROM (SELECT i, (hash(i) % {CUSTOMERS})::INTEGER AS customer FROM range({ROWS}) AS numbers(i))
) TO '{{path}}' (FORMAT parquet)
"""
PLAIN = """
CREATE TEMP TABLE plain AS
SELECT year, ship_mode, district, customer, count(*) AS n, sum(quantity) AS quantity,
       sum(price) AS price, sum((received > promised)::INTEGER) AS late,
       sum(received - promised) AS delay
FROM read_parquet('{path}') GROUP BY year, ship_mode, district, customer
"""


def run() -> dict[str, Any]:
    """Measure, check the totals against plain DuckDB, and return the rows."""
    codes = ", ".join(f'"D{i}"' for i in range(DISTRICTS))
    product = read_product(PRODUCT % codes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        with duckdb.connect() as session:
            session.execute(DATA.format(path=path))
        plain, ours, stages = [], [], {}
        for number in range(ROUNDS):
            plain.append(_plain(path))
            took, table, stages = _ours(path, product, Path(folder) / f"scratch{number}")
            ours.append(took)
        _check(path, table)
    reference, value = median_of.median(plain), median_of.median(ours)
    answering = _answering(table)
    name = f"protected table, {ROWS:,} rows, {len(table.table.base):,} safe cells"
    return {
        "rows": [
            {
                "name": name,
                "value": value,
                "unit": "s",
                "reference": f"plain GROUP BY in DuckDB: {reference:.2f} s",
                "ratio": value / reference,
                "goal": f"<= {GOAL:g}x",
                "met": value / reference <= GOAL,
            },
            {
                "name": f"one answer from {len(table.table.base):,} safe cells",
                "value": answering * 1000,
                "unit": "ms",
                "reference": "",
                "ratio": None,
                "goal": f"<= {ANSWER_GOAL_MS:g} ms",
                "met": answering * 1000 <= ANSWER_GOAL_MS,
            },
        ],
        "stages": stages,
    }


def _plain(path: Path) -> float:
    start = time.perf_counter()
    with duckdb.connect() as session:
        session.execute(PLAIN.format(path=path))
        return time.perf_counter() - start


def _ours(
    path: Path, product: Product, scratch: Path
) -> tuple[float, PublishedTable, dict[str, float]]:
    scratch.mkdir()
    marks = [("start", time.perf_counter())]
    with group_file(path, product, scratch=scratch, progress=quiet) as grouped:
        marks.append(("check and group", time.perf_counter()))
        source = grouped.source()
        made = make_table(grouped.declaration, source)
        marks.append(("judge and merge", time.perf_counter()))
        source.write_basis(scratch / "basis.parquet", made.table)
        marks.append(("write the basis", time.perf_counter()))
    stages = {name: round(at - before, 3) for (_, before), (name, at) in pairwise(marks)}
    table = PublishedTable(table=made.table, dimensions=product.codes, salt="00" * 16)
    return marks[-1][1] - marks[0][1], table, stages


def _check(path: Path, table: PublishedTable) -> None:
    outputs = [Output("rows"), Output("sum", "quantity"), Output("sum", "price")]
    (total,) = answer_groups(table, group_by=(), outputs=outputs)
    found = tuple(value for one in total.outputs for value in one.values)
    with duckdb.connect() as session:
        expected = session.execute(
            "SELECT count(*), sum(quantity), sum(price * 100)::BIGINT FROM read_parquet(?)",
            [str(path)],
        ).fetchone()
    if found != expected:
        raise RuntimeError(f"the totals differ: {found} and {expected}")


def _answering(table: PublishedTable) -> float:
    def once(threshold: int) -> float:
        start = time.perf_counter()
        answer_groups(
            table,
            group_by=(0, 1),
            outputs=(Output("sum", "price"), Output("sum", "late")),
            keep=lambda cell: cell[2] >= threshold,
        )
        return time.perf_counter() - start

    return median_of.median(once(threshold) for threshold in range(20))
